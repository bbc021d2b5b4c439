import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import type { Builder } from '../../lib/ir/generated/builder.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import { expectClose, sampleValues } from '../values.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

/** How [m, k] and [k, n] may lie in memory, and the views that make operands of what lies there. */
interface Layout {
  readonly name: string;
  readonly a: (m: number, k: number) => Shape;
  readonly b: (k: number, n: number) => Shape;
  readonly product: (g: Builder<Node>, a: Node, b: Node) => Node;
}

const layouts: Layout[] = [
  { name: 'a b', a: (m, k) => [m, k], b: (k, n) => [k, n], product: (g, a, b) => g.matmul(a, b) },
  { name: 'a′ b', a: (m, k) => [k, m], b: (k, n) => [k, n], product: (g, a, b) => g.matmul(g.transpose(a), b) },
  { name: 'a b′', a: (m, k) => [m, k], b: (k, n) => [n, k], product: (g, a, b) => g.matmul(a, g.transpose(b)) },
  {
    name: 'a′ b′',
    a: (m, k) => [k, m],
    b: (k, n) => [n, k],
    product: (g, a, b) => g.matmul(g.transpose(a), g.transpose(b)),
  },
  {
    name: 'batches between the dimensions, as attention heads lie',
    a: (m, k) => [m, 2, k],
    b: (k, n) => [n, 2, k],
    product: (g, a, b) => g.matmul(g.permute(a, [1, 0, 2]), g.permute(b, [1, 2, 0])),
  },
  {
    name: 'a row repeated by broadcasting',
    a: (_, k) => [1, k],
    b: (k, n) => [k, n],
    product: (g, a, b) => g.matmul(g.broadcastTo(a, [36, a.shape[1]!]), b),
  },
];

/** Together tiles enough for a GPU's large ones. */
const LARGE = [650, 20, 1040] as const;
const sizes = [
  [64, 32, 64],
  [36, 20, 40],
  [37, 19, 33],
  [5, 7, 3],
  [128, 64, 8],
  [1, 64, 100],
  [1, 576, 12],
  [3, 64, 520],
  [8, 20, 36],
  [2, 40, 7],
  [1, 3000, 4],
  [9, 50, 21],
] as const;

describe.each([{ software: true }, { software: false }])('products, software adapter: $software', (changes) => {
  describe.each(layouts)('$name', ({ name: layout, a, b, product }) => {
    test.each(layout === 'a b′' ? [...sizes, LARGE] : sizes)('%d × %d × %d', async (m, k, n) => {
      const builder = new GraphBuilder();
      const inputs = new Map(
        Object.entries({ a: a(m, k), b: b(k, n) }).map(([name, shape]) => [
          name,
          builder.leaf('input', name, shape, 'f32'),
        ]),
      );
      const y = product(builder.g, inputs.get('a')!, inputs.get('b')!);
      const graph = new Graph({ inputs, outputs: new Map([['y', builder.g.relu(y)]]) });
      const values = Object.fromEntries(
        [...inputs].map(([name, { shape }], i) => [name, Float32Array.from(sampleValues(elementCount(shape), i + 3))]),
      );
      const plan = planGraph(graph, { ...planLimits(device), ...changes });
      const executor = await Executor.create(device, plan, new StateStore(device));
      try {
        for (const [name, input] of inputs) executor.write(input, toStorage(name, input, values[name]!));
        executor.step();
        const actual = await executor.read(plan.graph.outputs.get('y')!);
        expectClose(actual, interpret(graph, values).outputs.get('y')!, 1e-5);
      } finally {
        executor.dispose();
      }
    });
  });
});
