import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { Builder } from '../../lib/ir/generated/builder.js';
import { Graph, leafName, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { typedArray } from '../../lib/ir/typed-array.js';
import { expectClose, sampleValues } from '../values.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

/** Views on views, whose indices the kernels compute: each as it is, behind maps, before reductions, in products. */
const cases: Record<string, { shape: number[]; view: (g: Builder<Node>, x: Node) => Node }> = {
  'slice with a step along the lanes': { shape: [3, 33], view: (g, x) => g.slice(x, 1, { start: 5, step: 7 }) },
  'flip of the lanes': { shape: [3, 8], view: (g, x) => g.flip(x) },
  'flip of a reshape': { shape: [4, 6], view: (g, x) => g.reshape(g.flip(x, { axes: 1 }), [8, 3]) },
  'padding on both sides': { shape: [3, 6], view: (g, x) => g.padAxis(x, 1, { low: 1, high: 1, value: 1.5 }) },
  'padding in between': { shape: [3, 5], view: (g, x) => g.padAxis(x, 0, { low: 2, high: 1, interior: 2 }) },
  'taking away': { shape: [4, 6], view: (g, x) => g.padAxis(x, -1, { low: -1, high: 3, interior: 1 }) },
  'padding of padding': {
    shape: [3, 4],
    view: (g, x) => g.padAxis(g.padAxis(x, 1, { low: 2, value: 3 }), 1, { low: -1, high: 3, value: -7 }),
  },
  'a padded reshape': { shape: [4, 6], view: (g, x) => g.reshape(g.padAxis(x, 1, { high: 2 }), [2, 16]) },
  'a reshape of padding, permuted': {
    shape: [2, 3, 4],
    view: (g, x) => g.permute(g.padAxis(g.reshape(x, [4, 6]), 0, { low: 1, high: 3 }), [1, 0]),
  },
  'padding of nothing, reshaped': {
    shape: [0, 5],
    view: (g, x) => g.padAxis(g.reshape(x, [3, 0]), 1, { high: 4, value: 2 }),
  },
  'windows with padding': {
    shape: [2, 9],
    view: (g, x) =>
      g.slide(g.broadcastTo(g.unsqueeze(x, -1), [2, 9, 3]), 1, 2, 8, { stride: 2, dilation: 1, start: -1 }),
  },
  'windows put back': { shape: [2, 4, 3], view: (g, x) => g.unslide(x, 1, 2, 9, { stride: 2, start: -1 }) },
  'windows put back with dilation': {
    shape: [5, 4],
    view: (g, x) => g.unslide(x, 0, 1, 12, { stride: 1, dilation: 3, start: -2 }),
  },
};

describe('views that compute indices', () => {
  test.each(Object.entries(cases))('%s', async (_, { shape, view }) => {
    for (const software of [true, false]) {
      const builder = new GraphBuilder();
      const { g } = builder;
      const x = builder.leaf('input', 'x', shape, 'f32');
      const y = view(g, x);
      const w = builder.leaf('input', 'w', [y.shape.at(-1)!, 8], 'f32');
      const amid = g.mul(view(g, g.tanh(x)), g.scalar(2, x));
      const outputs = { plain: g.neg(y), amid, sum: g.sum(amid, { axes: -1 }), product: g.matmul(y, w) };
      const graph = new Graph({ inputs: new Map([['x', x], ['w', w]]), outputs: new Map(Object.entries(outputs)) }); // prettier-ignore
      const plan = planGraph(graph, { ...planLimits(device), software });
      const executor = await Executor.create(device, plan, new StateStore(device));
      const values: Record<string, Float64Array> = {};
      for (const leaf of [x, w]) {
        const data = sampleValues(leaf.shape.reduce((a, b) => a * b, 1), leaf.shape.length); // prettier-ignore
        values[leafName(leaf)] = Float64Array.from(Float32Array.from(data));
        executor.write(leaf, toStorage(leafName(leaf), leaf, typedArray('f32', data)));
      }
      executor.step();
      const expected = interpret(graph, values).outputs;
      for (const [name, node] of executor.plan.graph.outputs) {
        const actual = await executor.read(node);
        expectClose(actual, expected.get(name)!, 1e-6);
      }
      executor.dispose();
    }
  });

  test('gathers along each dimension, also by an index that varies with the lanes, and NaN outside', async () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const x = builder.leaf('input', 'x', [5, 8], 'f32');
    const index = builder.leaf('input', 'index', [3, 8], 'i32');
    const rows = builder.leaf('input', 'rows', [4], 'i32');
    const outputs = {
      down: g.gather(x, index, 0),
      through: g.gather(g.transpose(g.tanh(x)), g.transpose(index), 1),
      embedded: g.mul(g.embedding(rows, x), g.scalar(2, x)),
    };
    const graph = new Graph({
      inputs: new Map([x, index, rows].map((leaf) => [leafName(leaf), leaf])),
      outputs: new Map(Object.entries(outputs)),
    });
    const executor = await Executor.create(device, planGraph(graph, planLimits(device)), new StateStore(device));
    const values = {
      x: Float64Array.from({ length: 40 }, (_, i) => Math.fround(i / 10)),
      index: Float64Array.from({ length: 24 }, (_, i) => (i * 7) % 5),
      rows: Float64Array.of(4, 0, -1, 5),
    };
    for (const leaf of [x, index, rows]) {
      executor.write(leaf, toStorage('', leaf, typedArray(leaf.dtype, values[leafName(leaf) as keyof typeof values])));
    }
    executor.step();
    const expected = interpret(graph, values).outputs;
    for (const [name, node] of executor.plan.graph.outputs) {
      const actual = await executor.read(node);
      expectClose(actual, expected.get(name)!, 1e-6);
    }
    expect(Array.from(expected.get('embedded')!.slice(16))).toEqual(new Array(16).fill(NaN));
    executor.dispose();
  });
});
