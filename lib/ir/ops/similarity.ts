import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { defineMacro } from './define.js';

/** max(‖x‖₂, eps) along `axis`, which stays with size 1. The length of zeros has the gradient 0, as in PyTorch. */
function lengthAbove(g: Builder<Node>, x: Node, axis: number, eps: number): Node {
  const squares = g.sum(g.square(x), { axes: [axis], keepdims: true });
  const zero = g.scalar(0, x);
  const isZero = g.equal(squares, zero);
  // The root is not differentiable at 0: there, another number goes through it.
  const length = g.where(isZero, zero, g.sqrt(g.where(isZero, g.scalar(1, x), squares)));
  return g.maximum(length, g.scalar(eps, x));
}

export const similarityOps = {
  normalize: defineMacro({
    name: 'normalize',
    signature: 'x[...s]:float, axis: axis = -1, eps: float = 1e-12 -> [...s]',
    doc: 'x/max(‖x‖₂, eps) along `axis`: vectors of length 1.',
    decompose: (g, [x], { axis, eps }) => g.div(x, lengthAbove(g, x, axis, eps)),
    gradient: 'decomposition',
  }),
  cosineSimilarity: defineMacro({
    name: 'cosineSimilarity',
    signature: 'a[...s]:float, b[...s]:float, axis: axis = -1, eps: float = 1e-8 -> reduceAxis(s, axis)',
    doc: 'Cosine of the angle between a and b along `axis`: a·b/(max(‖a‖₂, eps)·max(‖b‖₂, eps)).',
    decompose: (g, [a, b], { axis, eps }) => {
      const lengths = g.mul(lengthAbove(g, a, axis, eps), lengthAbove(g, b, axis, eps));
      return g.squeeze(g.div(g.sum(g.mul(a, b), { axes: [axis], keepdims: true }), lengths), axis);
    },
    gradient: 'decomposition',
  }),
};
