import type { Optimizer } from '../../session/optimizer.js';
import { ValueError } from '../../ir/errors.js';
import { gradientOf, requireNonNegative, requireShares, withDefaults, type CommonOptions } from './hyperparameters.js';

/** Hyperparameters of {@link sgd}, named and defaulted as in `torch.optim.SGD`. */
export interface SgdOptions extends CommonOptions {
  /** Fed as the scalar input `learningRate`: sessions may change it at any step. No value suits most losses. */
  learningRate: number;
  /** Share of the last step's velocity that this step keeps, in [0, 1). Default 0. Above 0 it is the scalar input `momentum`. */
  momentum?: number;
  /** Share of the gradient that does not go into the velocity. Default 0. */
  dampening?: number;
  /** Look ahead along the velocity (Sutskever et al. 2013). Needs momentum, and no dampening. Default false. */
  nesterov?: boolean;
  /** Coefficient of the parameter that is added to its gradient. Default 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent: v ← momentum·v + (1 − dampening)·g, w ← w − learningRate·v, with g the gradient plus
 * weightDecay·w and the first v = g; with Nesterov's momentum w ← w − learningRate·(g + momentum·v).
 *
 * Throws ValueError for hyperparameters that are not finite or out of range, NameError for others.
 */
export function sgd(options: SgdOptions): Optimizer {
  const defaults = { momentum: 0, dampening: 0, nesterov: false, weightDecay: 0, maximize: false };
  const all = withDefaults('sgd', { learningRate: NaN, ...defaults }, options);
  const { learningRate, momentum, dampening, nesterov, weightDecay, maximize, groups } = all;
  requireNonNegative('sgd', { learningRate: { ...options }.learningRate, dampening, weightDecay });
  requireShares('sgd', { momentum });
  if (nesterov && (momentum === 0 || dampening > 0)) {
    throw new ValueError('sgd: nesterov needs a momentum above 0 and no dampening');
  }
  return {
    name: 'sgd',
    inputs: momentum > 0 ? { learningRate, momentum } : { learningRate },
    constants: { dampening, nesterov, weightDecay, maximize },
    groups,
    update(context) {
      const { g, parameter, inputs, state, save, step } = context;
      const gradient = gradientOf(context, maximize, context.weightDecay ?? weightDecay);
      let change = gradient;
      if (momentum > 0) {
        const share = inputs['momentum']!;
        const kept = g.mul(state('momentum_buffer'), share);
        let velocity = g.add(kept, dampening > 0 ? g.mul(gradient, g.scalar(1 - dampening, gradient)) : gradient);
        if (dampening > 0) velocity = g.where(g.equal(step(), g.scalar(1, step())), gradient, velocity);
        save('momentum_buffer', velocity);
        change = nesterov ? g.add(gradient, g.mul(velocity, share)) : velocity;
      }
      return g.sub(parameter, g.mul(change, inputs['learningRate']!));
    },
  };
}
