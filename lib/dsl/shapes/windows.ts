import type { Add, Divide, IsNegative, Multiply, SignParts, Subtract, SubtractDownToZero } from './arithmetic.js';
import type { OutOfRange, SplitAt } from './axes.js';
import type { AnyRank, Dim, Show, ShowDim } from './dim.js';

/** `S` with another size at `Axis`; or a message. */
export type Slide<S extends Dim[], Axis extends number, Size extends Dim> = number extends Axis | S['length']
  ? AnyRank
  : SplitAt<S, Axis> extends [infer Before extends Dim[], unknown, infer After extends Dim[]]
    ? [...Before, Size, ...After]
    : OutOfRange<S, Axis>;

/** `S` without what lies outside of start, start + step, … before stop, along `Axis`; or a message. */
export type Slice<
  S extends Dim[],
  Axis extends number,
  Start extends Dim,
  Stop extends Dim | undefined,
  Step extends Dim,
> = number extends Axis | S['length']
  ? AnyRank
  : SplitAt<S, Axis> extends [infer Before extends Dim[], infer Size extends Dim, infer After extends Dim[]]
    ? IsBelowOne<Step> extends true
      ? `step must be at least 1, got ${ShowDim<Step>}; flip the tensor first`
      : [...Before, SliceSize<Size, Start, Stop, Step>, ...After]
    : OutOfRange<S, Axis>;

type IsBelowOne<Step extends Dim> = [Step] extends [0] ? true : IsNegative<Step>;

/** The number of elements of a slice of `Size`, with bounds as in Python. */
export type SliceSize<Size extends Dim, Start extends Dim, Stop extends Dim | undefined, Step extends Dim> = [
  Start,
  Stop,
  Step,
] extends [0, undefined, 1]
  ? Size
  : Sliced<Size, Start, Stop, Step>;

type Sliced<Size extends Dim, Start extends Dim, Stop extends Dim | undefined, Step extends Dim> = [Size] extends [Dim]
  ? CeilDivide<SubtractDownToZero<Stop extends Dim ? Bound<Size, Stop> : Size, Bound<Size, Start>>, Step>
  : never;

/** `At` as an index into `Size`, at most its end: negative ones count from there. `number` when nobody knows. */
type Bound<Size extends Dim, At extends Dim> =
  SignParts<At> extends [infer FromStart extends number, infer FromEnd extends number]
    ? FromEnd extends 0
      ? [Subtract<Size, FromStart>] extends [never]
        ? Size
        : [number] extends [Subtract<Size, FromStart>]
          ? number
          : FromStart
      : SubtractDownToZero<Size, FromEnd>
    : number;

type CeilDivide<A extends Dim, B extends Dim> = B extends 1 ? A : Divide<Add<A, SubtractDownToZero<B, 1>>, B>;

/** `S` with elements before, after and between those of `Axis`; or a message. */
export type PadAxis<
  S extends Dim[],
  Axis extends number,
  Low extends Dim,
  High extends Dim,
  Interior extends Dim,
> = number extends Axis | S['length']
  ? AnyRank
  : SplitAt<S, Axis> extends [infer Before extends Dim[], infer Size extends Dim, infer After extends Dim[]]
    ? IsNegative<Interior> extends true
      ? `interior must be at least 0, got ${ShowDim<Interior>}`
      : [PaddedSize<Size, Low, High, Interior>] extends [never]
        ? `low ${ShowDim<Low>} and high ${ShowDim<High>} take more away than ${Show<S>} has`
        : [...Before, PaddedSize<Size, Low, High, Interior>, ...After]
    : OutOfRange<S, Axis>;

/** What padding makes of a size; `never` when it takes more away than there is. */
export type PaddedSize<Size extends Dim, Low extends Dim, High extends Dim, Interior extends Dim = 0> = [
  SignParts<Low>,
  SignParts<High>,
] extends [
  [infer LowMore extends number, infer LowLess extends number],
  [infer HighMore extends number, infer HighLess extends number],
]
  ? Subtract<
      Add<
        Interior extends 0 ? Size : Add<Size, Multiply<SubtractDownToZero<Size, 1>, Interior>>,
        Add<LowMore, HighMore>
      >,
      Add<LowLess, HighLess>
    >
  : [Low, High] extends [Dim, 0]
    ? Add<Size, Low>
    : [Low, High] extends [0, Dim]
      ? Add<Size, High>
      : number;

/** `S` with each element `Times` times along `Axis`; or a message. */
export type RepeatInterleave<S extends Dim[], Times extends Dim, Axis extends number> = number extends
  Axis | S['length']
  ? AnyRank
  : SplitAt<S, Axis> extends [infer Before extends Dim[], infer Size extends Dim, infer After extends Dim[]]
    ? IsNegative<Times> extends true
      ? `times must be at least 0, got ${ShowDim<Times>}`
      : [...Before, Multiply<Size, Times>, ...After]
    : OutOfRange<S, Axis>;
