import { expect, test } from '@jest/globals';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph, storageBytes } from '../../lib/backend/planning/plan.js';
import { isLeaf, type Node } from '../../lib/ir/graph.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { workloads } from '../../lib/zoo/workloads/index.js';

/** Fragmentation: what the buffers may take beyond the tensors that are alive at the worst moment. */
const MOST = 1.1;

const trained = process.env['TEST_SHAPES'] ? workloads : workloads.filter(({ name }) => ['sd-unet', 'whisper'].includes(name)); // prettier-ignore

test.each(trained)('$name, trained at full size, takes little more than what is alive at once', ({ trace }) => {
  const graph = trainingGraph(trace(), { loss: 'loss', gradients: true });
  const {
    kernels,
    memory,
    storage,
    graph: planned,
    bytesWithoutReuse,
  } = planGraph(graph, adapterProfiles.discrete.limits);
  const returned = new Set([...planned.outputs.values()].map(storage));
  const spans = new Map<Node, [first: number, last: number]>();
  kernels.forEach(({ bindings }, position) => {
    for (const { tensor } of bindings) {
      if (!isLeaf(tensor) && !returned.has(tensor)) spans.set(tensor, [spans.get(tensor)?.[0] ?? position, position]);
    }
  });
  const alive = kernels.map(() => 0);
  for (const [tensor, [first, last]] of spans) {
    for (let position = first; position <= last; position++) alive[position]! += storageBytes(tensor);
  }
  const buffers = memory.arenas.reduce((sum, size) => sum + size, 0);
  expect(buffers).toBeGreaterThanOrEqual(Math.max(...alive));
  expect(buffers).toBeLessThanOrEqual(Math.max(...alive) * MOST);
  expect(buffers).toBeLessThan(bytesWithoutReuse);
});
