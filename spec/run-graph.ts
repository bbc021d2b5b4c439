import type { Device } from '../lib/backend/device/device.js';
import { Executor, planLimits } from '../lib/backend/execution/executor.js';
import { toStorage } from '../lib/backend/execution/feed.js';
import { StateStore } from '../lib/backend/execution/state.js';
import { planGraph, type PlanLimits } from '../lib/backend/planning/plan.js';
import { Graph, leafName, type Node } from '../lib/ir/graph.js';
import { typedArray } from '../lib/ir/typed-array.js';

/** One step on the device, without rewriting: outputs by name, given the values of inputs. */
export async function runGraph(
  device: Device,
  inputs: ReadonlyMap<Node, ArrayLike<number>>,
  outputs: Readonly<Record<string, Node>>,
  changes: Partial<PlanLimits> = {},
): Promise<Map<string, number[]>> {
  const graph = new Graph({
    inputs: new Map([...inputs.keys()].map((node) => [leafName(node), node])),
    outputs: new Map(Object.entries(outputs)),
  });
  const plan = planGraph(graph, { ...planLimits(device), ...changes });
  const executor = await Executor.create(device, plan, new StateStore(device));
  try {
    for (const [node, values] of inputs) {
      const used = plan.graph.inputs.get(leafName(node));
      if (used) executor.write(used, toStorage(leafName(node), node, typedArray(node.dtype, values)));
    }
    executor.step();
    const results = new Map<string, number[]>();
    for (const [name, node] of plan.graph.outputs) results.set(name, Array.from(await executor.read(node), Number));
    return results;
  } finally {
    executor.dispose();
  }
}
