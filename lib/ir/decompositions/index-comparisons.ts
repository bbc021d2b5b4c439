import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';

/** A vector as a dimension that `rest` others follow. */
export function trailing(g: Builder<Node>, x: Node, rest: number): Node {
  return g.reshape(x, [...x.shape, ...new Array<number>(rest).fill(1)]);
}

/** `[…, size, n, …]` with the values of `index` `[…, n, …]` compared to 0 … size − 1, in two dimensions at `axis`. */
export function hits(g: Builder<Node>, index: Node, axis: number, size: number): Node {
  const candidates = trailing(g, g.arange(size), -axis);
  return g.equal(g.unsqueeze(index, axis - 1), candidates);
}

/**
 * 0 … n − 1 twice, to compare the elements of one dimension with each other: `row` along dimension `axis` − 1 of
 * `[…, n, n, …]` and `column` along `axis`.
 */
export function pairs(g: Builder<Node>, size: number, axis: number): { row: Node; column: Node } {
  return { row: trailing(g, g.arange(size), -axis), column: trailing(g, g.arange(size), -axis - 1) };
}
