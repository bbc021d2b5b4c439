/** The stored elements of a tensor as values of a dtype: the same bits where dtypes are the same, else converted. */
import type { DType } from '../ir/dtype.js';
import { fromHalfBits } from '../ir/half.js';
import type { TypedArray } from '../ir/typed-array.js';
import { SAFETENSORS_BITS, toArray, type ArrayDType } from './safetensors-dtype.js';
import { SafetensorsError } from './safetensors-error.js';
import type { TensorEntry } from './safetensors-header.js';

/** What is converted at once, in elements: the host then holds little more than the result. */
const CHUNK_ELEMENTS = 2 ** 20;

const FLOATS: readonly string[] = ['F16', 'BF16', 'F32', 'F64'];
const INTEGERS: readonly string[] = ['BOOL', 'I8', 'U8', 'I16', 'U16', 'I32', 'U32', 'I64', 'U64'];

/** Stored dtypes whose bytes are those of the dtype's array; bool is not here, since a file's bytes may be anything. */
const SAME: { readonly [D in DType]: string } = {
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  i32: 'I32',
  u32: 'U32',
  bool: 'none',
};

const INTEGER_ARRAYS = { i32: Int32Array, u32: Uint32Array, bool: Uint8Array } as const;
const RANGES = { i32: 'int32', u32: 'uint32', bool: 'a truth value of 0 or 1' } as const;
type IntegerDType = keyof typeof INTEGER_ARRAYS;

function isInteger(dtype: DType): dtype is IntegerDType {
  return Object.hasOwn(INTEGER_ARRAYS, dtype);
}

/**
 * Throws SafetensorsError where a tensor has no values of the dtype: floats are none of integers, nor the other way
 * round, and 4-, 6- and 8-bit floats and complex numbers are neither.
 */
export function checkConvertible(entry: TensorEntry, dtype: DType, file: string): void {
  const [known, kind, name] = isInteger(dtype)
    ? [INTEGERS, 'BOOL or an integer dtype', { i32: 'int32', u32: 'uint32', bool: 'bool' }[dtype]]
    : [FLOATS, 'F16, BF16, F32 or F64', dtype === 'f32' ? 'float32' : dtype];
  if (known.includes(entry.dtype)) return;
  throw new SafetensorsError(file, `expected ${kind} to read as ${name}, got ${entry.dtype}`, entry.name);
}

/**
 * The values of a tensor. F16 and BF16 for the same dtype are their bits; for the other they are f32 values, to be
 * rounded by who stores them. F64 is rounded to f32.
 *
 * @param read Fills an array with the tensor's bytes from a position on, counted from its first.
 * @throws {SafetensorsError} For dtypes that are not converted, and integers out of range.
 */
export async function readValues(
  entry: TensorEntry,
  dtype: DType,
  file: string,
  read: (target: Uint8Array, position: number) => Promise<void>,
): Promise<TypedArray | Uint16Array> {
  checkConvertible(entry, dtype, file);
  const stored = entry.dtype as ArrayDType;
  const width = SAFETENSORS_BITS[stored] / 8;
  const count = (entry.end - entry.begin) / width;
  if (entry.dtype === SAME[dtype]) {
    const bytes = new Uint8Array(entry.end - entry.begin);
    await read(bytes, 0);
    return toArray(stored, bytes) as TypedArray | Uint16Array;
  }
  const target = isInteger(dtype) ? new INTEGER_ARRAYS[dtype](count) : new Float32Array(count);
  const buffer = new Uint8Array(Math.min(count, CHUNK_ELEMENTS) * width);
  for (let at = 0; at < count; at += CHUNK_ELEMENTS) {
    const bytes = buffer.subarray(0, Math.min(CHUNK_ELEMENTS, count - at) * width);
    await read(bytes, at * width);
    if (isInteger(dtype)) convertIntegers(entry, bytes, dtype, target, at, file);
    else convertFloats(entry, bytes, target as Float32Array, at);
  }
  return target;
}

/** All of a tensor as float32, F64 rounded. @throws {SafetensorsError} For other dtypes. */
export function toFloat32(entry: TensorEntry, bytes: Uint8Array, file: string): Float32Array {
  checkConvertible(entry, 'f32', file);
  if (entry.dtype === 'F32') return toArray('F32', bytes) as Float32Array;
  const target = new Float32Array((bytes.length * 8) / SAFETENSORS_BITS[entry.dtype]);
  convertFloats(entry, bytes, target, 0);
  return target;
}

/** All of a tensor as int32. @throws {SafetensorsError} For other dtypes, or out of range. */
export function toInt32(entry: TensorEntry, bytes: Uint8Array, file: string): Int32Array {
  checkConvertible(entry, 'i32', file);
  const target = new Int32Array((bytes.length * 8) / SAFETENSORS_BITS[entry.dtype]);
  convertIntegers(entry, bytes, 'i32', target, 0, file);
  return target;
}

function convertFloats(entry: TensorEntry, bytes: Uint8Array, target: Float32Array, at: number): void {
  const source = toArray(entry.dtype as ArrayDType, bytes);
  switch (entry.dtype) {
    case 'F16':
      target.set(fromHalfBits('f16', source as Uint16Array), at);
      return;
    case 'BF16': {
      // The upper half of an f32. The view is of the whole array: its first byte is aligned, those of a part need not be.
      const words = new Uint32Array(target.buffer, target.byteOffset, target.length);
      const bits = source as Uint16Array;
      for (let i = 0; i < bits.length; i++) words[at + i] = bits[i]! << 16;
      return;
    }
    default:
      target.set(source as Float32Array | Float64Array, at);
  }
}

function convertIntegers(
  entry: TensorEntry,
  bytes: Uint8Array,
  dtype: IntegerDType,
  target: TypedArray,
  at: number,
  file: string,
): void {
  const source = toArray(entry.dtype as ArrayDType, bytes);
  for (let i = 0; i < source.length; i++) {
    const value = Number(source[i]!);
    target[at + i] = value;
    if (target[at + i] === value && (dtype !== 'bool' || value <= 1)) continue;
    throw new SafetensorsError(file, `element ${at + i}, ${source[i]}, does not fit into ${RANGES[dtype]}`, entry.name);
  }
}
