/* eslint-disable @typescript-eslint/no-unsafe-return -- within the function shapes are unknown; the signature says them */
import { reshape } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Dim, ShapeOf } from '../dsl/shapes/dim.js';
import type { Reshape } from '../dsl/shapes/reshape.js';
import type { Tensor } from '../dsl/tensor.js';
import { elementCount } from '../ir/shape.js';

/** All dimensions but the first as one: x [N, ...S] gives [N, the product of S]. */
export class Flatten extends Module {
  forward<N extends Dim, S extends Dim[]>(
    x: Tensor<[N, ...S], 'f32'>,
  ): Tensor<ShapeOf<Reshape<[N, ...S], [N, -1]>>, 'f32'> {
    const plain: Tensor = x;
    const [batch, ...rest] = plain.shape as [number, ...number[]];
    const y: Tensor = reshape(plain, [batch, elementCount(rest)]);
    return y;
  }
}
