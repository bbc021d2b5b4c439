import { wrongCount } from '../decompositions/counts.js';
import { hits, trailing } from '../decompositions/index-comparisons.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Node } from '../graph.js';
import { defineMacro, defineOverwrite } from './define.js';

/** Operations that overwrite elements, or read them, at positions that are known when a step runs. */
export const writingOps = {
  scatterRows: defineMacro({
    name: 'scatterRows',
    signature: 'x[...s], index[...t]:i32, source[...t], axis: axis -> scatter(s, t, axis)',
    doc:
      'x, with each element of `source` in place of the one that `index` names along `axis`; the last one stays where ' +
      'several have one place, and the others get no gradient. An index outside of x writes nothing.',
    decompose: (g, [x, index, source], { axis }) => {
      const count = index.shape.at(axis)!;
      if (count === 0) return x;
      const hit = hits(g, index, axis, x.shape.at(axis)!);
      const place = trailing(g, g.arange(count), -axis - 1);
      const nobody = -1;
      const last = g.max(g.where(hit, place, g.scalar(nobody, place)), { axes: [axis] });
      // Along other dimensions the indices may be fewer than x has.
      const widened = (y: Node, value: number) =>
        x.shape.reduce((tensor, size, d) => {
          const at = d - x.shape.length;
          const high = size - tensor.shape.at(at)!;
          return high === 0 ? tensor : g.padAxis(tensor, at, { high, value });
        }, y);
      const winner = widened(last, nobody);
      const whole = widened(g.gather(source, last, axis), 0);
      return g.where(g.equal(winner, g.scalar(nobody, winner)), x, whole);
    },
    gradient: 'decomposition',
  }),
  dynamicSlice: defineMacro({
    name: 'dynamicSlice',
    signature: 'x[...s], position[]:i32, axis: axis, size: int -> slide(s, axis, size)',
    doc:
      '`size` elements along `axis` from `position` on, which may be another one in every step. Elements outside of x ' +
      'are NaN (0 for integers), and no gradient flows through them.',
    check: ([x], { axis, size }: OpAttributes['dynamicSlice']) => wrongCount('size', size, x!.shape, axis),
    decompose: (g, [x, position], { axis, size }) => g.indexSelect(x, g.add(position, g.arange(size)), axis),
    gradient: ({ g, inputs: [x, position], upstream, attrs: { axis } }) => [
      g.writeAt(g.broadcastTo(g.scalar(0, x), x.shape), upstream, position, axis),
      null,
    ],
  }),
  writeAt: defineOverwrite({
    name: 'writeAt',
    signature: 'x[...s], values[...t], position[]:i32, axis: axis -> overwrite(s, t, axis)',
    doc:
      'x with `values` in place of its elements along `axis` from `position` on, which may be another one in every step: ' +
      'how a cache of keys and values grows. Values outside of x are not written. Where x is a buffer that `update` gives ' +
      'the result, nothing else of it is touched.',
    decompose: (g, [x, values, position], { axis }) => {
      const count = values.shape.at(axis)!;
      const offset = g.sub(g.arange(x.shape.at(axis)!), position);
      const isWritten = g.logicalAnd(
        g.greaterEqual(offset, g.scalar(0, offset)),
        g.less(offset, g.scalar(count, offset)),
      );
      return g.where(trailing(g, isWritten, -axis - 1), g.indexSelect(values, offset, axis), x);
    },
    gradient: ({ g, inputs: [x, values, position], upstream, attrs: { axis } }) => {
      const [size, count] = [x.shape.at(axis)!, values.shape.at(axis)!];
      const zero = g.scalar(0, x);
      const place = g.add(position, g.arange(count));
      const isInside = g.logicalAnd(g.greaterEqual(place, g.scalar(0, place)), g.less(place, g.scalar(size, place)));
      return [
        g.writeAt(upstream, g.broadcastTo(zero, values.shape), position, axis),
        g.where(trailing(g, isInside, -axis - 1), g.indexSelect(upstream, place, axis), zero),
        null,
      ];
    },
  }),
};
