import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import {
  buildSession,
  input,
  mul,
  namedParameter,
  openDevice,
  sum,
  trace,
  type Device,
  type Tensor,
  type TypedArray,
} from '../../lib/index.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount } from '../../lib/ir/shape.js';
import { gradientName, trainingGraph } from '../../lib/session/training-graph.js';
import { layerCases } from './layer-cases.js';

/** One layer of the reference; gradients are those of Σ upstream·output. */
interface Entry {
  readonly name: string;
  readonly state: readonly (readonly [name: string, shape: number[]])[];
  readonly inputs: Readonly<Record<string, { shape: number[]; values?: number[]; dtype?: string }>>;
  readonly output: { readonly shape: readonly number[]; readonly values: readonly number[] };
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly buffers?: Readonly<Record<string, readonly number[]>>;
}

const file = path.resolve('spec/reference/layers/layers.json');
const entries = JSON.parse(fs.readFileSync(file, 'utf8')) as Entry[];

/** The numbers of `make.py`: the minimal standard generator of Park and Miller, in (−1, 1), as f32. */
function numbers(seed: number, shape: readonly number[]): number[] {
  let x = 1 + 7919 * seed;
  const next = () => (x = (x * 48271) % 2147483647);
  for (let i = 0; i < 4; i++) next();
  return Array.from({ length: elementCount(shape) }, () => Math.fround((2 * next()) / 2147483647 - 1));
}

function stateValues(name: string, seed: number, shape: readonly number[]): number[] {
  if (name.endsWith('num_batches_tracked')) return [3];
  return numbers(seed, shape).map((value) => (name.endsWith('running_var') ? Math.abs(value) + 0.5 : value / 2));
}

/** The layer on the reference's inputs. Those of floats are parameters, so that they have gradients. */
function tracedCase({ name, state, inputs, output }: Entry) {
  const { layer, takes = Object.values, trains = false } = layerCases[name]!();
  layer.train(trains);
  const values = state.map(([key, shape], i) => [key, { shape, data: stateValues(key, i + 1, shape) }] as const);
  layer.loadStateDict(Object.fromEntries(values));
  const given = Object.entries(inputs);
  const integers = given.filter(([, { values: known }]) => known);
  const dtypeOf = (dtype: string | undefined) => (dtype === 'torch.bool' ? 'bool' : 'i32');
  const feeds = Object.fromEntries(integers.map(([key, { values: known }]) => [key, known!]));
  const graph = trace(
    layer,
    Object.fromEntries(integers.map(([key, { shape, dtype }]) => [key, input(shape, dtypeOf(dtype))])),
    (fed) => {
      const tensors = given.map(([key, { shape }], i): [string, Tensor] => {
        const initial = () => namedParameter(`input.${key}`, shape, numbers(101 + i, shape).map((value) => 2 * value)); // prettier-ignore
        return [key, fed[key] ?? initial()];
      });
      const y = layer.forward(...(takes(Object.fromEntries(tensors)) as never[])) as Tensor<number[], 'f32'>;
      const upstream = namedParameter('upstream', output.shape, numbers(201, output.shape));
      return { y, loss: sum(mul(y, upstream as Tensor<number[], 'f32'>)) };
    },
  );
  return { layer, graph, feeds };
}

/** Fails with the worst element where any is further off than absolute + relative·|expected|. */
function expectClose(what: string, actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  const excess = expected.map((value, i) => Math.abs(actual[i]! - value) / (tolerance * (1 + Math.abs(value))));
  const worst = excess.reduce((most, ratio, i) => (ratio > excess[most]! || Number.isNaN(ratio) ? i : most), 0);
  if (excess.length > 0 && !(excess[worst]! <= 1)) {
    throw new Error(`${what}[${worst}]: ${actual[worst]} against ${expected[worst]}, tolerance ${tolerance}`);
  }
}

/** Where the reference itself is in f32: its angles. */
const isOfF32 = (name: string) => name.startsWith('RotaryEmbedding');

describe('layers as those of PyTorch, transformers and diffusers', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice();
  });
  afterAll(() => device.dispose());

  test('are all compared', () => {
    expect(Object.keys(layerCases).sort()).toEqual(entries.map(({ name }) => name).sort());
  });

  const named = entries.map((entry) => [entry.name, entry] as const);

  test.each(named)('%s: names, shapes and their order', (name, { state }) => {
    const own = Object.entries(layerCases[name]!().layer.stateDict());
    expect(own.map(([key, { shape }]) => [key, shape])).toEqual(state);
  });

  test.each(named)('%s, interpreted in f64', (name, entry) => {
    const { graph, feeds } = tracedCase(entry);
    // The reference has nine digits.
    const tolerance = isOfF32(name) ? 2e-6 : 1e-8;
    const { outputs, updates } = interpret(trainingGraph(graph, { loss: 'loss', gradients: true }), feeds);
    expect(graph.outputTypes.y.shape).toEqual(entry.output.shape);
    expectClose('output', outputs.get('y')!, entry.output.values, tolerance);
    for (const [key, values] of Object.entries(entry.gradients)) {
      expectClose(`gradient of ${key}`, outputs.get(gradientName(key))!, values, tolerance);
    }
    expect([...updates.keys()]).toEqual(Object.keys(entry.buffers ?? {}));
    for (const [key, values] of Object.entries(entry.buffers ?? {})) {
      expectClose(key, updates.get(key)!, values, tolerance);
    }
  });

  // Activations are operations, which kernels are tested with.
  const onDevice = named.filter(([name]) => !name.startsWith('activation '));
  test.each(onDevice)('%s, on WebGPU', async (_name, entry) => {
    const { graph, feeds } = tracedCase(entry);
    // Sums of some tens of terms, each right to 1e-7.
    const tolerance = 1e-5;
    using session = await buildSession(graph, { device, gradients: true });
    session.step(feeds);
    expectClose('output', await session.read('y'), entry.output.values, tolerance);
    for (const [key, values] of Object.entries(entry.gradients)) {
      expectClose(`gradient of ${key}`, await session.readGradient(key), values, tolerance);
    }
    const state: Record<string, { data: TypedArray }> = entry.buffers ? await session.stateDict() : {};
    for (const [key, values] of Object.entries(entry.buffers ?? {})) {
      expectClose(key, state[key]!.data, values, tolerance);
    }
  });
});
