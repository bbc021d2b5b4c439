import type { DType } from './dtype.js';

/** Floats of 16 bits: computed with as f32, kept in memory as these bits. */
export type HalfDType = 'f16' | 'bf16';

export function isHalf(dtype: DType): dtype is HalfDType {
  return dtype === 'f16' || dtype === 'bf16';
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/**
 * IEEE 754 binary16 (1 bit sign, 5 exponent of bias 15, 10 fraction) of a number that is rounded to f32 first: to
 * nearest, ties to even; from 65520 on infinity.
 */
function f16Bits(value: number): number {
  float[0] = value;
  const sign = (word[0]! >>> 16) & 0x8000;
  const size = word[0]! & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  if (size >= 0x47800000) return sign | 0x7c00;
  // Half of the last place kept, less one, and one more for odd ones: ties go to even, a carry into the exponent.
  if (size >= 0x38800000) return sign | ((size - 0x38000000 + 0xfff + ((size >> 13) & 1)) >> 13);
  // Below 2⁻¹⁴ the result is a multiple of 2⁻²⁴.
  const shift = Math.min(126 - (size >> 23), 25);
  const mantissa = (size & 0x7fffff) | 0x800000;
  return sign | ((mantissa + (1 << (shift - 1)) - 1 + ((mantissa >> shift) & 1)) >> shift);
}

function f16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** bfloat16, the upper half of f32, of a number that is rounded to f32 first: to nearest, ties to even. */
function bf16Bits(value: number): number {
  float[0] = value;
  const bits = word[0]!;
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function bf16Value(bits: number): number {
  word[0] = bits << 16;
  return float[0]!;
}

const formats = {
  f16: { bits: f16Bits, value: f16Value },
  bf16: { bits: bf16Bits, value: bf16Value },
} as const satisfies { readonly [D in HalfDType]: unknown };

/** The nearest number that the dtype has, ties to even; infinity where it is too large. */
export function roundToHalf(dtype: HalfDType, value: number): number {
  const { bits, value: valueOf } = formats[dtype];
  return valueOf(bits(value));
}

/** Numbers as bits of the dtype, rounded to nearest even. `length`: that of the result, zeros at its end. */
export function toHalfBits(dtype: HalfDType, values: ArrayLike<number>, length = values.length): Uint16Array {
  const { bits } = formats[dtype];
  const result = new Uint16Array(length);
  for (let i = 0; i < values.length; i++) result[i] = bits(values[i]!);
  return result;
}

/** The values of bits of the dtype, exactly. */
export function fromHalfBits(dtype: HalfDType, bits: ArrayLike<number>): Float32Array {
  const { value } = formats[dtype];
  const result = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) result[i] = value(bits[i]!);
  return result;
}
