import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { planGraph, type Plan } from '../../lib/backend/planning/plan.js';
import { input, mean, Module, square, trace, type Tensor } from '../../lib/index.js';
import { MultiHeadAttention } from '../../lib/layers/multi-head-attention.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount } from '../../lib/ir/shape.js';
import { runGraph } from '../run-graph.js';
import { expectClose } from '../values.js';
import { attend, masked, sampled, type Case, type Leaf } from './attention-cases.js';
import { limits } from './limits.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

const full = process.env['TEST_SHAPES'] !== undefined;
const shapes: readonly (readonly [queries: number, keys: number])[] = full
  ? [9, 50, 129].flatMap((queries) => [1, 33, 300].map((keys) => [queries, keys] as const))
  : [[9, 300], [129, 33]]; // prettier-ignore
const ofShapes = shapes.map(([queries, keys]) => ({
  name: `${queries} queries, ${keys} keys`,
  write: attend(queries, keys),
}));
const sizes = full ? [6, 40, 64, 80, 96, 128, 160] : [6, 128];

const cases: Case[] = [
  ...ofShapes,
  ...sizes.map((size) => ({
    name: `heads of ${size}`,
    write: attend(20, 36, { batch: [], size }),
  })),
  { name: 'so many heads that tiles have 64 rows', write: attend(70, 33, { batch: [20], heads: 4 }) },
  { name: 'so many heads that tiles have 32 rows', write: attend(33, 70, { batch: [20], heads: 4 }) },
  { name: 'a causal window', write: attend(50, 52, { causal: true, window: 7 }) },
  {
    name: 'a mask for each batch, rows that see nothing',
    write: attend(20, 36, { mask: [2, 1, 20, 36] }),
    values: masked((i) => (Math.floor(i / 36) % 5 === 2 ? 0 : i % 3)),
  },
  {
    name: 'bf16, keys that do not divide by four',
    write: attend(20, 35, { size: 16, dtype: 'bf16' }),
    tolerance: 3e-2,
  },
  {
    name: 'heads beside each other in memory, maps of the result',
    write: ({ g }, leaf) => {
      const [q, k, v] = ['q', 'k', 'v'].map((name) => g.permute(leaf(name, [30, 3, 16]), [1, 0, 2]));
      const y = g.scaledDotProductAttention(q!, k!, v!);
      return g.relu(g.add(g.mul(y, leaf('gain', [16])), leaf('bias', [3, 30, 16])));
    },
  },
  {
    name: 'softmax by hand, a bias for each head, keys in columns',
    write: ({ g }, leaf) => {
      const [q, k, v] = [leaf('q', [2, 12, 16]), leaf('k', [2, 16, 24]), leaf('v', [2, 24, 16])];
      const scores = g.add(g.matmul(q, k), g.unsqueeze(leaf('bias', [12, 24]), 0));
      const e = g.exp(g.sub(scores, g.unsqueeze(g.max(scores, { axes: -1 }), -1)));
      return g.matmul(g.div(e, g.sum(e, { axes: -1, keepdims: true })), v);
    },
  },
  {
    name: 'no numbers and infinities',
    write: attend(20, 36, { batch: [], heads: 1, mask: [20, 36], maskType: 'f32' }),
    values: (name, count) => {
      const values = sampled(name, count);
      if (name === 'q') values[8 * 3 + 1] = NaN;
      if (name === 'q') values[8 * 5 + 1] = Infinity;
      return name === 'mask' ? values.map((_, i) => (Math.floor(i / 36) === 7 ? Infinity : 0)) : values;
    },
  },
];

/** What the tests of gradients, which look at the result as well, have of some kind. */
const more: Case[] = [
  { name: 'values of another width', write: attend(20, 36, { size: 12, width: 20 }) },
  { name: 'causal', write: attend(50, 50, { causal: true }) },
  { name: 'a window', write: attend(50, 50, { window: 5 }) },
  { name: 'grouped heads, causal', write: attend(20, 20, { heads: 6, groups: 2, causal: true }) },
  {
    name: 'floats to add, of which some are −∞',
    write: attend(20, 35, { mask: [2, 20, 35], maskType: 'f32' }),
    values: masked((i) => (i % 4 === 1 || Math.floor(i / 35) === 4 ? -Infinity : i % 7)),
  },
  { name: 'f16', write: attend(20, 36, { size: 16, dtype: 'f16' }), tolerance: 4e-3 },
  { name: '2,000 keys', write: attend(12, 2000, { batch: [], heads: 32, size: 8 }) },
];

function graphOf({ write }: Pick<Case, 'write'>) {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const leaf: Leaf = (name, shape, dtype = 'f32') => {
    const node = builder.leaf('input', name, shape, dtype);
    inputs.set(name, node);
    return node;
  };
  const y = write(builder, leaf);
  return { graph: new Graph({ inputs, outputs: new Map([['y', y]]) }), inputs, y };
}

const attentions = ({ kernels }: Plan) => kernels.filter(({ label }) => label.startsWith('attention'));

describe('attention in one kernel', () => {
  test.each(full ? [...cases, ...more] : cases)('$name', async (each) => {
    const { graph, inputs, y } = graphOf(each);
    const plan = planGraph(graph, limits);
    expect(plan.kernels).toHaveLength(1);
    expect(attentions(plan)).toHaveLength(1);
    const valuesOf = each.values ?? sampled;
    const values = new Map([...inputs].map(([name, node]) => [node, valuesOf(name, elementCount(node.shape))]));
    const results = await runGraph(device, values, { y }, { software: false });
    const expected = interpret(graph, Object.fromEntries([...inputs].map(([name, node]) => [name, values.get(node)!])));
    expectClose(results.get('y')!, expected.outputs.get('y')!, each.tolerance ?? 1e-5);
  });

  test('stores nothing of the scores’ size', () => {
    const { memory } = planGraph(
      graphOf({ write: attend(1500, 1500, { batch: [1], heads: 6, size: 64 }) }).graph,
      limits,
    );
    expect([...memory.places]).toHaveLength(0);
  });

  test('counts what is read and written, and the arithmetic of all steps', () => {
    const [kernel] = planGraph(
      graphOf({ write: attend(64, 128, { batch: [], heads: 1, size: 16 }) }).graph,
      limits,
    ).kernels;
    expect(kernel!.work.bytes).toBe(4 * (64 * 16 + 2 * 128 * 16 + 64 * 16));
    expect(kernel!.work.flops).toBeGreaterThan(2 * 2 * 64 * 128 * 16);
    expect(kernel!.work.flops).toBeLessThan(1.3 * (2 * 2 * 64 * 128 * 16));
  });
});

/** Queries and keys turned by their positions. */
const turned =
  (queries: number, size: number, attrs: { layout?: 'half' | 'interleaved'; heads?: number } = {}): Case['write'] =>
  ({ g }, leaf) => {
    const { layout = 'half', heads = 4 } = attrs;
    const positions = leaf('positions', [queries], 'i32');
    const [q, k, v] = Object.entries({ q: heads, k: 2, v: 2 }).map(([name, count]) =>
      g.permute(leaf(name, [queries, count, size]), [1, 0, 2]),
    );
    const turn = (x: Node) => g.rope(x, positions, { layout });
    return g.scaledDotProductAttention(turn(q!), turn(k!), v!, { causal: true });
  };

describe('queries and keys that only attention needs', () => {
  const places = (name: string, count: number) =>
    name === 'positions' ? Float64Array.from({ length: count }, (_, i) => 3 * i) : sampled(name, count);

  test.each([
    { name: 'in halves', write: turned(20, 16) },
    { name: 'in halves that are no vectors', write: turned(20, 12) },
    { name: 'interleaved', write: turned(21, 16, { layout: 'interleaved' }) },
  ])('are turned when they are loaded: $name', async ({ write }) => {
    const { graph, inputs, y } = graphOf({ write });
    const plan = planGraph(graph, limits);
    expect(attentions(plan)).toHaveLength(1);
    const values = new Map([...inputs].map(([name, node]) => [node, places(name, elementCount(node.shape))]));
    // What is stored are sines and cosines, one of each for two elements.
    const sizes = [...plan.memory.places.keys()].map(({ shape }) => elementCount(shape));
    expect(Math.max(...sizes)).toBeLessThanOrEqual((inputs.get('k')!.shape[0]! * inputs.get('k')!.shape[2]!) / 2);
    const results = await runGraph(device, values, { y }, { software: false });
    const expected = interpret(graph, Object.fromEntries([...inputs].map(([name, node]) => [name, values.get(node)!])));
    expectClose(results.get('y')!, expected.outputs.get('y')!, 1e-5);
  });

  test('are stored where each would be turned many times', () => {
    const { memory } = planGraph(graphOf({ write: turned(2000, 64) }).graph, limits);
    const sizes = [...memory.places.keys()].map(({ shape }) => elementCount(shape));
    expect(sizes).toEqual(expect.arrayContaining([2000 * 4 * 64, 2000 * 2 * 64]));
  });
});

class Model extends Module {
  readonly attention = new MultiHeadAttention(16, 2);

  forward(x: Tensor<[2, 20, 16], 'f32'>) {
    return mean(square(this.attention.forward(x)));
  }
}

describe('in training', () => {
  test.each([
    { recompute: undefined, count: 0 },
    { recompute: 'attention', count: 1 },
  ])('is one kernel where the gradient computes the weights again: $recompute', ({ recompute, count }) => {
    const model = new Model();
    const graph = trace(model, { x: input([2, 20, 16]) }, ({ x }) => ({
      loss: mean(square(model.attention.forward(x))),
    }));
    const training = trainingGraph(graph, { loss: 'loss', gradients: true, recompute });
    expect(attentions(planGraph(training, limits))).toHaveLength(count);
  });
});

describe('is left to several kernels', () => {
  const apart: Record<string, Case['write']> = {
    'where the weights are needed elsewhere': ({ g }, leaf) => {
      const [q, k, v] = ['q', 'k', 'v'].map((name) => leaf(name, [2, 20, 8]));
      const weights = g.softmax(g.matmul(q!, g.transpose(k!)), { axis: -1 });
      return g.add(g.matmul(weights, v!), g.sum(weights, { axes: -1, keepdims: true }));
    },
    'where the rows are few': attend(1, 300),
    'where few workgroups would go through many keys': attend(12, 2000),
    'where values are wide': attend(20, 20, { size: 8, width: 164 }),
    'where the softmax goes over rows': ({ g }, leaf) => {
      const [q, k, v] = ['q', 'k', 'v'].map((name) => leaf(name, [2, 20, 20]));
      return g.matmul(g.softmax(g.matmul(q!, k!), { axis: -2 }), v!);
    },
    'where the values are the weights': ({ g }, leaf) => {
      const weights = g.softmax(g.matmul(leaf('q', [20, 8]), leaf('k', [8, 20])), { axis: -1 });
      return g.matmul(weights, weights);
    },
  };
  test.each(Object.entries(apart))('%s', (_, write) => {
    const { graph } = graphOf({ write });
    expect(attentions(planGraph(graph, limits))).toHaveLength(0);
  });

  test('on a software adapter', () => {
    expect(attentions(planGraph(graphOf({ write: attend(20, 20) }).graph, { ...limits, software: true }))).toHaveLength(
      0,
    );
  });
});
