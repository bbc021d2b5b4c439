import {
  add,
  arange,
  causalMask,
  crossEntropy,
  reshape,
  scaledDotProductAttention,
  slice,
} from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { mergeHeads, splitHeads } from '../../layers/attention.js';
import { Embedding } from '../../layers/embedding.js';
import { Linear } from '../../layers/linear.js';
import { RMSNorm } from '../../layers/rms-norm.js';
import { RotaryEmbedding } from '../../layers/rotary-embedding.js';
import { SwiGLU } from '../../layers/swiglu.js';
import type { Past } from '../generation/decoder-cache.js';
import type { Hidden } from '../hidden.js';
import type { LlamaConfig } from './config.js';

/** What a decoder takes beside token ids. */
export interface DecoderOptions {
  /** To decode token by token; without it a token sees those of its own call that stand before it. */
  readonly past?: Past | undefined;
  /** Which tokens are no padding, [B, T] bool: the others are seen by none. For whole sequences, without `past`. */
  readonly attentionMask?: Tensor<[Dim, Dim], 'bool'> | undefined;
}

/** Grouped-query attention with rotated queries and keys. */
export class LlamaAttention extends Module {
  qProj = this.projection(this.config.hiddenSize, this.config.heads * this.config.headDim);
  kProj = this.projection(this.config.hiddenSize, this.config.keyValueHeads * this.config.headDim);
  vProj = this.projection(this.config.hiddenSize, this.config.keyValueHeads * this.config.headDim);
  oProj = this.projection(this.config.heads * this.config.headDim, this.config.hiddenSize);
  rotary = new RotaryEmbedding(this.config.headDim, {
    theta: this.config.ropeTheta,
    ...(this.config.ropeScaling && { scaling: this.config.ropeScaling }),
  });

  /** `index`: which of the model's layers it is in, and so which of a cache is its own. */
  constructor(
    private readonly config: LlamaConfig,
    private readonly index: number,
  ) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>, { past, attentionMask }: DecoderOptions = {}): Hidden<B, T> {
    const { heads, keyValueHeads } = this.config;
    const [batch, tokens] = x.shape;
    const places = arange(tokens);
    const positions = past ? add(places, past.position) : places;
    const q = this.rotary.forward(splitHeads(this.qProj.forward(x), heads), positions);
    const k = this.rotary.forward(splitHeads(this.kProj.forward(x), keyValueHeads), positions);
    const v = splitHeads(this.vProj.forward(x), keyValueHeads);
    if (past) {
      const { key, value } = past.cache.forward(this.index, k, v, past.position);
      const mask = causalMask(past.position, tokens, past.cache.length);
      return this.oProj.forward(mergeHeads(scaledDotProductAttention(q, key, value, { mask })));
    }
    const mask = attentionMask && reshape(attentionMask, [batch, 1, 1, tokens]);
    return this.oProj.forward(mergeHeads(scaledDotProductAttention(q, k, v, { mask, causal: true })));
  }

  private projection(inFeatures: number, outFeatures: number) {
    return new Linear(inFeatures, outFeatures, { bias: this.config.attentionBias });
  }
}

/** Attention and a gated feed-forward, each behind a norm and added to what came in. */
export class LlamaLayer extends Module {
  selfAttn = new LlamaAttention(this.config, this.index);
  mlp = new SwiGLU(this.config.hiddenSize, this.config.intermediateSize, { bias: this.config.mlpBias });
  inputLayernorm = new RMSNorm(this.config.hiddenSize, { eps: this.config.normEps });
  postAttentionLayernorm = new RMSNorm(this.config.hiddenSize, { eps: this.config.normEps });

  constructor(
    private readonly config: LlamaConfig,
    private readonly index: number,
  ) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>, options: DecoderOptions = {}): Hidden<B, T> {
    const attended = add(x, this.selfAttn.forward(this.inputLayernorm.forward(x), options));
    return add(attended, this.mlp.forward(this.postAttentionLayernorm.forward(attended)));
  }
}

/** A decoder of the Llama form without its last layer (Touvron et al. 2023, arXiv:2302.13971). */
export class LlamaModel extends Module {
  /** Ids [B, T] to [B, T, hiddenSize]. */
  embedTokens = new Embedding(this.config.vocabSize, this.config.hiddenSize);
  /** Each of [B, T, hiddenSize] to the same shape. */
  layers = Array.from({ length: this.config.layers }, (_, index) => new LlamaLayer(this.config, index));
  /** Of what the last layer gives. */
  norm = new RMSNorm(this.config.hiddenSize, { eps: this.config.normEps });

  constructor(private readonly config: LlamaConfig) {
    super();
  }

  /** Token ids [B, T] i32 to vectors [B, T, hiddenSize], after the last norm. */
  forward<B extends Dim, T extends Dim>(ids: Tensor<[B, T], 'i32'>, options: DecoderOptions = {}): Hidden<B, T> {
    return this.forwardEmbedded(this.embedTokens.forward(ids), options);
  }

  /** The same from vectors in place of ids: where pictures stand among the words. */
  forwardEmbedded<B extends Dim, T extends Dim>(embedded: Hidden<B, T>, options: DecoderOptions = {}): Hidden<B, T> {
    const last = this.layers.reduce((x, layer) => layer.forward(x, options), embedded);
    return this.norm.forward(last);
  }
}

/** Token ids that are left out of a loss: transformers' `labels` for them. */
const IGNORED = -100;

/**
 * The mean cross-entropy of predicting each token from those before it: logits [B, T, V] at t against labels [B, T] i32
 * at t + 1. Labels of −100 do not count.
 */
export function nextTokenLoss<B extends Dim, T extends Dim>(
  logits: Tensor<[B, T, number], 'f32'>,
  labels: Tensor<[B, T], 'i32'>,
): Tensor<[], 'f32'> {
  // The types of slices stay open where the length is a parameter.
  const predictions = slice(logits, 1, { stop: -1 }) as Tensor<[B, number, number], 'f32'>;
  const targets = slice(labels, 1, { start: 1 }) as Tensor<[B, number], 'i32'>;
  return crossEntropy(predictions, targets, { ignoreIndex: IGNORED });
}
