import { embedding, reshape } from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { Linear } from '../../layers/linear.js';
import type { DecoderProgram } from '../generation/cached-decoder.js';
import { DecoderCache } from '../generation/decoder-cache.js';
import { GenerativePretrainedModel } from '../generation/generative-model.js';
import { initializeNormal } from '../initialize.js';
import { llamaConfig, type LlamaConfig } from './config.js';
import { LlamaModel, nextTokenLoss, type DecoderOptions } from './model.js';

/**
 * SmolLM2, and any checkpoint of the form `LlamaForCausalLM`: Llama 2 and 3, TinyLlama. Fields have the checkpoint's
 * names; `lm_head.weight` is the embedding where the configuration ties them.
 *
 *     const model = await SmolLM2.fromPretrained('HuggingFaceTB/SmolLM2-135M-Instruct');
 *     for await (const piece of model.generate('Why is the sky blue?')) process.stdout.write(piece);
 */
export class SmolLM2 extends GenerativePretrainedModel {
  /** Reads a `config.json`. Throws ConfigError. */
  static parseConfig = llamaConfig;
  /** Old checkpoints have the frequencies of the rotary embedding, which follow from the configuration. */
  static override readonly checkpoint = { kinds: ['llama', 'LlamaForCausalLM'], ignore: [/\.rotary_emb\.inv_freq$/] };

  /** All but the last layer: ids [B, T] to hidden states [B, T, hiddenSize]. */
  model = new LlamaModel(this.config);
  /** Hidden states to logits: hiddenSize to vocabSize. */
  lmHead = new Linear(this.config.hiddenSize, this.config.vocabSize, { bias: false });

  constructor(readonly config: LlamaConfig) {
    super();
    initializeNormal(this, config.initializerRange);
    if (config.tieWordEmbeddings) this.lmHead.weight = this.model.embedTokens.weight;
  }

  /** Token ids [B, T] i32 to the logits [B, T, V] of the token behind each. */
  forward<B extends Dim, T extends Dim>(
    ids: Tensor<[B, T], 'i32'>,
    options: DecoderOptions = {},
  ): Tensor<[B, T, number], 'f32'> {
    return this.lmHead.forward(this.model.forward(ids, options));
  }

  /**
   * What training minimises: the mean cross-entropy of each token given those before it, over labels [B, T] i32, which
   * are the ids themselves, with −100 where a token does not count, such as the prompt.
   */
  loss<B extends Dim, T extends Dim>(
    ids: Tensor<[B, T], 'i32'>,
    labels: Tensor<[B, T], 'i32'>,
    options: DecoderOptions = {},
  ): Tensor<[], 'f32'> {
    return nextTokenLoss(this.forward(ids, options), labels);
  }

  protected override get decoderConfig(): LlamaConfig {
    return this.config;
  }

  protected override readonly program: DecoderProgram = {
    cache: (length) => {
      const { layers, keyValueHeads: heads, headDim } = this.config;
      return new DecoderCache(layers, { batch: 1, heads, length, headDim });
    },
    trace: (rows, cache) =>
      trace(
        this,
        { ids: input([1, rows], 'i32'), position: input([], 'i32'), last: input([1], 'i32') },
        ({ ids, position, last }) => {
          const hidden = this.model.forward(ids, { past: { cache, position } });
          // The last layer is a large part of the work, and one token's logits are wanted.
          const row = embedding(last, reshape(hidden, [rows, this.config.hiddenSize]));
          return { logits: this.lmHead.forward(row) };
        },
        { modules: { cache } },
      ),
  };
}
