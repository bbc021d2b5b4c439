import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { AttributeValue, Node } from '../../lib/ir/graph.js';
import { Graph, leafName } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import { runGraph } from '../run-graph.js';
import { expectClose, sampleValues } from '../values.js';
import { limits } from './limits.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

type Attrs = Readonly<Record<string, AttributeValue>>;

/** Sizes above those from which products go by tiles in workgroup memory, that divide by tiles and that do not. */
const cases: readonly (readonly [op: 'conv2d' | 'convTranspose2d', x: Shape, weight: Shape, attrs: Attrs])[] = [
  ['conv2d', [2, 33, 9, 7], [34, 33, 3, 3], { padding: 1 }],
  ['conv2d', [1, 32, 8, 8], [64, 32, 3, 3], { padding: 1 }],
  ['conv2d', [1, 40, 13, 11], [32, 40, 3, 2], { stride: 2, padding: [1, 0] }],
  ['conv2d', [1, 64, 8, 6], [64, 32, 3, 3], { groups: 2, dilation: 2, padding: 2 }],
  ['conv2d', [2, 36, 6, 6], [36, 36, 1, 1], {}],
  ['convTranspose2d', [1, 33, 6, 7], [33, 32, 4, 4], { stride: 2, padding: 1 }],
];

describe.each([{ software: true }, { software: false }])('software adapter: $software', (changes) => {
  test.each(cases)('%s %j %j %j, with gradients', async (op, x, weight, attrs) => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const leaves = Object.entries({ x, weight }).map(([name, shape]) => builder.leaf('input', name, shape, 'f32'));
    const y = builder.add(op, leaves, attrs);
    const up = builder.leaf('input', 'up', y.shape, 'f32');
    const [dx, dw] = gradients(builder, g.sum(g.mul(y, up)), leaves);
    const outputs = { y, dx: dx!, dw: dw! };
    const values = new Map<Node, Float32Array>(
      [...leaves, up].map((leaf, i) => [leaf, Float32Array.from(sampleValues(elementCount(leaf.shape), i + 1))]),
    );
    const actual = await runGraph(device, values, outputs, changes);
    const graph = new Graph({
      inputs: new Map([...values.keys()].map((leaf) => [leafName(leaf), leaf])),
      outputs: new Map(Object.entries(outputs)),
    });
    const named = Object.fromEntries([...values].map(([leaf, data]) => [leafName(leaf), data]));
    for (const [name, expected] of interpret(graph, named).outputs) expectClose(actual.get(name)!, expected, 1e-5);
  });
});

test('the inner loops of a convolution and its gradients know indices without quotients', () => {
  const builder = new GraphBuilder();
  const { g } = builder;
  const x = builder.leaf('input', 'x', [2, 16, 16, 16], 'f32');
  const weight = builder.leaf('input', 'weight', [16, 16, 3, 3], 'f32');
  const y = g.conv2d(x, weight, { padding: 1 });
  const up = builder.leaf('input', 'up', y.shape, 'f32');
  const [dx, dw] = gradients(builder, g.sum(g.mul(y, up)), [x, weight]);
  const inputs = new Map([x, weight, up].map((leaf) => [leafName(leaf), leaf]));
  const graph = new Graph({ inputs, outputs: new Map(Object.entries({ y, dx: dx!, dw: dw! })) });
  // What is no product has no accumulators of rows and columns.
  const parts = planGraph(graph, { ...limits, software: true })
    .kernels.flatMap(({ program }) => program.parts)
    .filter(({ body }) => body.some((line) => line.includes('c0_0')));
  expect(parts.length).toBe(3);
  for (const { body } of parts) {
    const loop = body.findIndex((line) => line.includes('for ('));
    const end = body.findIndex((line, i) => i > loop && line.startsWith('  }'));
    expect(body.slice(loop, end).filter((line) => / [/%] /.test(line))).toEqual([]);
  }
});
