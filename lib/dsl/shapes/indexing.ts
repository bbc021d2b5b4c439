import type { IsGreater } from './arithmetic.js';
import type { OutOfRange, SplitAt } from './axes.js';
import type { AnyRank, Dim, MayBeEqual, Show } from './dim.js';

/** The shape of the indices `T`, which beside `Axis` must not be larger than `S`; or a message. */
export type Gather<S extends Dim[], T extends Dim[], Axis extends number> = number extends
  Axis | S['length'] | T['length']
  ? AnyRank
  : SplitAt<S, Axis> extends [infer Before extends Dim[], unknown, infer After extends Dim[]]
    ? Fits<T, S, Before['length']> extends false
      ? `index ${Show<T>} does not fit into x ${Show<S>} beside axis -${[...After, Dim]['length'] & number}`
      : T
    : OutOfRange<S, Axis>;

/** A message when indices of the shape `T` do not fit into `S`, whose shape the result has. */
export type Scatter<S extends Dim[], T extends Dim[], Axis extends number> =
  Gather<S, T, Axis> extends infer Message extends string ? Message : AnyRank;

/** Whether no size of `T` is known to be larger than that of `S`, but for the dimension at `Except`. */
type Fits<T extends Dim[], S extends Dim[], Except, Passed extends unknown[] = []> = T extends [
  infer Size extends Dim,
  ...infer RestT extends Dim[],
]
  ? S extends [infer Limit extends Dim, ...infer RestS extends Dim[]]
    ? Passed['length'] extends Except
      ? Fits<RestT, RestS, Except, [...Passed, Size]>
      : IsGreater<Size, Limit> extends true
        ? false
        : Fits<RestT, RestS, Except, [...Passed, Size]>
    : false
  : S extends []
    ? true
    : false;

/** A message when values of the shape `V` cannot replace some of `S` along `Axis`; the result has the shape `S`. */
export type Overwrite<S extends Dim[], V extends Dim[], Axis extends number> = number extends
  Axis | S['length'] | V['length']
  ? AnyRank
  : SplitAt<S, Axis> extends [infer Before extends Dim[], unknown, infer After extends Dim[]]
    ? SplitAt<V, Axis> extends [infer BeforeV extends Dim[], unknown, infer AfterV extends Dim[]]
      ? [MayBeEqual<Before, BeforeV>, MayBeEqual<After, AfterV>, Fits<V, S, never>] extends [true, true, true]
        ? AnyRank
        : OverwriteMismatch<S, V, After>
      : OverwriteMismatch<S, V, After>
    : OutOfRange<S, Axis>;

type OverwriteMismatch<
  S extends Dim[],
  V extends Dim[],
  After extends Dim[],
> = `values ${Show<V>} must have the shape of x ${Show<S>}, but for fewer along axis -${[...After, Dim]['length'] & number}`;
