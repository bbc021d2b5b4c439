import { param } from '../dsl/decorators.js';
import { matmul, mul, transpose } from '../dsl/generated/ops.js';
import { kaimingUniform, zeros } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import { parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkRequired } from './arguments.js';
import { Dropout } from './dropout.js';

/** Options of {@link LowRankAdapter}, named as in PEFT. */
export interface LowRankAdapterOptions {
  /** Columns between the two matrices, r. */
  readonly rank: number;
  /** The numerator of the scale alpha/rank. */
  readonly alpha: number;
  /** Probability with which elements of the input are dropped while training. */
  readonly dropout: number;
}

/**
 * y = (alpha/rank)·dropout(x)·Aᵀ·Bᵀ, a change of a linear layer's weight by the matrix (alpha/rank)·B·A of a low rank (LoRA;
 * Hu et al. 2021, arXiv:2106.09685): x [...B, In] gives [...B, Out].
 *
 * A is [rank, In] and starts uniform in ±1/√In (kaimingUniform(a = √5), as in PEFT), B is [Out, rank] and starts at 0, so
 * that at first nothing is changed. Their names in state dicts are `lora_A.weight` and `lora_B.weight`.
 */
export class LowRankAdapter<In extends Dim = Dim, Out extends Dim = Dim> extends Module {
  /** [rank, In] */
  @param({ name: 'lora_A.weight' }) a = parameter(
    [this.options.rank, this.inFeatures],
    kaimingUniform({ a: Math.sqrt(5) }),
  );
  /** [Out, rank]; starts as 0. */
  @param({ name: 'lora_B.weight' }) b = parameter([this.outFeatures, this.options.rank], zeros());
  /** Of the input, before A, while training. */
  dropout = new Dropout(this.options.dropout);

  /** Throws NameError for other options, ValueError for values that they cannot have. */
  constructor(
    readonly inFeatures: In,
    readonly outFeatures: Out,
    readonly options: LowRankAdapterOptions,
  ) {
    checkRequired('LowRankAdapter', options, { rank: 'count', alpha: 'aboveZero', dropout: 'probability' });
    super();
  }

  /** What the product of the two matrices is multiplied by. */
  get scale(): number {
    return this.options.alpha / this.options.rank;
  }

  forward<B extends Dim[]>(x: Tensor<[...B, In], 'f32'>): Tensor<[...B, Out], 'f32'> {
    const narrow = matmul(this.dropout.forward(x), transpose(this.a));
    return mul(matmul(narrow, transpose(this.b)), this.scale);
  }
}
