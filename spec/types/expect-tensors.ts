/** Tensors for tests of types. Nothing runs: they have no values. */
import type { Dim, Tensor } from '../../lib/index.js';

export type F32<S extends Dim[]> = Tensor<S, 'f32'>;

export declare function f32<const S extends Dim[]>(...shape: S): F32<S>;
export declare function i32<const S extends Dim[]>(...shape: S): Tensor<S, 'i32'>;
export declare const unknownSize: number;
export declare const unknownTensor: Tensor;
