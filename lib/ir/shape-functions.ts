import { ShapeError } from './errors.js';
import { broadcastShapes, elementCount, showShape, type Shape } from './shape.js';

/**
 * The shape functions that signatures name. Each gets the operation's name (for messages) and its arguments: shapes
 * bound by spreads, or attribute values with axes counted from the end. The typed twins live in lib/dsl/shapes.
 */
export const shapeFunctions = {
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
};

export type ShapeFunctionName = keyof typeof shapeFunctions;
