import { child } from '../dsl/decorators.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { activationNamed, type ActivationName } from './activations.js';
import { checkOptions } from './arguments.js';
import { Linear } from './linear.js';

/** Options of {@link TimestepEmbedding}. */
export interface TimestepEmbeddingOptions {
  /** Between the two layers. Default 'silu'. */
  readonly act?: ActivationName;
  /** Default true. */
  readonly bias?: boolean;
}

/**
 * What diffusion models make of the sines and cosines of a timestep (operation `timestepEmbedding`):
 * linear2(act(linear1(x))), x [...B, In] gives [...B, Out]. diffusers' `TimestepEmbedding`, with its names `linear_1` and
 * `linear_2`.
 */
export class TimestepEmbedding<In extends Dim = Dim, Out extends Dim = Dim> extends Module {
  /** In to Out. */
  @child({ name: 'linear_1' }) linear1 = new Linear(this.inChannels, this.timeEmbedDim, {
    bias: this.options.bias ?? true,
  });
  /** Out to Out. */
  @child({ name: 'linear_2' }) linear2 = new Linear(this.timeEmbedDim, this.timeEmbedDim, {
    bias: this.options.bias ?? true,
  });
  private readonly act = activationNamed(this.options.act ?? 'silu');

  /** Throws NameError for other options and for an activation that there is not, ValueError for wrong ones. */
  constructor(
    readonly inChannels: In,
    readonly timeEmbedDim: Out,
    private readonly options: TimestepEmbeddingOptions = {},
  ) {
    checkOptions('TimestepEmbedding', options, { act: 'text', bias: 'flag' });
    super();
  }

  forward<B extends Dim[]>(x: Tensor<[...B, In], 'f32'>): Tensor<[...B, Out], 'f32'> {
    return this.linear2.forward(this.act(this.linear1.forward(x)));
  }
}
