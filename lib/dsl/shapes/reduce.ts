import type { OutOfRange, SplitAt } from './axes.js';
import type { AnyRank, Dim, Show, UnknownSizes } from './dim.js';

/** One axis, several, or all of them. */
export type ReductionAxes = number | readonly number[] | undefined;

/** `S` after folding `Axes`, which stay with size 1 under `Keepdims`; or a message. */
export type Reduce<
  S extends Dim[],
  Axes extends ReductionAxes,
  Keepdims extends boolean = false,
> = boolean extends Keepdims
  ? AnyRank
  : [Axes] extends [undefined]
    ? Keepdims extends true
      ? { [Axis in keyof S]: 1 }
      : []
    : number extends S['length']
      ? AnyRank
      : Axes extends number
        ? ReduceOne<S, Axes, Keepdims>
        : Axes extends readonly number[]
          ? number extends Axes['length']
            ? AnyRank
            : ReduceMany<S, Axes, Axes, Keepdims>
          : never;

type ReduceOne<S extends Dim[], Axis extends number, Keepdims extends boolean> = number extends Axis
  ? Keepdims extends true
    ? UnknownSizes<S>
    : S extends [Dim, ...infer Rest extends Dim[]]
      ? UnknownSizes<Rest>
      : []
  : SplitAt<S, Axis> extends [infer Before extends Dim[], unknown, infer After extends Dim[]]
    ? Keepdims extends true
      ? [...Before, 1, ...After]
      : [...Before, ...After]
    : OutOfRange<S, Axis>;

/**
 * Folded dimensions are told apart by their positions: asked of a size, a generic module's `B extends Dim` would leave
 * the question, and with it the shape, open.
 */
type ReduceMany<
  S extends Dim[],
  Axes extends readonly number[],
  AllAxes extends readonly number[],
  Keepdims extends boolean,
  Folded = never,
> = Axes extends readonly [infer Axis extends number, ...infer Rest extends number[]]
  ? number extends Axis
    ? AnyRank
    : SplitAt<S, Axis> extends [infer Before extends Dim[], unknown, unknown]
      ? Before['length'] extends Folded
        ? `axes ${Show<AllAxes>} repeat an axis`
        : ReduceMany<S, Rest, AllAxes, Keepdims, Folded | Before['length']>
      : OutOfRange<S, Axis>
  : WithoutFolded<S, Folded, Keepdims>;

type WithoutFolded<
  S extends Dim[],
  Folded,
  Keepdims extends boolean,
  Passed extends Dim[] = [],
  Result extends Dim[] = [],
> = S extends [infer First extends Dim, ...infer Rest extends Dim[]]
  ? WithoutFolded<
      Rest,
      Folded,
      Keepdims,
      [...Passed, First],
      Passed['length'] extends Folded ? (Keepdims extends true ? [...Result, 1] : Result) : [...Result, First]
    >
  : Result;
