import { NameError, ValueError } from '../ir/errors.js';
import type { EpochRecord } from './history.js';

/** The loss or a metric, and which of its values are good. */
export type MonitorOption<Name extends string> =
  Name | 'loss' | { readonly metric: Name | 'loss'; readonly mode: 'min' | 'max' };

/** Watches one score from epoch to epoch: of the validation where there is one. */
export interface Monitor {
  readonly metric: string;
  readonly mode: 'min' | 'max';
}

/**
 * Those whose names contain `accuracy` are to be large; the loss, and those whose names contain `loss`, `error` or
 * `perplexity`, small. Throws NameError for one that is not among `metrics`, ValueError where it is not known which is good.
 */
export function checkedMonitor(what: string, option: MonitorOption<string>, metrics: readonly string[]): Monitor {
  const { metric, mode }: { metric: string; mode?: unknown } = typeof option === 'string' ? { metric: option } : option;
  if (metric !== 'loss' && !metrics.includes(metric)) {
    throw new NameError(`${what}: there is no metric '${metric}', only ${['loss', ...metrics].join(', ')}`);
  }
  const known = /accuracy/i.test(metric) ? 'max' : /loss|error|perplexity/i.test(metric) ? 'min' : undefined;
  const given = typeof option === 'string' ? known : mode;
  if (given === 'min' || given === 'max') return { metric, mode: given };
  throw new ValueError(`${what}: say whether '${metric}' is to be small or large: { metric, mode: 'min' or 'max' }`);
}

/** Its value in an epoch; undefined where it is missing or NaN. */
export function monitored({ metric }: Monitor, { train, validation }: EpochRecord): number | undefined {
  const value: number | undefined = ({ ...train, ...validation } as Readonly<Record<string, number>>)[metric];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** Whether a value is better than the best so far by more than `minDelta`. */
export function isBetter({ mode }: Monitor, value: number, best: number | undefined, minDelta = 0): boolean {
  if (best === undefined) return true;
  return mode === 'min' ? value < best - minDelta : value > best + minDelta;
}
