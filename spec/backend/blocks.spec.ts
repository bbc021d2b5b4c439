import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { input } from '../../lib/dsl/input.js';
import { mseLoss } from '../../lib/dsl/generated/ops.js';
import { trace } from '../../lib/dsl/trace.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount } from '../../lib/ir/shape.js';
import { TransformerBlock, type TransformerBlockOptions } from '../../lib/layers/transformer-block.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { expectClose, sampleValues } from '../values.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

const llama: TransformerBlockOptions = {
  norm: 'rms',
  feedForward: 'swiglu',
  hidden: 40,
  keyValueHeads: 1,
  causal: true,
  bias: false,
};

test.each([
  { name: 'of Llama', options: llama, tokens: 9, dispatches: 8 },
  { name: 'of Llama, one token', options: llama, tokens: 1, dispatches: 8 },
  { name: 'of GPT', options: { causal: true }, tokens: 12, dispatches: 10 },
])('a block $name as a GPU runs it', async ({ options, tokens, dispatches }) => {
  const block = new TransformerBlock(32, 2, options);
  const shape = [2, tokens, 32] as const;
  const traced = trace(block, { x: input(shape), target: input(shape) }, ({ x, target }) => {
    const y = block.forward(x);
    return { y, loss: mseLoss(y, target) };
  });
  // Kernels for a few rows are tried on the forward pass.
  const trained = tokens > 1 ? [trainingGraph(traced, { loss: 'loss', gradients: true })] : [];
  for (const graph of [traced, ...trained]) {
    const { graph: rewritten } = await optimize(graph, discreteRates);
    const plan = planGraph(rewritten, { ...planLimits(device), software: false });
    if (graph === traced) expect(plan.kernels.length).toBeLessThanOrEqual(dispatches);
    const leaves = [...graph.inputs, ...[...graph.parameters].map(([name, { node }]) => [name, node] as const)];
    const values = Object.fromEntries(
      leaves.map(([name, node], i) => [name, Float32Array.from(sampleValues(elementCount(node.shape), i + 1))]),
    );
    const executor = await Executor.create(device, plan, new StateStore(device));
    try {
      for (const [name, node] of leaves) executor.write(node, toStorage(name, node, values[name]!));
      executor.step();
      for (const [name, expected] of interpret(graph, values).outputs) {
        expectClose(await executor.read(plan.graph.outputs.get(name)!), expected, 1e-4);
      }
    } finally {
      executor.dispose();
    }
  }
});
