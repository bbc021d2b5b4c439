import type { DType } from '../ir/dtype.js';
import { closeNames, MeganeuraError } from '../ir/errors.js';
import { sameShape, showShape, type Shape } from '../ir/shape.js';
import type { TypedArray } from '../ir/typed-array.js';

/** Tensors by name that are read one at a time: a checkpoint on disk, in a cache, behind a network. */
export interface WeightSource {
  /** What messages call it: a file, a folder, a repository. */
  readonly name: string;
  /** Shape and stored dtype of every tensor, as the format names it (`BF16`). */
  readonly tensors: ReadonlyMap<string, { readonly shape: Shape; readonly dtype: string }>;
  /** Values of a tensor, row-major, converted to `dtype`; f16 and bf16 may come as their bits. */
  read(name: string, dtype: DType): Promise<TypedArray | Uint16Array>;
}

/** Tells a checkpoint from values by name. */
export function isWeightSource(value: object): value is WeightSource {
  return 'tensors' in value && value.tensors instanceof Map && 'read' in value && typeof value.read === 'function';
}

/** Names that are missing for which near ones are looked for: where more are, it is another model, and takes seconds. */
const MOST_HINTS = 20;

/** Weights that do not fit the model they are for; the lists are complete, and so is the message. */
export class StateDictError extends MeganeuraError {
  constructor(
    what: string,
    /** Names that the model has and the weights lack. */
    readonly missing: readonly string[],
    /** Names that the weights have and the model lacks. */
    readonly unexpected: readonly string[],
    /** Names that both have, of different shapes. */
    readonly mismatched: readonly { readonly name: string; readonly expected: Shape; readonly got: Shape }[],
  ) {
    const hinted = missing.length <= MOST_HINTS ? unexpected : [];
    const parts = [
      ...missing.map((name) => `missing '${name}'${hint(name, hinted)}`),
      ...unexpected.map((name) => `unexpected '${name}'`),
      ...mismatched.map(
        ({ name, expected, got }) =>
          `'${name}' must have shape ${showShape(expected)}, got ${showShape(got)}${transposed(expected, got)}`,
      ),
    ];
    super(`${what}: ${parts.join(parts.length > 1 ? ';\n  ' : '')}`);
  }
}

/** How strictly a checkpoint's names must be those of a model. */
export interface MatchOptions {
  /** Whether every state must be given, and nothing else. Shapes must fit in any case. Default true. */
  readonly strict?: boolean;
  /** Names that may be given though nothing has them: what old versions of a library have saved. */
  readonly ignore?: readonly RegExp[];
}

/** A parameter or buffer under every name it has: two where modules share it. */
export interface NamedState {
  readonly names: readonly string[];
  readonly shape: Shape;
}

/**
 * Which name each state is given under. Throws StateDictError with everything that does not fit, `what` first in its
 * message.
 */
export function matchWeights<T extends NamedState>(
  what: string,
  states: readonly T[],
  given: ReadonlyMap<string, { readonly shape: Shape }>,
  { strict = true, ignore = [] }: MatchOptions = {},
): Map<T, string> {
  const matches = new Map<T, string>();
  for (const state of states) {
    const name = state.names.find((candidate) => given.has(candidate));
    if (name !== undefined) matches.set(state, name);
  }
  const known = new Set(states.flatMap(({ names }) => names));
  const missing = states.filter((state) => !matches.has(state)).map(({ names }) => names[0]!);
  const unexpected = [...given.keys()].filter((name) => !known.has(name) && !ignore.some((rule) => rule.test(name)));
  const mismatched = [...matches].flatMap(([{ shape }, name]) => {
    const got = given.get(name)!.shape;
    return sameShape(shape, got) ? [] : [{ name, expected: shape, got }];
  });
  if (mismatched.length > 0 || (strict && missing.length + unexpected.length > 0)) {
    throw new StateDictError(what, strict ? missing : [], strict ? unexpected : [], mismatched);
  }
  return matches;
}

function hint(name: string, unexpected: readonly string[]): string {
  const [close] = closeNames(name, unexpected, 1);
  return close === undefined ? '' : ` ('${close}' is close)`;
}

function transposed(expected: Shape, got: Shape): string {
  const isTransposed = expected.length === 2 && expected[0] === got[1] && expected[1] === got[0];
  return isTransposed ? ' (transposed: weights of linear layers are [out, in])' : '';
}
