import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gradients } from '../../../lib/autodiff/gradients.js';
import type { Device } from '../../../lib/backend/device/device.js';
import { openDevice } from '../../../lib/backend/device/open.js';
import { planGraph } from '../../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { ShapeError } from '../../../lib/ir/errors.js';
import { Graph, type Node } from '../../../lib/ir/graph.js';
import { interpret } from '../../../lib/ir/interpret.js';
import { limits } from '../../backend/limits.js';
import { runGraph } from '../../run-graph.js';
import { sampleValues } from '../../values.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

/** The ends of ranges, powers of two and their neighbours, and some between, up to 2²⁰. */
const positions = [
  ...[0, 1, 2, 3, -1, -5, 100, 999, 4095, 4096, 8191, 32767, 65535, 65536, 65537],
  ...[131071, 131072, 524287, 1_000_000, 2 ** 20 - 1],
  ...Array.from(sampleValues(40, 5), (x) => Math.floor(((x + 1) / 2) * 2 ** 20)),
];

/** The largest |a − b|. */
const worst = (actual: ArrayLike<number>, expected: readonly number[]) =>
  expected.reduce((most, value, i) => Math.max(most, Math.abs(actual[i]! - value)), 0);

describe('tables of rotary embeddings', () => {
  test.each([10000, 500000, 1e6, 2])('are right to 1e-6 at positions up to a million, theta %d', async (theta) => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const at = builder.leaf('input', 'positions', [positions.length], 'i32');
    const dim = 128;
    const outputs = {
      cos: g.rotaryTable(at, dim, 'cos', { theta }),
      sin: g.rotaryTable(at, dim, 'sin', { theta }),
    };
    const onDevice = await runGraph(device, new Map([[at, positions]]), outputs);
    const graph = new Graph({ inputs: new Map([['positions', at]]), outputs: new Map(Object.entries(outputs)) });
    const interpreted = interpret(graph, { positions }).outputs;
    for (const part of ['cos', 'sin'] as const) {
      const expected = positions.flatMap((p) =>
        Array.from({ length: dim / 2 }, (_, i) => Math[part](p * theta ** ((-2 * i) / dim))),
      );
      expect(worst(interpreted.get(part)!, expected)).toBeLessThan(1e-8);
      expect(worst(onDevice.get(part)!, expected)).toBeLessThan(1e-6);
    }
  });

  // Frequencies of dim 16 by transformers 5.24 (modeling_rope_utils), f32.
  const scaled = [
    {
      options: { scaling: 'llama3', theta: 500000, factor: 8, originalMaxPositions: 512 },
      frequencies: [
        1.0, 0.193922758, 0.0273441337, 0.000911583134, 0.000176776681, 3.42810235e-5, 6.64786967e-6, 1.28917316e-6,
      ],
    },
    {
      options: { scaling: 'linear', factor: 4 },
      frequencies: [
        0.25, 0.079056941, 0.0250000004, 0.00790569466, 0.00249999994, 0.000790569466, 0.000250000012, 7.90569466e-5,
      ],
    },
  ] as const;

  test.each(scaled)('have the frequencies of transformers: $options', ({ options, frequencies }) => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const at = builder.leaf('input', 'positions', [3], 'i32');
    const outputs = new Map([['sin', g.rotaryTable(at, 16, 'sin', options)]]);
    const places = [1, 40, 1000];
    const found = interpret(new Graph({ inputs: new Map([['positions', at]]), outputs }), { positions: places });
    const expected = places.flatMap((p) => frequencies.map((frequency) => Math.sin(p * frequency)));
    // Frequencies in f32 are off by 2⁻²⁴ at most, which makes 6e-5 radians at position 1000.
    expect(worst(found.outputs.get('sin')!, expected)).toBeLessThan(1e-4);
    expect(worst(found.outputs.get('sin')!.slice(0, 16), expected.slice(0, 16))).toBeLessThan(1e-7);
  });

  test('of cosines and sines are one kernel, which several uses share', () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const at = builder.leaf('input', 'positions', [9], 'i32');
    const [q, k] = ['q', 'k'].map((name) => builder.leaf('input', name, [2, 9, 64], 'f32')) as [Node, Node];
    const graph = new Graph({
      inputs: new Map([['positions', at], ['q', q], ['k', k]]),
      outputs: new Map([['q', g.rope(q, at)], ['k', g.rope(k, at)]]),
    }); // prettier-ignore
    const { kernels } = planGraph(graph, limits);
    expect(kernels.filter(({ label }) => label.split(' ').includes('sin'))).toHaveLength(1);
    // The second turns both operands.
    expect(kernels).toHaveLength(2);
  });
});

/** x rotated by position·theta^(−2i/d) in the plane of elements i and j. */
function rotated(x: readonly number[], p: number, theta: number, pair: (i: number, d: number) => [number, number]) {
  const y = [...x];
  for (let i = 0; i < x.length / 2; i++) {
    const [a, b] = pair(i, x.length);
    const angle = p * theta ** ((-2 * i) / x.length);
    y[a] = x[a]! * Math.cos(angle) - x[b]! * Math.sin(angle);
    y[b] = x[b]! * Math.cos(angle) + x[a]! * Math.sin(angle);
  }
  return y;
}

const pairs = {
  half: (i: number, d: number): [number, number] => [i, i + d / 2],
  interleaved: (i: number): [number, number] => [2 * i, 2 * i + 1],
};

describe('rotary embeddings', () => {
  test.each(['half', 'interleaved'] as const)('turn pairs, %s, each row by its own position', async (layout) => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const x = builder.leaf('input', 'x', [2, 3, 6], 'f32');
    const at = builder.leaf('input', 'positions', [2, 3], 'i32');
    const y = g.rope(x, at, { layout, theta: 500 });
    const values = Array.from(sampleValues(36, 2), Math.fround);
    const places = [0, 5, 77, 1000, 31, 2];
    const found = await runGraph(device, new Map<Node, readonly number[]>([[x, values], [at, places]]), { y }); // prettier-ignore
    const expected = places.flatMap((p, row) => rotated(values.slice(6 * row, 6 * row + 6), p, 500, pairs[layout]));
    expect(worst(found.get('y')!, expected)).toBeLessThan(2e-6);
  });

  test('keep the product of two rows when both are moved', () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const [x, y] = ['x', 'y'].map((name) => builder.leaf('input', name, [1, 64], 'f32')) as [Node, Node];
    const at = (position: number) => g.literal([position], [1], 'i32');
    const product = (a: number, b: number) => g.sum(g.mul(g.rope(x, at(a)), g.rope(y, at(b))));
    const outputs = new Map([['near', product(3, 10)], ['far', product(900_003, 900_010)]]); // prettier-ignore
    const values = { x: sampleValues(64, 3), y: sampleValues(64, 4) };
    const found = interpret(new Graph({ inputs: new Map([['x', x], ['y', y]]), outputs }), values).outputs; // prettier-ignore
    expect(Math.abs(found.get('near')![0]! - found.get('far')![0]!)).toBeLessThan(1e-7);
  });

  test('errors', () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const x = builder.leaf('input', 'x', [2, 3, 5], 'f32');
    const even = builder.leaf('input', 'even', [2, 3, 4], 'f32');
    const at = builder.leaf('input', 'positions', [3], 'i32');
    const two = builder.leaf('input', 'two', [4, 3], 'i32');
    const thrown = (body: () => unknown) => {
      expect(body).toThrow(ShapeError);
      return expect(body);
    };
    thrown(() => g.rope(x, at)).toThrow(
      'rope: the last dimension of x must be even and at least 2, got 5: elements are turned in pairs',
    );
    thrown(() => g.rope(even, two)).toThrow('rope: positions [4, 3] does not broadcast to [2, 3]');
    thrown(() => g.rope(even, at, { theta: 0 })).toThrow('rope: theta must be above 0, got 0');
    thrown(() => g.rope(even, at, { factor: 4 })).toThrow("rope: factor 4 needs a scaling, 'linear' or 'llama3'");
    thrown(() => g.rope(even, at, { scaling: 'linear', factor: -1 })).toThrow('rope: factor must be above 0, got -1');
    thrown(() => g.rope(even, at, { scaling: 'llama3', lowFreqFactor: 4 })).toThrow(
      'rope: highFreqFactor must be above lowFreqFactor, got 4 and 4',
    );
    thrown(() => g.rotaryTable(at, 7, 'cos')).toThrow('rotaryTable: dim must be even');
    thrown(() => g.timestepEmbedding(at, 1)).toThrow('timestepEmbedding: dim must be at least 2, got 1');
    thrown(() => g.timestepEmbedding(at, 2)).toThrow('downscaleFreqShift must be below half of dim, 1, got 1');
  });
});

describe('embeddings of timesteps', () => {
  /** get_timestep_embedding of diffusers, in f64. */
  const embedding = (t: number, dim: number, flip: boolean, shift: number, period: number) => {
    const half = Math.floor(dim / 2);
    const angles = Array.from({ length: half }, (_, i) => t * Math.exp((-Math.log(period) * i) / (half - shift)));
    const [sines, cosines] = [angles.map(Math.sin), angles.map(Math.cos)];
    return [...(flip ? [...cosines, ...sines] : [...sines, ...cosines]), ...(dim % 2 === 1 ? [0] : [])];
  };

  test.each([
    { dim: 320, flip: true, shift: 0, period: 10000 },
    { dim: 17, flip: false, shift: 1, period: 10000 },
    { dim: 64, flip: false, shift: 0.5, period: 100 },
  ])('are right to 1e-6, whole and fractional: %j', async ({ dim, flip, shift, period }) => {
    for (const dtype of ['f32', 'i32'] as const) {
      const steps = dtype === 'i32' ? [0, 1, 500, 999, 100_000] : [0, 0.25, 1, 499.625, 999, 999.875, -2.5];
      const builder = new GraphBuilder();
      const t = builder.leaf('input', 't', [steps.length], dtype);
      const options = { flipSinToCos: flip, downscaleFreqShift: shift, maxPeriod: period };
      const y = builder.g.timestepEmbedding(t, dim, options);
      const found = await runGraph(device, new Map([[t, steps]]), { y });
      const expected = steps.flatMap((step) => embedding(step, dim, flip, shift, period));
      expect(worst(found.get('y')!, expected)).toBeLessThan(1e-6);
    }
  });

  test('have the slope of the angle in fractional timesteps', () => {
    const builder = new GraphBuilder();
    const t = builder.leaf('input', 't', [1], 'f32');
    const [slope] = gradients(builder, builder.g.sum(builder.g.timestepEmbedding(t, 4)), [t]);
    const graph = new Graph({ inputs: new Map([['t', t]]), outputs: new Map([['slope', slope!]]) });
    const found = interpret(graph, { t: [7.25] }).outputs.get('slope')![0]!;
    const expected = [1, 1e-4].reduce((sum, f) => sum + f * (Math.cos(7.25 * f) - Math.sin(7.25 * f)), 0);
    expect(Math.abs(found - expected)).toBeLessThan(1e-7);
  });

  test('interleaved, of positions', () => {
    const builder = new GraphBuilder();
    const at = builder.g.literal([0, 3], [2], 'i32');
    const graph = new Graph({ outputs: new Map([['y', builder.g.sinusoidalPositions(at, 4)]]) });
    const found = [...interpret(graph, {}).outputs.get('y')!];
    const expected = [0, 1, 0, 1, Math.sin(3), Math.cos(3), Math.sin(0.03), Math.cos(0.03)];
    expect(worst(found, expected)).toBeLessThan(1e-8);
  });
});
