import { dropout } from '../dsl/draw.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkArgument } from './arguments.js';

/**
 * While training 0 with probability `p`, else x/(1 − p), drawn anew in every step (Srivastava et al. 2014); x itself in
 * evaluation. Any shape.
 */
export class Dropout extends Module {
  /** Throws ValueError for a probability outside of [0, 1]. */
  constructor(readonly p = 0.5) {
    checkArgument('Dropout', 'p', p, 'probability');
    super();
  }

  forward<S extends Dim[]>(x: Tensor<S, 'f32'>): Tensor<S, 'f32'> {
    return this.training && this.p > 0 ? dropout(x, { p: this.p }) : x;
  }
}
