import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { attention } from '../../layers/attention.js';
import { Linear } from '../../layers/linear.js';
import type { Hidden } from '../hidden.js';

/** Which keys may be seen; broadcasts to [B, heads, T, T]. */
export type KeyMask = Tensor<[Dim, number, number, Dim], 'bool'>;

export interface SelfAttentionOptions {
  readonly heads: number;
  /** Of the weights, while training. */
  readonly dropout: number;
  /** Whether the projections have biases. Default true. */
  readonly bias?: boolean;
}

/** The attention of BERT and ViT, before its result is projected: x [B, T, width] gives the same. */
export class SelfAttention extends Module {
  query = this.projection();
  key = this.projection();
  value = this.projection();

  constructor(
    private readonly width: number,
    private readonly options: SelfAttentionOptions,
  ) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>, mask?: KeyMask): Hidden<B, T> {
    const { heads, dropout } = this.options;
    return attention(this.query.forward(x), this.key.forward(x), this.value.forward(x), {
      heads,
      mask,
      dropout: this.training ? dropout : 0,
    });
  }

  private projection(): Linear<number, number, boolean> {
    return new Linear(this.width, this.width, { bias: this.options.bias ?? true });
  }
}
