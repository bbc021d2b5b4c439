import type { HalfDType } from '../lib/ir/half.js';

interface HalfFormat {
  /** Of 16 bits, by the definition of the format. */
  readonly valueOf: (bits: number) => number;
  readonly largest: number;
  /** From the largest to the one that would follow it. */
  readonly step: number;
}

function format(exponentBits: number, fractionBits: number): HalfFormat {
  const bias = 2 ** (exponentBits - 1) - 1;
  const most = 2 ** exponentBits - 1;
  const valueOf = (bits: number) => {
    const sign = bits >= 0x8000 ? -1 : 1;
    const exponent = Math.floor((bits % 0x8000) / 2 ** fractionBits);
    const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
    if (exponent === most) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
  };
  return { valueOf, largest: (2 - 2 ** -fractionBits) * 2 ** bias, step: 2 ** (bias - fractionBits) };
}

/** IEEE 754 binary16 and bfloat16, as they are defined. */
export const halfFormats: Record<HalfDType, HalfFormat> = { f16: format(5, 10), bf16: format(8, 7) };

/** All finite values from zero on, ascending: those of the patterns 0, 1, 2, … */
export function halfValues(dtype: HalfDType): number[] {
  const { valueOf } = halfFormats[dtype];
  return Array.from({ length: 0x8000 }, (_, bits) => valueOf(bits)).filter(Number.isFinite);
}

/** Of every two neighbours the middle, and the f32 numbers before and after it; and what each is rounded to. */
export function ties(dtype: HalfDType): { inputs: Float32Array; expected: Float32Array } {
  const values = halfValues(dtype);
  const pairs = values.slice(1).map((above, i) => [values[i]!, above, i] as const);
  return {
    inputs: Float32Array.from(pairs.flatMap(([below, above]) => around((below + above) / 2))),
    expected: Float32Array.from(
      pairs.flatMap(([below, above, pattern]) => [below, pattern % 2 === 0 ? below : above, above]),
    ),
  };
}

/** A positive f32 number between the one before it and the one after it. */
function around(value: number): [number, number, number] {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const [before, after] = new Float32Array(Uint32Array.of(bits - 1, bits + 1).buffer);
  return [before!, value, after!];
}

/** `3: 0.5 against 0.25`: the first element that is not exactly as expected, by sign of zero too; else undefined. */
export function firstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} elements against ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) return `${i}: ${actual[i]} against ${expected[i]}`;
  }
  return undefined;
}
