import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { planGraph, type Plan, type PlanLimits } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import { expandComposites } from '../../lib/ir/expand.js';
import { Graph, leafName, type Node, type State } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount } from '../../lib/ir/shape.js';
import { typedArray } from '../../lib/ir/typed-array.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { expectClose, sampleValues } from '../values.js';
import { limits } from './limits.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

type Leaf = (name: string, shape: readonly number[], dtype?: DType) => Node;

/** A graph over states `s…`, and inputs of other names. */
function graphOf(
  write: (builder: GraphBuilder, leaf: Leaf) => { outputs?: Record<string, Node>; updates: Record<string, Node> },
): Graph {
  const builder = new GraphBuilder();
  const leaves = new Map<string, Node>();
  const { outputs = {}, updates } = write(builder, (name, shape, dtype = 'f32') => {
    const leaf = builder.leaf(name.startsWith('s') ? 'buffer' : 'input', name, shape, dtype);
    leaves.set(name, leaf);
    return leaf;
  });
  const states = [...leaves].filter(([, { op }]) => op === 'buffer');
  return new Graph({
    inputs: new Map([...leaves].filter(([, { op }]) => op === 'input')),
    buffers: new Map(
      states.map(([name, node]): [string, State] => [name, { node, initial: () => initialValues(node) }]),
    ),
    outputs: new Map(Object.entries(outputs)),
    updates: new Map(Object.entries(updates)),
  });
}

const initialValues = ({ shape, dtype }: Node) =>
  sampleValues(elementCount(shape), shape.length).map((value) => (dtype === 'i32' ? Math.round(9 * value) : value));

/** Values of the inputs in a step: positions go up by one. */
function feedsOf(graph: Graph, step: number, first: number): Record<string, Float64Array> {
  return Object.fromEntries(
    [...graph.inputs].map(([name, { shape, dtype }], i) => [
      name,
      dtype === 'i32' ? Float64Array.of(first + step) : sampleValues(elementCount(shape), 100 * step + i),
    ]),
  );
}

/** Runs some steps on the device and in the interpreter, and compares outputs and states after each. */
async function compareSteps(graph: Graph, changes: Partial<PlanLimits> = {}, first = 0): Promise<Plan> {
  const plan = planGraph(graph, { ...planLimits(device), ...changes });
  const executor = await Executor.create(device, plan, new StateStore(device));
  try {
    const states = new Map([...graph.buffers].map(([name, { initial }]) => [name, initial()]));
    for (let step = 0; step < 3; step++) {
      const feeds = feedsOf(graph, step, first);
      const values = { ...feeds, ...Object.fromEntries(states as Map<string, Float64Array>) };
      const expected = interpret(graph, values);
      for (const [name, node] of plan.graph.inputs) {
        executor.write(node, toStorage(name, node, typedArray(node.dtype, feeds[name]!)));
      }
      executor.step();
      for (const [name, node] of plan.graph.outputs) {
        expectClose(await executor.read(node), expected.outputs.get(name)!, 1e-5);
      }
      for (const [name, value] of expected.updates) {
        expectClose(await executor.read(graph.state(name).node), value, graph.state(name).node.dtype === 'f32' ? 1e-5 : 1e-2); // prettier-ignore
        states.set(name, value);
      }
    }
    return plan;
  } finally {
    executor.dispose();
  }
}

const labels = (plan: Plan) => plan.kernels.map(({ label }) => label.trim());
const CACHE = [1, 3, 64, 8];

describe('a state that is overwritten in part', () => {
  test('takes one kernel over what is written, without copies or intermediate tensors', async () => {
    const graph = graphOf(({ g }, leaf) => ({
      updates: { s: g.writeAt(leaf('s', CACHE), leaf('x', [1, 3, 1, 8]), leaf('at', [], 'i32'), 2) },
    }));
    const plan = await compareSteps(graph);
    expect(labels(plan)).toEqual(['map writeAt']);
    expect([...plan.kernels[0]!.workgroups]).toEqual([1, 1, 1]);
    expect(plan.copies).toEqual([]);
    expect(plan.bytesWithoutReuse).toBe(0);
  });

  test.each([
    { axis: 0, shape: [5, 8], values: [2, 8] },
    { axis: 1, shape: [5, 8], values: [5, 3] },
    { axis: 1, shape: [3, 16], values: [3, 4] },
    { axis: -1, shape: [7], values: [2] },
    { axis: 1, shape: [2, 9, 3], values: [2, 4, 3] },
    { axis: 0, shape: [4, 3], values: [4, 3] },
    { axis: 1, shape: [3, 1, 4], values: [3, 1, 4] },
    { axis: 2, shape: [1, 3, 6, 8], values: [1, 3, 2, 8] },
    { axis: 0, shape: [5, 4], values: [0, 4] },
  ])(
    'axis $axis of $shape by $values, also in part outside',
    async ({ axis, shape, values }) => {
      const size = shape.at(axis)!;
      for (const first of [-2, 0, size - 2]) {
        for (const dtype of ['f32', 'f16', 'bf16', 'i32'] as const) {
          const graph = graphOf(({ g }, leaf) => {
            const x = g.cast(g.mul(leaf('x', values), g.scalar(8, leaf('x', values))), dtype);
            return { updates: { s: g.writeAt(leaf('s', shape, dtype), x, leaf('at', [], 'i32'), axis) } };
          });
          const plan = await compareSteps(graph, {}, first);
          expect(plan.copies).toEqual([]);
          expect(labels(plan).at(-1)).toContain('writeAt');
        }
      }
    },
    30_000,
  );

  test('is written by the kernel that computes the values: maps, a reduction, a product', async () => {
    const graph = graphOf(({ g }, leaf) => {
      const [x, at] = [leaf('x', [1, 24]), leaf('at', [], 'i32')];
      const heads = (y: Node) => g.permute(g.reshape(y, [1, 1, 3, 8]), [0, 2, 1, 3]);
      const product = heads(g.matmul(x, g.transpose(leaf('w', [24, 24]))));
      return {
        updates: {
          sa: g.writeAt(leaf('sa', CACHE), g.add(g.exp(product), g.scalar(1, x)), at, 2),
          sb: g.writeAt(leaf('sb', CACHE), heads(g.softmax(x)), at, 2),
          sc: g.writeAt(leaf('sc', [40]), g.sum(x, { axes: 1 }), at, 0),
        },
      };
    });
    for (const software of [true, false]) {
      const plan = await compareSteps(graph, { software });
      expect(labels(plan).every((label) => label.includes('writeAt'))).toBe(true);
      expect(plan.copies).toEqual([]);
    }
  });

  test('readers of the new value come after it, readers of the old one before', async () => {
    const graph = graphOf(({ g }, leaf) => {
      const s = leaf('s', CACHE);
      const next = g.writeAt(s, leaf('x', [1, 3, 1, 8]), leaf('at', [], 'i32'), 2);
      return {
        outputs: { after: g.matmul(next, g.transpose(next)), before: g.sum(g.square(s), { axes: 2 }), next },
        updates: { s: next },
      };
    });
    const plan = await compareSteps(graph);
    expect(labels(plan)).toEqual(['reduction square sum', 'map writeAt', expect.stringContaining('matmul')]);
  });

  test('once after the other', async () => {
    const graph = graphOf(({ g }, leaf) => {
      const at = leaf('at', [], 'i32');
      const first = g.writeAt(leaf('s', CACHE), leaf('x', [1, 3, 2, 8]), at, 2);
      const second = g.writeAt(first, leaf('y', [1, 3, 1, 8]), g.add(at, g.scalar(1, at)), 2);
      return { outputs: { between: g.sum(first), after: g.sum(second) }, updates: { s: second } };
    });
    const plan = await compareSteps(graph);
    expect(plan.copies).toEqual([]);
    expect(labels(plan).filter((label) => label.includes('writeAt'))).toHaveLength(2);
    expect(Math.max(...plan.kernels.map(({ workgroups }) => workgroups[0]))).toBeLessThan(20);
  });
});

test('layers that are alike write their own caches by the same kernels', async () => {
  const graph = graphOf(({ g }, leaf) => {
    const at = leaf('at', [], 'i32');
    const updates: Record<string, Node> = {};
    let x = leaf('x', [1, 8]);
    for (const layer of ['sa', 'sb', 'sc']) {
      const next = g.writeAt(leaf(layer, [1, 16, 8]), g.reshape(g.tanh(x), [1, 1, 8]), at, 1);
      updates[layer] = next;
      const scores = g.softmax(g.matmul(x, g.transpose(g.squeeze(next, 0))));
      x = g.matmul(scores, g.squeeze(next, 0));
    }
    return { outputs: { x }, updates };
  });
  const plan = await compareSteps(graph);
  expect(plan.copies).toEqual([]);
  const texts = new Set(plan.kernels.map(({ wgsl }) => wgsl(() => false)));
  expect(plan.kernels.length - texts.size).toBeGreaterThanOrEqual(4);
});

describe('the whole is written as before', () => {
  const isWhole = (plan: Plan) => labels(plan).every((label) => !label.includes('writeAt'));

  test('where the state keeps its value, or gets another one', async () => {
    const graph = graphOf(({ g }, leaf) => {
      const [s, t, at] = [leaf('s', [6, 4]), leaf('st', [6, 4]), leaf('at', [], 'i32')];
      const written = g.writeAt(s, leaf('x', [2, 4]), at, 0);
      return { outputs: { written }, updates: { st: g.add(g.writeAt(t, leaf('y', [1, 4]), at, 0), t) } };
    });
    expect(isWhole(await compareSteps(graph))).toBe(true);
  });

  test('where the new value goes to another state', async () => {
    const graph = graphOf(({ g }, leaf) => ({
      updates: { st: g.writeAt(leaf('s', [6, 4]), leaf('x', [2, 4]), leaf('at', [], 'i32'), 0), s: g.neg(leaf('st', [6, 4])) },
    })); // prettier-ignore
    expect(isWhole(await compareSteps(graph))).toBe(true);
  });

  test('where what is written comes from other places of the state itself', async () => {
    const shifted = graphOf(({ g }, leaf) => {
      const s = leaf('s', [6, 4]);
      return { updates: { s: g.writeAt(s, g.flip(s, { axes: 0 }), leaf('at', [], 'i32'), 0) } };
    });
    expect(isWhole(await compareSteps(shifted))).toBe(true);
    const recomputed = graphOf(({ g }, leaf) => {
      const s = leaf('s', [6, 4]);
      const cheap = g.neg(s);
      const values = g.slice(cheap, 0, { start: 3, stop: 5 });
      return {
        outputs: { cheap: g.sum(cheap) },
        updates: { s: g.writeAt(s, g.add(values, leaf('x', [2, 4])), leaf('at', [], 'i32'), 0) },
      };
    });
    expect(isWhole(await compareSteps(recomputed))).toBe(true);
  });

  test('where one kernel would have to read the old value and the new one', async () => {
    const graph = graphOf(({ g }, leaf) => {
      const s = leaf('s', [6, 4]);
      const next = g.writeAt(s, leaf('x', [2, 4]), leaf('at', [], 'i32'), 0);
      return { outputs: { difference: g.sub(next, s) }, updates: { s: next } };
    });
    expect(isWhole(await compareSteps(graph))).toBe(true);
  });
});

test('two states of one new value: one of them is copied', async () => {
  const graph = graphOf(({ g }, leaf) => {
    const next = g.writeAt(leaf('s', [6, 4]), leaf('x', [2, 4]), leaf('at', [], 'i32'), 0);
    return { outputs: { old: g.sum(leaf('st', [6, 4])) }, updates: { s: next, st: next } };
  });
  const plan = await compareSteps(graph);
  expect(plan.copies.map(({ to }) => leafName(to))).toEqual(['st']);
});

test('rewriting keeps it', async () => {
  const graph = graphOf(({ g }, leaf) => {
    const x = g.mul(leaf('x', [1, 3, 1, 8]), g.scalar(1, leaf('x', [1, 3, 1, 8])));
    return { updates: { s: g.writeAt(leaf('s', CACHE), x, leaf('at', [], 'i32'), 2) } };
  });
  const { graph: rewritten } = await optimize(graph, discreteRates);
  expect(labels(planGraph(rewritten, limits))).toEqual(['map writeAt']);
});

test('written out it has the same values', () => {
  const graph = graphOf(({ g }, leaf) => ({
    updates: { s: g.writeAt(leaf('s', [3, 6]), leaf('x', [3, 4]), leaf('at', [], 'i32'), 1) },
  }));
  for (let at = -6; at <= 8; at++) {
    const values = { s: sampleValues(18), x: sampleValues(12, 2), at: [at] };
    expect(interpret(expandComposites(graph), values)).toEqual(interpret(graph, values));
  }
});
