import type { DType } from './dtype.js';
import { isHalf } from './half.js';

/** What values of a dtype are in JavaScript: f16 and bf16 as f32, truth values as bytes 0 and 1. */
export interface TypedArrays {
  /** As they are. */
  f32: Float32Array;
  /** Each value of f16 is one of f32. */
  f16: Float32Array;
  /** Each value of bf16 is one of f32. */
  bf16: Float32Array;
  /** Whole numbers from −2³¹ to 2³¹ − 1. */
  i32: Int32Array;
  /** Whole numbers from 0 to 2³² − 1. */
  u32: Uint32Array;
  /** 1 for true, 0 for false. */
  bool: Uint8Array;
}

/** Values of any dtype as JavaScript holds them: those of f16 and bf16 as f32. */
export type TypedArray = TypedArrays[DType];

/** A Float16Array, in engines that have it. */
export interface Float16ArrayLike extends ArrayBufferView, ArrayLike<number> {
  subarray(begin: number, end: number): Float16ArrayLike;
  readonly [Symbol.toStringTag]: 'Float16Array';
}

/** What values of a dtype may be passed as besides: the bits of f16 and bf16, as files hold them. */
export interface BitArrays {
  f32: never;
  f16: Uint16Array | Float16ArrayLike;
  bf16: Uint16Array;
  i32: never;
  u32: never;
  bool: never;
}

const classes = {
  f32: Float32Array,
  f16: Float32Array,
  bf16: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  bool: Uint8Array,
} as const satisfies { readonly [D in DType]: unknown };

/** A copy of the values as the array of their dtype. */
export function typedArray<D extends DType>(dtype: D, values: ArrayLike<number>): TypedArrays[D] {
  return classes[dtype].from(values) as TypedArrays[D];
}

/** `Int32Array`: what values of a dtype are passed as. */
export function arrayName(dtype: DType): string {
  return classes[dtype].name;
}

/**
 * Whether a value is a typed array of the dtype's class. By name, since arrays that come from another realm (a frame,
 * a worker, a test's sandbox) are of other classes.
 */
export function isTypedArray<D extends DType>(dtype: D, value: unknown): value is TypedArrays[D] {
  return ArrayBuffer.isView(value) && value.constructor.name === arrayName(dtype);
}

/** The bits that a value holds elements of the dtype by, sharing its memory; undefined where it is no such array. */
export function bitsIn(dtype: DType, value: unknown): Uint16Array | undefined {
  if (!isHalf(dtype) || !ArrayBuffer.isView(value)) return undefined;
  const { name } = value.constructor;
  if (name !== 'Uint16Array' && !(dtype === 'f16' && name === 'Float16Array')) return undefined;
  return new Uint16Array(value.buffer, value.byteOffset, value.byteLength / 2);
}
