import { scalar, type Scalar } from '../scalar.js';
import { defineMap } from './define.js';

const signature = 'x[...s]:float -> [...s]';
const { add, mul, div, neg, exp, expm1, maximum, minimum, less, logicalAnd, where, erf, tanh } = scalar;

const sigmoid = (x: Scalar) => div(1, add(1, exp(neg(x))));
const softplus = (x: Scalar) => add(maximum(x, 0), scalar.log1p(exp(neg(scalar.abs(x)))));

/** With these, activations keep mean 0 and variance 1 from layer to layer. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

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
    expression: softplus,
    derivatives: (x) => [sigmoid(x)],
  }),
  mish: defineMap({
    name: 'mish',
    signature,
    doc: 'x·tanh(softplus(x)) (Misra 2019, arXiv:1908.08681).',
    expression: (x) => mul(x, tanh(softplus(x))),
  }),
  hardswish: defineMap({
    name: 'hardswish',
    signature,
    doc: 'x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244).',
    expression: (x) => mul(x, div(minimum(maximum(add(x, 3), 0), 6), 6)),
    derivatives: (x) => [where(less(x, -3), 0, where(less(x, 3), add(div(x, 3), 0.5), 1))],
  }),
  hardsigmoid: defineMap({
    name: 'hardsigmoid',
    signature,
    doc: 'min(max(x + 3, 0), 6)/6; the gradient at −3 and 3 is 0 (Howard et al. 2019, arXiv:1905.02244).',
    expression: (x) => div(minimum(maximum(add(x, 3), 0), 6), 6),
    derivatives: (x) => [where(logicalAnd(less(-3, x), less(x, 3)), 1 / 6, 0)],
  }),
  relu6: defineMap({
    name: 'relu6',
    signature,
    doc: 'min(max(x, 0), 6); the gradient at 0 and 6 is 0 (Krizhevsky 2010).',
    expression: (x) => minimum(maximum(x, 0), 6),
    derivatives: (_, y) => [where(logicalAnd(less(0, y), less(y, 6)), 1, 0)],
  }),
  selu: defineMap({
    name: 'selu',
    signature,
    doc: 'λ·x where it is positive, else λ·α·(eˣ − 1), for λ = 1.05070… and α = 1.67326… (Klambauer et al. 2017, arXiv:1706.02515).',
    expression: (x) => mul(SELU_SCALE, where(less(0, x), x, mul(SELU_ALPHA, expm1(minimum(x, 0))))),
    derivatives: (_, y) => [where(less(0, y), SELU_SCALE, add(y, SELU_SCALE * SELU_ALPHA))],
  }),
};
