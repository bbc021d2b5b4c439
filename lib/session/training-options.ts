import { describeValue } from '../dsl/emit.js';
import { UsageError, ValueError } from '../ir/errors.js';
import { checkAccumulate } from './accumulation.js';
import { checkClip, type ClipByNorm, type ClipOptions } from './gradient-clipping.js';
import { checkedLossScale, type LossScaleOptions } from './loss-scaling.js';
import { checkMixedPrecision, type MixedPrecision } from './mixed-precision.js';
import type { Optimizer } from './optimizer.js';
import { checkRecompute, type ModulePatterns, type RecomputeBudget } from './recompute.js';
import { checkAverage, type WeightAverageOptions } from './weight-average.js';

/** What a training step does besides the optimizer's update, all of it part of the step's graph. */
export interface StepOptions<
  Clip extends ClipOptions = ClipOptions,
  Scale extends LossScaleOptions | true = LossScaleOptions | true,
  Mixed extends MixedPrecision = MixedPrecision,
> {
  /** Limits gradients before the update: `{ norm: 1 }` all of them together, `{ value: 0.5 }` each element. */
  readonly clip?: Clip | undefined;
  /**
   * Updates once in so many steps, by the mean of their gradients. Default 1. Where an epoch ends in between, the next one
   * goes on.
   */
  readonly accumulate?: number | undefined;
  /**
   * Multiplies the loss, so that small gradients do not vanish in f16; the scale adapts. `true` for PyTorch's defaults,
   * which `mixedPrecision: 'f16'` has unless others are given.
   */
  readonly lossScale?: Scale | undefined;
  /**
   * Products of matrices, convolutions and attention, and what follows them element by element, in 16 bits, as PyTorch's
   * autocast has them; norms, losses, the parameters and their update stay f32. `'f16'` scales the loss.
   */
  readonly mixedPrecision?: Mixed | undefined;
  /**
   * From the first step on whose loss, or norm of gradients where it clips by one, is NaN or infinite, no step updates any more:
   * parameters and the optimizer's states stay what they were before it, and a `Trainer` says whose gradient it was. Each update
   * then is a choice, which costs a few dispatches. Norms that overflow under a scaled loss are no reason. Default false.
   */
  readonly haltOnNonFinite?: boolean | undefined;
  /**
   * Modules, by their paths with `*` for anything, such as `'model.layers.*'`, whose inside the backward pass computes again
   * instead of keeping it (activation checkpointing, Chen et al. 2016, arXiv:1604.06174): less memory for more arithmetic, the
   * same numbers. Or `{ memory: bytes }`, which `session.memory().total` then does not exceed: modules are chosen, by the bytes
   * that they save for the predicted time, until it fits. `session.memory()` and `session.report()` tell what it saves and costs.
   */
  readonly recompute?: ModulePatterns | RecomputeBudget | undefined;
  /** Keeps an exponential moving average of the weights, for `buildInferenceSession(graph, { weights, average: true })`. */
  readonly average?: WeightAverageOptions | undefined;
}

/** The names of {@link StepOptions}. */
export const stepOptions = [
  'clip',
  'accumulate',
  'lossScale',
  'mixedPrecision',
  'haltOnNonFinite',
  'recompute',
  'average',
] as const;

/** What a session's options add to its outputs; options that are only known to be some add nothing. */
export type StepValues<Clip, Scale> = ([Clip] extends [never]
  ? unknown
  : [Clip] extends [ClipByNorm]
    ? { readonly gradientNorm: Float32Array }
    : unknown) &
  ([Scale] extends [never]
    ? unknown
    : [LossScaleOptions | true] extends [Scale]
      ? unknown
      : { readonly lossScale: Float32Array });

/** What scales the loss: `Scale`, and `true` where the precision implies it. */
export type ImpliedScale<Scale, Mixed> =
  Scale | ([MixedPrecision] extends [Mixed] ? never : Mixed extends 'f16' ? true : never);

/** {@link StepOptions} that were checked. */
export interface CheckedStep {
  readonly clip?: ClipOptions | undefined;
  readonly accumulate: number;
  readonly lossScale?: Required<LossScaleOptions> | undefined;
  readonly mixedPrecision?: MixedPrecision | undefined;
  readonly haltOnNonFinite: boolean;
  readonly recompute?: ModulePatterns | RecomputeBudget | undefined;
  readonly average?: WeightAverageOptions | undefined;
}

/**
 * Throws UsageError for what is no optimizer and for options of the update without one; NameError and ValueError as the
 * checks of each option do.
 */
export function checkedStep(optimizer: unknown, options: StepOptions): CheckedStep {
  requireOptimizer(optimizer);
  const { clip, accumulate = 1, mixedPrecision, haltOnNonFinite = false, recompute, average } = options;
  const lossScale = options.lossScale ?? (mixedPrecision === 'f16' ? true : undefined);
  const given = stepOptions.find((name) => options[name] !== undefined);
  if (given && optimizer === undefined) {
    throw new UsageError(
      `buildSession: the option ${given} is one of the update: it needs the option optimizer, such as ` +
        'sgd({ learningRate: 0.1 })',
    );
  }
  if (clip !== undefined) checkClip(clip);
  checkAccumulate(accumulate);
  if (mixedPrecision !== undefined) checkMixedPrecision(mixedPrecision);
  if (typeof (haltOnNonFinite as unknown) !== 'boolean') {
    throw new ValueError(`buildSession: haltOnNonFinite must be true or false, got ${describeValue(haltOnNonFinite)}`);
  }
  if (recompute !== undefined) checkRecompute(recompute);
  if (average !== undefined) checkAverage(average);
  return {
    clip,
    accumulate,
    lossScale: lossScale === undefined ? undefined : checkedLossScale(lossScale === true ? {} : lossScale),
    mixedPrecision,
    haltOnNonFinite,
    recompute,
    average,
  };
}

function requireOptimizer(optimizer: unknown): asserts optimizer is Optimizer | undefined {
  if (optimizer === undefined || (typeof optimizer === 'object' && optimizer !== null && 'update' in optimizer)) return;
  throw new UsageError(
    'buildSession: the option optimizer must be one, such as sgd({ learningRate: 0.1 }), got ' +
      describeValue(optimizer),
  );
}
