import type { Optimizer } from '../../session/optimizer.js';
import {
  decayed,
  gradientOf,
  lerp,
  requireBetas,
  requireNonNegative,
  withDefaults,
  type CommonOptions,
} from './hyperparameters.js';

/** Hyperparameters of {@link lion}, with the defaults of the paper's own implementation. */
export interface LionOptions extends CommonOptions {
  /** Fed as the scalar input `learningRate`: sessions may change it at any step. Default 1e-4. */
  learningRate?: number;
  /** What the direction and the running mean keep of the mean, each in [0, 1). Default [0.9, 0.99]. The first is the scalar input `beta1`. */
  betas?: readonly [number, number];
  /** Default 0. */
  weightDecay?: number;
}

/**
 * Lion (Chen et al. 2023, algorithm 2): w ← w·(1 − learningRate·weightDecay) − learningRate·sign(β₁·m + (1 − β₁)·g), then
 * m ← β₂·m + (1 − β₂)·g.
 *
 * Throws ValueError for hyperparameters that are not finite or out of range, NameError for others.
 */
export function lion(options?: LionOptions): Optimizer {
  const betas: readonly [number, number] = [0.9, 0.99];
  const all = withDefaults('lion', { learningRate: 1e-4, betas, weightDecay: 0, maximize: false }, options);
  const { learningRate, weightDecay, maximize, groups } = all;
  requireNonNegative('lion', { learningRate, weightDecay });
  requireBetas('lion', all.betas);
  const [beta1, beta2] = all.betas;
  return {
    name: 'lion',
    inputs: { learningRate, beta1 },
    constants: { beta2, weightDecay, maximize },
    groups,
    update(context) {
      const { g, inputs, state, save } = context;
      const gradient = gradientOf(context, maximize);
      const mean = state('exp_avg');
      const first = inputs['beta1']!;
      // As the paper writes it: where the two cancel, their sum is 0 and has no sign.
      const direction = g.sign(g.add(g.mul(mean, first), g.mul(gradient, g.sub(g.scalar(1, first), first))));
      save('exp_avg', lerp(context, mean, gradient, 1 - beta2));
      return g.sub(decayed(context, context.weightDecay ?? weightDecay), g.mul(direction, inputs['learningRate']!));
    },
  };
}
