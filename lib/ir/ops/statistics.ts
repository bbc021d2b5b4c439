import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { elementCount } from '../shape.js';
import { defineMacro } from './define.js';

const rest = 'axes: axes?, keepdims: bool = false';
const result = 'reduce(s, axes, keepdims)';

interface Over {
  readonly axes: readonly number[];
  readonly keepdims: boolean;
}

/** Σ(x − mean)²/(n − correction). */
function variance(g: Builder<Node>, x: Node, { axes, keepdims, correction }: Over & { correction: number }): Node {
  const count = elementCount(axes.map((axis) => x.shape.at(axis)!));
  const squares = g.square(g.sub(x, g.mean(x, { axes, keepdims: true })));
  return g.mul(g.sum(squares, { axes, keepdims }), g.scalar(1 / (count - correction), x));
}

/** What a reduction lost, back as dimensions of size 1. */
function restored(g: Builder<Node>, y: Node, { axes, keepdims }: Over): Node {
  return keepdims ? y : [...axes].reverse().reduce((tensor, axis) => g.unsqueeze(tensor, axis), y);
}

/** upstream/y, and 0 where y is: the slope of a root is infinite there, and what it multiplies is 0. */
function rootSlope(g: Builder<Node>, y: Node, upstream: Node): Node {
  const zero = g.scalar(0, y);
  return g.where(g.equal(y, zero), zero, g.div(upstream, y));
}

/** Reductions that are written in others. */
export const statisticOps = {
  variance: defineMacro({
    name: 'variance',
    signature: `x[...s]:float, ${rest}, correction: int = 1 -> ${result}`,
    doc: 'Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).',
    decompose: (g, [x], attrs) => variance(g, x, attrs),
    gradient: 'decomposition',
  }),
  std: defineMacro({
    name: 'std',
    signature: `x[...s]:float, ${rest}, correction: int = 1 -> ${result}`,
    doc: 'Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.',
    decompose: (g, [x], attrs) => g.sqrt(variance(g, x, attrs)),
    // (x − mean)/((n − correction)·std).
    gradient: ({ g, inputs: [x], output, upstream, attrs }) => {
      const count = elementCount(attrs.axes.map((axis) => x.shape.at(axis)!));
      const slope = g.mul(rootSlope(g, output, upstream), g.scalar(1 / (count - attrs.correction), x));
      const shifted = g.sub(x, g.mean(x, { axes: attrs.axes, keepdims: true }));
      return [g.mul(shifted, restored(g, slope, attrs))];
    },
  }),
  l2Norm: defineMacro({
    name: 'l2Norm',
    signature: `x[...s]:float, ${rest} -> ${result}`,
    doc: 'Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.',
    decompose: (g, [x], attrs) => g.sqrt(g.sum(g.square(x), attrs)),
    gradient: ({ g, inputs: [x], output, upstream, attrs }) => [
      g.mul(x, restored(g, rootSlope(g, output, upstream), attrs)),
    ],
  }),
  logsumexp: defineMacro({
    name: 'logsumexp',
    signature: `x[...s]:float, ${rest} -> ${result}`,
    doc: 'log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.',
    decompose: (g, [x], { axes, keepdims }) => {
      const over = { axes, keepdims: true };
      const max = g.max(x, over);
      // Without a shift where that would be infinite: −∞ alone gives −∞, and ∞ gives ∞.
      const highest = g.where(g.isFinite(max), max, g.scalar(0, x));
      const y = g.add(g.log(g.sum(g.exp(g.sub(x, highest)), over)), highest);
      return keepdims ? y : axes.reduce((tensor, axis) => g.squeeze(tensor, axis), y);
    },
    // The shift cancels: the gradient is softmax(x).
    gradient: ({ g, inputs: [x], output, upstream, attrs }) => [
      g.mul(g.exp(g.sub(x, restored(g, output, attrs))), restored(g, upstream, attrs)),
    ],
  }),
};
