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
  /** A shape that has one element for each column of a matrix at most, or for each row. */
  'per-column': onShapes(1, (shape) => ((shape.at(-2) ?? 1) === 1 ? shape : undefined)),
  'per-row': onShapes(1, (shape) => ((shape.at(-1) ?? 1) === 1 ? shape : undefined)),
  /** A vector's, whatever dimensions of size 1 stand before it, as that of a matrix of one column, or of one row. */
  'as-column': onShapes(1, (shape) => (isVector(shape) ? [shape.at(-1)!, 1] : undefined)),
  'as-row': onShapes(1, (shape) => (isVector(shape) ? [1, shape.at(-1)!] : undefined)),
  /**
   * Of a tensor of shape `small` that broadcasts to `to`, the shape that it has where it broadcasts to `from`, which is
   * reshaped to `to`: undefined where a dimension is split or joined in which it is broadcast in part.
   */
  'through-reshape': onShapes(3, (small, to, from) => {
    if (small.length > to.length || elementCount(to) !== elementCount(from) || elementCount(to) === 0) return undefined;
    // Dimensions of size 1 in front say nothing.
    const given = [...to.slice(small.length).map(() => 1), ...small];
    const result: number[] = [];
    for (let [i, j] = [0, 0]; i < to.length || j < from.length;) {
      // The least dimensions of both that have as many elements.
      const [first, start] = [i, j];
      let [a, b] = [to[i++] ?? 1, from[j++] ?? 1];
      while (a !== b) {
        if (a < b) a *= to[i++]!;
        else b *= from[j++]!;
      }
      const part = given.slice(first, i);
      const isWhole = part.every((size, at) => size === to[first + at]);
      if (!isWhole && part.some((size) => size !== 1)) return undefined;
      result.push(...from.slice(start, j).map((size) => (isWhole ? size : 1)));
    }
    const first = result.findIndex((size) => size !== 1);
    return first < 0 ? [] : result.slice(first);
  }),
};

function isVector(shape: Shape): boolean {
  return shape.length > 0 && elementCount(shape) === shape.at(-1);
}
