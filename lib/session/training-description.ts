import type { Optimizer } from './optimizer.js';
import type { CheckedStep } from './training-options.js';

/** Names, numbers and truth values by name. */
export type TrainingDescription = Readonly<Record<string, string | number | boolean>>;

/**
 * What a training step was built with and cannot be seen from its states: the optimizer's name and constants, its groups, the
 * loss, clipping, accumulation and the like, by name. Trainings with the same are the same. What only trades memory for time
 * is no part of it.
 */
export function describeTraining(
  { name, constants = {}, groups = [] }: Optimizer,
  step: Partial<CheckedStep>,
  loss: string,
): TrainingDescription {
  const patterns = groups.map(({ parameters, ...settings }) => ({
    parameters: Array.isArray(parameters) ? parameters.map(String).join(' ') : String(parameters),
    ...settings,
  }));
  return Object.fromEntries([
    ...flat('optimizer', name),
    ...flat(name, constants),
    ...flat('groups', patterns),
    ...flat('loss', loss),
    ...Object.entries(step).flatMap(([option, value]) => (changesNumbers(option) ? flat(option, value) : [])),
  ]);
}

function changesNumbers(option: string): boolean {
  return option !== 'recompute';
}

function flat(path: string, value: unknown): [string, string | number | boolean][] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => flat(`${path}.${name}`, one));
}
