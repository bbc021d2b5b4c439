import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { attendHeads, mergeHeads, splitHeads, type AttentionOptions } from '../../layers/attention.js';
import { Linear } from '../../layers/linear.js';
import type { Hidden } from '../hidden.js';

/** Keys, or values, of all heads: [B, heads, S, headDim]. */
export type Heads<B extends Dim, S extends Dim> = Tensor<[B, number, S, number], 'f32'>;

/** What queries look at. */
export interface KeysAndValues<B extends Dim, S extends Dim> {
  readonly key: Heads<B, S>;
  readonly value: Heads<B, S>;
}

/** Attention to what the caller has keys and values of: its own vectors, earlier ones, or those of the encoder. */
export class WhisperAttention extends Module {
  kProj = new Linear(this.width, this.width, { bias: false });
  vProj = new Linear(this.width, this.width);
  qProj = new Linear(this.width, this.width);
  outProj = new Linear(this.width, this.width);

  constructor(
    private readonly width: number,
    private readonly heads: number,
    private readonly dropout: number,
  ) {
    super();
  }

  /** Keys and values of x [B, S, width]. */
  keysAndValues<B extends Dim, S extends Dim>(x: Hidden<B, S>): KeysAndValues<B, S> {
    const split = (projected: Hidden<B, S>) => splitHeads(projected, this.heads);
    return { key: split(this.kProj.forward(x)), value: split(this.vProj.forward(x)) };
  }

  /** What the queries of x [B, T, width] see, [B, T, width]. */
  forward<B extends Dim, T extends Dim, S extends Dim>(
    x: Hidden<B, T>,
    { key, value }: KeysAndValues<B, S>,
    options: Pick<AttentionOptions, 'mask' | 'causal'> = {},
  ): Hidden<B, T> {
    const query = splitHeads(this.qProj.forward(x), this.heads);
    const dropout = this.training ? this.dropout : 0;
    return this.outProj.forward(mergeHeads(attendHeads(query, key, value, { ...options, dropout })));
  }
}
