import { describe, expect, test } from '@jest/globals';
import { RandomStream } from '../../lib/dsl/random.js';
import { Threefry2x32 } from '../../lib/ir/threefry.js';

describe('Threefry-2x32, 20 rounds', () => {
  // From Random123's kat_vectors, which JAX tests its generator with too.
  test.each([
    { key: [0, 0], counter: [0, 0], words: [0x6b200159, 0x99ba4efe] },
    { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], words: [0x1cb996fc, 0xbb002be7] },
    { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], words: [0xc4923a9c, 0x483df7a0] },
  ] as const)('key $key, counter $counter', ({ key, counter, words }) => {
    const generator = new Threefry2x32(key);
    generator.block(counter[0], counter[1]);
    expect([generator.first, generator.second]).toEqual(words);
  });

  test('many blocks at once are those that one by one are', () => {
    const generator = new Threefry2x32([0x13198a2e, 0x83707344]);
    const counter = 2 ** 32 - 3;
    const words = new Uint32Array(64);
    generator.fill(words, counter);
    const single = Array.from({ length: 32 }, (_, i) => {
      generator.block(counter + i, 0);
      return [generator.first, generator.second];
    });
    expect(Array.from(words)).toEqual(single.flat());
  });
});

function moments(values: readonly number[]): { mean: number; std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance) };
}

describe('a stream', () => {
  const draw = (next: (random: RandomStream) => number, stream = 0) => {
    const random = new RandomStream(1, stream);
    return Array.from({ length: 20_000 }, () => next(random));
  };

  test('is uniform in [0, 1), exact in f32', () => {
    const values = draw((random) => random.uniform());
    expect(values.every((value) => value >= 0 && value < 1 && Math.fround(value) === value)).toBe(true);
    const { mean, std } = moments(values);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(std).toBeCloseTo(Math.sqrt(1 / 12), 2);
    expect(new Set(values).size).toBeGreaterThan(19_900);
  });

  test('is normal', () => {
    const values = draw((random) => random.normal());
    const { mean, std } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(std).toBeCloseTo(1, 1);
    // A normal variable is within one standard deviation 68.27 % of the time.
    expect(values.filter((value) => Math.abs(value) < 1).length / values.length).toBeCloseTo(0.6827, 2);
  });

  test('repeats itself from its start, and differs from streams of another number', () => {
    const first = draw((random) => random.uniform());
    expect(draw((random) => random.uniform())).toEqual(first);
    expect(draw((random) => random.uniform(), 1)).not.toEqual(first);
  });
});
