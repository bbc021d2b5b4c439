/* eslint-disable @typescript-eslint/no-unsafe-return -- within the functions shapes are unknown; the signatures say them */
import type { DType, NumericDType } from '../ir/dtype.js';
import { AxisError, ShapeError, TraceError } from '../ir/errors.js';
import { axisFromEnd, showShape } from '../ir/shape.js';
import { currentTrace, type TraceContext } from './context.js';
import { checkedOptions, describeValue } from './emit.js';
import { argmax, argmin, argsort, gather, slice, squeeze, topkIndices } from './generated/ops.js';
import type { AxisOf } from './shapes/axes.js';
import type { Dim, Guard, ShapeOf, UnknownDType, UnknownShape } from './shapes/dim.js';
import type { CheckParts, Chunks, Parts, PartSizes } from './shapes/parts.js';
import type { Reduce } from './shapes/reduce.js';
import type { Slide } from './shapes/windows.js';
import { Tensor } from './tensor.js';

/** What the types say more of at each call. */
type AnyValuesAndIndices = ValuesAndIndices<UnknownShape, UnknownDType>;

/*
 * Operations with several results, made of those with one.
 */

/** Elements, and their indices along an axis. */
export interface ValuesAndIndices<S extends Dim[], D extends DType> {
  /** The elements. */
  readonly values: Tensor<S, D>;
  /** Where along the axis each of them was, from 0. */
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
export function split(x: Tensor, sizes: PartSizes, options: { axis?: number } = {}): Tensor[] {
  return located('split', ['axis'], options, ({ axis = 0 }) => {
    const whole = sizeAt('split', x, axis);
    const trace = currentTrace('split');
    if (!Array.isArray(sizes)) return partsOf(x, equalSizes('split', whole, partSize(sizes, trace)), axis);
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
export function chunk(x: Tensor, count: number, options: { axis?: number } = {}): Tensor[] {
  return located('chunk', ['axis'], options, ({ axis = 0 }) => {
    if (!Number.isInteger(count) || count < 1) {
      throw new ShapeError(`chunk: count must be at least 1, got ${describeValue(count)}`);
    }
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
export function topk(x: Tensor, k: number, options: { axis?: number; largest?: boolean } = {}): AnyValuesAndIndices {
  return located('topk', ['axis', 'largest'], options, ({ axis = -1, largest = true }) => {
    const size = sizeAt('topk', x, axis);
    const count = typeof k === 'string' ? currentTrace('topk').size(k, 'topk') : k;
    if (!Number.isInteger(count) || count < 0 || count > size) {
      throw new ShapeError(
        `topk: k must be an integer from 0 to ${size}, the size of axis ${axis}, got ${describeValue(k)}`,
      );
    }
    return chosen(x, topkIndices(x, count, { axis, largest }), axis);
  });
}

/**
 * The elements in order along `axis` (default the last), and the indices they had; equal ones keep their order, NaN
 * counts as the greatest, gradients flow to the elements. Throws AxisError for an axis out of range.
 */
export function sort<S extends Dim[], D extends NumericDType, Axis extends number = -1>(
  x: Tensor<S, D>,
  options?: { axis?: Guard<'sort', AxisOf<S, Axis>, Axis>; descending?: boolean },
): ValuesAndIndices<S, D>;
export function sort(x: Tensor, options: { axis?: number; descending?: boolean } = {}): AnyValuesAndIndices {
  return located('sort', ['axis', 'descending'], options, ({ axis = -1, descending = false }) =>
    chosen(x, argsort(x, { axis: axisOf('sort', x, axis), descending }), axis),
  );
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
export function maxAlong(x: Tensor, axis: number, options: { keepdims?: boolean } = {}): AnyValuesAndIndices {
  return located('maxAlong', ['keepdims'], options, ({ keepdims = false }) => {
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
export function minAlong(x: Tensor, axis: number, options: { keepdims?: boolean } = {}): AnyValuesAndIndices {
  return located('minAlong', ['keepdims'], options, ({ keepdims = false }) => {
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

/** The size that all parts but the last have, where plain JavaScript may give anything. */
function partSize(size: unknown, trace: TraceContext): number {
  if (typeof size === 'number' || typeof size === 'string') return trace.size(size, 'split');
  throw new ShapeError(`split: give the size of the parts, or a list of sizes, got ${describeValue(size)}`);
}

/** `size` as often as it fits, and the rest; one part without elements where there are none. */
function equalSizes(op: string, whole: number, size: number): number[] {
  if (size < 1) throw new ShapeError(`${op}: size must be at least 1, got ${size}`);
  const count = Math.max(1, Math.ceil(whole / size));
  return Array.from({ length: count }, (_, i) => Math.min(size, whole - i * size));
}

function axisOf(op: string, x: Tensor, axis: number): number {
  if (!(x instanceof Tensor)) throw new TraceError(`${op}: x must be a tensor, got ${describeValue(x)}`);
  const shape = x.shape as readonly number[];
  if (axisFromEnd(axis, shape.length) === undefined) {
    throw new AxisError(`${op}: axis ${describeValue(axis)} is out of range for ${showShape(shape)}`);
  }
  return axis;
}

function sizeAt(op: string, x: Tensor, axis: number): number {
  return (x.shape as readonly number[]).at(axisOf(op, x, axis))!;
}

/** Runs `body` on the options, if there are no others than these; errors say in which module they arose. */
function located<Options extends object, T>(
  op: string,
  names: readonly (keyof Options & string)[],
  options: Options,
  body: (options: Options) => T,
): T {
  const { builder } = currentTrace(op);
  try {
    checkedOptions(op, names, options);
    return body(options);
  } catch (error) {
    throw builder.located(error);
  }
}
