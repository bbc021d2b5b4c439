import { ShapeError } from './errors.js';
import { pooledShapes } from './pooled-shapes.js';
import { rearrangedShapes } from './rearranged-shapes.js';
import { broadcastShapes, elementCount, showShape, type Shape } from './shape.js';

/**
 * The shape functions that signatures name. Each gets the operation's name (for messages) and its arguments: shapes
 * bound by spreads, or attribute values with axes counted from the end. The typed twins live in lib/dsl/shapes.
 */
export const shapeFunctions = {
  ...rearrangedShapes,
  ...pooledShapes,

  broadcast(op: string, a: Shape, b: Shape): number[] {
    const result = broadcastShapes(a, b);
    if (Array.isArray(result)) return result;
    const [p, q] = result.differ;
    throw new ShapeError(
      `${op}: cannot broadcast ${showShape(a)} with ${showShape(b)}: dimensions ${p} and ${q} differ`,
    );
  },

  /** The shape left after reducing `axes`; with `keepdims` they stay, with size 1. */
  reduce(_op: string, shape: Shape, axes: readonly number[], keepdims: boolean): number[] {
    const reduced = new Set(axes);
    return shape.flatMap((size, axis) => (reduced.has(axis - shape.length) ? (keepdims ? [1] : []) : [size]));
  },

  /** A loss of each element, or one number for all. */
  reduceLoss(_op: string, shape: Shape, reduction: 'mean' | 'sum' | 'none'): number[] {
    return reduction === 'none' ? [...shape] : [];
  },

  permute(_op: string, shape: Shape, axes: readonly number[]): number[] {
    return axes.map((axis) => shape.at(axis)!);
  },

  /** One size may be -1: it follows from the others. */
  reshape(op: string, shape: Shape, target: readonly number[]): number[] {
    const count = elementCount(shape);
    const holes = target.filter((size) => size === -1).length;
    const known = elementCount(target.filter((size) => size !== -1));
    const refuse = (why: string) =>
      new ShapeError(`${op}: ${showShape(shape)} cannot become ${showShape(target)}: ${why}`);
    if (holes > 1) throw refuse('only one dimension may be -1');
    if (target.some((size) => size < -1 || !Number.isInteger(size))) throw refuse('sizes are integers, at least 0');
    if (holes === 0 && known !== count) throw refuse(`${count} elements against ${known}`);
    if (holes === 1 && (known === 0 || count % known !== 0))
      throw refuse(`${count} elements do not divide by ${known}`);
    return target.map((size) => (size === -1 ? count / known : size));
  },

  broadcastTo(op: string, shape: Shape, target: readonly number[]): number[] {
    const fits =
      shape.length <= target.length &&
      shape.every((size, axis) => size === 1 || size === target.at(axis - shape.length));
    if (!fits) throw new ShapeError(`${op}: ${showShape(shape)} does not broadcast to ${showShape(target)}`);
    return [...target];
  },

  unsqueeze(_op: string, shape: Shape, axis: number): number[] {
    const at = shape.length + 1 + axis;
    return [...shape.slice(0, at), 1, ...shape.slice(at)];
  },

  squeeze(op: string, shape: Shape, axis: number): number[] {
    const at = shape.length + axis;
    if (shape[at] !== 1) {
      throw new ShapeError(
        `${op}: cannot remove a dimension of size ${shape[at]} from ${showShape(shape)}: only size 1 can go`,
      );
    }
    return shape.filter((_, i) => i !== at);
  },

  /** Bounds as in Python: negative ones count from the end, none lies outside. */
  slice(op: string, shape: Shape, axis: number, start: number, stop: number | undefined, step: number): number[] {
    if (step < 1) throw new ShapeError(`${op}: step must be at least 1, got ${step}; flip the tensor first`);
    const size = shape.at(axis)!;
    const bound = (at: number) => Math.min(size, at < 0 ? Math.max(0, size + at) : at);
    const length = Math.max(0, (stop === undefined ? size : bound(stop)) - bound(start));
    return replaceSize(shape, axis, Math.ceil(length / step));
  },

  padAxis(op: string, shape: Shape, axis: number, low: number, high: number, interior: number): number[] {
    if (interior < 0) throw new ShapeError(`${op}: interior must be at least 0, got ${interior}`);
    const size = shape.at(axis)!;
    const padded = low + size + Math.max(0, size - 1) * interior + high;
    if (padded < 0) {
      throw new ShapeError(`${op}: low ${low} and high ${high} take more away than ${showShape(shape)} has`);
    }
    return replaceSize(shape, axis, padded);
  },

  slide(op: string, shape: Shape, axis: number, size: number): number[] {
    if (size < 0) throw new ShapeError(`${op}: size must be at least 0, got ${size}`);
    return replaceSize(shape, axis, size);
  },

  /** The shape of the indices, which must fit into that of the operand but for `axis`. */
  gather(op: string, shape: Shape, index: Shape, axis: number): number[] {
    const fits =
      shape.length === index.length && index.every((size, i) => i === shape.length + axis || size <= shape[i]!);
    if (!fits) {
      throw new ShapeError(
        `${op}: index ${showShape(index)} does not fit into x ${showShape(shape)} beside axis ${axis}`,
      );
    }
    return [...index];
  },

  scatter(op: string, shape: Shape, index: Shape, axis: number): number[] {
    shapeFunctions.gather(op, shape, index, axis);
    return [...shape];
  },
};

function replaceSize(shape: Shape, axis: number, size: number): number[] {
  return shape.map((old, i) => (i === shape.length + axis ? size : old));
}
