import { checkedOptions, describeValue } from '../dsl/emit.js';
import { ValueError } from '../ir/errors.js';

/** One number, or one for height and one for width. */
export type NumberPair = number | readonly [number, number];

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isAboveZero = (value: unknown) => isNumber(value) && value > 0 && value < Infinity;
const isProbability = (value: unknown) => isNumber(value) && value >= 0 && value <= 1;
const isFrom = (least: number) => (value: unknown) => isNumber(value) && Number.isInteger(value) && value >= least;
const pairFrom = (least: number) => (value: unknown) =>
  isFrom(least)(value) || (Array.isArray(value) && value.length === 2 && value.every(isFrom(least)));

/** What an argument of a layer may be, and how a message says it. */
const kinds = {
  flag: [(value: unknown) => typeof value === 'boolean', 'true or false'],
  number: [(value: unknown) => isNumber(value) && Number.isFinite(value), 'a finite number'],
  aboveZero: [isAboveZero, 'a number above 0'],
  notZero: [
    (value: unknown) => isNumber(value) && Number.isFinite(value) && value !== 0,
    'a finite number other than 0',
  ],
  probability: [isProbability, 'a number from 0 to 1'],
  probabilityOrNull: [(value: unknown) => value === null || isProbability(value), 'a number from 0 to 1, or null'],
  options: [(value: unknown) => typeof value === 'object' && value !== null, 'an object of options'],
  text: [(value: unknown) => typeof value === 'string', 'a text'],
  integer: [Number.isInteger, 'an integer'],
  count: [isFrom(1), 'an integer of at least 1'],
  size: [isFrom(0), 'an integer of at least 0'],
  countOrNull: [(value: unknown) => value === null || isFrom(1)(value), 'an integer of at least 1, or null'],
  factors: [
    (value: unknown) => isAboveZero(value) || (Array.isArray(value) && value.length === 2 && value.every(isAboveZero)),
    'a number above 0, or a pair of them',
  ],
  countPair: [pairFrom(1), 'an integer of at least 1, or a pair of them'],
  sizePair: [pairFrom(0), 'an integer of at least 0, or a pair of them'],
} as const satisfies Readonly<Record<string, readonly [(value: unknown) => boolean, string]>>;

/** What an argument may be; the words in quotes, or one of the kinds. */
export type ArgumentKind = keyof typeof kinds | readonly string[];

/** Throws ValueError, `Conv2d: groups must be an integer of at least 1, got 0`, unless the value is of the kind. */
export function checkArgument(layer: string, name: string, value: unknown, kind: ArgumentKind): void {
  const [fits, wanted] = isWords(kind)
    ? [(given: unknown) => kind.includes(given as string), `one of ${kind.map((word) => `'${word}'`).join(', ')}`]
    : kinds[kind];
  if (fits(value)) return;
  const got = Array.isArray(value) ? `[${value.map(String).join(', ')}]` : describeValue(value);
  throw new ValueError(`${layer}: ${name} must be ${wanted}, got ${got}`);
}

const isWords = (kind: ArgumentKind): kind is readonly string[] => typeof kind !== 'string';

/**
 * Refuses, for a layer's constructor, options that there are not (NameError) and those that are not of their kind
 * (ValueError); an option that is undefined counts as left out.
 */
export function checkOptions(layer: string, options: unknown, known: Readonly<Record<string, ArgumentKind>>): void {
  const given = checkedOptions(layer, Object.keys(known), options);
  for (const [name, kind] of Object.entries(known)) {
    if (given[name] !== undefined) checkArgument(layer, name, given[name], kind);
  }
}

/** As {@link checkOptions}, of options that may not be left out. */
export function checkRequired(layer: string, options: unknown, known: Readonly<Record<string, ArgumentKind>>): void {
  const given = checkedOptions(layer, Object.keys(known), options);
  for (const [name, kind] of Object.entries(known)) checkArgument(layer, name, given[name], kind);
}

/** Throws ValueError unless `whole` divides by `parts`: `Conv2d: inChannels 3 does not divide by groups 2`. */
export function checkDivides(layer: string, whole: readonly [string, unknown], parts: readonly [string, number]): void {
  const [name, size] = whole;
  if (isNumber(size) && size % parts[1] !== 0) {
    throw new ValueError(`${layer}: ${name} ${size} does not divide by ${parts[0]} ${parts[1]}`);
  }
}

/** Both numbers of a pair. */
export function pairOf(pair: NumberPair): readonly [number, number] {
  return isNumber(pair) ? [pair, pair] : pair;
}

/** What a field is that an option can leave out. */
export type Unless<Present extends boolean, Value> = Present extends true ? Value : null;

/** The value, made unless `present` is false. */
export function unlessFalse<Present extends boolean, Value>(
  present: Present | undefined,
  make: () => Value,
): Unless<Present, Value>;
export function unlessFalse(present: boolean | undefined, make: () => unknown): unknown {
  return present === false ? null : make();
}
