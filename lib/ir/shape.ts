/** Sizes of a tensor's dimensions in elements, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Number of elements of a tensor of shape `shape`. */
export function elementCount(shape: Shape): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** Strides of a contiguous row-major tensor, in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** `[32, 784]`: how shapes read in every message. */
export function showShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}

/** Result of NumPy broadcasting, aligned at the last dimension, or the first pair of sizes that differ. */
export function broadcastShapes(a: Shape, b: Shape): number[] | { differ: [number, number] } {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let back = rank; back >= 1; back--) {
    const p = a.at(-back) ?? 1;
    const q = b.at(-back) ?? 1;
    if (back <= a.length && back <= b.length && p !== q && p !== 1 && q !== 1) return { differ: [p, q] };
    result.push(p === 1 ? q : p);
  }
  return result;
}

/**
 * The axis counted from the end (-1 is the last), or undefined when out of range. The IR keeps axes in this form,
 * so that one pattern matches every rank and broadcasting, which aligns at the end, never moves an axis.
 */
export function axisFromEnd(axis: number, rank: number): number | undefined {
  if (!Number.isInteger(axis) || axis >= rank || axis < -rank) return undefined;
  return axis < 0 ? axis : axis - rank;
}
