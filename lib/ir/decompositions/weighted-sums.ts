import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';

/** What an element of a result is made of: Σ weight·x[index]. */
export type Terms = readonly (readonly [index: number, weight: number])[];

/**
 * Sums with fixed weights along the last dimension but one, or the last: element i of the result is Σ weight·x[j] over
 * the pairs (j, weight) of `terms(i)`. A product with a table.
 */
export function weightedSums(
  g: Builder<Node>,
  x: Node,
  axis: -1 | -2,
  places: number,
  terms: (place: number) => Terms,
): Node {
  const size = x.shape.at(axis)!;
  const table = new Array<number>(places * size).fill(0);
  for (let place = 0; place < places; place++) {
    for (const [index, weight] of terms(place)) table[place * size + index]! += weight;
  }
  const weights = g.literal(table, [places, size], x.dtype);
  if (axis === -2) return g.matmul(weights, x);
  // All rows at once: one product of two matrices.
  const rows = x.shape.slice(0, -1).reduce((count, length) => count * length, 1);
  const product = g.matmul(g.reshape(x, [rows, size]), g.transpose(weights));
  return g.reshape(product, [...x.shape.slice(0, -1), places]);
}
