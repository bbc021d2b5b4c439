import { child } from '../dsl/decorators.js';
import { add } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import type { ActivationName } from './activations.js';
import { ValueError } from '../ir/errors.js';
import { checkArgument, checkOptions } from './arguments.js';
import { Dropout } from './dropout.js';
import { FeedForward } from './feed-forward.js';
import { LayerNorm } from './layer-norm.js';
import { MultiHeadAttention, type AttentionMask } from './multi-head-attention.js';
import { RMSNorm } from './rms-norm.js';
import { SwiGLU } from './swiglu.js';

/** Options of {@link TransformerBlock}. */
export interface TransformerBlockOptions {
  /** {@link LayerNorm} or {@link RMSNorm}. Default 'layer'. */
  readonly norm?: 'layer' | 'rms';
  /** Of the norms. Default 1e-5. */
  readonly normEps?: number;
  /** {@link FeedForward} or {@link SwiGLU}. Default 'mlp'. */
  readonly feedForward?: 'mlp' | 'swiglu';
  /** Width within the feed-forward. Default 4·dim. */
  readonly hidden?: number;
  /** Of the feed-forward 'mlp'. Default 'gelu'. */
  readonly activation?: ActivationName;
  /** Heads of keys and values. Default `numHeads`. */
  readonly keyValueHeads?: number;
  /** Whether a position sees only what stands before it, and itself. Default false. */
  readonly causal?: boolean;
  /** A position sees those that are nearer than this. Default all. */
  readonly window?: number;
  /** Whether the projections and layers of the feed-forward have biases. Default true. */
  readonly bias?: boolean;
  /** Probability of dropout of attention's weights, within the feed-forward and of what both add, while training. Default 0. */
  readonly dropout?: number;
}

/**
 * A layer of a transformer with the norms in front (Xiong et al. 2020, arXiv:2002.04745): x + attn(norm1(x)), and of that
 * y the sum y + mlp(norm2(y)). x [B, T, D] gives [B, T, D]. Its parts are `norm1`, `attn`, `norm2` and `mlp`.
 */
export class TransformerBlock<D extends number = number> extends Module {
  /** Before attention. */
  @child norm1 = this.norm();
  /** Of the sequence to itself. */
  @child attn = new MultiHeadAttention(this.dim, this.numHeads, this.attentionOptions());
  /** Before the feed-forward. */
  @child norm2 = this.norm();
  /** At each position by itself. */
  @child mlp = this.feedForward();
  private readonly dropout = new Dropout(this.options.dropout ?? 0);

  /** Throws NameError and ValueError for other options, and what the parts throw. */
  constructor(
    readonly dim: D,
    readonly numHeads: number,
    private readonly options: TransformerBlockOptions = {},
  ) {
    checkArgument('TransformerBlock', 'dim', dim, 'count');
    checkArgument('TransformerBlock', 'numHeads', numHeads, 'count');
    checkOptions('TransformerBlock', options, {
      norm: ['layer', 'rms'],
      normEps: 'aboveZero',
      feedForward: ['mlp', 'swiglu'],
      hidden: 'count',
      activation: 'text',
      keyValueHeads: 'count',
      causal: 'flag',
      window: 'count',
      bias: 'flag',
      dropout: 'probability',
    });
    if (options.feedForward === 'swiglu' && options.activation !== undefined) {
      throw new ValueError("TransformerBlock: activation is for feedForward 'mlp'; 'swiglu' has silu");
    }
    super();
  }

  /** `mask` is that of {@link MultiHeadAttention}. */
  forward<B extends Dim, T extends Dim>(
    x: Tensor<[B, T, D], 'f32'>,
    options: AttentionMask = {},
  ): Tensor<[B, T, D], 'f32'> {
    const normed = this.norm1.forward(x);
    const attended = add(x, this.dropout.forward(this.attn.forward(normed, normed, normed, options)));
    return add(attended, this.dropout.forward(this.mlp.forward(this.norm2.forward(attended))));
  }

  private norm(): LayerNorm<D> | RMSNorm<D> {
    const { norm = 'layer', normEps: eps = 1e-5 } = this.options;
    return norm === 'layer' ? new LayerNorm(this.dim, { eps }) : new RMSNorm(this.dim, { eps });
  }

  private attentionOptions() {
    const { keyValueHeads = this.numHeads, causal = false, window, bias = true, dropout = 0 } = this.options;
    return { keyValueHeads, causal, bias, dropout, ...(window === undefined ? {} : { window }) };
  }

  private feedForward(): FeedForward<D, number> | SwiGLU<D, number> {
    const { feedForward = 'mlp', hidden = 4 * this.dim, activation = 'gelu', bias = true, dropout = 0 } = this.options;
    if (feedForward === 'swiglu') return new SwiGLU(this.dim, hidden, { bias });
    return new FeedForward(this.dim, hidden, { activation, bias, dropout });
  }
}
