import { readEquation } from './einsum-equation.js';
import { ShapeError } from './errors.js';
import { sameShape, showShape, type Shape } from './shape.js';

/** Shape functions of operations that join, repeat, order and contract tensors; see `shapeFunctions`. */
export const rearrangedShapes = {
  /** One tensor after the other along `axis`. */
  concat(op: string, shapes: readonly Shape[], axis: number): number[] {
    const [first, ...others] = shapes as readonly [Shape, ...Shape[]];
    const at = first.length + axis;
    let total = first[at]!;
    others.forEach((shape, i) => {
      if (shape.length !== first.length) {
        throw new ShapeError(
          `${op}: the rank of xs[0] ${showShape(first)} is not that of xs[${i + 1}] ${showShape(shape)}`,
        );
      }
      const other = shape.findIndex((size, d) => d !== at && size !== first[d]);
      if (other >= 0) {
        throw new ShapeError(
          `${op}: dimension ${other} is ${first[other]} in xs[0] but ${shape[other]} in xs[${i + 1}]`,
        );
      }
      total += shape[at]!;
    });
    return first.map((size, d) => (d === at ? total : size));
  },

  /** Tensors of one shape along a new dimension. */
  stack(op: string, shapes: readonly Shape[], axis: number): number[] {
    const [first] = shapes as readonly [Shape];
    const other = shapes.findIndex((shape) => !sameShape(shape, first));
    if (other >= 0) {
      throw new ShapeError(`${op}: xs[0] is ${showShape(first)} but xs[${other}] is ${showShape(shapes[other]!)}`);
    }
    const at = first.length + 1 + axis;
    return [...first.slice(0, at), shapes.length, ...first.slice(at)];
  },

  /** `pads` come in pairs (before, after), those of the last dimension first. */
  pad(op: string, shape: Shape, pads: readonly number[]): number[] {
    if (pads.length % 2 !== 0) throw new ShapeError(`${op}: pads ${showShape(pads)} must come in pairs`);
    if (pads.length > 2 * shape.length) {
      throw new ShapeError(
        `${op}: pads ${showShape(pads)} are more than two for each dimension of ${showShape(shape)}`,
      );
    }
    const padded = shape.map((size, d) => {
      const pair = 2 * (shape.length - 1 - d);
      return size + (pads[pair] ?? 0) + (pads[pair + 1] ?? 0);
    });
    if (padded.some((size) => size < 0)) {
      throw new ShapeError(`${op}: pads ${showShape(pads)} take more away than ${showShape(shape)} has`);
    }
    return padded;
  },

  /** Dimensions that `times` has more than the tensor are put in front. */
  repeat(op: string, shape: Shape, times: readonly number[]): number[] {
    if (times.length < shape.length) {
      throw new ShapeError(`${op}: times ${showShape(times)} are fewer than the dimensions of ${showShape(shape)}`);
    }
    if (times.some((count) => count < 0)) {
      throw new ShapeError(`${op}: times ${showShape(times)} must be at least 0`);
    }
    const added = times.length - shape.length;
    return times.map((count, i) => (i < added ? count : count * shape[i - added]!));
  },

  repeatInterleave(op: string, shape: Shape, times: number, axis: number): number[] {
    if (times < 0) throw new ShapeError(`${op}: times must be at least 0, got ${times}`);
    return shape.map((size, d) => (d === shape.length + axis ? size * times : size));
  },

  /** Without one dimension, or without all where `axis` is left out; with `keepdims` they stay, with size 1. */
  reduceAxis(_op: string, shape: Shape, axis: number | undefined, keepdims?: boolean): number[] {
    return shape.flatMap((size, d) =>
      axis === undefined || d === shape.length + axis ? (keepdims ? [1] : []) : [size],
    );
  },

  /** A tensor into which another one is written, which may be smaller along `axis`. */
  overwrite(op: string, shape: Shape, values: Shape, axis: number): number[] {
    const at = shape.length + axis;
    const fits =
      shape.length === values.length && values.every((size, d) => (d === at ? size <= shape[d]! : size === shape[d]));
    if (!fits) {
      throw new ShapeError(
        `${op}: values ${showShape(values)} must have the shape of x ${showShape(shape)}, but for fewer along axis ${axis}`,
      );
    }
    return [...shape];
  },

  einsum(op: string, shapes: readonly Shape[], equation: string): number[] {
    const { result, sizes } = readEquation(op, shapes, equation);
    return result.map((label) => sizes.get(label)!);
  },
};
