import type { Optimizer } from '../../session/optimizer.js';
import { gradientOf, requireNonNegative, withDefaults, type CommonOptions } from './hyperparameters.js';

/** Hyperparameters of {@link adagrad}, named and defaulted as in `torch.optim.Adagrad`. */
export interface AdagradOptions extends CommonOptions {
  /** Fed as the scalar input `learningRate`: sessions may change it at any step. Default 0.01. */
  learningRate?: number;
  /** How the rate falls: learningRate / (1 + (t − 1)·lrDecay) in update t. Default 0. */
  lrDecay?: number;
  /** Coefficient of the parameter that is added to its gradient. Default 0. */
  weightDecay?: number;
  /** What sums of squares start from. Default 0. */
  initialAccumulatorValue?: number;
  /** Added to the divisor. Default 1e-10. */
  eps?: number;
}

/**
 * Adagrad (Duchi et al. 2011): s ← s + g², w ← w − learningRate/(1 + (t − 1)·lrDecay) · g/(√s + eps) in update t, with g
 * the gradient plus weightDecay·w.
 *
 * Throws ValueError for hyperparameters that are not finite or out of range, NameError for others.
 */
export function adagrad(options?: AdagradOptions): Optimizer {
  const numbers = { learningRate: 0.01, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10 };
  const all = withDefaults('adagrad', { ...numbers, maximize: false }, options);
  const { learningRate, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize, groups } = all;
  requireNonNegative('adagrad', { learningRate, lrDecay, weightDecay, initialAccumulatorValue, eps });
  return {
    name: 'adagrad',
    inputs: { learningRate },
    constants: { lrDecay, weightDecay, initialAccumulatorValue, eps, maximize },
    groups,
    update(context) {
      const { g, parameter, inputs, state, save, step } = context;
      const gradient = gradientOf(context, maximize, context.weightDecay ?? weightDecay);
      const sum = g.add(state('sum', { initial: initialAccumulatorValue }), g.square(gradient));
      save('sum', sum);
      let rate = inputs['learningRate']!;
      if (lrDecay > 0) {
        const one = g.scalar(1, rate);
        rate = g.div(rate, g.add(one, g.mul(g.sub(step(), one), g.scalar(lrDecay, rate))));
      }
      return g.sub(parameter, g.div(g.mul(gradient, rate), g.add(g.sqrt(sum), g.scalar(eps, sum))));
    },
  };
}
