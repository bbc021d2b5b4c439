import { param } from '../dsl/decorators.js';
import { full, layerNorm } from '../dsl/generated/ops.js';
import { ones, zeros } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import { parameter, type Parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkOptions, unlessFalse, type Unless } from './arguments.js';

/** Options of {@link LayerNorm}, with PyTorch's defaults. */
export interface LayerNormOptions<Bias extends boolean = true, Affine extends boolean = true> {
  /** Default 1e-5. */
  readonly eps?: number;
  /** Whether there is a bias beside the weight. Default true. */
  readonly bias?: Bias;
  /** Whether there are weight and bias. Default true. */
  readonly elementwiseAffine?: Affine;
}

/**
 * y = (x − mean)/√(var + eps)·weight + bias over the last dimension (Ba et al. 2016, arXiv:1607.06450): x [...B, N]
 * gives [...B, N]. `weight` and `bias` are [N] and start as 1 and 0.
 */
export class LayerNorm<N extends Dim = Dim, Bias extends boolean = true, Affine extends boolean = true> extends Module {
  /** [N]; null with `elementwiseAffine: false`. */
  @param weight: Unless<Affine, Parameter<[N]>> = unlessFalse(this.options.elementwiseAffine, () =>
    parameter([this.dim], ones()),
  );
  /** [N]; null with `bias: false` or `elementwiseAffine: false`. */
  @param bias: Unless<Affine, Unless<Bias, Parameter<[N]>>> = unlessFalse(this.options.elementwiseAffine, () =>
    unlessFalse(this.options.bias, () => parameter([this.dim], zeros())),
  );

  /** Throws NameError and ValueError for other options. */
  constructor(
    readonly dim: N,
    private readonly options: LayerNormOptions<Bias, Affine> = {},
  ) {
    checkOptions('LayerNorm', options, { eps: 'aboveZero', bias: 'flag', elementwiseAffine: 'flag' });
    super();
  }

  forward<B extends Dim[]>(x: Tensor<[...B, N], 'f32'>): Tensor<[...B, N], 'f32'> {
    const { weight, bias }: { weight: Parameter<[N]> | null; bias: Parameter<[N]> | null } = this;
    const { eps = 1e-5 } = this.options;
    return layerNorm(x, weight ?? full([this.dim], 1), bias ?? full([this.dim], 0), { eps });
  }
}
