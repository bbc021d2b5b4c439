/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return -- within the functions shapes are unknown; the signatures say them */
import { dropout } from '../dsl/draw.js';
import { attentionWeights, matmul, permute, reshape, scaledDotProductAttention } from '../dsl/generated/ops.js';
import { currentTrace } from '../dsl/context.js';
import { checkedOptions } from '../dsl/emit.js';
import type { Divide, Multiply } from '../dsl/shapes/arithmetic.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { ShapeError } from '../ir/errors.js';
import { showShape } from '../ir/shape.js';

/** Options of {@link attention}. */
export interface AttentionOptions {
  /**
   * Which keys a query may see, true or false, or floats to add to the scores, where −∞ masks. Broadcasts to [B, heads,
   * T, S]. A query that may see no key gives 0.
   */
  readonly mask?: Tensor | undefined;
  /** Query i sees the keys j ≤ i. Default false. */
  readonly causal?: boolean;
  /** Query i sees the keys with |i − j| below it. Default all. */
  readonly window?: number;
  /** What scores are multiplied by. Default 1/√D. */
  readonly scale?: number;
  /** Probability of dropout of the weights; for training alone. Default 0. */
  readonly dropout?: number;
}

/**
 * Attention of projections that hold all heads beside each other: q [B, T, heads·D], k [B, S, keyValueHeads·D] and v
 * [B, S, keyValueHeads·E] give [B, T, heads·E], softmax(q·kᵀ·scale + mask)·v of each head (Vaswani et al. 2017,
 * arXiv:1706.03762). `keyValueHeads`, by default `heads`, divides `heads`: each then serves heads/keyValueHeads
 * neighbouring heads of q (Ainslie et al. 2023, arXiv:2305.13245).
 *
 * Where something comes between, rotary embeddings or a cache, use {@link splitHeads}, `scaledDotProductAttention` and
 * {@link mergeHeads}. Throws ShapeError for widths that do not divide into the heads, and what
 * `scaledDotProductAttention` throws.
 */
export function attention<
  B extends Dim,
  T extends Dim,
  S extends Dim,
  Q extends Dim,
  K extends Dim,
  V extends Dim,
  Heads extends number,
  KeyValueHeads extends number = Heads,
>(
  q: Tensor<[B, T, Q], 'f32'>,
  k: Tensor<[B, S, K], 'f32'>,
  v: Tensor<[B, S, V], 'f32'>,
  options: { readonly heads: Heads; readonly keyValueHeads?: KeyValueHeads } & AttentionOptions,
): Tensor<[B, T, Multiply<Divide<V, NoInfer<KeyValueHeads>>, NoInfer<Heads>>], 'f32'>;
export function attention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: { readonly heads: number; readonly keyValueHeads?: number } & AttentionOptions,
): Tensor {
  checkedOptions('attention', ['heads', 'keyValueHeads', 'mask', 'causal', 'window', 'scale', 'dropout'], options);
  const { heads, keyValueHeads = heads, ...rest } = options;
  const queries: Tensor = splitHeads(q, heads);
  const context: Tensor = attendHeads(queries, splitHeads(k, keyValueHeads), splitHeads(v, keyValueHeads), rest);
  return mergeHeads(context);
}

/**
 * `scaledDotProductAttention` that can drop weights: {@link attention} of heads that are split already, q [B, heads, T,
 * D], k [B, keyValueHeads, S, D] and v [B, keyValueHeads, S, E], gives [B, heads, T, E]. Throws what
 * `scaledDotProductAttention` throws.
 */
export function attendHeads<
  B extends Dim,
  Heads extends Dim,
  KeyValueHeads extends Dim,
  T extends Dim,
  S extends Dim,
  D extends Dim,
  E extends Dim,
>(
  q: Tensor<[B, Heads, T, D], 'f32'>,
  k: Tensor<[B, KeyValueHeads, S, D], 'f32'>,
  v: Tensor<[B, KeyValueHeads, S, E], 'f32'>,
  options?: AttentionOptions,
): Tensor<[B, Heads, T, E], 'f32'>;
export function attendHeads(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  const { dropout: p = 0, ...rest } = options;
  if (p === 0) return scaledDotProductAttention(q, k, v, rest);
  const weights: Tensor = dropout(attentionWeights(q, k, rest), { p });
  const [batch, heads, length, count] = weights.shape as readonly number[];
  const [, keyValueHeads, , size] = v.shape as readonly number[];
  // Heads that share values are rows of one product.
  const grouped: Tensor = reshape(weights, [batch!, keyValueHeads!, (heads! / keyValueHeads!) * length!, count!]);
  const context: Tensor = matmul(grouped, v);
  return reshape(context, [batch!, heads!, length!, size!]);
}

/** [B, T, heads·D] as [B, heads, T, D]. Throws ShapeError where the last dimension does not divide into the heads. */
export function splitHeads<B extends Dim, T extends Dim, Width extends Dim, Heads extends number>(
  x: Tensor<[B, T, Width], 'f32'>,
  heads: Heads,
): Tensor<[B, Heads, T, Divide<Width, Heads>], 'f32'>;
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, length, width] = sizesOf('splitHeads', x, 3);
  if (!Number.isInteger(heads) || heads < 1 || width! % heads !== 0) {
    throw located(
      `splitHeads: the last dimension of ${showShape(x.shape as number[])} does not divide into ${heads} heads`,
    );
  }
  const split: Tensor = reshape(x, [batch!, length!, heads, width! / heads]);
  return permute(split, [0, 2, 1, 3]);
}

/** [B, heads, T, D] as [B, T, heads·D]: what {@link splitHeads} did, undone. */
export function mergeHeads<B extends Dim, T extends Dim, Size extends Dim, Heads extends Dim>(
  x: Tensor<[B, Heads, T, Size], 'f32'>,
): Tensor<[B, T, Multiply<Size, Heads>], 'f32'>;
export function mergeHeads(x: Tensor): Tensor {
  const [batch, heads, length, size] = sizesOf('mergeHeads', x, 4);
  const joined: Tensor = permute(x, [0, 2, 1, 3]);
  return reshape(joined, [batch!, length!, heads! * size!]);
}

function sizesOf(what: string, x: Tensor, rank: number): readonly number[] {
  const shape = x.shape as readonly number[];
  if (shape.length === rank) return shape;
  throw located(`${what}: x must have rank ${rank}, got ${showShape(shape)}`);
}

function located(message: string): unknown {
  return currentTrace('attention').builder.located(new ShapeError(message));
}
