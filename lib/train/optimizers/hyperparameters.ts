import { checkedOptions } from '../../dsl/emit.js';
import type { Node } from '../../ir/graph.js';
import { ValueError } from '../../ir/errors.js';
import { checkedGroups, type ParameterGroup } from '../../session/parameter-groups.js';
import type { UpdateContext } from '../../session/optimizer.js';

/** Hyperparameters that every optimizer has. */
export interface CommonOptions {
  /** Whether to go up the gradient instead of down. Default false. */
  maximize?: boolean;
  /** Parameters with hyperparameters of their own, or frozen: see {@link ParameterGroup}. */
  groups?: readonly ParameterGroup[];
}

/**
 * Options of the optimizer `name` with the defaults for what is undefined.
 * Throws NameError for options that there are not, UsageError and ValueError for groups and flags that are none.
 */
export function withDefaults<Options extends CommonOptions, Defaults extends Required<Omit<Options, 'groups'>>>(
  name: string,
  defaults: Defaults,
  options: Options | undefined,
): Defaults & { groups: readonly ParameterGroup[] } {
  const given = checkedOptions(name, [...Object.keys(defaults), 'groups'], { ...options });
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const all = { ...defaults, ...set, groups: checkedGroups(name, given['groups']) };
  for (const [option, value] of Object.entries(defaults)) {
    const got: unknown = (all as Record<string, unknown>)[option];
    if (typeof value !== 'boolean' || typeof got === 'boolean') continue;
    throw new ValueError(`${name}: ${option} must be true or false, got ${JSON.stringify(got)}`);
  }
  return all;
}

/** Throws ValueError for values that are no finite numbers of at least 0, naming the first. */
export function requireNonNegative(optimizer: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) continue;
    throw new ValueError(`${optimizer}: ${name} must be a number, at least 0, got ${shown(value)}`);
  }
}

/** Throws ValueError for values outside of [0, 1), naming the first. */
export function requireShares(optimizer: string, values: Readonly<Record<string, unknown>>): void {
  requireNonNegative(optimizer, values);
  for (const [name, value] of Object.entries(values)) {
    if (Number(value) >= 1) throw new ValueError(`${optimizer}: ${name} must be below 1, got ${shown(value)}`);
  }
}

/** Throws ValueError for what is no list of two. */
export function requirePair(optimizer: string, name: string, value: unknown): asserts value is [unknown, unknown] {
  if (Array.isArray(value) && value.length === 2) return;
  throw new ValueError(`${optimizer}: ${name} must be two numbers, got ${shown(value)}`);
}

/** The two decay rates; throws ValueError when they are none. */
export function requireBetas(optimizer: string, betas: unknown): void {
  requirePair(optimizer, 'betas', betas);
  requireShares(optimizer, { 'betas[0]': betas[0], 'betas[1]': betas[1] });
}

/** JSON has no NaN and no infinities. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** The gradient, or its opposite where the loss is to grow, plus weightDecay·w: decay as part of the loss (L2). */
export function gradientOf({ g, parameter, gradient }: UpdateContext, maximize: boolean, weightDecay = 0): Node {
  const down = maximize ? g.neg(gradient) : gradient;
  return weightDecay > 0 ? g.add(down, g.mul(parameter, g.scalar(weightDecay, parameter))) : down;
}

/** w·(1 − learningRate·weightDecay): decay apart from the gradient (Loshchilov and Hutter 2019). */
export function decayed({ g, parameter, inputs }: UpdateContext, weightDecay: number): Node {
  if (weightDecay === 0) return parameter;
  const rate = inputs['learningRate']!;
  return g.mul(parameter, g.sub(g.scalar(1, rate), g.mul(rate, g.scalar(weightDecay, rate))));
}

/** a + share·(b − a): of a running mean `a`, the next one. `share` is a number or a scalar. */
export function lerp({ g }: UpdateContext, a: Node, b: Node, share: number | Node): Node {
  return g.add(a, g.mul(g.sub(b, a), typeof share === 'number' ? g.scalar(share, a) : share));
}
