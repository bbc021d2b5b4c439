import { expect, test } from '@jest/globals';
import { gradients } from '../../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { Graph, leafName, type Node } from '../../../lib/ir/graph.js';
import { interpret } from '../../../lib/ir/interpret.js';

/** Values and the gradients of their sum in each vector, one row of values each. */
function evaluate(write: (g: GraphBuilder['g'], leaves: readonly Node[]) => Node, vectors: readonly number[][]) {
  const builder = new GraphBuilder();
  const leaves = vectors.map((vector, i) => builder.leaf('input', `x${i}`, [vector.length], 'f32'));
  const y = write(builder.g, leaves);
  const slopes = gradients(builder, builder.g.sum(y), leaves);
  const graph = new Graph({
    inputs: new Map(leaves.map((leaf) => [leafName(leaf), leaf])),
    outputs: new Map([y, ...slopes.map((slope) => slope!)].map((node, i) => [`${i}`, node])),
  });
  const values = Object.fromEntries(leaves.map((leaf, i) => [leafName(leaf), vectors[i]!]));
  return [...interpret(graph, values).outputs.values()].map((result) => [...result]);
}

test('the zero vector is divided by eps, and so is its gradient', () => {
  const found = evaluate((g, [x]) => g.normalize(x!, { eps: 0.5 }), [[0, 0]]);
  expect(found).toEqual([
    [0, 0],
    [2, 2],
  ]);
});

test('the cosine with the zero vector is 0, with the gradient of a·b over the lengths above eps', () => {
  const found = evaluate((g, [a, b]) => g.cosineSimilarity(a!, b!, { eps: 0.5 }), [[0, 0], [0, 4]]); // prettier-ignore
  expect(found).toEqual([[0], [0, 2], [0, 0]]);
});

test('vectors of the same and of the opposite direction', () => {
  const [same] = evaluate((g, [a, b]) => g.cosineSimilarity(a!, b!), [[1, 2], [2, 4]]); // prettier-ignore
  const [opposite] = evaluate((g, [a, b]) => g.cosineSimilarity(a!, b!), [[1, 2], [-3, -6]]); // prettier-ignore
  expect(same![0]).toBeCloseTo(1, 12);
  expect(opposite![0]).toBeCloseTo(-1, 12);
});
