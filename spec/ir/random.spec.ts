import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { ShapeError } from '../../lib/ir/errors.js';
import { leafName, type Node } from '../../lib/ir/graph.js';
import { evaluateNodes } from '../../lib/ir/interpret.js';
import { Threefry2x32 } from '../../lib/ir/threefry.js';
import { runGraph } from '../run-graph.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

type Feeds = ReadonlyMap<Node, ArrayLike<number>>;

/** The values on the device, which the interpreter must give as well, to `digits` decimals where not exactly. */
async function everywhere(y: Node, feeds: Feeds, digits?: number): Promise<number[]> {
  const onDevice = (await runGraph(device, feeds, { y })).get('y')!;
  const named = new Map([...feeds].map(([node, values]) => [leafName(node), Float64Array.from(values)]));
  const interpreted = Array.from(evaluateNodes([y], (leaf) => named.get(leafName(leaf))!).get(y)!);
  if (digits === undefined) expect(onDevice).toEqual(interpreted);
  else onDevice.forEach((value, i) => expect(value).toBeCloseTo(interpreted[i]!, digits));
  return onDevice;
}

/** A graph with the step as its input. */
function drawn(step: number, write: (builder: GraphBuilder, step: Node) => Node): [y: Node, feeds: Feeds] {
  const builder = new GraphBuilder();
  const leaf = builder.leaf('input', 'step', [], 'u32');
  return [write(builder, leaf), new Map([[leaf, [step]]])];
}

function words(count: number, step: number, seed: number, stream: number): number[] {
  const generator = new Threefry2x32([seed, stream]);
  return Array.from({ length: count }, (_, counter) => {
    generator.block(counter, step);
    return generator.first;
  });
}

function moments(values: readonly number[]): { mean: number; variance: number; skewness: number; kurtosis: number } {
  const average = (of: (value: number) => number) => values.reduce((sum, x) => sum + of(x), 0) / values.length;
  const mean = average((x) => x);
  const variance = average((x) => (x - mean) ** 2);
  const skewness = average((x) => (x - mean) ** 3) / variance ** 1.5;
  return { mean, variance, skewness, kurtosis: average((x) => (x - mean) ** 4) / variance ** 2 };
}

/** Φ(x), by the series Φ(x) = ½ + φ(x)·Σ x²ⁿ⁺¹/(2n + 1)!! (Marsaglia 2004), whose terms have one sign. */
function normalDistribution(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; n < 300; n++) sum += term *= (x * x) / (2 * n + 1);
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Φ⁻¹(u) in f64, by halving. */
function normalQuantile(u: number): number {
  let [low, high] = [-6, 6];
  while (high - low > 1e-13) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < u) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

describe('random bits', () => {
  // From Random123's kat_vectors: threefry2x32, 20 rounds.
  const known = [
    { key: [0, 0], counter: [0, 0], word: 0x6b200159 },
    { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], word: 0x1cb996fc },
    { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], word: 0xc4923a9c },
  ] as const;

  test('are those that the authors of the generator publish', async () => {
    // Three elements are computed one by one, four as a vector.
    for (const rows of [known, [...known, known[0]]]) {
      const builder = new GraphBuilder();
      const leaves = ['counter', 'step', 'seed', 'stream'].map((name) =>
        builder.leaf('input', name, [rows.length], 'u32'),
      );
      const values = [
        rows.map(({ counter }) => counter[0]),
        rows.map(({ counter }) => counter[1]),
        rows.map(({ key }) => key[0]),
        rows.map(({ key }) => key[1]),
      ];
      const y = builder.add('randomBits', leaves);
      const bits = await everywhere(y, new Map(leaves.map((leaf, i) => [leaf, values[i]!])));
      expect(bits).toEqual(rows.map(({ word }) => word));
    }
  });
});

describe('uniform numbers', () => {
  test.each([
    { shape: [5, 7], step: 0, seed: 0, stream: 0 },
    { shape: [4, 3, 8], step: 123, seed: 2 ** 32 - 1, stream: 2 ** 32 - 2 },
    { shape: [], step: 2 ** 32 - 1, seed: 1, stream: 0 },
  ])('$shape are the upper bits of the generator in TypeScript', async ({ shape, step, seed, stream }) => {
    const [y, feeds] = drawn(step, ({ g }, leaf) => g.uniformAt(leaf, shape, seed, stream));
    const count = shape.reduce((product, size) => product * size, 1);
    const expected = words(count, step, seed, stream).map((word) => (word >>> 8) * 2 ** -24);
    expect(await everywhere(y, feeds)).toEqual(expected);
  });

  test('have the moments of a uniform variable, and change with step, seed and stream', async () => {
    const draw = async (step: number, seed: number, stream: number) => {
      const [y, feeds] = drawn(step, ({ g }, leaf) => g.uniformAt(leaf, [200, 100], seed, stream));
      return (await runGraph(device, feeds, { y })).get('y')!;
    };
    const values = await draw(3, 1, 2);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const { mean, variance, kurtosis } = moments(values);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
    expect(kurtosis).toBeCloseTo(1.8, 1);
    for (const other of [await draw(4, 1, 2), await draw(3, 2, 2), await draw(3, 1, 3)]) {
      const products = values.map((value, i) => (value - 0.5) * (other[i]! - 0.5) * 12);
      // The correlation of n independent pairs is 0 ± 1/√n.
      expect(Math.abs(moments(products).mean)).toBeLessThan(4 / Math.sqrt(values.length));
    }
  });

  test('refuse sizes below 0', () => {
    expect(() => drawn(0, ({ g }, leaf) => g.uniformAt(leaf, [2, -1], 0, 0))).toThrow(
      new ShapeError('uniformAt: shape must have sizes of at least 0, got [2, -1]'),
    );
  });
});

describe('normal numbers', () => {
  const [step, seed, stream] = [9, 4_000_000_000, 17];

  test('are the inverse distribution function of the generator’s upper 23 bits', async () => {
    const [y, feeds] = drawn(step, ({ g }, leaf) => g.normalAt(leaf, [60, 50], seed, stream));
    const actual = await everywhere(y, feeds, 5);
    words(3000, step, seed, stream).forEach((word, i) => {
      const exact = normalQuantile(((word >>> 9) + 0.5) * 2 ** -23);
      expect(Math.abs(actual[i]! - exact)).toBeLessThan(1e-5);
    });
  });

  test('have the moments of a normal variable', async () => {
    const [y, feeds] = drawn(step, ({ g }, leaf) => g.normalAt(leaf, [400, 100], seed, stream));
    const { mean, variance, skewness, kurtosis } = moments((await runGraph(device, feeds, { y })).get('y')!);
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
    expect(skewness).toBeCloseTo(0, 1);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.15);
  });
});

describe('dropoutAt', () => {
  const build = (p: number, size: number) => {
    const builder = new GraphBuilder();
    const x = builder.leaf('input', 'x', [size], 'f32');
    const step = builder.leaf('input', 'step', [], 'u32');
    const y = builder.g.dropoutAt(x, step, 5, 6, { p });
    return { builder, x, step, y };
  };

  test('keeps the mean, and drops the share p', async () => {
    const { x, step, y } = build(0.3, 20_000);
    const values = Array.from({ length: 20_000 }, () => 2);
    const result = (await runGraph(device, new Map<Node, number[]>([[x, values], [step, [1]]]), { y })).get('y')!; // prettier-ignore
    expect(moments(result).mean).toBeCloseTo(2, 1);
    expect(result.filter((value) => value === 0).length / values.length).toBeCloseTo(0.3, 1);
    expect(new Set(result.filter((value) => value !== 0))).toEqual(new Set([Math.fround(2 * Math.fround(1 / 0.7))]));
  });

  test('passes the gradient where it passed the value', async () => {
    const { builder, x, step, y } = build(0.5, 64);
    const [dx] = gradients(builder, builder.g.sum(y), [x]);
    const ones = Array.from({ length: 64 }, () => 1);
    const feeds = new Map<Node, number[]>([[x, ones], [step, [7]]]); // prettier-ignore
    const results = await runGraph(device, feeds, { y, dx: dx! });
    expect(results.get('dx')).toEqual(results.get('y'));
    expect(new Set(results.get('y'))).toEqual(new Set([0, 2]));
  });

  test.each([
    { p: 0, kept: 1 },
    { p: 1, kept: 0 },
  ])('of probability $p', async ({ p, kept }) => {
    const { x, step, y } = build(p, 8);
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    const feeds = new Map<Node, number[]>([[x, values], [step, [0]]]); // prettier-ignore
    expect(await everywhere(y, feeds)).toEqual(values.map((value) => kept * value));
  });
});
