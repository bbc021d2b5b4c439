import { slice, squeeze } from '../dsl/generated/ops.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';

/** The vectors [B, D] of the first tokens, which stand for the whole in BERT and ViT, of x [B, T, D]. */
export function firstToken<B extends Dim, T extends Dim>(x: Tensor<[B, T, number], 'f32'>): Tensor<[B, number], 'f32'> {
  // The types of slices stay open where the length is a parameter.
  const first = slice(x, 1, { stop: 1 }) as Tensor<[B, 1, number], 'f32'>;
  return squeeze(first, 1);
}
