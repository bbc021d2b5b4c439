import type { IsNegative, Multiply } from './arithmetic.js';
import type { AnyRank, Dim, Show, UnknownSizes } from './dim.js';
import type { PaddedSize } from './windows.js';

/** `S` with `[low, high, …]` elements more, the last dimension first, as in PyTorch; or a message. */
export type Pad<S extends Dim[], Pads extends readonly Dim[]> = number extends S['length'] | Pads['length']
  ? AnyRank
  : PadFromEnd<S, Pads, [], S, Pads>;

type PadFromEnd<
  S extends Dim[],
  Pads extends readonly Dim[],
  Result extends Dim[],
  Whole extends Dim[],
  AllPads extends readonly Dim[],
> = Pads extends readonly [infer Low extends Dim, infer High extends Dim, ...infer Rest extends Dim[]]
  ? S extends [...infer Front extends Dim[], infer Size extends Dim]
    ? [IsNegative<Low>, IsNegative<High>] extends [false, false]
      ? PadFromEnd<Front, Rest, [PaddedSize<Size, Low, High>, ...Result], Whole, AllPads>
      : [PaddedSize<Size, Low, High>] extends [never]
        ? `pads ${Show<AllPads>} take more away than ${Show<Whole>} has`
        : PadFromEnd<Front, Rest, [PaddedSize<Size, Low, High>, ...Result], Whole, AllPads>
    : `pads ${Show<AllPads>} are more than two for each dimension of ${Show<Whole>}`
  : Pads extends readonly []
    ? [...S, ...Result]
    : `pads ${Show<AllPads>} must come in pairs`;

/** Every dimension of `S` as often as `Times` says, which may begin with dimensions that `S` has not; or a message. */
export type Repeat<S extends Dim[], Times extends readonly Dim[]> = number extends Times['length']
  ? AnyRank
  : number extends S['length']
    ? UnknownSizes<Times>
    : RepeatFromEnd<S, Times, [], S, Times>;

type RepeatFromEnd<
  S extends Dim[],
  Times extends readonly Dim[],
  Result extends Dim[],
  Whole extends Dim[],
  AllTimes extends readonly Dim[],
> = S extends [...infer Front extends Dim[], infer Size extends Dim]
  ? Times extends readonly [...infer TimesFront extends Dim[], infer Count extends Dim]
    ? IsNegative<Count> extends true
      ? `times ${Show<AllTimes>} must be at least 0`
      : RepeatFromEnd<Front, TimesFront, [Multiply<Size, Count>, ...Result], Whole, AllTimes>
    : `times ${Show<AllTimes>} are fewer than the dimensions of ${Show<Whole>}`
  : [...Times, ...Result];
