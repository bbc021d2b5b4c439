import { param } from '../dsl/decorators.js';
import { add, linear, matmul, transpose } from '../dsl/generated/ops.js';
import { kaimingUniform, uniform, type Initializer } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import { parameter, type Parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkOptions, unlessFalse, type Unless } from './arguments.js';
import type { LowRankAdapter } from './low-rank-adapter.js';

/** Options of {@link Linear}, with PyTorch's defaults. */
export interface LinearOptions<Bias extends boolean = true> {
  /** Default true. */
  readonly bias?: Bias;
}

/**
 * y = x·weightᵀ + bias over the last dimension: x [...B, In] gives [...B, Out].
 *
 * `weight` is [Out, In] and starts uniform in ±1/√In (PyTorch's kaimingUniform(a = √5)), `bias` is [Out] and starts in
 * the same range.
 */
export class Linear<In extends Dim = Dim, Out extends Dim = Dim, Bias extends boolean = true> extends Module {
  /** [Out, In] */
  @param weight = parameter([this.outFeatures, this.inFeatures], kaimingUniform({ a: Math.sqrt(5) }));
  /** [Out]; null with `bias: false`. */
  @param bias: Unless<Bias, Parameter<[Out]>> = unlessFalse(this.options.bias, () =>
    parameter([this.outFeatures], uniformOverFanIn(Number(this.inFeatures))),
  );
  /** What fine-tuning adds to the output, beside a weight that stays: `lora` of lib/train sets it. */
  adapter: LowRankAdapter<In, Out> | null = null;

  /** `{ bias: false }` leaves the bias out. Throws NameError and ValueError for other options. */
  constructor(
    readonly inFeatures: In,
    readonly outFeatures: Out,
    private readonly options: LinearOptions<Bias> = {},
  ) {
    checkOptions('Linear', options, { bias: 'flag' });
    super();
  }

  forward<B extends Dim[]>(x: Tensor<[...B, In], 'f32'>): Tensor<[...B, Out], 'f32'> {
    const bias: Parameter<[Out]> | null = this.bias;
    const y = bias ? linear(x, this.weight, bias) : matmul(x, transpose(this.weight));
    return this.adapter ? add(y, this.adapter.forward(x)) : y;
  }
}

/** Uniform in ±1/√fanIn, and 0 where there is no input: how PyTorch's linear and convolutional layers start biases. */
export function uniformOverFanIn(fanIn: number): Initializer {
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
  return uniform(-bound, bound);
}
