import { ShapeError } from './errors.js';
import { showShape, type Shape } from './shape.js';

/**
 * The number of places of a pooling window along one dimension: rounded up with `ceil`, except for a window that would
 * begin in the padding after the elements.
 */
export function pooledSize(
  size: number,
  taps: number,
  stride: number,
  padding: number,
  dilation: number,
  ceil: boolean,
): number {
  const room = size + 2 * padding - dilation * (taps - 1) - 1;
  const places = Math.floor((room + (ceil ? stride - 1 : 0)) / stride) + 1;
  return ceil && (places - 1) * stride >= size + padding ? places - 1 : places;
}

/** Windows over the last dimensions of `[…]`, as many as `kernel` has; one that never fits gives no place. */
function pooled(
  op: string,
  shape: Shape,
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  dilation: readonly number[],
  ceil: boolean,
): number[] {
  const first = shape.length - kernel.length;
  if (first < 0) throw new ShapeError(`${op}: x must have rank at least ${kernel.length}, got ${showShape(shape)}`);
  return shape.map((size, d) =>
    d < first
      ? size
      : pooledSize(size, kernel[d - first]!, stride[d - first]!, padding[d - first]!, dilation[d - first]!, ceil),
  );
}

/** Shape functions of pooling: a stride that is left out is the kernel's size, and so is a dilation 1. */
export const pooledShapes = {
  /** `[… l]`, with one number for each of the window's properties. */
  pool(
    op: string,
    shape: Shape,
    kernelSize: number,
    stride: number | undefined,
    padding: number,
    ceilMode: boolean,
    dilation = 1,
  ): number[] {
    return pooled(op, shape, [kernelSize], [stride ?? kernelSize], [padding], [dilation], ceilMode);
  },

  /** `[… h w]`, with a pair for each of the window's properties. */
  poolOfPairs(
    op: string,
    shape: Shape,
    kernelSize: readonly number[],
    stride: readonly number[] | undefined,
    padding: readonly number[],
    ceilMode: boolean,
    dilation: readonly number[] = [1, 1],
  ): number[] {
    return pooled(op, shape, kernelSize, stride ?? kernelSize, padding, dilation, ceilMode);
  },
};
