import type { DType } from '../ir/dtype.js';
import { NameError, ShapeError } from '../ir/errors.js';
import { elementCount, sameShape, showShape, type Shape } from '../ir/shape.js';
import { checkedOptions } from './emit.js';
import { members, type Member } from './members.js';
import { ParameterOf, StateBuffer, StateTensor } from './state.js';
import { summary } from './summary.js';
import type { TypedArray } from '../ir/typed-array.js';
import { isWeightSource, matchWeights, type MatchOptions, type WeightSource } from './weights.js';

/** One entry of a state dict. */
export interface StateEntry {
  /** [] for a scalar. */
  readonly shape: Shape;
  /** What it is in memory: values of f16 and bf16 are given as f32. */
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
   * Makes these the initial values of parameters and buffers, by name: entries with their data as numbers in row-major
   * order, or a checkpoint, whose tensors are read one by one when a session is built. Throws StateDictError, listing
   * everything, for names that are missing or unexpected, unless `strict` is false, and for other shapes; then nothing
   * has changed.
   */
  loadStateDict(
    dict: Readonly<Record<string, { shape: Shape; data: ArrayLike<number> }>> | WeightSource,
    options: MatchOptions = {},
  ): void {
    if (typeof dict !== 'object') throw new NameError('loadStateDict: give the entries by name, as stateDict() does');
    checkedOptions('loadStateDict', ['strict', 'ignore'], options);
    const states = this.states().map(({ names, state }) => ({ names, state, shape: state.sizes(names[0]!) }));
    const what = `loadStateDict of ${this.constructor.name}`;
    if (isWeightSource(dict)) {
      const matches = matchWeights(`${what} from ${dict.name}`, states, dict.tensors, options);
      for (const [{ state }, name] of matches) state.readFrom(dict, name);
      return;
    }
    for (const { names, shape } of states) {
      for (const name of names) if (Object.hasOwn(dict, name)) checkEntry(name, shape, dict[name]!);
    }
    const matches = matchWeights(what, states, new Map(Object.entries(dict)), options);
    for (const [{ state }, name] of matches) state.setValues(dict[name]!.data);
  }

  /** A table of the modules with their parameters: {@link summary} of summary.ts. Prints it, and returns the text. */
  // eslint-disable-next-line no-console -- to print is what it is for
  summary(print: (text: string) => void = console.log): string {
    const text = summary(this);
    print(text);
    return text;
  }

  /** @internal Every parameter and buffer once, in order of declaration, parameters first, with every name it has. */
  states(): { readonly names: readonly string[]; readonly state: StateTensor }[] {
    const names = new Map<StateTensor, string[]>();
    for (const { name, value } of states(members(this, isModule)))
      names.set(value, [...(names.get(value) ?? []), name]);
    const all = [...names].map(([state, own]) => ({ names: own, state }));
    const ofKind = (kind: string) => all.filter(({ state }) => state.kind === kind);
    return [...ofKind('parameter'), ...ofKind('buffer')];
  }
}

/** Plain JavaScript may give anything. Throws ShapeError for what is no entry, or has not as many values as it says. */
function checkEntry(name: string, shape: Shape, entry: { shape?: unknown; data?: { length?: unknown } }): void {
  const isEntry = Array.isArray(entry.shape) && typeof entry.data?.length === 'number';
  if (!isEntry) throw new ShapeError(`loadStateDict: '${name}' must be { shape: ${showShape(shape)}, data }`);
  const given = entry.shape as number[];
  if (sameShape(shape, given) && elementCount(shape) !== entry.data!.length) {
    throw new ShapeError(
      `loadStateDict: '${name}' of shape ${showShape(shape)} got ${String(entry.data!.length)} values`,
    );
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
