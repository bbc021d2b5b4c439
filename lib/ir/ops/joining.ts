import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { defineMacro } from './define.js';
import { trailing } from '../decompositions/index-comparisons.js';

/** Where each tensor begins along `axis` when they lie one after the other, and where the last one ends. */
function boundaries(xs: readonly Node[], axis: number): number[] {
  const starts = [0];
  for (const x of xs) starts.push(starts.at(-1)! + x.shape.at(axis)!);
  return starts;
}

/** Tensors one after the other along `axis`: a tree of choices by the position, each between padded tensors. */
function concat(g: Builder<Node>, xs: readonly Node[], axis: number): Node {
  const parts = xs.filter((x) => x.shape.at(axis) !== 0);
  if (parts.length <= 1) return parts[0] ?? xs[0]!;
  const starts = boundaries(parts, axis);
  const total = starts.at(-1)!;
  const position = trailing(g, g.arange(total), -axis - 1);
  const between = (from: number, to: number): Node => {
    if (to === from + 1) return g.padAxis(parts[from]!, axis, { low: starts[from]!, high: total - starts[to]! });
    const middle = (from + to) >> 1;
    const isLeft = g.less(position, g.scalar(starts[middle]!, position));
    return g.where(isLeft, between(from, middle), between(middle, to));
  };
  return between(0, parts.length);
}

/** Operations on a list of tensors. */
export const joiningOps = {
  concat: defineMacro({
    name: 'concat',
    signature: 'xs[...s]*, axis: axis = 0 -> concat(s, axis)',
    doc: 'The tensors one after the other along `axis`; their other dimensions are the same.',
    decompose: (g, xs, { axis }) => concat(g, xs, axis),
    gradient: ({ g, inputs, upstream, attrs: { axis } }) => {
      const starts = boundaries(inputs, axis);
      return inputs.map((_, i) => g.slice(upstream, axis, { start: starts[i]!, stop: starts[i + 1]! }));
    },
  }),
  stack: defineMacro({
    name: 'stack',
    signature: 'xs[...s]*, axis: newAxis = 0 -> stack(s, axis)',
    doc: 'Tensors of one shape along a new dimension, which is dimension `axis` of the result.',
    decompose: (g, xs, { axis }) =>
      concat(
        g,
        xs.map((x) => g.unsqueeze(x, axis)),
        axis,
      ),
    gradient: ({ g, inputs, upstream, attrs: { axis } }) =>
      inputs.map((_, i) => g.squeeze(g.slice(upstream, axis, { start: i, stop: i + 1 }), axis)),
  }),
};
