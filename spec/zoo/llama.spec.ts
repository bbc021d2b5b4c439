import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import { buildInferenceSession, buildSession, input, trace } from '../../lib/index.js';
import { SmolLM2 } from '../../lib/zoo/index.js';
import { Reference } from './reference.js';

const folders = [
  'llama-smollm2-tiny',
  'llama-smollm2-tiny-sharded',
  'llama-smollm2-tiny-bf16',
  'llama-smollm2-tiny-f16',
];

describe.each(folders)('%s', (folder) => {
  const reference = new Reference(folder);

  test('gives the logits, the losses and the gradients of transformers', async () => {
    const model = await SmolLM2.fromPretrained(reference.folder);
    const [batch, length] = reference.shape('input.input_ids') as [number, number];
    const ids = reference.integers('input.input_ids');
    const graph = trace(
      model,
      { ids: input([batch, length], 'i32'), labels: input([batch, length], 'i32') },
      ({ ids, labels }) => ({
        logits: model.forward(ids),
        loss: model.loss(ids, labels),
      }),
    );
    const session = await buildSession(graph, { gradients: true });
    session.step({ ids, labels: ids });
    reference.expectClose(await session.read('logits'), 'output.logits');
    reference.expectLoss(await session.read('loss'));
    await reference.expectGradients(session);
    session.step({ ids, labels: reference.integers('input.labels_masked') });
    reference.expectLoss(await session.read('loss'), 'loss.masked');
    session.dispose();
  });

  test('decodes the same tokens with a cache and without', async () => {
    const model = await SmolLM2.fromPretrained(reference.folder);
    const prompt = Array.from(reference.integers('input.prompt_ids'));
    const expected = Array.from(reference.integers('output.greedy_tokens'));
    const options = { maxNewTokens: expected.length, endTokens: [], contextLength: prompt.length + expected.length };
    const tokens: number[] = [];
    for await (const token of model.generateTokens(prompt, options)) tokens.push(token);
    expect(tokens).toEqual(expected);
    model.dispose();

    // The whole sequence at once: row prompt.length − 1 + i predicts token i.
    const ids = [...prompt, ...expected.slice(0, -1)];
    const graph = trace(model, { ids: input([1, ids.length], 'i32') });
    // One of them with frozen weights: those of norms are in the products'.
    const session = await buildInferenceSession(graph, { freeze: folder === 'llama-smollm2-tiny-sharded' });
    session.step({ ids });
    const logits = (await session.read('output')).subarray((prompt.length - 1) * model.config.vocabSize);
    reference.expectClose(logits, 'output.decode_logits');
    session.dispose();
  });
});

test('configurations of old and new spelling are one', () => {
  for (const folder of folders) {
    const { folder: path } = new Reference(folder);
    const read = (name: string) => SmolLM2.parseConfig(JSON.parse(fs.readFileSync(`${path}/${name}`, 'utf8')));
    expect(read('config.v4.json')).toEqual(read('config.json'));
  }
});
