import { checkedOptions } from '../../dsl/emit.js';
import { DTypeError, ValueError } from '../../ir/errors.js';
import { leafName } from '../../ir/graph.js';
import type { Optimizer } from '../../session/optimizer.js';

/** Hyperparameters of {@link sgd}, named and defaulted as in `torch.optim.SGD`. */
export interface SgdOptions {
  /** Fed as the scalar input `learningRate`: sessions may change it at any step. */
  learningRate: number;
  /** Share of the last step's velocity that this step keeps, in [0, 1). Default 0. */
  momentum?: number;
  /** Look ahead along the velocity (Sutskever et al. 2013). Needs momentum. Default false. */
  nesterov?: boolean;
  /** Coefficient of the parameter that is added to its gradient. Default 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent: v ← momentum·v + g, w ← w − learningRate·v, with g the gradient plus weightDecay·w;
 * with Nesterov's momentum w ← w − learningRate·(g + momentum·v).
 *
 * Throws ValueError for hyperparameters that are not finite or out of range, NameError for others; sessions that train
 * throw DTypeError for parameters that are not f32.
 */
export function sgd(options: SgdOptions): Optimizer {
  checkedOptions('sgd', ['learningRate', 'momentum', 'nesterov', 'weightDecay'], { ...options });
  const { learningRate, momentum = 0, nesterov = false, weightDecay = 0 } = { ...options };
  for (const [name, value] of Object.entries({ learningRate, momentum, weightDecay })) {
    if (!Number.isFinite(value) || value < 0) {
      throw new ValueError(`sgd: ${name} must be a number, at least 0, got ${JSON.stringify(value)}`);
    }
  }
  if (momentum >= 1) throw new ValueError(`sgd: momentum must be below 1, got ${momentum}`);
  if (nesterov && momentum === 0) throw new ValueError('sgd: nesterov needs a momentum above 0');
  return {
    name: 'sgd',
    inputs: { learningRate },
    update({ g, parameter, gradient, inputs, state, save }) {
      if (parameter.dtype !== 'f32') {
        throw new DTypeError(
          `sgd: parameter '${leafName(parameter)}' is ${parameter.dtype}: keep it in f32 and cast it in forward`,
        );
      }
      let step = gradient;
      if (weightDecay > 0) step = g.add(step, g.mul(parameter, g.scalar(weightDecay, parameter)));
      if (momentum > 0) {
        const velocity = g.add(g.mul(state('momentum_buffer'), g.scalar(momentum, parameter)), step);
        save('momentum_buffer', velocity);
        step = nesterov ? g.add(step, g.mul(velocity, g.scalar(momentum, parameter))) : velocity;
      }
      return g.sub(parameter, g.mul(step, inputs['learningRate']!));
    },
  };
}
