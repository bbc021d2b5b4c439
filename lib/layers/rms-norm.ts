import { param } from '../dsl/decorators.js';
import { full, rmsNorm } from '../dsl/generated/ops.js';
import { ones } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import { parameter, type Parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkOptions, unlessFalse, type Unless } from './arguments.js';

/** The distance from 1 to the next f32: PyTorch's `eps` for norms that give none. */
const F32_EPSILON = 2 ** -23;

/** Options of {@link RMSNorm}, with PyTorch's defaults. */
export interface RMSNormOptions<Affine extends boolean = true> {
  /** Default 2⁻²³, PyTorch's for f32; models of transformers state their own, such as 1e-5. */
  readonly eps?: number;
  /** Whether there is a weight. Default true. */
  readonly elementwiseAffine?: Affine;
}

/**
 * y = x/√(mean(x²) + eps)·weight over the last dimension (Zhang and Sennrich 2019, arXiv:1910.07467): x [...B, N] gives
 * [...B, N]. `weight` is [N] and starts as 1.
 */
export class RMSNorm<N extends Dim = Dim, Affine extends boolean = true> extends Module {
  /** [N]; null with `elementwiseAffine: false`. */
  @param weight: Unless<Affine, Parameter<[N]>> = unlessFalse(this.options.elementwiseAffine, () =>
    parameter([this.dim], ones()),
  );

  /** Throws NameError and ValueError for other options. */
  constructor(
    readonly dim: N,
    private readonly options: RMSNormOptions<Affine> = {},
  ) {
    checkOptions('RMSNorm', options, { eps: 'aboveZero', elementwiseAffine: 'flag' });
    super();
  }

  forward<B extends Dim[]>(x: Tensor<[...B, N], 'f32'>): Tensor<[...B, N], 'f32'> {
    const weight: Parameter<[N]> | null = this.weight;
    return rmsNorm(x, weight ?? full([this.dim], 1), { eps: this.options.eps ?? F32_EPSILON });
  }
}
