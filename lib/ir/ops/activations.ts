import { defineMap, scalar } from './define.js';

const signature = 'x[...s]:float -> [...s]';
const { add, mul, div, neg, exp, maximum, minimum, less, where, erf, tanh } = scalar;

const sigmoid = (x: Parameters<typeof exp>[0]) => div(1, add(1, exp(neg(x))));

/** Activations of neural networks without attributes. */
export const activationOps = {
  gelu: defineMap({
    name: 'gelu',
    signature,
    doc: 'x·Φ(x), where Φ is the normal distribution function, by erf (Hendrycks and Gimpel 2016, arXiv:1606.08415).',
    expression: (x) => mul(mul(0.5, x), add(1, erf(mul(x, Math.SQRT1_2)))),
    // Φ(x) + x·φ(x).
    derivatives: (x) => [
      add(
        mul(0.5, add(1, erf(mul(x, Math.SQRT1_2)))),
        mul(mul(x, 1 / Math.sqrt(2 * Math.PI)), exp(mul(-0.5, mul(x, x)))),
      ),
    ],
  }),
  geluTanh: defineMap({
    name: 'geluTanh',
    signature,
    doc: 'x/2·(1 + tanh(√(2/π)·(x + 0.044715x³))): what GPT-2 and PyTorch with `approximate="tanh"` use for gelu.',
    expression: (x) =>
      mul(mul(0.5, x), add(1, tanh(mul(Math.sqrt(2 / Math.PI), mul(x, add(1, mul(0.044715, mul(x, x)))))))),
  }),
  softplus: defineMap({
    name: 'softplus',
    signature,
    doc: 'log(1 + eˣ), which does not overflow.',
    expression: (x) => add(maximum(x, 0), scalar.log1p(exp(neg(scalar.abs(x))))),
    derivatives: (x) => [sigmoid(x)],
  }),
  hardswish: defineMap({
    name: 'hardswish',
    signature,
    doc: 'x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244).',
    expression: (x) => div(mul(x, minimum(maximum(add(x, 3), 0), 6)), 6),
    derivatives: (x) => [where(less(x, -3), 0, where(less(x, 3), add(div(x, 3), 0.5), 1))],
  }),
};
