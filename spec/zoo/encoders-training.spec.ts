import { describe, expect, test } from '@jest/globals';
import { buildSession, input, mean, square, trace, type Tensor } from 'meganeura';
import { sgd } from 'meganeura/train';
import { Bert } from '../../lib/zoo/bert/model.js';
import { ViT } from '../../lib/zoo/vit/model.js';
import { Whisper } from '../../lib/zoo/whisper/model.js';

const loss = (x: Tensor) => mean(square(x as Tensor<[number], 'f32'>));

const bert = () =>
  Bert.fromConfig({
    hidden_size: 8,
    num_attention_heads: 2,
    num_hidden_layers: 1,
    intermediate_size: 8,
    vocab_size: 11,
  });

const vit = () =>
  ViT.fromConfig({
    ...{ hidden_size: 8, num_attention_heads: 2, num_hidden_layers: 1, intermediate_size: 8 },
    ...{ image_size: 8, patch_size: 4, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 },
  });

const whisper = () =>
  Whisper.fromConfig({
    ...{ d_model: 8, encoder_attention_heads: 2, decoder_attention_heads: 2, encoder_layers: 1, decoder_layers: 1 },
    ...{ encoder_ffn_dim: 8, decoder_ffn_dim: 8, vocab_size: 11, pad_token_id: 0, num_mel_bins: 4 },
    ...{
      max_source_positions: 3,
      max_target_positions: 5,
      dropout: 0.1,
      attention_dropout: 0.1,
      activation_dropout: 0.1,
    },
  });

const graphs = {
  bert: () => {
    const model = bert();
    return trace(model, { ids: input([2, 4], 'i32') }, ({ ids }) => ({ loss: loss(model.forward(ids).poolerOutput) }));
  },
  vit: () => {
    const model = vit();
    return trace(model, { pixels: input([2, 3, 8, 8]) }, ({ pixels }) => ({
      loss: loss(model.forward(pixels).poolerOutput),
    }));
  },
  whisper: () => {
    const model = whisper();
    const inputs = { features: input([2, 4, 6]), ids: input([2, 5], 'i32') };
    return trace(model, inputs, ({ features, ids }) => ({ loss: loss(model.forward(features, ids)) }));
  },
};

describe('dropout', () => {
  /** Draws of random numbers in what a model traces. */
  const draws = (graph: { nodes: () => readonly { op: string }[] }) =>
    graph.nodes().filter(({ op }) => op === 'dropoutAt').length;

  test('is where the configuration wants it while training, and nowhere in evaluation', () => {
    // Embeddings; weights and result of attention; the result of the feed-forward.
    expect([draws(graphs.bert()), draws(graphs.vit())]).toEqual([4, 4]);
    // Embeddings twice; weights and result of three attentions; twice within and behind a feed-forward.
    expect(draws(graphs.whisper())).toBe(2 + 6 + 4);
    const model = bert().eval();
    expect(draws(trace(model, { ids: input([2, 4], 'i32') }))).toBe(0);
  });
});

test('a step of training lowers the loss', async () => {
  const graph = graphs.bert();
  using session = await buildSession(graph, { optimizer: sgd({ learningRate: 0.5 }) });
  const losses: number[] = [];
  for (let step = 0; step < 8; step++) {
    session.step({ ids: [1, 2, 3, 4, 5, 6, 7, 8] });
    losses.push((await session.read('loss'))[0]!);
  }
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
});
