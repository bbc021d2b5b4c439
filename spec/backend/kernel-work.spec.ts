import { expect, test } from '@jest/globals';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import { Graph, type Node } from '../../lib/ir/graph.js';
import { limits } from './limits.js';

type Leaf = (shape: number[], dtype?: DType) => Node;

/** Bytes and operations of each kernel of a graph with that one output. */
function workOf(write: (g: GraphBuilder['g'], leaf: Leaf) => Node): { bytes: number; flops: number }[] {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const leaf: Leaf = (shape, dtype = 'f32') => {
    const node = builder.leaf('input', `x${inputs.size}`, shape, dtype);
    inputs.set(`x${inputs.size}`, node);
    return node;
  };
  const graph = new Graph({ outputs: new Map([['y', write(builder.g, leaf)]]), inputs });
  return planGraph(graph, limits).kernels.map(({ work }) => work);
}

test('a product: two operations a term; operands and result once', () => {
  // 2·8·16·32; (8·32 + 32·16 + 8·16) · 4.
  expect(workOf((g, leaf) => g.matmul(leaf([8, 32]), leaf([32, 16])))).toEqual([{ bytes: 3584, flops: 8192 }]);
});

test('a product through a transposed view, with a map that reads a bias and is stored as f16', () => {
  const work = workOf((g, leaf) => {
    const product = g.matmul(leaf([8, 32]), g.transpose(leaf([16, 32])));
    return g.cast(g.relu(g.add(product, leaf([16]))), 'f16');
  });
  // The bias has 16 elements, however often it is read, and the result 2 bytes an element.
  expect(work).toEqual([{ bytes: (256 + 512 + 16) * 4 + 128 * 2, flops: 8192 + 128 + 128 }]);
});

test('maps and a reduction that became one kernel: what stays in registers is no traffic', () => {
  const work = workOf((g, leaf) => {
    const x = leaf([4, 64]);
    return g.sum(g.mul(x, x), { axes: [-1] });
  });
  // A multiplication and an addition an element; x is read once although used twice.
  expect(work).toEqual([{ bytes: (256 + 4) * 4, flops: 512 }]);
});

test('of what a view shows only that is read', () => {
  const work = workOf((g, leaf) => g.neg(g.slice(leaf([100, 8]), -2, { start: 0, stop: 5 })));
  expect(work).toEqual([{ bytes: (40 + 40) * 4, flops: 40 }]);
});

test('of a table only as much is read as there are indices', () => {
  const work = workOf((g, leaf) => g.gather(leaf([1000, 8]), leaf([3, 8], 'i32'), -2));
  expect(work).toEqual([{ bytes: (24 + 24 + 24) * 4, flops: 0 }]);
});

test('sums at places that values tell: an addition for each', () => {
  const work = workOf((g, leaf) => g.scatterAdd(leaf([10, 8]), leaf([3, 8], 'i32'), leaf([3, 8]), -2));
  expect(work).toEqual([{ bytes: (80 + 24 + 24 + 80) * 4, flops: 24 }]);
});
