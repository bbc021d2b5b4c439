import { defineMacro } from './define.js';

/** Elementwise operations with attributes. */
export const parametricOps = {
  leakyRelu: defineMacro({
    name: 'leakyRelu',
    signature: 'x[...s]:float, slope: float = 0.01 -> [...s]',
    doc: 'x where it is positive, else slope·x.',
    decompose: (g, [x], { slope }) => g.where(g.less(g.scalar(0, x), x), x, g.mul(x, g.scalar(slope, x))),
    gradient: 'decomposition',
  }),
  elu: defineMacro({
    name: 'elu',
    signature: 'x[...s]:float, alpha: float = 1 -> [...s]',
    doc: 'x where it is positive, else alpha·(eˣ − 1) (Clevert et al. 2015, arXiv:1511.07289).',
    decompose: (g, [x], { alpha }) => {
      const zero = g.scalar(0, x);
      return g.where(g.less(zero, x), x, g.mul(g.expm1(g.minimum(x, zero)), g.scalar(alpha, x)));
    },
    // alpha·eˣ on the negative side, without the half that the minimum passes at 0.
    gradient: ({ g, inputs: [x], upstream, attrs: { alpha } }) => {
      const zero = g.scalar(0, x);
      const slope = g.mul(g.exp(g.minimum(x, zero)), g.scalar(alpha, x));
      return [g.mul(upstream, g.where(g.less(zero, x), g.scalar(1, x), slope))];
    },
  }),
  clamp: defineMacro({
    name: 'clamp',
    signature: 'x[...s]:number, min: float = -Infinity, max: float = Infinity -> [...s]',
    doc: 'x held between min and max; the gradient passes where x is within, bounds included.',
    decompose: (g, [x], { min, max }) => {
      const above = min === -Infinity ? x : g.maximum(x, g.scalar(min, x));
      return max === Infinity ? above : g.minimum(above, g.scalar(max, x));
    },
    gradient: ({ g, inputs: [x], upstream, attrs: { min, max } }) => {
      const zero = g.scalar(0, upstream);
      const above = min === -Infinity ? upstream : g.where(g.lessEqual(g.scalar(min, x), x), upstream, zero);
      return [max === Infinity ? above : g.where(g.lessEqual(x, g.scalar(max, x)), above, zero)];
    },
  }),
  maskedFill: defineMacro({
    name: 'maskedFill',
    signature: 'x[...]:number, mask[...]:bool, value: float -> [...]',
    doc: '`value` where the mask is true, else x.',
    decompose: (g, [x, mask], { value }) => g.where(mask, g.scalar(value, x), x),
    gradient: 'decomposition',
  }),
};
