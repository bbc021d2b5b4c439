import { param } from '../dsl/decorators.js';
import { groupNorm } from '../dsl/generated/ops.js';
import { ones, zeros } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import { parameter, type Parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkArgument, checkDivides, checkOptions, unlessFalse, type Unless } from './arguments.js';

/** Options of {@link GroupNorm}, with PyTorch's defaults. */
export interface GroupNormOptions<Affine extends boolean = true> {
  /** Default 1e-5. */
  readonly eps?: number;
  /** Whether there are weight and bias. Default true. */
  readonly affine?: Affine;
}

/**
 * y = (x − mean)/√(var + eps)·weight + bias over each of `numGroups` groups of channels with all their places (Wu and He
 * 2018, arXiv:1803.08494): x [N, C, ...S] gives the same shape. `weight` and `bias` are [C] and start as 1 and 0.
 */
export class GroupNorm<C extends Dim = Dim, Affine extends boolean = true> extends Module {
  /** [C]; null with `affine: false`. */
  @param weight: Unless<Affine, Parameter<[C]>> = unlessFalse(this.options.affine, () =>
    parameter([this.numChannels], ones()),
  );
  /** [C]; null with `affine: false`. */
  @param bias: Unless<Affine, Parameter<[C]>> = unlessFalse(this.options.affine, () =>
    parameter([this.numChannels], zeros()),
  );

  /** Throws NameError and ValueError for other options, ValueError for channels that do not divide into the groups. */
  constructor(
    readonly numGroups: number,
    readonly numChannels: C,
    private readonly options: GroupNormOptions<Affine> = {},
  ) {
    checkArgument('GroupNorm', 'numGroups', numGroups, 'count');
    checkDivides('GroupNorm', ['numChannels', numChannels], ['numGroups', numGroups]);
    checkOptions('GroupNorm', options, { eps: 'aboveZero', affine: 'flag' });
    super();
  }

  forward<N extends Dim, S extends Dim[]>(x: Tensor<[N, C, ...S], 'f32'>): Tensor<[N, C, ...S], 'f32'> {
    const { weight, bias }: { weight: Parameter<[C]> | null; bias: Parameter<[C]> | null } = this;
    const { eps = 1e-5 } = this.options;
    return groupNorm(x, this.numGroups, { weight: weight ?? undefined, bias: bias ?? undefined, eps });
  }
}
