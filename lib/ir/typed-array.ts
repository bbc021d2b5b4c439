import type { DType } from './dtype.js';

/** What values of a dtype are in JavaScript: f16 and bf16 as f32, truth values as bytes 0 and 1. */
export interface TypedArrays {
  f32: Float32Array;
  f16: Float32Array;
  bf16: Float32Array;
  i32: Int32Array;
  u32: Uint32Array;
  bool: Uint8Array;
}

export type TypedArray = TypedArrays[DType];

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
