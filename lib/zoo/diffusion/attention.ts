import { permute } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import { attention } from '../../layers/attention.js';
import { GroupNorm } from '../../layers/group-norm.js';
import { Linear } from '../../layers/linear.js';
import type { Sequence } from './feature-maps.js';

export interface ProjectedAttentionOptions {
  /** Features of the context. Default `width`. */
  readonly contextWidth?: number;
  /** Whether queries, keys and values have biases; the last projection always has. Default false. */
  readonly bias?: boolean;
  /** A group norm of x in front. Default none. */
  readonly norm?: { readonly groups: number; readonly eps: number };
}

/**
 * Attention of x [B, T, width] to a context [B, S, contextWidth], or to itself, gives [B, T, width]: diffusers'
 * `Attention`, with its names.
 */
export class ProjectedAttention extends Module {
  groupNorm = this.norm();
  toQ = this.projection(this.width);
  toK = this.projection(this.options.contextWidth ?? this.width);
  toV = this.projection(this.options.contextWidth ?? this.width);
  toOut: readonly Linear<number, number>[] = [new Linear(this.width, this.width)];

  constructor(
    private readonly width: number,
    private readonly heads: number,
    private readonly options: ProjectedAttentionOptions = {},
  ) {
    super();
  }

  forward(x: Sequence, context?: Sequence): Sequence {
    const own = this.groupNorm ? permute(this.groupNorm.forward(permute(x, [0, 2, 1])), [0, 2, 1]) : x;
    const seen = context ?? own;
    const [q, k, v] = [this.toQ.forward(own), this.toK.forward(seen), this.toV.forward(seen)];
    const mixed: Sequence = attention(q, k, v, { heads: this.heads });
    return this.toOut[0]!.forward(mixed);
  }

  private norm(): GroupNorm<number> | null {
    const { norm } = this.options;
    return norm ? new GroupNorm(norm.groups, this.width, { eps: norm.eps }) : null;
  }

  private projection(inFeatures: number): Linear<number, number, boolean> {
    return new Linear(inFeatures, this.width, { bias: this.options.bias ?? false });
  }
}
