import { showShape } from '../shape.js';
import { defineComposite, defineContraction } from './define.js';

export const contractionOps = {
  matmul: defineContraction({
    name: 'matmul',
    signature: 'a[...p m k]:float, b[...q k n]:float -> [...broadcast(p, q) m n]',
    doc: 'Matrix product over the last two dimensions; leading dimensions broadcast.',
    gradient: ({ g, inputs: [a, b], upstream }) => [
      g.matmul(upstream, g.transpose(b)),
      g.matmul(g.transpose(a), upstream),
    ],
  }),
};

export const linearOps = {
  linear: defineComposite({
    name: 'linear',
    signature: 'x[...b k]:float, weight[n k]:float, bias[n]:float -> [...b n]',
    doc: 'x·weightᵀ + bias, with the weight stored [out, in].',
    // The product that it stands for has no vectors.
    check: ([x]) =>
      x!.shape.length < 2 ? `x must have rank at least 2, got ${showShape(x!.shape)}; unsqueeze it` : undefined,
    decompose: (g, [x, weight, bias]) => g.add(g.matmul(x, g.transpose(weight)), bias),
    gradient: 'decomposition',
  }),
};
