import type { DType } from '../../ir/dtype.js';
import { DTypeError, ShapeError, ValueError } from '../../ir/errors.js';
import type { Node } from '../../ir/graph.js';
import { fromHalfBits, isHalf, toHalfBits } from '../../ir/half.js';
import { elementCount, sameShape, showShape } from '../../ir/shape.js';
import { arrayName, bitsIn, isTypedArray, typedArray, type BitArrays, type TypedArray } from '../../ir/typed-array.js';

/**
 * Values for a tensor, row-major: the typed array of its dtype, the bits of f16 or bf16, plain numbers, or one number
 * for a scalar.
 */
export type FeedValue = TypedArray | BitArrays[DType] | readonly number[] | readonly boolean[] | number | boolean;

/** What is written into a buffer: floats of 16 bits as their bits, an even number of them. */
export type StoredArray = TypedArray | Uint16Array;

/** Values an integer tensor must stay within, because they index a dimension. */
export interface IndexBound {
  /** Smallest value that is too large. */
  readonly limit: number;
  /** An index that is allowed as well: one that stands for none. */
  readonly except?: number;
  /** The operand that is indexed with, `target of crossEntropy`, and the module it is in. */
  readonly use: string;
}

/**
 * Checks values against the tensor they are for, and converts them to what its buffer holds.
 * `what` names the tensor in messages: `input 'labels'`.
 *
 * Throws DTypeError for an array of another class or fractions for integers, ShapeError for a wrong length,
 * ValueError for an index out of bounds.
 */
export function toStorage(
  what: string,
  { shape, dtype }: Node,
  value: FeedValue,
  { bound, valueShape = shape }: { bound?: IndexBound | undefined; valueShape?: readonly number[] } = {},
): StoredArray {
  const bits = bitsIn(dtype, value);
  const values = bits ?? toTypedArray(what, dtype, value);
  const count = elementCount(shape);
  if (!sameShape(valueShape, shape)) {
    throw new ShapeError(`${what} has shape ${showShape(shape)}, got ${showShape(valueShape)}`);
  }
  if (values.length !== count) {
    throw new ShapeError(`${what} has shape ${showShape(shape)}: expected ${count} values, got ${values.length}`);
  }
  if (bound) checkBound(what, values, bound);
  if (bits) return count % 2 === 0 ? bits : evenly(bits);
  if (isHalf(dtype)) return toHalfBits(dtype, values, count + (count % 2));
  return dtype === 'bool' ? typedArray('u32', values) : values;
}

/** Copies are of whole words. */
function evenly(bits: Uint16Array): Uint16Array {
  const padded = new Uint16Array(bits.length + (bits.length % 2));
  padded.set(bits);
  return padded;
}

function toTypedArray(what: string, dtype: Node['dtype'], value: FeedValue): TypedArray {
  if (isTypedArray(dtype, value)) return value;
  const expected = `expected ${arrayName(dtype)}${isHalf(dtype) ? ', Uint16Array with its bits' : ''} or an array of ${dtype === 'bool' ? 'booleans' : 'numbers'}`;
  if (ArrayBuffer.isView(value))
    throw new DTypeError(`${what} is ${dtype}: ${expected}, got ${value.constructor.name}`);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const wanted = dtype === 'bool' ? ['boolean', 'number'] : ['number'];
  const wrong = list.findIndex((entry) => !wanted.includes(typeof entry));
  if (wrong >= 0) {
    const entry = list[wrong];
    if (entry instanceof Promise) throw new DTypeError(`${what} is ${dtype}: ${expected}, got a Promise; await it`);
    const got = Array.isArray(entry) ? 'an array' : entry === null ? 'null' : typeof entry;
    const hint = got === 'an array' ? '; flatten it, row by row' : '';
    throw new DTypeError(`${what} is ${dtype}: ${expected}, got ${got} at ${wrong}${hint}`);
  }
  const numbers = list.map(Number);
  if (dtype === 'i32' || dtype === 'u32') {
    const low = dtype === 'i32' ? -(2 ** 31) : 0;
    const at = numbers.findIndex((entry) => !Number.isInteger(entry) || entry < low || entry >= low + 2 ** 32);
    if (at >= 0) throw new DTypeError(`${what} is ${dtype}: ${numbers[at]} at ${at} is no ${dtype}`);
  }
  return typedArray(dtype, numbers);
}

function checkBound(what: string, values: StoredArray, { limit, except, use }: IndexBound): void {
  const at = values.findIndex((value) => (value < 0 || value >= limit) && value !== except);
  if (at < 0) return;
  const or = except === undefined ? '' : ` or ${except}`;
  throw new ValueError(`${what}: ${values[at]} at ${at} is out of range: ${use} must be in [0, ${limit})${or}`);
}

/** Values read back from a buffer, as the dtype's array. */
export function fromStorage({ shape, dtype }: Pick<Node, 'shape' | 'dtype'>, bytes: ArrayBuffer): TypedArray {
  const count = elementCount(shape);
  switch (dtype) {
    case 'f16':
    case 'bf16':
      return fromHalfBits(dtype, new Uint16Array(bytes, 0, count));
    case 'i32':
      return new Int32Array(bytes, 0, count);
    case 'u32':
      return new Uint32Array(bytes, 0, count);
    case 'bool':
      return typedArray('bool', new Uint32Array(bytes, 0, count));
    case 'f32':
      return new Float32Array(bytes, 0, count);
  }
}
