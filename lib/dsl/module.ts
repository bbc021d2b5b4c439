import type { DType } from '../ir/dtype.js';
import { closeNames, NameError, ShapeError } from '../ir/errors.js';
import { elementCount, sameShape, showShape, type Shape } from '../ir/shape.js';
import { members, type Member } from './members.js';
import { ParameterOf, StateBuffer, StateTensor } from './state.js';
import type { TypedArray } from '../ir/typed-array.js';

/** One entry of a state dict. */
export interface StateEntry {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Row-major. */
  readonly data: TypedArray;
}

/**
 * Base of everything with parameters: a model, a layer. Its fields hold parameters, buffers and other modules; they
 * are found as PyTorch finds them, in the order of declaration, also inside arrays, Maps and plain objects, and named
 * by their path in snake_case (`layers.0.q_proj.weight`). Fields that are `#private` cannot be found.
 *
 * Methods that walk the fields throw NameError when two have the same name and ShapeError for a parameter whose shape
 * is none.
 */
export abstract class Module {
  /** Whether layers that differ between training and evaluation (dropout, batch norm) train. Read when traced. */
  training = true;

  /** The computation, in operations over its arguments and the parameters. `trace` runs it once. */
  abstract forward(...inputs: never[]): unknown;

  /** Sets this module and all inside it to training; `train(false)` is `eval()`. */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  /** Sets this module and all inside it to evaluation. */
  eval(): this {
    return this.train(false);
  }

  /** This module, under '', and every module inside it, each once, under its first name. */
  namedModules(): Map<string, Module> {
    return new Map([['', this], ...unique(members(this, isModule), isModule, this)]);
  }

  /** The modules directly inside this one, by name. */
  namedChildren(): Map<string, Module> {
    const inner = [...this.namedModules()].filter(([name]) => name !== '');
    const isChild = (name: string) => !inner.some(([other]) => name.startsWith(`${other}.`));
    return new Map(inner.filter(([name]) => isChild(name)));
  }

  /** Every parameter once, under its first name: what an optimizer trains. */
  namedParameters(): Map<string, ParameterOf> {
    return new Map(unique(members(this, isModule), isParameter));
  }

  /** Every buffer once, under its first name. */
  namedBuffers(): Map<string, StateBuffer> {
    return new Map(unique(members(this, isModule), isBuffer));
  }

  /** Number of elements of all parameters, shared ones counted once. */
  parameterCount(): number {
    return [...this.namedParameters()].reduce(
      (count, [name, parameter]) => count + elementCount(parameter.sizes(name)),
      0,
    );
  }

  /**
   * The initial values of parameters and buffers by name; a parameter that two modules share stands under both names.
   * A session's own values, after training, are the session's to give.
   */
  stateDict(): Record<string, StateEntry> {
    return Object.fromEntries(
      states(members(this, isModule)).map(({ name, value }) => [
        name,
        { shape: value.sizes(name), dtype: value.dtype, data: value.values() },
      ]),
    );
  }

  /**
   * Makes these the initial values of parameters and buffers, by name; data are numbers in row-major order. Throws
   * NameError for names that are unknown or, unless `strict` is false, missing, and ShapeError for another shape; then
   * nothing has changed.
   */
  loadStateDict(
    dict: Readonly<Record<string, { shape: Shape; data: ArrayLike<number> }>>,
    { strict = true }: { strict?: boolean } = {},
  ): void {
    if (typeof dict !== 'object') throw new NameError('loadStateDict: give the entries by name, as stateDict() does');
    const own = new Map(states(members(this, isModule)).map(({ name, value }) => [name, value]));
    for (const [name, entry] of Object.entries(dict)) {
      const state = own.get(name);
      if (!state) {
        if (!strict) continue;
        const close = closeNames(name, own.keys());
        throw new NameError(
          `loadStateDict: ${this.constructor.name} has no '${name}'${close.length > 0 ? `; it has ${close.join(', ')}` : ''}`,
        );
      }
      const shape = state.sizes(name);
      const given: { shape?: unknown; data?: { length?: unknown } } = entry;
      if (!Array.isArray(given.shape) || typeof given.data?.length !== 'number') {
        throw new ShapeError(`loadStateDict: '${name}' must be { shape: ${showShape(shape)}, data }`);
      }
      if (!sameShape(shape, entry.shape) || elementCount(shape) !== entry.data.length) {
        throw new ShapeError(
          `loadStateDict: '${name}' must have shape ${showShape(shape)}, got ${showShape(entry.shape)} with ` +
            `${entry.data.length} values`,
        );
      }
    }
    const missing = [...own.keys()].filter((name) => !Object.hasOwn(dict, name));
    if (strict && missing.length > 0) {
      throw new NameError(`loadStateDict: missing ${missing.map((name) => `'${name}'`).join(', ')}`);
    }
    for (const [name, state] of own) {
      const entry = dict[name];
      if (entry) state.setValues(entry.data);
    }
  }
}

const isModule = (value: unknown): value is Module => value instanceof Module;
const isParameter = (value: unknown): value is ParameterOf => value instanceof ParameterOf;
const isBuffer = (value: unknown): value is StateBuffer => value instanceof StateBuffer;

/** The members of one kind, each once, without `except`; states with their shape checked. */
function unique<T>(found: readonly Member[], is: (value: unknown) => value is T, except?: T): [string, T][] {
  const seen = new Set<T>(except === undefined ? [] : [except]);
  const result: [string, T][] = [];
  for (const { name, attribute, value } of found) {
    if (!is(value) || seen.has(value)) continue;
    if (value instanceof StateTensor) value.sizes(attribute);
    seen.add(value);
    result.push([name, value]);
  }
  return result;
}

/** Parameters and buffers under every name they have, their shapes checked. */
function states(found: readonly Member[]): Member<StateTensor>[] {
  return found.flatMap(({ name, attribute, value }) => {
    if (!(value instanceof StateTensor)) return [];
    value.sizes(attribute);
    return [{ name, attribute, value }];
  });
}
