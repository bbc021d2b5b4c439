import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

type Roots = { outputs: Record<string, Node>; updates?: Record<string, Node> };

/** One step over a state `s` of `shape`, on the device and interpreted. */
async function compare(shape: Shape, software: boolean, write: (g: Builder<Node>, s: Node) => Roots, scale = 1) {
  const builder = new GraphBuilder();
  const s = builder.leaf('parameter', 's', shape, 'f32');
  const { outputs, updates = {} } = write(builder.g, s);
  const values = { s: Float32Array.from(sampleValues(elementCount(shape), 3), (value) => value * scale) };
  const graph = new Graph({
    parameters: new Map([['s', { node: s, initial: () => values.s }]]),
    outputs: new Map(Object.entries(outputs)),
    updates: new Map(Object.entries(updates)),
  });
  const plan = planGraph(graph, { ...planLimits(device), software });
  const executor = await Executor.create(device, plan, new StateStore(device));
  try {
    executor.write(s, toStorage('s', s, values.s));
    executor.step();
    const expected = interpret(graph, values);
    for (const [name, node] of plan.graph.outputs) {
      expectClose(await executor.read(node), expected.outputs.get(name)!, 1e-5);
    }
    for (const [name, data] of expected.updates) {
      expectClose(await executor.read(graph.state(name).node), data, 1e-5);
    }
    return plan;
  } finally {
    executor.dispose();
  }
}

describe.each([{ software: true }, { software: false }])(
  'what once came out wrong, software: $software',
  ({ software }) => {
    test('an update in place beside a softmax that reads the old values in three loops', async () => {
      const plan = await compare([4, 64], software, (g, s) => {
        const h = g.tanh(s);
        return { outputs: { y: g.softmax(h) }, updates: { s: g.sub(s, g.mul(h, g.scalar(0.5, s))) } };
      });
      expect(plan.kernels).toHaveLength(1);
      expect(plan.copies).toEqual([]);
    });

    test('two values of kept dimensions, one of them overwriting what the other reads', async () => {
      await compare([64], software, (g, s) => {
        const total = g.sum(g.broadcastTo(g.unsqueeze(s, 0), [40, 64]), { axes: 0 });
        return { outputs: { y: g.add(total, s) }, updates: { s: g.mul(total, g.scalar(0.5, s)) } };
      });
    });

    test('reductions of a scalar', async () => {
      await compare([], software, (g, s) => ({ outputs: { y: g.exp(g.max(s)), z: g.sum(s) } }));
    });

    test('tanh far from zero and near it', async () => {
      await compare([64], software, (g, s) => ({ outputs: { y: g.tanh(s) } }), 500);
      await compare([64], software, (g, s) => ({ outputs: { y: g.div(g.tanh(s), s) } }), 1e-4);
    });

    test('so many operations in one kernel that names reach f32', async () => {
      await compare([4, 8], software, (g, s) => ({
        outputs: { y: [1, 2, 3, 4].reduce((x) => g.tanh(g.softmax(g.sigmoid(x))), s) },
      }));
    });
  },
);
