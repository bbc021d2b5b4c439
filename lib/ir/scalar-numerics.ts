import { isFloat, type DType } from './dtype.js';
import { ValueError } from './errors.js';
import { isHalf, roundToHalf } from './half.js';
import { Threefry2x32 } from './threefry.js';

/** What scalar functions compute, in f64 and in integers of 32 bits, where JavaScript has no function for it. */

/**
 * 2/√π ∫₀ˣ e^(−t²) dt by the series 2/√π e^(−x²) Σ 2ⁿx²ⁿ⁺¹/(2n + 1)!! (Abramowitz and Stegun 7.1.6), whose terms have
 * one sign: all digits of f64. From 6 on the result is 1 in f64.
 */
export function erf(x: number): number {
  if (Math.abs(x) >= 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 2 ** -54; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}

/** aᵇ as IEEE 754 has it: 1ᵇ is 1 for NaN too, and (−1) to ±∞ is 1, where JavaScript gives NaN. */
export function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  return Math.pow(a, b);
}

/** a − b·⌊a/b⌋, of the sign of b. */
export function remainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** ⌊a/b⌋ by way of the exact remainder, so that a quotient rounded up to an integer does not count. */
export function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  return Number.isFinite(quotient) ? Math.round(quotient) : quotient;
}

/** Of integers; by zero it gives a. */
export function floorDivideIntegers(a: number, b: number): number {
  return b === 0 ? a : Math.floor(a / b);
}

/** Of integers, of the sign of b; by zero it gives 0. */
export function remainderOfIntegers(a: number, b: number): number {
  return b === 0 ? 0 : a - b * Math.floor(a / b);
}

/** The first word of Threefry-2x32's block `(counter, step)` under the key `(seed, stream)`. */
export function randomBits(counter: number, step: number, seed: number, stream: number): number {
  const generator = new Threefry2x32([seed, stream]);
  generator.block(counter, step);
  return generator.first;
}

const integerRange = { i32: [-(2 ** 31), 2 ** 31 - 1], u32: [0, 2 ** 32 - 1] } as const;

/** What `cast` makes of a value: that of `toDType`, rounded where a float of 16 bits comes from another dtype. */
export function castValue(value: number, dtype: DType, from: DType): number {
  const cast = toDType(value, dtype, from);
  return isHalf(dtype) && from !== dtype ? roundToHalf(dtype, cast) : cast;
}

/**
 * A value as the dtype holds it; floats keep f64's precision. Integers wrap, as sums and products of 32 bits do; a
 * float (`from`) that becomes an integer is cut towards zero and held within the range, NaN becomes 0.
 */
export function toDType(value: number, dtype: DType, from: DType = dtype): number {
  switch (dtype) {
    case 'f32':
    case 'f16':
    case 'bf16':
      return value;
    case 'i32':
    case 'u32': {
      const [least, greatest] = integerRange[dtype];
      if (isFloat(from)) return Number.isNaN(value) ? 0 : Math.min(Math.max(Math.trunc(value), least), greatest) + 0;
      return dtype === 'i32' ? value | 0 : value >>> 0;
    }
    case 'bool':
      return value !== 0 ? 1 : 0;
    default:
      throw new ValueError(`unknown dtype '${String(dtype)}'`);
  }
}
