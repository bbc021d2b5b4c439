import { defineMacro } from './define.js';

export const normOps = {
  layerNorm: defineMacro({
    name: 'layerNorm',
    signature: 'x[...b n]:float, weight[n]:float, bias[n]:float, eps: float = 0.00001 -> [...b n]',
    doc: '(x − mean)/√(var + eps)·weight + bias over the last dimension (Ba et al. 2016, arXiv:1607.06450).',
    decompose: (g, [x, weight, bias], { eps }) => {
      const over = { axes: -1, keepdims: true };
      const shifted = g.sub(x, g.mean(x, over));
      const scale = g.rsqrt(g.add(g.mean(g.square(shifted), over), g.scalar(eps, x)));
      return g.add(g.mul(g.mul(shifted, scale), weight), bias);
    },
    gradient: 'decomposition',
  }),
  rmsNorm: defineMacro({
    name: 'rmsNorm',
    signature: 'x[...b n]:float, weight[n]:float, eps: float = 0.00001 -> [...b n]',
    doc: 'x/√(mean(x²) + eps)·weight over the last dimension (Zhang and Sennrich 2019, arXiv:1910.07467).',
    decompose: (g, [x, weight], { eps }) => {
      const meanSquare = g.mean(g.square(x), { axes: -1, keepdims: true });
      return g.mul(g.mul(x, g.rsqrt(g.add(meanSquare, g.scalar(eps, x)))), weight);
    },
    gradient: 'decomposition',
  }),
};
