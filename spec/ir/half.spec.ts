import { describe, expect, test } from '@jest/globals';
import { fromHalfBits, roundToHalf, toHalfBits } from '../../lib/ir/half.js';
import { bitsIn } from '../../lib/ir/typed-array.js';
import { firstDifference, halfFormats, halfValues, ties } from '../half-values.js';

const dtypes = ['f16', 'bf16'] as const;

describe.each(dtypes)('%s', (dtype) => {
  test('every one of the 65,536 patterns has the value of the format, and its value the pattern', () => {
    const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const values = Float32Array.from(patterns, halfFormats[dtype].valueOf);
    expect(firstDifference(fromHalfBits(dtype, patterns), values)).toBeUndefined();
    const numbers = patterns.filter((bits) => !Number.isNaN(halfFormats[dtype].valueOf(bits)));
    expect(firstDifference(toHalfBits(dtype, fromHalfBits(dtype, numbers)), numbers)).toBeUndefined();
  });

  test('what lies between two values goes to the nearer, halfway to the even one', () => {
    const { inputs, expected } = ties(dtype);
    expect(inputs.length).toBe(3 * (halfValues(dtype).length - 1));
    const rounded = Float32Array.from(inputs, (value) => roundToHalf(dtype, value));
    expect(firstDifference(rounded, expected)).toBeUndefined();
  });

  test('too large is infinity, NaN stays NaN, zero keeps its sign', () => {
    const { largest, step } = halfFormats[dtype];
    const values = [largest + step / 2, -(largest + step / 2), 3.4e38, 1e39, Infinity, -Infinity, NaN, 0, -0];
    const big = Infinity;
    expect(Array.from(values, (value) => roundToHalf(dtype, value))).toEqual(
      dtype === 'f16'
        ? [big, -big, big, big, big, -big, NaN, 0, -0]
        : [big, -big, roundToHalf(dtype, 3.4e38), big, big, -big, NaN, 0, -0],
    );
    expect(roundToHalf(dtype, largest + step / 4)).toBe(largest);
  });
});

test('bits may come in a Uint16Array, those of f16 also in a Float16Array', () => {
  class Float16Array extends Uint16Array {}
  const bits = Uint16Array.of(0x3c00, 0xc000);
  expect(bitsIn('f16', bits)).toEqual(bits);
  expect(bitsIn('bf16', bits)).toEqual(bits);
  expect(bitsIn('f16', new Float16Array(bits))).toEqual(bits);
  expect(bitsIn('bf16', new Float16Array(bits))).toBeUndefined();
  expect(bitsIn('f32', bits)).toBeUndefined();
  expect(bitsIn('f16', new Float32Array(2))).toBeUndefined();
});
