/* eslint-disable @typescript-eslint/no-unsafe-argument -- within the function shapes are unknown; the signature says them */
import { child } from '../dsl/decorators.js';
import { checkedOptions } from '../dsl/emit.js';
import { xavierUniform, zeros } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkArgument, checkDivides, checkOptions } from './arguments.js';
import { attention } from './attention.js';
import { Linear } from './linear.js';

/** Options of {@link MultiHeadAttention}. */
export interface MultiHeadAttentionOptions<KeyDim extends number = number, ValueDim extends number = number> {
  /** Heads of keys and values, which divides `numHeads`: grouped-query attention. Default `numHeads`. */
  readonly keyValueHeads?: number;
  /** Width of the keys, in cross-attention to something of another width. Default `embedDim`. */
  readonly kdim?: KeyDim;
  /** Width of the values. Default `embedDim`. */
  readonly vdim?: ValueDim;
  /** Whether the projections have biases. Default true. */
  readonly bias?: boolean;
  /** Probability of dropout of the weights, while training. Default 0. */
  readonly dropout?: number;
  /** Whether a query sees only what stands before it, and itself. Default false. */
  readonly causal?: boolean;
  /** A query sees the keys that are nearer than this: a sliding window. Default all. */
  readonly window?: number;
}

/** Of one call. */
export interface AttentionMask {
  /**
   * Which keys a query may see, true or false, or floats to add to the scores, where −∞ masks. Broadcasts to [B,
   * numHeads, T, S]; a padding mask [B, S] must therefore come as [B, 1, 1, S].
   */
  readonly mask?: Tensor | undefined;
}

/**
 * Attention with projections of queries, keys and values to `numHeads` heads and of the result (Vaswani et al. 2017,
 * arXiv:1706.03762): self-attention of query [B, T, EmbedDim], or cross-attention to key [B, S, KeyDim] and value
 * [B, S, ValueDim]; gives [B, T, EmbedDim].
 *
 * The four {@link Linear} are `q_proj`, `k_proj`, `v_proj` and `out_proj`, as in CLIP and Whisper. They start as those of
 * PyTorch's `MultiheadAttention`, which has the first three in one: Xavier-uniform, with biases 0. With `keyValueHeads`
 * below `numHeads`, keys and values have that many heads (Ainslie et al. 2023, arXiv:2305.13245).
 */
export class MultiHeadAttention<
  EmbedDim extends number = number,
  KeyDim extends number = EmbedDim,
  ValueDim extends number = EmbedDim,
> extends Module {
  /** Queries of all heads: EmbedDim to heads · head width. */
  @child qProj = this.projection(this.embedDim, this.numHeads);
  /** Keys of all heads: KeyDim to heads of keys and values · head width. */
  @child kProj = this.projection(this.widths.key, this.keyValueHeads);
  /** Values of all heads: ValueDim to heads of keys and values · head width. */
  @child vProj = this.projection(this.widths.value, this.keyValueHeads);
  /** What all heads found, to EmbedDim. */
  @child outProj = this.outProjection();

  /**
   * Throws NameError and ValueError for other options, ValueError for a width that does not divide into the heads and
   * for heads that do not divide by `keyValueHeads`.
   */
  constructor(
    readonly embedDim: EmbedDim,
    readonly numHeads: number,
    private readonly options: MultiHeadAttentionOptions<KeyDim, ValueDim> = {},
  ) {
    const layer = 'MultiHeadAttention';
    checkArgument(layer, 'embedDim', embedDim, 'count');
    checkArgument(layer, 'numHeads', numHeads, 'count');
    const counts = { keyValueHeads: 'count', kdim: 'count', vdim: 'count', window: 'count' } as const;
    checkOptions(layer, options, { ...counts, bias: 'flag', dropout: 'probability', causal: 'flag' });
    checkDivides(layer, ['embedDim', embedDim], ['numHeads', numHeads]);
    checkDivides(layer, ['numHeads', numHeads], ['keyValueHeads', options.keyValueHeads ?? numHeads]);
    super();
  }

  /** `key` is by default the query, `value` the key. */
  forward<B extends Dim, T extends Dim, S extends Dim = T>(
    query: Tensor<[B, T, EmbedDim], 'f32'>,
    key?: Tensor<[B, S, KeyDim], 'f32'>,
    value?: Tensor<[B, S, ValueDim], 'f32'>,
    options?: AttentionMask,
  ): Tensor<[B, T, EmbedDim], 'f32'>;
  forward(query: Tensor, key: Tensor = query, value: Tensor = key, options: AttentionMask = {}): Tensor {
    const { mask } = checkedOptions('MultiHeadAttention', ['mask'], options) as AttentionMask;
    const { causal = false, window, dropout = 0 } = this.options;
    const [q, k, v]: [Tensor, Tensor, Tensor] = [
      this.qProj.forward(query),
      this.kProj.forward(key),
      this.vProj.forward(value),
    ];
    const context: Tensor = attention(q, k, v, {
      heads: this.numHeads,
      keyValueHeads: this.keyValueHeads,
      mask,
      causal,
      ...(window === undefined ? {} : { window }),
      dropout: this.training ? dropout : 0,
    });
    return this.outProj.forward(context);
  }

  private get keyValueHeads(): number {
    return this.options.keyValueHeads ?? this.numHeads;
  }

  /** Of keys and values; where options leave them out, the types are those of queries. */
  private get widths(): { key: KeyDim; value: ValueDim } {
    const { kdim = this.embedDim, vdim = this.embedDim } = this.options;
    return { key: kdim as KeyDim, value: vdim as ValueDim };
  }

  /** From `width` to so many heads. */
  private projection<Width extends number>(width: Width, heads: number): Linear<Width, number, boolean> {
    const linear = new Linear(width, (heads * this.embedDim) / this.numHeads, { bias: this.options.bias ?? true });
    // One matrix [3·embedDim, embedDim] in PyTorch, unless the widths differ: ±√(6/(4·embedDim)).
    const isPacked = Object.values<number>(this.widths).every((given) => given === this.embedDim);
    linear.weight.initialize(xavierUniform(isPacked ? Math.SQRT1_2 : 1));
    linear.bias?.initialize(zeros());
    return linear;
  }

  private outProjection(): Linear<EmbedDim, EmbedDim, boolean> {
    const linear = new Linear(this.embedDim, this.embedDim, { bias: this.options.bias ?? true });
    linear.bias?.initialize(zeros());
    return linear;
  }
}
