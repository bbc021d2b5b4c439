import { checkedOptions, describeValue } from '../../dsl/emit.js';
import { UsageError, ValueError } from '../../ir/errors.js';

/** A hyperparameter as a function of the steps done: that of the first step is `schedule(0)`. */
export type Schedule = (step: number) => number;

/** What every schedule of a learning rate takes. */
export interface ScheduleOptions {
  /** The rate that the schedule starts from, after the warm-up. */
  learningRate: number;
  /** Steps before, in which the rate rises from 0 in equal parts. Default 0. */
  warmupSteps?: number;
}

/**
 * Options by name, with the defaults for what is undefined. Throws NameError for others, ValueError for values that are
 * no finite numbers of at least 0, and for names ending in `Steps` or `Size` that are not whole.
 */
export function checkedNumbers<Name extends string>(
  what: string,
  defaults: Readonly<Record<Name, number | undefined>>,
  options: unknown,
): Record<Name, number> {
  const given = checkedOptions(what, Object.keys(defaults), options);
  const names = Object.keys(defaults) as Name[];
  return Object.fromEntries(
    names.map((name) => {
      const value = given[name] ?? defaults[name];
      const isWhole = /Steps$|Size$/.test(name);
      if (typeof value === 'number' && Number.isFinite(value) && value >= 0 && (!isWhole || Number.isInteger(value))) {
        return [name, value];
      }
      const wanted = isWhole ? 'a whole number' : 'a number';
      throw new ValueError(`${what}: ${name} must be ${wanted}, at least 0, got ${describeValue(value)}`);
    }),
  ) as Record<Name, number>;
}

/**
 * A schedule after a warm-up of `steps` steps: in step t of them, schedule(0)·t/steps. `schedule` then begins at its 0.
 * Throws ValueError for a number of steps that is none, UsageError for what is no function.
 */
export function warmUp(steps: number, schedule: Schedule): Schedule {
  requireSchedule('warmUp', schedule);
  if (!Number.isInteger(steps) || steps < 0) {
    throw new ValueError(`warmUp: steps must be a whole number, at least 0, got ${describeValue(steps)}`);
  }
  return inSequence([{ steps, schedule: (step) => (schedule(0) * step) / steps }, { schedule }]);
}

/**
 * Schedules one after the other, each for so many steps and counting its own from 0; the last one goes on, and needs no
 * number. As `torch.optim.lr_scheduler.SequentialLR`.
 *
 * Throws ValueError for numbers of steps that are none, UsageError for a list without schedules.
 */
export function inSequence(parts: readonly { readonly schedule: Schedule; readonly steps?: number }[]): Schedule {
  const given: unknown = parts;
  if (!Array.isArray(given) || parts.length === 0) {
    throw new UsageError(`inSequence: takes a list of { schedule, steps }, got ${describeValue(given)}`);
  }
  const ends: number[] = [];
  parts.forEach(({ schedule, steps = Infinity }, i) => {
    requireSchedule(`inSequence: parts[${i}]`, schedule);
    const isLast = i === parts.length - 1;
    if ((!Number.isInteger(steps) || steps < 0) && !(isLast && steps === Infinity)) {
      throw new ValueError(`inSequence: steps of parts[${i}] must be a whole number, at least 0, got ${steps}`);
    }
    ends.push((ends.at(-1) ?? 0) + steps);
  });
  return (step) => {
    const found = ends.findIndex((end) => step < end);
    const index = found < 0 ? parts.length - 1 : found;
    return parts[index]!.schedule(step - (ends[index - 1] ?? 0));
  };
}

function requireSchedule(what: string, schedule: unknown): void {
  if (typeof schedule === 'function') return;
  throw new UsageError(`${what}: a schedule is a function of the step, got ${describeValue(schedule)}`);
}
