import { describe, expect, test } from '@jest/globals';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { planCost } from '../../lib/backend/planning/predict.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, isLeaf, type Node } from '../../lib/ir/graph.js';
import { opOf } from '../../lib/ir/ops/index.js';
import { operationCost } from '../../lib/rewrite/operation-cost.js';

type Write = (g: GraphBuilder['g'], leaf: (...shape: number[]) => Node) => Node;

/** A graph of one output, the leaves of which are inputs. */
function graphOf(write: Write): { node: Node; graph: Graph } {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const node = write(builder.g, (...shape) => {
    const leaf = builder.leaf('input', `x${inputs.size}`, shape, 'f32');
    inputs.set(`x${inputs.size}`, leaf);
    return leaf;
  });
  return { node, graph: new Graph({ inputs, outputs: new Map([['y', node]]) }) };
}

const products = [[64, 64, 64], [128, 576, 1536], [512, 512, 512], [2048, 2048, 2048], [32, 8192, 32], [257, 129, 255], [1, 576, 1536], [4, 4096, 4096], [64, 128, 10]] as const; // prettier-ignore
const rows = [[64, 4096], [1024, 1024], [16384, 4096], [10000, 10], [32, 16384], [1, 1024]] as const; // prettier-ignore
const operations: readonly (readonly [name: string, write: Write])[] = [
  ...products.map(([m, k, n]) => [`a product ${m} × ${k} × ${n}`, (g, leaf) => g.matmul(leaf(m, k), leaf(k, n))] as const satisfies [string, Write]), // prettier-ignore
  ...products.map(([m, k, n]) => [`a linear layer ${m} × ${k} × ${n}`, (g, leaf) => g.linear(leaf(m, k), leaf(n, k), leaf(n))] as const satisfies [string, Write]), // prettier-ignore
  ['products of a batch', (g, leaf) => g.matmul(leaf(16, 128, 64), leaf(16, 64, 128))],
  ...rows.flatMap(([count, length]): [string, Write][] => [
    [`sums of ${count} rows of ${length}`, (g, leaf) => g.sum(leaf(count, length), { axes: [-1] })],
    [`sums of ${length} columns of ${count}`, (g, leaf) => g.sum(leaf(count, length), { axes: [-2] })],
    [`softmax of ${count} rows of ${length}`, (g, leaf) => g.softmax(leaf(count, length))],
  ]),
];

describe.each(['discrete', 'software'] as const)('on the profile %s', (adapter) => {
  const { limits, rates } = adapterProfiles[adapter];
  const costOf = (node: Node) => operationCost(opOf(node), node.inputs, node, node.attrs, rates);

  // Estimates leave out what only the kernel knows: tiles that are not full, rows read once more, strides.
  test.each(operations)('%s: the estimate is that of the kernel, within a factor of two', (_, write) => {
    const { node, graph } = graphOf(write);
    const ratio = costOf(node) / planCost(planGraph(graph, limits), rates).microseconds;
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  const composites: readonly (readonly [name: string, write: Write[]])[] = [
    [
      'softmax',
      rows.map(
        ([count, length]) =>
          (g, leaf) =>
            g.softmax(leaf(count, length)),
      ),
    ],
    [
      'logSoftmax',
      rows.map(
        ([count, length]) =>
          (g, leaf) =>
            g.logSoftmax(leaf(count, length)),
      ),
    ],
    [
      'linear',
      products.map(
        ([m, k, n]) =>
          (g, leaf) =>
            g.linear(leaf(m, k), leaf(n, k), leaf(n)),
      ),
    ],
  ];
  test.each(composites)('%s costs no more than its parts apart', (name, writes) => {
    for (const write of writes) {
      const { node } = graphOf(write);
      const op = opOf(node);
      if (op.kind !== 'composite') throw new Error(`${name} is no composite`);
      const parts = new Graph({ outputs: new Map([['y', op.decompose(new GraphBuilder().g, node.inputs, node.attrs as Record<string, number>)]]) }); // prettier-ignore
      const apart = parts.nodes().reduce((sum, part) => sum + (isLeaf(part) ? 0 : costOf(part)), 0);
      expect(costOf(node)).toBeLessThanOrEqual(apart);
    }
  });

  test('a view costs less than a map, and a map less than a kernel', () => {
    const view = costOf(graphOf((g, leaf) => g.transpose(leaf(256, 256))).node);
    const map = costOf(graphOf((g, leaf) => g.neg(leaf(256, 256))).node);
    const sum = costOf(graphOf((g, leaf) => g.sum(leaf(256, 256), { axes: [-1] })).node);
    expect(view).toBeLessThan(map);
    expect(map).toBeLessThan(sum);
  });
});
