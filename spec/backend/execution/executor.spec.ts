import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Device } from '../../../lib/backend/device/device.js';
import { DeviceLimitError } from '../../../lib/backend/device/errors.js';
import { openDevice } from '../../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../../lib/backend/execution/executor.js';
import { StateStore } from '../../../lib/backend/execution/state.js';
import { planGraph } from '../../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { ShapeError } from '../../../lib/ir/errors.js';
import { Graph, leafName, type Node, type State } from '../../../lib/ir/graph.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => device.dispose());

const create = (graph: Graph) => Executor.create(device, planGraph(graph, planLimits(device)), new StateStore(device));

/** A graph over one parameter [6] that starts from `initial`. */
function over(initial: () => ArrayLike<number>, outputs: (builder: GraphBuilder, x: Node) => Record<string, Node>) {
  const builder = new GraphBuilder();
  const node = builder.leaf('parameter', 'x', [6], 'f32');
  const state: State = { node, initial };
  return new Graph({
    parameters: new Map([[leafName(node), state]]),
    outputs: new Map(Object.entries(outputs(builder, node))),
  });
}

test('tensors of 16-bit floats keep all their elements', async () => {
  const values = [1, 2, 3, 4, 5, 6];
  const graph = over(
    () => values,
    ({ g }, x) => {
      const half = g.cast(x, 'f16');
      return { half, total: g.sum(g.cast(half, 'f32')) };
    },
  );
  const executor = await create(graph);
  executor.step();
  const { outputs } = executor.plan.graph;
  expect(Array.from(await executor.read(outputs.get('half')!))).toEqual(values);
  expect(Array.from(await executor.read(outputs.get('total')!))).toEqual([21]);
  await device.settled();
  executor.dispose();
});

test('what was allocated before a failure is destroyed, also with initial values that do not fit', async () => {
  const createBuffer = jest.spyOn(device.gpu, 'createBuffer');
  const graph = over(
    () => [1, 2],
    ({ g }, x) => ({ y: g.exp(x) }),
  );
  await expect(create(graph)).rejects.toThrow(ShapeError);
  const buffers = createBuffer.mock.results.map(({ value }) => value as GPUBuffer);
  // A buffer that is still mapped was not destroyed.
  expect(buffers.map(({ mapState }) => mapState)).toEqual(buffers.map(() => 'unmapped'));
});

test('a record above the limits is refused, and the steps go on', async () => {
  const graph = over(
    () => new Float32Array(6).fill(1),
    ({ g }, x) => ({ y: g.add(x, x) }),
  );
  const executor = await create(graph);
  const y = executor.plan.graph.outputs.get('y')!;
  executor.record(y, 2);
  expect(() => executor.record(y, 2 ** 40)).toThrow(DeviceLimitError);
  expect(() => executor.record(y, 2 ** 40)).toThrow('a record of 1099511627776 steps of');
  executor.step();
  expect(await executor.readRecord(y)).toEqual([new Float32Array(6).fill(2)]);
  executor.dispose();
});
