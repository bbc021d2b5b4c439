import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDevice } from '../../lib/backend/device/open.js';
import type { Device } from '../../lib/backend/device/device.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage } from '../../lib/backend/execution/feed.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { isFloat } from '../../lib/ir/dtype.js';
import { Graph, leafName } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { typedArray } from '../../lib/ir/typed-array.js';
import { opCases } from '../op-cases/index.js';
import { caseLeaves, caseValues, describeCase } from '../op-harness.js';
import { expectClose } from '../values.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

/** Kernels for a GPU run on the software adapter as well, only slower. */
const profiles = [
  { kernels: 'as the adapter wants them', changes: {} },
  { kernels: 'with workgroup memory', changes: { software: false } },
];

describe.each(profiles)('kernels $kernels against the interpreter, each operation in mid-graph', ({ changes }) => {
  for (const [name, cases] of Object.entries(opCases)) {
    test.each(cases.map((entry) => [describeCase(entry), entry] as const))(`${name} %s`, async (_, entry) => {
      const builder = new GraphBuilder();
      const { g } = builder;
      const leaves = caseLeaves(builder, entry);
      const values = caseValues(entry, leaves);
      const alone = builder.add(name, leaves, entry.attrs ?? {});
      const before = leaves.map((leaf) => (isFloat(leaf.dtype) ? g.mul(leaf, g.scalar(1.25, leaf)) : leaf));
      const amid = g.cast(builder.add(name, before, entry.attrs ?? {}), 'f32');
      const after = g.add(g.mul(amid, amid), g.scalar(0.5, amid));
      const graph = new Graph({
        inputs: new Map(leaves.map((leaf) => [leafName(leaf), leaf])),
        outputs: new Map([
          ['alone', alone],
          ['after', after],
        ]),
      });
      const executor = await Executor.create(
        device,
        planGraph(graph, { ...planLimits(device), ...changes }),
        new StateStore(device),
      );
      try {
        for (const leaf of leaves) {
          const data = typedArray(leaf.dtype, values.get(leafName(leaf))!);
          executor.write(leaf, toStorage(leafName(leaf), leaf, data));
        }
        executor.step();
        const expected = interpret(graph, Object.fromEntries(values)).outputs;
        for (const [output, node] of executor.plan.graph.outputs) {
          const actual = await executor.read(node);
          const reference = expected.get(output)!;
          if (isFloat(node.dtype)) expectClose(actual, reference, 1e-5);
          else expect(Array.from(actual)).toEqual(Array.from(reference));
        }
      } finally {
        executor.dispose();
      }
    });
  }
});
