import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';

/** Vectors of a transformer's width, one a token or a patch: [B, T, width]. */
export type Hidden<B extends Dim, T extends Dim> = Tensor<[B, T, number], 'f32'>;
