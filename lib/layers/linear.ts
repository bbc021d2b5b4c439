import { param } from '../dsl/decorators.js';
import { linear, matmul, transpose } from '../dsl/generated/ops.js';
import { kaimingUniform, uniform } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import { parameter, type Parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';

/**
 * y = x·weightᵀ + bias over the last dimension: x [...B, In] gives [...B, Out].
 *
 * `weight` is [Out, In] and starts uniform in ±1/√In (PyTorch's kaimingUniform(a = √5)), `bias` is [Out] and starts in
 * the same range.
 */
export class Linear<In extends Dim, Out extends Dim, Bias extends boolean = true> extends Module {
  @param weight = parameter([this.outFeatures, this.inFeatures], kaimingUniform({ a: Math.sqrt(5) }));
  @param bias: Bias extends true ? Parameter<[Out]> : null = this.initialBias();

  /** `{ bias: false }` leaves the bias out. */
  constructor(
    readonly inFeatures: In,
    readonly outFeatures: Out,
    private readonly options: { readonly bias?: Bias } = {},
  ) {
    super();
  }

  forward<B extends Dim[]>(x: Tensor<[...B, In], 'f32'>): Tensor<[...B, Out], 'f32'> {
    const bias: Parameter<[Out]> | null = this.bias;
    return bias ? linear(x, this.weight, bias) : matmul(x, transpose(this.weight));
  }

  private initialBias(): Bias extends true ? Parameter<[Out]> : null;
  private initialBias(): Parameter<[Out]> | null {
    if (this.options.bias === false) return null;
    const fanIn = Number(this.inFeatures);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    return parameter([this.outFeatures], uniform(-bound, bound));
  }
}
