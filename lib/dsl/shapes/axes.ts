import type { AnyRank, Dim, Show, UnknownSizes } from './dim.js';

type TakeFront<S extends Dim[], Count extends number, Taken extends Dim[] = []> = Taken['length'] extends Count
  ? [Taken, S]
  : S extends [infer First extends Dim, ...infer Rest extends Dim[]]
    ? TakeFront<Rest, Count, [...Taken, First]>
    : null;

type TakeBack<S extends Dim[], Count extends number, Taken extends Dim[] = []> = Taken['length'] extends Count
  ? [S, Taken]
  : S extends [...infer Rest extends Dim[], infer Last extends Dim]
    ? TakeBack<Rest, Count, [Last, ...Taken]>
    : null;

/** Dimensions before the axis, its size, dimensions after it; `null` when it is out of range. */
export type SplitAt<S extends Dim[], Axis extends number> = `${Axis}` extends `-${infer FromEnd extends number}`
  ? TakeBack<S, FromEnd> extends [infer Before extends Dim[], [infer Size extends Dim, ...infer After extends Dim[]]]
    ? [Before, Size, After]
    : null
  : TakeFront<S, Axis> extends [infer Before extends Dim[], [infer Size extends Dim, ...infer After extends Dim[]]]
    ? [Before, Size, After]
    : null;

export type OutOfRange<S extends Dim[], Axis extends number> = `axis ${Axis} is out of range for ${Show<S>}`;

/** The size of an axis of `S`, or a message. */
export type AxisOf<S extends Dim[], Axis extends number> = [Axis] extends [-1]
  ? Dim
  : number extends Axis | S['length']
    ? Dim
    : SplitAt<S, Axis> extends [unknown, infer Size, unknown]
      ? [Size]
      : OutOfRange<S, Axis>;

/** Dimension i of the result is dimension Axes[i] of `S`; or a message. */
export type Permute<S extends Dim[], Axes extends readonly number[]> = number extends S['length'] | Axes['length']
  ? AnyRank
  : S['length'] extends Axes['length']
    ? PermuteEach<S, Axes, Axes>
    : `axes ${Show<Axes>} do not fit the rank of ${Show<S>}`;

type PermuteEach<
  S extends Dim[],
  Axes extends readonly number[],
  AllAxes extends readonly number[],
  Seen = never,
  Result extends Dim[] = [],
> = Axes extends readonly [infer Axis extends number, ...infer Rest extends number[]]
  ? number extends Axis
    ? UnknownSizes<S>
    : SplitAt<S, Axis> extends [infer Before extends Dim[], infer Size extends Dim, unknown]
      ? Before['length'] extends Seen
        ? `axes ${Show<AllAxes>} repeat an axis`
        : PermuteEach<S, Rest, AllAxes, Seen | Before['length'], [...Result, Size]>
      : OutOfRange<S, Axis>
  : Result;

/** `S` with a dimension of size 1 that becomes dimension `Axis`; or a message. */
export type Unsqueeze<S extends Dim[], Axis extends number> = InsertAt<S, Axis, 1>;

/** `S` with a dimension that becomes dimension `Axis`; or a message. */
export type InsertAt<S extends Dim[], Axis extends number, Size extends Dim> = number extends Axis | S['length']
  ? AnyRank
  : SplitAt<[...S, Size], Axis> extends [unknown, unknown, infer After extends Dim[]]
    ? InsertBefore<S, After, Size>
    : OutOfRange<S, Axis>;

/** The new dimension has as many dimensions after it as `After` has. */
type InsertBefore<
  S extends Dim[],
  After extends Dim[],
  Size extends Dim,
  Tail extends Dim[] = [],
> = Tail['length'] extends After['length']
  ? [...S, Size, ...Tail]
  : S extends [...infer Front extends Dim[], infer Last extends Dim]
    ? InsertBefore<Front, After, Size, [Last, ...Tail]>
    : never;

/** `S` without dimension `Axis`, whose size must be 1; or a message. */
export type Squeeze<S extends Dim[], Axis extends number> = number extends Axis | S['length']
  ? AnyRank
  : SplitAt<S, Axis> extends [infer Before extends Dim[], infer Size extends Dim, infer After extends Dim[]]
    ? [number] extends [Size]
      ? [...Before, ...After]
      : [Size] extends [1]
        ? [...Before, ...After]
        : `cannot remove a dimension of size ${Size} from ${Show<S>}: only size 1 can go`
    : OutOfRange<S, Axis>;
