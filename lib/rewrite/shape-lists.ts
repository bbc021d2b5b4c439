import type { Literal } from 'egglog-wasm';
import { elementCount, type Shape } from '../ir/shape.js';

/** A function on shapes and axes that rules call; undefined where it does not apply, so that the rule does not either. */
export interface ShapeListFunction {
  readonly takes: readonly ('Ints' | 'i64')[];
  readonly gives: 'Ints' | 'i64';
  readonly apply: (...values: readonly Literal[]) => Literal | undefined;
}

const onShapes = (count: number, apply: (...shapes: readonly Shape[]) => Shape | undefined): ShapeListFunction => ({
  takes: Array.from({ length: count }, () => 'Ints' as const),
  gives: 'Ints',
  apply: (...values) => {
    const result = apply(...(values as readonly Shape[]));
    return result && [...result];
  },
});

/** What rules compute on shapes, by the name that they call it by. Matrices are the last two dimensions. */
export const shapeListFunctions: Readonly<Record<string, ShapeListFunction>> = {
  'all-axes': onShapes(1, (shape) => shape.map((_, axis) => axis - shape.length)),
  'element-count': { takes: ['Ints'], gives: 'i64', apply: (shape) => elementCount(shape as Shape) },
  /** Of a batch of matrices, the dimensions of the batch. */
  batch: onShapes(1, (shape) => (shape.length < 2 ? undefined : shape.slice(0, -2))),
  matrix: onShapes(1, (shape) => (shape.length < 2 ? undefined : shape.slice(-2))),
  swapped: onShapes(1, (shape) =>
    shape.length < 2 ? undefined : [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!],
  ),
  /** [..., p, k, n] as [..., p·k, n]: the dimensions `axes`, which stand right before the matrix, become more rows. */
  'as-rows': onShapes(2, (shape, axes) => {
    const first = shape.length - 2 - axes.length;
    const isNext = axes.every((axis, i) => axis === i - 2 - axes.length);
    if (axes.length === 0 || first < 0 || !isNext) return undefined;
    return [...shape.slice(0, first), elementCount(shape.slice(first, -1)), shape.at(-1)!];
  }),
};
