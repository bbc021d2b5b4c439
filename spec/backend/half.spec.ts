import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage, type FeedValue } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import type { KernelProfile } from '../../lib/backend/kernels/profile.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, type Node, type State } from '../../lib/ir/graph.js';
import { fromHalfBits, toHalfBits } from '../../lib/ir/half.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { firstDifference, halfFormats, ties } from '../half-values.js';
import { mismatch, toleranceOf } from '../tolerances.js';
import { sampleValues } from '../values.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

const dtypes = ['f16', 'bf16'] as const;
/** Packed in words everywhere, in f16's own type where the adapter has it. */
const profiles: { kernels: string; changes: Partial<KernelProfile> }[] = [
  { kernels: 'as the adapter wants them', changes: {} },
  { kernels: 'with workgroup memory, packed', changes: { software: false, nativeF16: false } },
];

/** A graph under construction, with values for its inputs. */
class Trial {
  readonly builder = new GraphBuilder();
  readonly g = this.builder.g;
  readonly inputs = new Map<string, Node>();
  readonly states = new Map<string, State>();
  readonly updates = new Map<string, Node>();
  readonly outputs = new Map<string, Node>();
  readonly feeds: Record<string, FeedValue> = {};

  input(shape: Shape, dtype: Node['dtype'], value?: FeedValue): Node {
    const name = `x${this.inputs.size}`;
    const node = this.builder.leaf('input', name, shape, dtype);
    this.inputs.set(name, node);
    const drawn = sampleValues(elementCount(shape), this.inputs.size);
    this.feeds[name] = value ?? (dtype === 'f16' || dtype === 'bf16' ? fromHalfBits(dtype, toHalfBits(dtype, drawn)) : [...drawn]); // prettier-ignore
    return node;
  }

  state(name: string, shape: Shape, dtype: Node['dtype'], values: readonly number[]): Node {
    const node = this.builder.leaf('parameter', name, shape, dtype);
    this.states.set(name, { node, initial: () => values });
    return node;
  }

  graph(): Graph {
    return new Graph({ inputs: this.inputs, outputs: this.outputs, parameters: this.states, updates: this.updates });
  }

  async start(changes: Partial<KernelProfile> = {}): Promise<Executor> {
    const plan = planGraph(this.graph(), { ...planLimits(device), ...changes });
    const executor = await Executor.create(device, plan, new StateStore(device));
    for (const [name, node] of this.inputs) {
      if (plan.graph.inputs.has(name)) executor.write(node, toStorage(name, node, this.feeds[name]!));
    }
    return executor;
  }

  /** Outputs of one step, by name. */
  async run(changes: Partial<KernelProfile> = {}): Promise<Map<string, ArrayLike<number>>> {
    const executor = await this.start(changes);
    executor.step();
    const names = [...executor.plan.graph.outputs];
    const values = await Promise.all(names.map(([, node]) => executor.read(node)));
    executor.dispose();
    return new Map(names.map(([name], i) => [name, values[i]!]));
  }

  /** Runs, and compares every output with the interpreter's. */
  async check(changes: Partial<KernelProfile>): Promise<void> {
    const numbers = Object.entries(this.feeds) as [string, ArrayLike<number>][];
    const expected = interpret(this.graph(), Object.fromEntries(numbers)).outputs;
    const actual = await this.run(changes);
    const failures = [...this.outputs].flatMap(([name, node]) => {
      const operands = [...this.inputs.values()].map(({ dtype }) => dtype);
      const found = mismatch(actual.get(name)!, expected.get(name)!, toleranceOf(node.op, node.dtype, operands));
      return found === undefined ? [] : [`${name}: ${found}`];
    });
    expect(failures).toEqual([]);
  }
}

describe.each(dtypes)('%s through load and store', (dtype) => {
  const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const values = Float32Array.from(patterns, halfFormats[dtype].valueOf);

  test.each([
    ['whole vectors', [65536]],
    ['single elements', [65535]],
    ['single elements of rows', [9362, 7]],
  ] as const)('every pattern, by %s', async (_, shape) => {
    const count = elementCount(shape);
    const trial = new Trial();
    const x = trial.input(shape, dtype, patterns.subarray(0, count));
    trial.outputs.set('loaded', trial.g.cast(x, 'f32'));
    trial.outputs.set('stored', trial.g.flip(trial.g.reshape(x, [count])));
    const results = await trial.run();
    // bfloat16 has f32's subnormal numbers, which adapters may take for zero.
    const settled = (found: ArrayLike<number>) => (dtype === 'f16' ? found : Float32Array.from(found, (value, i) => (value === 0 && Math.abs(values[i]!) < 2 ** -126 ? values[i]! : value))); // prettier-ignore
    const expected = values.subarray(0, count);
    expect(firstDifference(settled(results.get('loaded')!), expected)).toBeUndefined();
    const stored = Float32Array.from(results.get('stored')!).reverse();
    expect(firstDifference(settled(stored), expected)).toBeUndefined();
  });

  test.each([
    ['whole vectors', 0],
    ['single elements', 1],
  ])('ties and their neighbours, by %s', async (_, fewer) => {
    // prettier-ignore
    const { inputs, expected } = ties(dtype);
    const start = dtype === 'f16' ? 0 : 3 * 128;
    const count = inputs.length - start - ((inputs.length - start) % 4) - fewer;
    const trial = new Trial();
    const x = trial.input([count], 'f32', inputs.subarray(start, start + count));
    const y = trial.g.cast(x, dtype);
    trial.outputs.set('stored', y);
    trial.outputs.set('rounded', trial.g.cast(y, 'f32'));
    const results = await trial.run();
    expect(firstDifference(results.get('stored')!, expected.subarray(start, start + count))).toBeUndefined();
    expect(firstDifference(results.get('rounded')!, expected.subarray(start, start + count))).toBeUndefined();
  });

  test('too large is infinity, NaN stays NaN, whether cast or computed', async () => {
    const { largest, step } = halfFormats[dtype];
    const values = [largest + step / 2, -(largest + step), Infinity, -Infinity, NaN, largest + step / 4, 0, -0];
    const rounded = [Infinity, -Infinity, Infinity, -Infinity, NaN, largest, 0, -0];
    for (const count of [8, 7]) {
      const trial = new Trial();
      const x = trial.input([count], 'f32', values.slice(0, count));
      trial.outputs.set('cast', trial.g.cast(x, dtype));
      expect(Array.from((await trial.run()).get('cast')!)).toEqual(rounded.slice(0, count));
    }
    const trial = new Trial();
    const x = trial.input([3], dtype, [largest, -largest, 1]);
    trial.outputs.set('doubled', trial.g.add(x, x));
    expect(Array.from((await trial.run()).get('doubled')!)).toEqual([Infinity, -Infinity, 2]);
  });
});

describe.each(profiles)('kernels $kernels against the interpreter', ({ changes }) => {
  describe.each(dtypes)('%s', (dtype) => {
    test.each([1, 2, 3, 4, 7, 8, 12])('maps, reductions, views and gathers with rows of %d', async (n) => {
      const trial = new Trial();
      const { g, outputs } = trial;
      const x = trial.input([3, n], dtype);
      const row = trial.input([n], dtype);
      const full = trial.input([3, n], 'f32');
      const index = trial.input([2, n], 'i32', Array.from({ length: 2 * n }, (_, i) => (i * 2) % 3)); // prettier-ignore
      outputs.set('map', g.exp(g.mul(x, g.scalar(0.5, x))));
      outputs.set('broadcast', g.add(g.mul(x, x), row));
      outputs.set('mixed', g.mul(g.cast(x, 'f32'), full));
      outputs.set('cast', g.cast(full, dtype));
      outputs.set('where', g.where(g.less(x, row), x, g.scalar(0.25, x)));
      outputs.set('rows', g.sum(x, { axes: -1 }));
      outputs.set('columns', g.max(x, { axes: 0 }));
      outputs.set('all', g.sum(g.abs(x)));
      outputs.set('softmax', g.softmax(x, { axis: -1 }));
      outputs.set('transposed', g.transpose(x));
      outputs.set('flipped', g.flip(x, { axes: -1 }));
      outputs.set('padded', g.padAxis(x, -1, { low: 1, high: 2 }));
      outputs.set('sliced', g.slice(x, -1, { start: n > 1 ? 1 : 0 }));
      outputs.set('repeated', g.broadcastTo(g.unsqueeze(row, 0), [5, n]));
      outputs.set('gathered', g.gather(x, index, -2));
      outputs.set('scattered', g.scatterAdd(row, g.cast(g.mul(row, g.scalar(0, row)), 'i32'), row, 0));
      await trial.check(changes);
    });

    test('a tensor of rank 0, of none and of one element', async () => {
      const trial = new Trial();
      const { g, outputs } = trial;
      const x = trial.input([], dtype, 0.375);
      const none = trial.input([0, 3], dtype, []);
      outputs.set('scalar', g.add(x, x));
      outputs.set('none', g.add(none, none));
      const actual = await trial.run(changes);
      expect(Array.from(actual.get('scalar')!)).toEqual([0.75]);
      expect(actual.get('none')!.length).toBe(0);
    });

    test.each([
      [64, 32, 64],
      [40, 16, 36],
      [37, 19, 33],
      [5, 7, 3],
      [8, 4, 12],
    ])('products of [%d, %d] and [%d]', async (m, k, n) => {
      const trial = new Trial();
      const { g, outputs } = trial;
      const [a, b, bias] = [trial.input([m, k], dtype), trial.input([k, n], dtype), trial.input([n], dtype)];
      const [at, bt] = [trial.input([k, m], dtype), trial.input([n, k], dtype)];
      outputs.set('a b', g.matmul(a, b));
      outputs.set('aᵀ b', g.matmul(g.transpose(at), b));
      outputs.set('a bᵀ', g.matmul(a, g.transpose(bt)));
      outputs.set('relu(a b + bias)', g.relu(g.add(g.matmul(a, b), bias)));
      outputs.set('in f32', g.matmul(g.cast(a, 'f32'), g.cast(b, 'f32')));
      const batched = trial.input([2, m, k], dtype);
      outputs.set('batched', g.matmul(batched, b));
      await trial.check(changes);
    });
  });
});

describe.each(dtypes)('state of %s', (dtype) => {
  test.each([1, 3, 4, 7, 8, 1001])('is updated in place: %d elements', async (n) => {
    const trial = new Trial();
    const { g } = trial;
    const start = Array.from({ length: n }, (_, i) => i % 7);
    const p = trial.state('p', [n], dtype, start);
    const x = trial.input([n], dtype, Array.from({ length: n }, (_, i) => (i % 5) - 2)); // prettier-ignore
    trial.updates.set('p', g.add(g.mul(p, g.scalar(2, p)), x));
    trial.outputs.set('before', g.sum(p));
    const executor = await trial.start();
    expect(executor.plan.copies).toEqual([]);
    for (let step = 0; step < 3; step++) executor.step();
    const expected = start.map((value, i) => 8 * value + 7 * ((i % 5) - 2));
    expect(Array.from(await executor.read(p))).toEqual(expected);
    executor.dispose();
  });

  test.each([3, 4, 9])('changes places with other state, by copies: %d elements', async (n) => {
    const trial = new Trial();
    const { g } = trial;
    const values = Array.from({ length: n }, (_, i) => i);
    const [p, q] = [trial.state('p', [n], dtype, values), trial.state('q', [n], dtype, values.map((i) => -i))]; // prettier-ignore
    trial.updates.set('p', g.add(q, g.scalar(1, q)));
    trial.updates.set('q', g.add(p, g.scalar(1, p)));
    const executor = await trial.start();
    expect(executor.plan.copies.length).toBeGreaterThan(0);
    executor.step();
    expect(Array.from(await executor.read(p))).toEqual(values.map((i) => 1 - i));
    expect(Array.from(await executor.read(q))).toEqual(values.map((i) => 1 + i));
    executor.dispose();
  });

  test('is recorded', async () => {
    const trial = new Trial();
    const { g } = trial;
    const p = trial.state('p', [3], dtype, [1, 2, 3]);
    trial.updates.set('p', g.add(p, p));
    trial.outputs.set('value', g.neg(p));
    const executor = await trial.start();
    const output = executor.plan.graph.outputs.get('value')!;
    executor.record(output, 2);
    for (let step = 0; step < 3; step++) executor.step();
    const recorded = await executor.readRecord(output);
    expect(recorded.map((values) => Array.from(values))).toEqual([[-2, -4, -6], [-4, -8, -12]]); // prettier-ignore
    executor.dispose();
  });

  test('takes half the memory of f32', async () => {
    const trial = new Trial();
    const p = trial.state('p', [1000], dtype, new Array<number>(1000).fill(1));
    trial.outputs.set('sum', trial.g.sum(p));
    const executor = await trial.start();
    expect(executor.memory().parameters).toBe(2000);
    executor.dispose();
  });
});

test('values of f16 and bf16 come as Float32Array, as bits or as numbers, and as nothing else', () => {
  const node = new GraphBuilder().leaf('input', 'x', [3], 'f16');
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0);
  expect(toStorage('x', node, Float32Array.of(1, -2, 1 / 3))).toEqual(bits);
  expect(toStorage('x', node, [1, -2, 1 / 3])).toEqual(bits);
  expect(toStorage('x', node, bits.subarray(0, 3))).toEqual(bits);
  expect(() => toStorage("input 'x'", node, new Uint32Array(3))).toThrow(
    "input 'x' is f16: expected Float32Array, Uint16Array with its bits or an array of numbers, got Uint32Array",
  );
  expect(() => toStorage("input 'x'", node, bits)).toThrow("input 'x' has shape [3]: expected 3 values, got 4");
});

test.each([
  ['f16', 0.0999755859375],
  ['bf16', 0.10009765625],
] as const)('rewriting rounds constants as a cast to %s does, and no others', async (dtype, rounded) => {
  const { builder, g, outputs, inputs } = new Trial();
  const x = builder.leaf('input', 'x', [], 'f32');
  inputs.set('x', x);
  outputs.set('cast', g.add(x, g.cast(g.cast(builder.constant(0.1, 'f32'), dtype), 'f32')));
  const sum = g.add(builder.constant(0.05, dtype), builder.constant(0.05, dtype));
  outputs.set('sum', g.add(x, g.cast(sum, 'f32')));
  const { graph } = await optimize(new Graph({ inputs, outputs }), discreteRates);
  const constants = [...graph.outputs.values()].map((node) => node.inputs.find(({ op }) => op === 'constant'));
  expect(constants.map((node) => node?.attrs['value'])).toEqual([rounded, Math.fround(Math.fround(0.05) * 2)]);
});

test('with shader-f16, f16 has its own type in buffers; without, and bf16 always, two are packed in a word', () => {
  const wgsl = (dtype: 'f16' | 'bf16', nativeF16: boolean, n: number) => {
    const trial = new Trial();
    const x = trial.input([n], dtype);
    trial.outputs.set('y', trial.g.add(x, x));
    const plan = planGraph(trial.graph(), { ...planLimits(device), nativeF16 });
    return plan.kernels[0]!.wgsl(() => false);
  };
  expect(wgsl('f16', true, 8)).toMatch(/^\/\/.*\nenable f16;\n.*array<vec4<f16>>;/);
  expect(wgsl('f16', true, 7)).toMatch(/^\/\/.*\nenable f16;\n.*array<f16>;/);
  for (const [dtype, native] of [
    ['f16', false],
    ['bf16', false],
    ['bf16', true],
  ] as const) {
    // prettier-ignore
    expect(wgsl(dtype, native, 8)).toMatch(/^\/\/.*\n.*array<vec2<u32>>;\n.*array<vec2<u32>>;/);
    expect(wgsl(dtype, native, 7)).toMatch(/^\/\/.*\n.*read> t0: array<u32>;\n.*array<atomic<u32>>;/);
  }
  expect(planLimits(device).nativeF16).toBe(device.features.has('shader-f16'));
});
