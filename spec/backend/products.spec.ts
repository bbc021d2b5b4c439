import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { planLimits } from '../../lib/backend/execution/executor.js';
import type { KernelProfile } from '../../lib/backend/kernels/profile.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import type { Builder } from '../../lib/ir/generated/builder.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, leafName, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import { runGraph } from '../run-graph.js';
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
      const { g, leaf, inputs } = withLeaves();
      const y = product(g, leaf('a', a(m, k)), leaf('b', b(k, n)));
      await check(inputs, { y: g.relu(y) }, changes);
    });
  });
});

describe.each([{ software: true }, { software: false }])(
  'several products in a kernel, software adapter: $software',
  (changes) => {
    test.each([
      { m: 37, n: 33, depths: [19, 40] },
      { m: 64, n: 64, depths: [32, 48] },
      { m: 3, n: 52, depths: [64, 24] },
      { m: 650, n: 1040, depths: [20, 36] },
    ])('$m × $n, sums of $depths', async ({ m, n, depths: [k, l] }) => {
      const { g, ...builder } = withLeaves();
      const [x, z] = [builder.leaf('x', [m, k!]), builder.leaf('z', [m, l!])];
      const gate = g.matmul(x, builder.leaf('gate', [k!, n]));
      const up = g.matmul(x, builder.leaf('up', [k!, n]));
      const other = g.matmul(z, builder.leaf('other', [l!, n]));
      const y = g.add(g.mul(g.silu(gate), up), other);
      await check(builder.inputs, { y }, changes, (labels) => expect(labels).toHaveLength(1));
    });
  },
);

describe('rows that are normalised on the way through products', () => {
  const normalized = (g: Builder<Node>, x: Node, weight?: Node) => {
    const size = g.mean(g.square(x), { axes: -1, keepdims: true });
    const rows = g.mul(x, g.rsqrt(g.add(size, g.scalar(1e-5, x))));
    return weight ? g.mul(rows, weight) : rows;
  };

  test.each([
    { rows: [37], k: 20, n: 33, isPlain: false },
    { rows: [2, 40], k: 64, n: 64, isPlain: false },
    { rows: [650], k: 36, n: 1040, isPlain: false },
    { rows: [1], k: 576, n: 52, isPlain: false },
    { rows: [2, 3], k: 24, n: 36, isPlain: false },
    { rows: [9], k: 12, n: 5, isPlain: false },
    { rows: [37], k: 20, n: 33, isPlain: true },
    { rows: [2, 3], k: 24, n: 36, isPlain: true },
  ])('$rows rows of $k, $n columns, without a weight: $isPlain', async ({ rows, k, n, isPlain }) => {
    const { g, leaf, inputs } = withLeaves();
    const x = g.relu(g.matmul(leaf('p', [...rows, 8]), leaf('q', [8, k])));
    const h = normalized(g, x, isPlain ? undefined : leaf('weight', [k]));
    const [gate, up, other] = ['gate', 'up', 'other'].map((name) => g.matmul(h, g.transpose(leaf(name, [n, k]))));
    const outputs = { y: g.mul(g.silu(gate!), up!), z: other!, x };
    await check(inputs, outputs, { software: false }, (labels) => {
      expect(labels.filter((label) => label.startsWith('reduction'))).toEqual([]);
      expect(labels).toHaveLength(2);
    });
  });

  test.each([
    ['the norm is returned', (g: Builder<Node>, h: Node, w: Node) => ({ y: g.matmul(h, w), h })],
    [
      'a gradient needs it',
      (g: Builder<Node>, h: Node, w: Node) => ({ y: g.matmul(h, w), z: g.matmul(g.transpose(h), h) }),
    ],
    [
      'rows are mixed',
      (g: Builder<Node>, h: Node, w: Node) => ({ y: g.matmul(g.reshape(h, [18, 24]), g.reshape(w, [24, 24])) }),
    ],
    ['columns are rows', (g: Builder<Node>, h: Node, w: Node) => ({ y: g.matmul(g.transpose(h), g.transpose(w)) })],
  ] as const)('not where %s', async (_, outputsOf) => {
    const { g, leaf, inputs } = withLeaves();
    const x = g.sigmoid(g.matmul(leaf('p', [12, 8]), leaf('q', [8, 36])));
    const h = normalized(g, x, leaf('weight', [36]));
    const outputs = outputsOf(g, h, leaf('w', _.startsWith('columns') ? [16, 12] : [36, 16]));
    await check(inputs, { ...outputs, x }, { software: false });
  });
});

function withLeaves() {
  const builder = new GraphBuilder();
  const inputs = new Map<Node, number[]>();
  const leaf = (name: string, shape: Shape) => {
    const node = builder.leaf('input', name, shape, 'f32');
    inputs.set(node, Array.from(sampleValues(elementCount(shape), inputs.size + 3)));
    return node;
  };
  return { g: builder.g, leaf, inputs };
}

async function check(
  inputs: ReadonlyMap<Node, number[]>,
  outputs: Readonly<Record<string, Node>>,
  changes: Partial<KernelProfile>,
  ofKernels?: (labels: readonly string[]) => void,
): Promise<void> {
  const graph = new Graph({
    inputs: new Map([...inputs.keys()].map((node) => [leafName(node), node])),
    outputs: new Map(Object.entries(outputs)),
  });
  ofKernels?.(planGraph(graph, { ...planLimits(device), ...changes }).kernels.map(({ label }) => label));
  const actual = await runGraph(device, inputs, outputs, changes);
  const values = Object.fromEntries([...inputs].map(([node, list]) => [leafName(node), Float32Array.from(list)]));
  for (const [name, expected] of interpret(graph, values).outputs) expectClose(actual.get(name)!, expected, 1e-5);
}
