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
            : ReduceMany<S, S, Axes, Axes, Keepdims>
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

/** No size a user can write: what a folded dimension is until all are found. */
type Folded = '#';

type ReduceMany<
  Whole extends Dim[],
  S extends Dim[],
  Axes extends readonly number[],
  AllAxes extends readonly number[],
  Keepdims extends boolean,
> = Axes extends readonly [infer Axis extends number, ...infer Rest extends number[]]
  ? number extends Axis
    ? AnyRank
    : SplitAt<S, Axis> extends [infer Before extends Dim[], infer Size extends Dim, infer After extends Dim[]]
      ? [Size] extends [Folded]
        ? `axes ${Show<AllAxes>} repeat an axis`
        : ReduceMany<Whole, [...Before, Folded, ...After], Rest, AllAxes, Keepdims>
      : OutOfRange<Whole, Axis>
  : WithoutFolded<S, Keepdims>;

type WithoutFolded<S extends Dim[], Keepdims extends boolean, Result extends Dim[] = []> = S extends [
  infer First extends Dim,
  ...infer Rest extends Dim[],
]
  ? [First] extends [Folded]
    ? WithoutFolded<Rest, Keepdims, Keepdims extends true ? [...Result, 1] : Result>
    : WithoutFolded<Rest, Keepdims, [...Result, First]>
  : Result;
