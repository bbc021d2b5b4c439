import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { planGraph, type PlanLimits } from '../../lib/backend/planning/plan.js';
import { isFloat } from '../../lib/ir/dtype.js';
import type { Graph, Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { printGraph } from '../../lib/ir/print.js';
import { typedArray } from '../../lib/ir/typed-array.js';
import { verify } from '../../lib/ir/verify.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { worstError } from '../values.js';
import { randomGraph } from './random-graph.js';

/** `FUZZ=2000 npx jest spec/fuzz` tries more, `FUZZ_FROM=17 FUZZ=1` one again. */
const COUNT = Number(process.env['FUZZ'] ?? 30);
const FROM = Number(process.env['FUZZ_FROM'] ?? 1);
/** Sums of some hundred products of f32; |a − b| ≤ tolerance · (1 + |b|). */
const TOLERANCE = 2e-4;
/** What f32 and f64 can no longer agree on. */
const LARGEST = 1e4;

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

async function onDevice(
  graph: Graph,
  values: Record<string, Float64Array>,
  changes: Partial<PlanLimits> = {},
): Promise<Map<string, ArrayLike<number>>> {
  const plan = planGraph(graph, { ...planLimits(device), ...changes });
  const executor = await Executor.create(device, plan, new StateStore(device));
  try {
    const leaves = [...graph.inputs, ...[...graph.parameters].map(([name, { node }]): [string, Node] => [name, node])];
    for (const [name, leaf] of leaves) {
      executor.write(leaf, toStorage(name, leaf, typedArray(leaf.dtype, values[name]!)));
    }
    executor.step();
    const results = new Map<string, ArrayLike<number>>();
    for (const [name, node] of executor.plan.graph.outputs) results.set(name, await executor.read(node));
    for (const name of graph.updates.keys()) results.set(`${name}'`, await executor.read(graph.state(name).node));
    return results;
  } finally {
    executor.dispose();
  }
}

test.each(Array.from({ length: COUNT }, (_, i) => FROM + i))('seed %d', async (seed) => {
  const { graph, values } = randomGraph(seed);
  verify(graph);
  const { outputs, updates } = interpret(graph, values);
  const expected = new Map([...outputs, ...[...updates].map(([name, data]) => [`${name}'`, data] as const)]);
  const { graph: rewritten } = await optimize(graph, discreteRates);
  verify(rewritten);
  const results = {
    'as traced': await onDevice(graph, values),
    rewritten: await onDevice(rewritten, values),
    'by workgroups': await onDevice(graph, values, { software: false }),
    'rewritten, interpreted': new Map([
      ...interpret(rewritten, values).outputs,
      ...[...interpret(rewritten, values).updates].map(([name, data]) => [`${name}'`, data] as const),
    ]),
  };
  for (const [how, actual] of Object.entries(results)) {
    for (const [name, reference] of expected) {
      if (reference.some((value) => !Number.isFinite(value) || Math.abs(value) > LARGEST)) continue;
      const { error, index } = worstError(actual.get(name)!, reference);
      const node = graph.outputs.get(name);
      const tolerance = node && !isFloat(node.dtype) ? 0 : TOLERANCE;
      if (error > tolerance) {
        const detail = `${actual.get(name)![index]} against ${reference[index]} at ${index}`;
        throw new Error(`seed ${seed}, ${how}, ${name}: ${detail}\n${printGraph(graph)}`);
      }
    }
  }
  expect(graph.outputs.size).toBeGreaterThan(0);
});
