import type { Node } from '../../ir/graph.js';
import { ValueError } from '../../ir/errors.js';
import { elementCount } from '../../ir/shape.js';
import type { Optimizer, UpdateContext } from '../../session/optimizer.js';
import {
  decayed,
  gradientOf,
  lerp,
  requireNonNegative,
  requirePair,
  withDefaults,
  type CommonOptions,
} from './hyperparameters.js';

/** Hyperparameters of {@link adafactor}, named and defaulted as in `torch.optim.Adafactor`. */
export interface AdafactorOptions extends CommonOptions {
  /** The largest relative step: fed as the scalar input `learningRate`, which may change at any step. Default 0.01. */
  learningRate?: number;
  /** Update t keeps 1 − t^beta2Decay of the running mean of squares: a number of at most 0. Default −0.8. */
  beta2Decay?: number;
  /** The least root mean square of the gradient, 2⁻²³ by default, and that of the parameter, 0.001 by default. */
  eps?: readonly [number, number];
  /** The largest root mean square of an update, at least 1. Default 1. */
  d?: number;
  /** Default 0. */
  weightDecay?: number;
}

/**
 * Adafactor (Shazeer and Stern 2018), as PyTorch writes it: Adam without the mean of gradients, and of the mean of squares
 * V of a matrix only the means R of its rows and C of its columns, V ≈ R·C / mean(R), so that the state of [m, n] has
 * m + n elements; of tensors of higher rank the last two axes count. In update t,
 * U = g / √max(V, eps₁²), and w ← w·(1 − learningRate·weightDecay) −
 * max(eps₂, RMS(w)) · min(learningRate, 1/√t) · U / max(1, RMS(U)/d).
 *
 * Throws ValueError for hyperparameters that are not finite or out of range, NameError for others.
 */
export function adafactor(options?: AdafactorOptions): Optimizer {
  const eps: readonly [number, number] = [2 ** -23, 1e-3];
  const numbers = { learningRate: 0.01, beta2Decay: -0.8, eps, d: 1, weightDecay: 0 };
  const all = withDefaults('adafactor', { ...numbers, maximize: false }, options);
  const { learningRate, beta2Decay, d, weightDecay, maximize, groups } = all;
  requirePair('adafactor', 'eps', all.eps);
  const [least, leastScale] = all.eps;
  requireNonNegative('adafactor', { learningRate, 'eps[0]': least, 'eps[1]': leastScale, d, weightDecay });
  if (d < 1) throw new ValueError(`adafactor: d must be at least 1, got ${d}`);
  if (!(beta2Decay <= 0) || !Number.isFinite(beta2Decay)) {
    throw new ValueError(`adafactor: beta2Decay must be a number of at most 0, got ${String(beta2Decay)}`);
  }
  return {
    name: 'adafactor',
    inputs: { learningRate },
    constants: { beta2Decay, 'eps[0]': least, 'eps[1]': leastScale, d, weightDecay, maximize },
    groups,
    update(context) {
      const { g, parameter, inputs, step } = context;
      const gradient = gradientOf(context, maximize);
      const share = g.pow(step(), g.scalar(beta2Decay, step()));
      const variance = meanOfSquares(context, gradient, share, least);
      // A square below the smallest f32 would be 0, and its root divide by 0.
      const floor = g.scalar(Math.max(least * least, 2 ** -126), variance);
      const change = g.mul(gradient, g.rsqrt(g.maximum(variance, floor)));
      const rate = inputs['learningRate']!;
      const relative = g.minimum(rate, g.rsqrt(step()));
      const size = g.mul(g.maximum(g.scalar(leastScale, rate), rootMeanSquare(context, parameter)), relative);
      const limit = g.maximum(g.scalar(1, rate), g.div(rootMeanSquare(context, change), g.scalar(d, rate)));
      const from = decayed(context, context.weightDecay ?? weightDecay);
      return g.sub(from, g.mul(change, g.div(size, limit)));
    },
  };
}

/** The running mean of squares, of which tensors with two axes or more keep only means along either of the last two. */
function meanOfSquares(context: UpdateContext, gradient: Node, share: Node, least: number): Node {
  const { g, state, save } = context;
  const square = g.square(gradient);
  const { shape } = gradient;
  if (shape.length < 2) {
    const variance = lerp(context, state('variance'), square, share);
    save('variance', variance);
    return variance;
  }
  const mean = (name: string, axis: number) => {
    const kept = shape.map((size, i) => (i === shape.length + axis ? 1 : size));
    const next = lerp(context, state(name, { shape: kept }), g.mean(square, { axes: [axis], keepdims: true }), share);
    save(name, next);
    return next;
  };
  const [rows, columns] = [mean('row_var', -1), mean('col_var', -2)];
  const whole = g.mean(rows, { axes: [-2], keepdims: true });
  return g.mul(g.div(rows, g.maximum(whole, g.scalar(least, whole))), columns);
}

/** √(Σ x² / n), a scalar; 0 for a tensor without elements. */
function rootMeanSquare({ g }: UpdateContext, x: Node): Node {
  const total = g.sum(g.square(x));
  return g.sqrt(g.div(total, g.scalar(Math.max(1, elementCount(x.shape)), total)));
}
