/* eslint-disable @typescript-eslint/no-unsafe-return -- within the functions shapes are unknown; the signatures say them */
import type { DType, NumericDType } from '../ir/dtype.js';
import { AxisError, ShapeError } from '../ir/errors.js';
import { axisFromEnd, showShape } from '../ir/shape.js';
import { currentTrace } from './context.js';
import { argmax, argmin, argsort, gather, slice, squeeze, topkIndices } from './generated/ops.js';
import type { AxisOf } from './shapes/axes.js';
import type { Dim, Guard, ShapeOf, UnknownDType, UnknownShape } from './shapes/dim.js';
import type { CheckParts, Chunks, Parts, PartSizes } from './shapes/parts.js';
import type { Reduce } from './shapes/reduce.js';
import type { Slide } from './shapes/windows.js';
import type { Tensor } from './tensor.js';

/** What the types say more of at each call. */
type AnyValuesAndIndices = ValuesAndIndices<UnknownShape, UnknownDType>;

/*
 * Operations with several results, made of those with one.
 */

/** Elements, and their indices along an axis. */
export interface ValuesAndIndices<S extends Dim[], D extends DType> {
  readonly values: Tensor<S, D>;
  readonly indices: Tensor<S, 'i32'>;
}

/**
 * Parts of x one after the other along `axis` (default 0): of the given sizes, or all of one size but the last, which
 * may be smaller. Throws ShapeError when sizes do not add up to that of the axis, AxisError for an axis out of range.
 */
export function split<S extends Dim[], D extends DType, const Sizes extends PartSizes, Axis extends number = 0>(
  x: Tensor<S, D>,
  sizes: Guard<'split', CheckParts<S, Sizes, Axis>, Sizes>,
  options?: { axis?: Guard<'split', AxisOf<S, Axis>, Axis> },
): Parts<S, Sizes, Axis, D>;
export function split(x: Tensor, sizes: PartSizes, { axis = 0 }: { axis?: number } = {}): Tensor[] {
  return located('split', () => {
    const whole = sizeAt('split', x, axis);
    const trace = currentTrace('split');
    if (!Array.isArray(sizes)) return partsOf(x, equalSizes('split', whole, trace.size(sizes as Dim, 'split')), axis);
    const each = sizes.map((size: Dim) => trace.size(size, 'split'));
    const total = each.reduce((sum, size) => sum + size, 0);
    if (total !== whole) {
      throw new ShapeError(`split: sizes ${showShape(each)} add up to ${total}, but the axis has ${whole}`);
    }
    return partsOf(x, each, axis);
  });
}

/**
 * At most `count` parts of x along `axis` (default 0), all of one size but the last, which may be smaller; as in PyTorch
 * there are fewer where the size does not do for as many. Throws ShapeError for a count below 1, AxisError for an axis
 * out of range.
 */
export function chunk<S extends Dim[], D extends DType, Count extends number, Axis extends number = 0>(
  x: Tensor<S, D>,
  count: Count,
  options?: { axis?: Guard<'chunk', AxisOf<S, Axis>, Axis> },
): Chunks<S, Count, Axis, D>;
export function chunk(x: Tensor, count: number, { axis = 0 }: { axis?: number } = {}): Tensor[] {
  return located('chunk', () => {
    if (!Number.isInteger(count) || count < 1) throw new ShapeError(`chunk: count must be at least 1, got ${count}`);
    const whole = sizeAt('chunk', x, axis);
    return partsOf(x, equalSizes('chunk', whole, Math.max(1, Math.ceil(whole / count))), axis);
  });
}

/**
 * The `k` largest elements along `axis` (default the last), the largest first, or the `k` smallest, and their indices;
 * gradients flow to the elements. Throws ShapeError for more than there are, AxisError for an axis out of range.
 */
export function topk<S extends Dim[], D extends NumericDType, K extends Dim, Axis extends number = -1>(
  x: Tensor<S, D>,
  k: K,
  options?: { axis?: Guard<'topk', Slide<S, Axis, K>, Axis>; largest?: boolean },
): ValuesAndIndices<ShapeOf<Slide<S, Axis, K>>, D>;
export function topk(
  x: Tensor,
  k: number,
  { axis = -1, largest = true }: { axis?: number; largest?: boolean } = {},
): AnyValuesAndIndices {
  return located('topk', () => chosen(x, topkIndices(x, k, { axis: axisOf('topk', x, axis), largest }), axis));
}

/**
 * The elements in order along `axis` (default the last), and the indices they had; equal ones keep their order, NaN
 * counts as the greatest, gradients flow to the elements. Throws AxisError for an axis out of range.
 */
export function sort<S extends Dim[], D extends NumericDType, Axis extends number = -1>(
  x: Tensor<S, D>,
  options?: { axis?: Guard<'sort', AxisOf<S, Axis>, Axis>; descending?: boolean },
): ValuesAndIndices<S, D>;
export function sort(
  x: Tensor,
  { axis = -1, descending = false }: { axis?: number; descending?: boolean } = {},
): AnyValuesAndIndices {
  return located('sort', () => chosen(x, argsort(x, { axis: axisOf('sort', x, axis), descending }), axis));
}

/**
 * The greatest element along `axis` and its index, the first of equal ones; the gradient flows to this element alone,
 * where `max` divides it among equal ones. Throws AxisError for an axis out of range.
 */
export function maxAlong<
  S extends Dim[],
  D extends NumericDType,
  Axis extends number,
  Keepdims extends boolean = false,
>(
  x: Tensor<S, D>,
  axis: Guard<'maxAlong', Reduce<S, Axis, Keepdims>, Axis>,
  options?: { keepdims?: Keepdims },
): ValuesAndIndices<ShapeOf<Reduce<S, Axis, Keepdims>>, D>;
export function maxAlong(
  x: Tensor,
  axis: number,
  { keepdims = false }: { keepdims?: boolean } = {},
): AnyValuesAndIndices {
  return located('maxAlong', () => {
    const indices = argmax(x, { axis: axisOf('maxAlong', x, axis), keepdims: true });
    return extreme(x, indices, axis, keepdims);
  });
}

/** The smallest element along `axis` and its index; otherwise as {@link maxAlong}. */
export function minAlong<
  S extends Dim[],
  D extends NumericDType,
  Axis extends number,
  Keepdims extends boolean = false,
>(
  x: Tensor<S, D>,
  axis: Guard<'minAlong', Reduce<S, Axis, Keepdims>, Axis>,
  options?: { keepdims?: Keepdims },
): ValuesAndIndices<ShapeOf<Reduce<S, Axis, Keepdims>>, D>;
export function minAlong(
  x: Tensor,
  axis: number,
  { keepdims = false }: { keepdims?: boolean } = {},
): AnyValuesAndIndices {
  return located('minAlong', () => {
    const indices = argmin(x, { axis: axisOf('minAlong', x, axis), keepdims: true });
    return extreme(x, indices, axis, keepdims);
  });
}

function chosen(x: Tensor, indices: Tensor<UnknownShape, 'i32'>, axis: number): AnyValuesAndIndices {
  return { values: gather(x, indices, axis), indices };
}

function extreme(
  x: Tensor,
  indices: Tensor<UnknownShape, 'i32'>,
  axis: number,
  keepdims: boolean,
): AnyValuesAndIndices {
  const kept = chosen(x, indices, axis);
  return keepdims ? kept : { values: squeeze(kept.values, axis), indices: squeeze(kept.indices, axis) };
}

function partsOf(x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const part: Tensor = slice(x, axis, { start, stop: start + size });
    start += size;
    return part;
  });
}

/** `size` as often as it fits, and the rest; one part without elements where there are none. */
function equalSizes(op: string, whole: number, size: number): number[] {
  if (size < 1) throw new ShapeError(`${op}: size must be at least 1, got ${size}`);
  const count = Math.max(1, Math.ceil(whole / size));
  return Array.from({ length: count }, (_, i) => Math.min(size, whole - i * size));
}

function axisOf(op: string, x: Tensor, axis: number): number {
  const shape = x.shape as readonly number[];
  if (axisFromEnd(axis, shape.length) === undefined) {
    throw new AxisError(`${op}: axis ${axis} is out of range for ${showShape(shape)}`);
  }
  return axis;
}

function sizeAt(op: string, x: Tensor, axis: number): number {
  return (x.shape as readonly number[]).at(axisOf(op, x, axis))!;
}

/** Errors say in which module they arose. */
function located<T>(op: string, body: () => T): T {
  const { builder } = currentTrace(op);
  try {
    return body();
  } catch (error) {
    throw builder.located(error);
  }
}
