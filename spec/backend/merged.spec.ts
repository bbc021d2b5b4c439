import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import type { Kernel } from '../../lib/backend/kernels/kernel.js';
import { planGraph, type PlanLimits } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, leafName, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount } from '../../lib/ir/shape.js';
import { runGraph } from '../run-graph.js';
import { expectClose, sampleValues } from '../values.js';
import { limits } from './limits.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

type Leaf = (name: string, shape: number[]) => Node;
type Write = (g: GraphBuilder['g'], leaf: Leaf, builder: GraphBuilder) => Record<string, Node>;

function graphOf(write: Write): Graph {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const leaf: Leaf = (name, shape) => {
    const node = builder.leaf('input', name, shape, 'f32');
    inputs.set(name, node);
    return node;
  };
  const outputs = new Map(Object.entries(write(builder.g, leaf, builder)));
  return new Graph({ inputs, outputs });
}

const kernelsOf = (write: Write, changes: Partial<PlanLimits> = {}): readonly Kernel[] =>
  planGraph(graphOf(write), { ...limits, ...changes }).kernels;

/** Three products of one operand with maps behind them, of different sizes. */
const projections =
  (rows: number, inner: number, columns: readonly number[]): Write =>
  (g, leaf) => {
    const x = leaf('x', [rows, inner]);
    const each = columns.map((n, i) => [`y${i}`, g.relu(g.matmul(x, leaf(`w${i}`, [inner, n])))] as const);
    return Object.fromEntries(each);
  };

/** Sums along rows, each by a workgroup, and a map: other sizes of workgroups, other memory of theirs. */
const mixed: Write = (g, leaf) => {
  const [x, y] = [leaf('x', [70, 96]), leaf('y', [33, 512])];
  return { p: g.matmul(x, leaf('w', [96, 50])), s: g.softmax(y, { axis: -1 }), e: g.exp(leaf('z', [13, 7])) };
};

/** Scattered sums beside maps of what is gathered. */
const scattered: Write = (g, leaf, builder) => {
  const indices = builder.literal([3, 1, 3], [3], 'i32');
  const rows = g.broadcastTo(g.reshape(indices, [3, 1]), [3, 8]);
  return {
    sums: g.scatterAdd(leaf('x', [5, 8]), rows, leaf('values', [3, 8]), -2),
    others: g.scatterAdd(leaf('u', [4, 8]), rows, leaf('more', [3, 8]), -2),
    map: g.neg(leaf('z', [9])),
  };
};

describe.each([{ software: true }, { software: false }])(
  'parts of one dispatch, software adapter: $software',
  (changes) => {
    test.each<[string, Write]>([
      ['products with few rows', projections(3, 64, [32, 64, 20])],
      ['products by tiles', projections(40, 48, [64, 36, 33])],
      ['products of few elements', projections(5, 7, [3, 2, 1])],
      ['a product, a softmax and a map', mixed],
      ['scattered sums and a map', scattered],
    ])('give what the interpreter gives: %s', async (_, write) => {
      const graph = graphOf(write);
      const values = new Map([...graph.inputs.values()].map((leaf, i) => [leaf, sampleValues(elementCount(leaf.shape), i + 1)])); // prettier-ignore
      const outputs = Object.fromEntries(graph.outputs);
      expect(kernelsOf(write, changes).length).toBeLessThan(graph.outputs.size);
      const actual = await runGraph(device, values, outputs, changes);
      const named = Object.fromEntries([...values].map(([leaf, data]) => [leafName(leaf), data]));
      for (const [name, expected] of interpret(graph, named).outputs) expectClose(actual.get(name)!, expected, 1e-5);
    });
  },
);

test('a tensor that several parts read is bound once; label, operations and work are those of all', () => {
  const [kernel, ...others] = kernelsOf(projections(40, 48, [64, 64, 64]));
  expect(others).toEqual([]);
  expect(kernel!.bindings).toHaveLength(7);
  expect(kernel!.label).toBe('3 × contraction workgroup matmul relu');
  expect(kernel!.operations).toBe(6);
  // (40·48 + 3·(48·64 + 40·64)) · 4 bytes.
  expect(kernel!.work.bytes).toBe(75264);
  expect(kernel!.work.flops).toBe(3 * (2 * 40 * 64 * 48 + 40 * 64));
});

test('names the modules of all parts, what they have in common once', () => {
  const [kernel] = kernelsOf((g, leaf, builder) => {
    const x = leaf('x', [40, 48]);
    const product = (module: string) => builder.within(module, () => g.matmul(x, leaf(module, [48, 64])));
    return { q: product('layers.0.queries'), k: product('layers.0.keys') };
  });
  expect(kernel!.scope).toBe('layers.0.{queries,keys}');
});

test('no dispatch binds more than the adapter allows', () => {
  for (const maxBindings of [3, 5, 8]) {
    const kernels = kernelsOf(projections(40, 48, [64, 64, 64, 64, 64, 64]), { maxBindings });
    expect(kernels).toHaveLength({ 3: 6, 5: 3, 8: 2 }[maxBindings]!);
    for (const { bindings } of kernels) expect(bindings.length).toBeLessThanOrEqual(maxBindings);
  }
});

test('no dispatch has more workgroups than one of its dimensions may have', () => {
  const write: Write = (g, leaf) => ({ a: g.exp(leaf('x', [1000])), b: g.exp(leaf('y', [1000])) });
  // 4 elements an invocation, 64 invocations a workgroup: 4 workgroups each.
  expect(kernelsOf(write, { maxWorkgroups: 8 })).toHaveLength(1);
  expect(kernelsOf(write, { maxWorkgroups: 7 })).toHaveLength(2);
});

test('layers that are alike remain one text', () => {
  const kernels = kernelsOf((g, leaf) => {
    let x = leaf('x', [40, 64]);
    for (let layer = 0; layer < 6; layer++) {
      const [a, b] = ['a', 'b'].map((name) => g.matmul(x, leaf(`${name}${layer}`, [64, 64])));
      x = g.add(g.matmul(g.relu(a!), leaf(`c${layer}`, [64, 64])), g.tanh(b!));
    }
    return { x };
  });
  const texts = new Set(kernels.map(({ wgsl }) => wgsl(() => false)));
  expect(kernels.length).toBeGreaterThanOrEqual(12);
  expect(texts.size).toBeLessThanOrEqual(4);
});
