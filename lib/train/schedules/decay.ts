import { ValueError } from '../../ir/errors.js';
import { checkedNumbers, warmUp, type Schedule, type ScheduleOptions } from './schedule.js';

/** The same rate at every step. Throws ValueError for numbers out of range, NameError for options that there are not. */
export function constantSchedule(options: ScheduleOptions): Schedule {
  const { learningRate, warmupSteps } = checkedNumbers('constantSchedule', rates, options);
  return warmUp(warmupSteps, () => learningRate);
}

/**
 * learningRate · gamma^⌊t / stepSize⌋, as `torch.optim.lr_scheduler.StepLR`. Default gamma 0.1.
 * Throws ValueError for numbers out of range, NameError for options that there are not.
 */
export function stepSchedule(options: ScheduleOptions & { stepSize: number; gamma?: number }): Schedule {
  const defaults = { ...rates, stepSize: undefined, gamma: 0.1 };
  const { learningRate, warmupSteps, stepSize, gamma } = checkedNumbers('stepSchedule', defaults, options);
  if (stepSize === 0) throw new ValueError('stepSchedule: stepSize must be above 0, got 0');
  return warmUp(warmupSteps, (step) => learningRate * gamma ** Math.floor(step / stepSize));
}

/**
 * learningRate · gamma^t, as `torch.optim.lr_scheduler.ExponentialLR`.
 * Throws ValueError for numbers out of range, NameError for options that there are not.
 */
export function exponentialSchedule(options: ScheduleOptions & { gamma: number }): Schedule {
  const defaults = { ...rates, gamma: undefined };
  const { learningRate, warmupSteps, gamma } = checkedNumbers('exponentialSchedule', defaults, options);
  return warmUp(warmupSteps, (step) => learningRate * gamma ** step);
}

/** What schedules that come to an end take. */
export interface EndingScheduleOptions extends ScheduleOptions {
  /** After so many steps, those of the warm-up included, the rate is at its end, and stays. */
  totalSteps: number;
  /** The rate at the end. Default 0. */
  minimum?: number;
}

/**
 * A straight line from learningRate to `minimum`, as transformers' `get_linear_schedule_with_warmup`.
 * Throws ValueError for numbers out of range, NameError for options that there are not.
 */
export function linearSchedule(options: EndingScheduleOptions): Schedule {
  return ending('linearSchedule', checkedNumbers('linearSchedule', ends, options), (progress) => 1 - progress);
}

/**
 * minimum + (learningRate − minimum)·(1 + cos(2π·cycles·p))/2 at the share p of the steps after the warm-up: half a wave
 * down by default (Loshchilov and Hutter 2017). As transformers' `get_cosine_schedule_with_warmup`, and
 * `torch.optim.lr_scheduler.CosineAnnealingLR` with `T_max` = totalSteps and `eta_min` = minimum.
 *
 * Throws ValueError for numbers out of range, NameError for options that there are not.
 */
export function cosineSchedule(options: EndingScheduleOptions & { cycles?: number }): Schedule {
  const numbers = checkedNumbers('cosineSchedule', { ...ends, cycles: 0.5 }, options);
  return ending('cosineSchedule', numbers, (progress) => (1 + Math.cos(2 * Math.PI * numbers.cycles * progress)) / 2);
}

const rates = { learningRate: undefined, warmupSteps: 0 };
const ends = { ...rates, totalSteps: undefined, minimum: 0 };

/** `shape`: the share of the way up from the minimum that is left at a share of the steps. */
function ending(
  what: string,
  { learningRate, warmupSteps, totalSteps, minimum }: Readonly<Record<keyof typeof ends, number>>,
  shape: (progress: number) => number,
): Schedule {
  if (totalSteps <= warmupSteps) {
    throw new ValueError(`${what}: totalSteps must be above the ${warmupSteps} of the warm-up, got ${totalSteps}`);
  }
  const steps = totalSteps - warmupSteps;
  return warmUp(warmupSteps, (step) => minimum + (learningRate - minimum) * shape(Math.min(1, step / steps)));
}
