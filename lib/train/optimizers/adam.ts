import type { Node } from '../../ir/graph.js';
import type { Optimizer, UpdateContext } from '../../session/optimizer.js';
import {
  decayed,
  gradientOf,
  lerp,
  requireBetas,
  requireNonNegative,
  withDefaults,
  type CommonOptions,
} from './hyperparameters.js';

/** Hyperparameters of {@link adam} and {@link adamW}, named as in `torch.optim.Adam` and `torch.optim.AdamW`. */
export interface AdamOptions extends CommonOptions {
  /** Fed as the scalar input `learningRate`: sessions may change it at any step. Default 0.001. */
  learningRate?: number;
  /**
   * What the running means of the gradient and of its square keep in a step, each in [0, 1). Default [0.9, 0.999]. The
   * first is the scalar input `beta1`.
   */
  betas?: readonly [number, number];
  /** Added to the divisor. Default 1e-8. */
  eps?: number;
  /** Default 0 for Adam, 0.01 for AdamW. */
  weightDecay?: number;
  /** Divide by the largest mean of squares so far (Reddi et al. 2018). Default false. */
  amsgrad?: boolean;
}

/**
 * Adam (Kingma and Ba 2015): m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², and
 * w ← w − learningRate · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + eps) in update t, with g the gradient plus weightDecay·w.
 *
 * Throws ValueError for hyperparameters that are not finite or out of range, NameError for others.
 */
export function adam(options?: AdamOptions): Optimizer {
  return adamNamed('adam', 0, options);
}

/**
 * AdamW (Loshchilov and Hutter 2019): {@link adam}, with w·(1 − learningRate·weightDecay) in place of w, and weight decay
 * no part of g.
 *
 * Throws ValueError for hyperparameters that are not finite or out of range, NameError for others.
 */
export function adamW(options?: AdamOptions): Optimizer {
  return adamNamed('adamW', 0.01, options);
}

function adamNamed(name: 'adam' | 'adamW', defaultDecay: number, options?: AdamOptions): Optimizer {
  const betas: readonly [number, number] = [0.9, 0.999];
  const defaults = {
    learningRate: 0.001,
    betas,
    eps: 1e-8,
    weightDecay: defaultDecay,
    amsgrad: false,
    maximize: false,
  };
  const all = withDefaults(name, defaults, options);
  const { learningRate, eps, weightDecay, amsgrad, maximize, groups } = all;
  requireNonNegative(name, { learningRate, eps, weightDecay });
  requireBetas(name, all.betas);
  const [beta1, beta2] = all.betas;
  return {
    name,
    inputs: { learningRate, beta1 },
    constants: { beta2, eps, weightDecay, amsgrad, maximize },
    groups,
    update(context) {
      const { g, inputs, state, save } = context;
      const decay = context.weightDecay ?? weightDecay;
      const isApart = name === 'adamW';
      const gradient = gradientOf(context, maximize, isApart ? 0 : decay);
      const first = inputs['beta1']!;
      const mean = lerp(context, state('exp_avg'), gradient, g.sub(g.scalar(1, first), first));
      save('exp_avg', mean);
      const square = lerp(context, state('exp_avg_sq'), g.square(gradient), 1 - beta2);
      save('exp_avg_sq', square);
      let divided = square;
      if (amsgrad) {
        divided = g.maximum(state('max_exp_avg_sq'), square);
        save('max_exp_avg_sq', divided);
      }
      const correction1 = correction(context, g.log1p(g.sub(first, g.scalar(1, first))));
      // The logarithm of 0 is no number that a kernel could hold: with that of 1e-38, β₂ᵗ is 0 as well.
      const correction2 = correction(context, g.scalar(Math.log(Math.max(beta2, 1e-38)), first));
      // Numerator and divisor times √(1 − β₂ᵗ): one division less for each element (Kingma and Ba 2015, section 2).
      const root = g.sqrt(correction2);
      const size = g.div(g.mul(inputs['learningRate']!, root), correction1);
      const divisor = g.add(g.sqrt(divided), g.mul(root, g.scalar(eps, root)));
      const from = isApart ? decayed(context, decay) : context.parameter;
      return g.sub(from, g.div(g.mul(mean, size), divisor));
    },
  };
}

/** 1 − βᵗ as −(e^(t·log β) − 1): in f32, 1 − 0.999 is off by 6e-5 of itself. A β of 0 gives 1. */
function correction({ g, step }: UpdateContext, logarithm: Node): Node {
  return g.neg(g.expm1(g.mul(step(), logarithm)));
}
