import { child } from '../dsl/decorators.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { activationNamed, type ActivationName } from './activations.js';
import { checkOptions } from './arguments.js';
import { Dropout } from './dropout.js';
import { Linear } from './linear.js';

/** Options of {@link FeedForward}. */
export interface FeedForwardOptions {
  /** Default 'gelu'. */
  readonly activation?: ActivationName;
  /** Default true. */
  readonly bias?: boolean;
  /** Probability of dropout behind the activation, while training. Default 0. */
  readonly dropout?: number;
}

/**
 * Feed-forward of transformers: fc2(activation(fc1(x))), x [...B, D] gives [...B, D]. Two {@link Linear}, D to Hidden and
 * back, named `fc1` and `fc2` as in CLIP, ViT and Whisper.
 */
export class FeedForward<D extends Dim = Dim, Hidden extends Dim = Dim> extends Module {
  /** D to Hidden. */
  @child fc1 = new Linear(this.dim, this.hidden, { bias: this.options.bias ?? true });
  /** Hidden to D. */
  @child fc2 = new Linear(this.hidden, this.dim, { bias: this.options.bias ?? true });
  private readonly activation = activationNamed(this.options.activation ?? 'gelu');
  private readonly dropout = new Dropout(this.options.dropout ?? 0);

  /** Throws NameError for other options and for an activation that there is not, ValueError for wrong ones. */
  constructor(
    readonly dim: D,
    readonly hidden: Hidden,
    private readonly options: FeedForwardOptions = {},
  ) {
    checkOptions('FeedForward', options, { activation: 'text', bias: 'flag', dropout: 'probability' });
    super();
  }

  forward<B extends Dim[]>(x: Tensor<[...B, D], 'f32'>): Tensor<[...B, D], 'f32'> {
    return this.fc2.forward(this.dropout.forward(this.activation(this.fc1.forward(x))));
  }
}
