import { closeNames, MeganeuraError } from '../ir/errors.js';

/** A configuration file that has a value nothing can be made of, or one that only other implementations know. */
export class ConfigError extends MeganeuraError {}

/**
 * The fields of one JSON object, read with types and bounds, so that messages name the file and the field. `null` stands
 * for a field that is not there, as Python writes its None.
 */
export class ConfigFields {
  readonly #values: Readonly<Record<string, unknown>>;

  /**
   * @param json What a configuration file holds.
   * @param name What messages call it: `scheduler_config.json`.
   * @throws {ConfigError} When it is no object.
   */
  constructor(
    json: unknown,
    readonly name: string,
  ) {
    if (!isRecord(json)) throw new ConfigError(`${name}: expected a JSON object, got ${described(json)}`);
    this.#values = json;
  }

  /** Whether the field is there and not null. */
  has(key: string): boolean {
    return this.value(key) !== undefined;
  }

  /** Whether the field is there and null, where that says more than a field that is missing. */
  isNull(key: string): boolean {
    return Object.hasOwn(this.#values, key) && this.#values[key] === null;
  }

  /** The field as it stands; undefined where it is missing or null. */
  value(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? (this.#values[key] ?? undefined) : undefined;
  }

  /** A finite number. */
  number(key: string, missing?: number): number {
    const value = this.value(key) ?? missing;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.refused(key, 'a number');
    return value;
  }

  /** A whole number of at least `least`. */
  integer(key: string, missing?: number, least = 0): number {
    const value = this.value(key) ?? missing;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
      throw this.refused(key, `a whole number, at least ${least}`);
    }
    return value;
  }

  boolean(key: string, missing?: boolean): boolean {
    const value = this.value(key) ?? missing;
    if (typeof value !== 'boolean') throw this.refused(key, 'true or false');
    return value;
  }

  string(key: string, missing?: string): string {
    const value = this.value(key) ?? missing;
    if (typeof value !== 'string') throw this.refused(key, 'text');
    return value;
  }

  /** One of some words. */
  oneOf<const Choice extends string>(key: string, choices: readonly Choice[], missing?: Choice): Choice {
    const value = this.value(key) ?? missing;
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      throw this.refused(key, `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`, choices);
    return found;
  }

  /** A list of `count` finite numbers. */
  numbers(key: string, count: number, missing?: readonly number[]): readonly number[] {
    const value = this.value(key) ?? missing;
    const isNumber = (element: unknown): element is number => typeof element === 'number' && Number.isFinite(element);
    if (!Array.isArray(value) || value.length !== count || !value.every(isNumber)) {
      throw this.refused(key, `a list of ${count} numbers`);
    }
    return value;
  }

  /** The object in a field; an empty one where it is missing and `optional`. */
  fields(key: string, optional = false): ConfigFields {
    const value = this.value(key) ?? (optional ? {} : undefined);
    if (!isRecord(value)) throw this.refused(key, 'an object');
    return new ConfigFields(value, `${this.name}: ${key}`);
  }

  /** Fields that change the result and that we do not know: they may only be there with the value that turns them off. */
  onlyOff(off: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of Object.entries(off)) {
      if (this.has(key) && this.value(key) !== value)
        throw this.refused(
          key,
          `${value === undefined ? 'no such field' : described(value)} (nothing else is supported)`,
        );
    }
  }

  /** The error for a field that is not what it must be; `known` words are searched for near misses. */
  refused(key: string, expected: string, known: readonly string[] = []): ConfigError {
    const value = this.value(key);
    const near = typeof value === 'string' ? closeNames(value, known, 1) : [];
    const hint = near.length === 0 ? '' : `: did you mean '${near[0]!}'?`;
    return new ConfigError(`${this.name}: ${key}: expected ${expected}, got ${described(value)}${hint}`);
  }
}

/** Whether a value is an object with fields, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'function' ? 'a function' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
