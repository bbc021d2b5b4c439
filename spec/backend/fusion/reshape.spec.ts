import { describe, expect, test } from '@jest/globals';
import { planGraph } from '../../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import type { Builder } from '../../../lib/ir/generated/builder.js';
import { Graph, type Node } from '../../../lib/ir/graph.js';
import { limits } from '../limits.js';

function kernelsOf(write: (g: Builder<Node>, leaf: (name: string, shape: number[]) => Node) => Node): string[] {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const leaf = (name: string, shape: number[]) => {
    const node = builder.leaf('input', name, shape, 'f32');
    inputs.set(name, node);
    return node;
  };
  const graph = new Graph({ outputs: new Map([['y', write(builder.g, leaf)]]), inputs });
  return planGraph(graph, limits).kernels.map(({ label }) => label);
}

describe('fusion across reshapes', () => {
  test('maps after a reshaped product are its epilogue: a convolution with bias and activation', () => {
    const labels = kernelsOf((g, leaf) => {
      const product = g.matmul(leaf('weight', [2, 3, 8]), leaf('windows', [4, 2, 8, 35]));
      const image = g.reshape(product, [4, 6, 5, 7]);
      return g.relu(g.add(image, g.reshape(leaf('bias', [6]), [6, 1, 1])));
    });
    expect(labels).toEqual(['contraction register matmul add relu']);
  });

  test('maps before, reductions over groups and maps after them are one kernel: group norm', () => {
    const labels = kernelsOf((g, leaf) => {
      const x = g.silu(leaf('x', [2, 6, 4, 4]));
      const groups = g.reshape(x, [2, 3, 32]);
      const shifted = g.sub(groups, g.mean(groups, { axes: -1, keepdims: true }));
      const normal = g.mul(shifted, g.rsqrt(g.mean(g.square(shifted), { axes: -1, keepdims: true })));
      return g.mul(g.reshape(normal, [2, 6, 4, 4]), leaf('weight', [6, 1, 1]));
    });
    expect(labels).toHaveLength(1);
  });

  test('a permutation in between is another order, and another kernel', () => {
    const labels = kernelsOf((g, leaf) => g.relu(g.permute(g.matmul(leaf('a', [4, 8]), leaf('b', [8, 6])), [1, 0])));
    expect(labels).toHaveLength(2);
  });
});
