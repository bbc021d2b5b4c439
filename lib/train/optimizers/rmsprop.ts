import type { Optimizer } from '../../session/optimizer.js';
import {
  gradientOf,
  lerp,
  requireNonNegative,
  requireShares,
  withDefaults,
  type CommonOptions,
} from './hyperparameters.js';

/** Hyperparameters of {@link rmsprop}, named and defaulted as in `torch.optim.RMSprop`. */
export interface RmspropOptions extends CommonOptions {
  /** Fed as the scalar input `learningRate`: sessions may change it at any step. Default 0.01. */
  learningRate?: number;
  /** What the running mean of squares keeps in a step, in [0, 1). Default 0.99. */
  alpha?: number;
  /** Added to the divisor. Default 1e-8. */
  eps?: number;
  /** Coefficient of the parameter that is added to its gradient. Default 0. */
  weightDecay?: number;
  /** Share of the last step's velocity that this step keeps, in [0, 1). Default 0. Above 0 it is the scalar input `momentum`. */
  momentum?: number;
  /** Divide by the gradient's deviation from its running mean (Graves 2013). Default false. */
  centered?: boolean;
}

/**
 * RMSprop (Tieleman and Hinton 2012): s ← alpha·s + (1 − alpha)·g², v ← momentum·v + g/(√s + eps),
 * w ← w − learningRate·v, with g the gradient plus weightDecay·w. Centered, s − m² stands for s under the root, with m the
 * running mean of g.
 *
 * Throws ValueError for hyperparameters that are not finite or out of range, NameError for others.
 */
export function rmsprop(options?: RmspropOptions): Optimizer {
  const flags = { centered: false, maximize: false };
  const defaults = { learningRate: 0.01, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0, ...flags };
  const all = withDefaults('rmsprop', defaults, options);
  const { learningRate, alpha, eps, weightDecay, momentum, centered, maximize, groups } = all;
  requireNonNegative('rmsprop', { learningRate, eps, weightDecay });
  requireShares('rmsprop', { alpha, momentum });
  return {
    name: 'rmsprop',
    inputs: momentum > 0 ? { learningRate, momentum } : { learningRate },
    constants: { alpha, eps, weightDecay, centered, maximize },
    groups,
    update(context) {
      const { g, parameter, inputs, state, save } = context;
      const gradient = gradientOf(context, maximize, context.weightDecay ?? weightDecay);
      const square = lerp(context, state('square_avg'), g.square(gradient), 1 - alpha);
      save('square_avg', square);
      let spread = square;
      if (centered) {
        const mean = lerp(context, state('grad_avg'), gradient, 1 - alpha);
        save('grad_avg', mean);
        // Of a gradient that stays the same, the variance is 0 and its rounding may be below.
        spread = g.maximum(g.sub(square, g.square(mean)), g.scalar(0, square));
      }
      let change = g.div(gradient, g.add(g.sqrt(spread), g.scalar(eps, spread)));
      if (momentum > 0) {
        change = g.add(g.mul(state('momentum_buffer'), inputs['momentum']!), change);
        save('momentum_buffer', change);
      }
      return g.sub(parameter, g.mul(change, inputs['learningRate']!));
    },
  };
}
