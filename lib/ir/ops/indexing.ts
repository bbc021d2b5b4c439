import type { OpAttributes } from '../generated/nodes.js';
import { elementCount } from '../shape.js';
import { defineGather, defineMacro, defineScatter } from './define.js';
import { trailing } from '../decompositions/index-comparisons.js';

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
  scatterAdd: defineScatter({
    name: 'scatterAdd',
    signature: 'x[...s]:number, index[...t]:i32, source[...t]:number, axis: axis -> scatter(s, t, axis)',
    doc:
      'x, with each element of `source` added at the place that `index` names along `axis`; several at one place add ' +
      'up, always in the same order. An index outside of x adds nothing.',
    gradient: ({ g, inputs: [, index], upstream, attrs: { axis } }) => [
      upstream,
      null,
      g.gather(upstream, index, axis),
    ],
  }),
  embedding: defineMacro({
    name: 'embedding',
    signature: 'index[...b]:i32<v, weight[v d], paddingIndex: int? -> [...b d]',
    doc: 'The rows of `weight` that `index` names. Row `paddingIndex` gets no gradient, so that it stays as it is.',
    check: ([, weight], { paddingIndex: row }: OpAttributes['embedding']) =>
      row === undefined || (row >= 0 && row < weight!.shape[0]!)
        ? undefined
        : `paddingIndex ${row} is no row of weight, which has ${weight!.shape[0]}`,
    decompose: (g, [index, weight]) => {
      const count = elementCount(index.shape);
      const width = weight.shape[1]!;
      const rows = g.broadcastTo(g.reshape(index, [count, 1]), [count, width]);
      return g.reshape(g.gather(weight, rows, 0), [...index.shape, width]);
    },
    gradient: ({ g, inputs: [index, weight], upstream, attrs: { paddingIndex } }) => {
      const [count, width] = [elementCount(index.shape), weight.shape[1]!];
      const flat = g.reshape(index, [count, 1]);
      const zero = g.scalar(0, weight);
      const all = g.reshape(upstream, [count, width]);
      const rows = paddingIndex === undefined ? all : g.where(g.equal(flat, g.scalar(paddingIndex, flat)), zero, all);
      return [null, g.scatterAdd(g.broadcastTo(zero, weight.shape), g.broadcastTo(flat, [count, width]), rows, 0)];
    },
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
