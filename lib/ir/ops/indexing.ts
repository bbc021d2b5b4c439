import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { defineGather, defineMacro } from './define.js';

/** `[…, size, n, …]` with the values of `index` `[…, n, …]` compared to 0 … size − 1, in two dimensions at `axis`. */
function hits(g: Builder<Node>, index: Node, axis: number, size: number): Node {
  const candidates = trailing(g, g.arange(size), -axis);
  return g.equal(g.unsqueeze(index, axis - 1), candidates);
}

/** A vector as a dimension that `rest` others follow. */
function trailing(g: Builder<Node>, x: Node, rest: number): Node {
  return g.reshape(x, [...x.shape, ...new Array<number>(rest).fill(1)]);
}

export const indexingOps = {
  gather: defineGather({
    name: 'gather',
    signature: 'x[...s], index[...t]:i32, axis: axis -> gather(s, t, axis)',
    doc:
      'y[i, j, …] = x[i, index[i, j, …], …]: the element of x at the place that `index` names along `axis`. Along other ' +
      'dimensions index may be smaller than x. An index outside of x gives NaN (0 for integers).',
    gradient: ({ g, inputs: [x, index], upstream, attrs: { axis } }) => [
      g.scatterAdd(g.broadcastTo(g.scalar(0, x), x.shape), index, upstream, axis),
      null,
    ],
  }),
  scatterAdd: defineMacro({
    name: 'scatterAdd',
    signature: 'x[...s]:number, index[...t]:i32, source[...t]:number, axis: axis -> scatter(s, t, axis)',
    doc:
      'x, with each element of `source` added at the place that `index` names along `axis`; several at one place add ' +
      'up, always in the same order. An index outside of x adds nothing.',
    decompose: (g, [x, index, source], { axis }) => {
      const hit = hits(g, index, axis, x.shape.at(axis)!);
      const chosen = g.where(hit, g.unsqueeze(source, axis - 1), g.scalar(0, x));
      const sums = g.sum(chosen, { axes: [axis] });
      // Along other dimensions the indices may be fewer than x has.
      const whole = x.shape.reduce((y, size, d) => {
        const at = d - x.shape.length;
        const missing = size - y.shape.at(at)!;
        return missing === 0 ? y : g.padAxis(y, at, { high: missing });
      }, sums);
      return g.add(x, whole);
    },
    gradient: ({ g, inputs: [, index], upstream, attrs: { axis } }) => [
      upstream,
      null,
      g.gather(upstream, index, axis),
    ],
  }),
  embedding: defineMacro({
    name: 'embedding',
    signature: 'index[...b]:i32<v, weight[v d] -> [...b d]',
    doc: 'The rows of `weight` that `index` names.',
    decompose: (g, [index, weight]) => {
      const count = index.shape.reduce((a, b) => a * b, 1);
      const width = weight.shape[1]!;
      const rows = g.broadcastTo(g.reshape(index, [count, 1]), [count, width]);
      return g.reshape(g.gather(weight, rows, 0), [...index.shape, width]);
    },
    gradient: 'decomposition',
  }),
  indexSelect: defineMacro({
    name: 'indexSelect',
    signature: 'x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)',
    doc: 'The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).',
    decompose: (g, [x, index], { axis }) => {
      const shape = x.shape.map((size, d) => (d === x.shape.length + axis ? index.shape[0]! : size));
      return g.gather(x, g.broadcastTo(trailing(g, index, -axis - 1), shape), axis);
    },
    gradient: 'decomposition',
  }),
  oneHot: defineMacro({
    name: 'oneHot',
    signature: 'index[...b]:i32<classes, classes: int -> [...b classes]:i32',
    doc: '1 where the position in the last dimension equals the index, else 0.',
    decompose: (g, [index], { classes }) => g.cast(g.equal(g.unsqueeze(index, -1), g.arange(classes)), 'i32'),
    gradient: 'none',
  }),
};
