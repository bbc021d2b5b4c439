import { checkedOptions, describeValue } from '../dsl/emit.js';
import { closeNames, NameError, UsageError, ValueError } from '../ir/errors.js';

/** A name in the state dict, in which `*` stands for any characters; or an expression that finds a match in the name. */
export type NamePattern = string | RegExp;

/** What is different for some parameters. Settings of all the groups that a parameter is in hold; the later group wins. */
export interface ParameterGroup {
  /** Names or patterns: a parameter whose name one of them fits is in the group. */
  readonly parameters: NamePattern | readonly NamePattern[];
  /** What the input `learningRate` is multiplied by, at least 0. Default 1. */
  readonly learningRateScale?: number;
  /** Coefficient in place of the optimizer's own `weightDecay`, at least 0. */
  readonly weightDecay?: number;
  /** Whether they stay as they are: then not even their gradients are computed. Default false. */
  readonly frozen?: boolean;
}

const settings = ['learningRateScale', 'weightDecay', 'frozen'] as const;

/** A parameter's settings. */
export type GroupSettings = Omit<ParameterGroup, 'parameters'>;

/**
 * Checks groups and gives them back, for optimizers that take them as an option; `what` names the optimizer.
 * Throws UsageError for what is no list of groups or no pattern, NameError for settings that there are not, ValueError for
 * those out of range.
 */
export function checkedGroups(what: string, groups: unknown): readonly ParameterGroup[] {
  if (groups === undefined) return [];
  if (!Array.isArray(groups)) {
    throw new UsageError(`${what}: groups must be a list of { parameters, … }, got ${describeValue(groups)}`);
  }
  return groups.map((given: unknown, i) => {
    const where = `${what}: groups[${i}]`;
    const group = checkedOptions(where, ['parameters', ...settings], given);
    const patterns = patternsOf(group['parameters']);
    if (patterns.length === 0 || !patterns.every((one) => typeof one === 'string' || one instanceof RegExp)) {
      throw new UsageError(
        `${where}: parameters must be names, with * for any characters, or regular expressions, got ` +
          describeValue(group['parameters']),
      );
    }
    for (const name of ['learningRateScale', 'weightDecay'] as const) {
      const value = group[name];
      if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0)) continue;
      throw new ValueError(`${where}: ${name} must be a number, at least 0, got ${describeValue(value)}`);
    }
    const { frozen } = group;
    if (frozen !== undefined && typeof frozen !== 'boolean') {
      throw new ValueError(`${where}: frozen must be true or false, got ${describeValue(frozen)}`);
    }
    return given as ParameterGroup;
  });
}

/**
 * The settings of each parameter, by name. Throws NameError for a pattern that no parameter has: what it should have
 * changed would go on unseen.
 */
export function groupSettings(
  what: string,
  groups: readonly ParameterGroup[],
  parameters: readonly string[],
): ReadonlyMap<string, GroupSettings> {
  const found = new Map<string, GroupSettings>(parameters.map((name) => [name, {}]));
  groups.forEach((group, i) => {
    for (const pattern of patternsOf(group.parameters) as NamePattern[]) {
      const names = parameters.filter((name) => matches(pattern, name));
      if (names.length === 0) throw unmatched(`${what}: groups[${i}]`, pattern, parameters);
      for (const name of names) found.set(name, { ...found.get(name), ...given(group) });
    }
  });
  return found;
}

/** What a group sets; undefined is nothing set. */
function given(group: ParameterGroup): GroupSettings {
  return Object.fromEntries(settings.flatMap((name) => (group[name] === undefined ? [] : [[name, group[name]]])));
}

function patternsOf(parameters: unknown): readonly unknown[] {
  return Array.isArray(parameters) ? parameters : [parameters];
}

/** Whether a name fits a pattern. */
export function matches(pattern: NamePattern, name: string): boolean {
  // `search` starts anew each time, whatever flags the expression has.
  if (pattern instanceof RegExp) return name.search(pattern) >= 0;
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

function unmatched(where: string, pattern: NamePattern, parameters: readonly string[]): NameError {
  const close = typeof pattern === 'string' ? closeNames(pattern, parameters) : [];
  const hint = close.length > 0 ? `did you mean '${close[0]}'?` : `there are ${parameters.slice(0, 8).join(', ')}`;
  return new NameError(`${where}: no parameter matches ${String(pattern)}; ${hint}`);
}
