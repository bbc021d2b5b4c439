import type { AnyRank, Dim, IsSame, Show, ShapeOf, ShowDim, UnknownShape } from './dim.js';

/** The size two sizes broadcast to, `never` when they differ and neither is 1. */
type BroadcastDim<A extends Dim, B extends Dim> = [A] extends [1]
  ? B
  : [B] extends [1]
    ? A
    : [number] extends [A]
      ? B
      : [number] extends [B]
        ? A
        : [A] extends [B]
          ? A
          : [B] extends [A]
            ? B
            : never;

/** NumPy broadcasting, aligned at the last dimension: the shape, or a message. */
export type Broadcast<A extends Dim[], B extends Dim[]> = B extends []
  ? A
  : A extends []
    ? B
    : number extends A['length'] | B['length']
      ? AnyRank
      : BroadcastFromEnd<A, B, [], A, B>;

type BroadcastFromEnd<
  A extends Dim[],
  B extends Dim[],
  Result extends Dim[],
  WholeA extends Dim[],
  WholeB extends Dim[],
> = A extends [...infer FrontA extends Dim[], infer LastA extends Dim]
  ? B extends [...infer FrontB extends Dim[], infer LastB extends Dim]
    ? IsSame<LastA, LastB> extends true
      ? BroadcastFromEnd<FrontA, FrontB, [LastA, ...Result], WholeA, WholeB>
      : [BroadcastDim<LastA, LastB>] extends [never]
        ? `cannot broadcast ${Show<WholeA>} with ${Show<WholeB>}: dimensions ${ShowDim<LastA>} and ${ShowDim<LastB>} differ`
        : BroadcastFromEnd<FrontA, FrontB, [BroadcastDim<LastA, LastB>, ...Result], WholeA, WholeB>
    : [...A, ...Result]
  : [...B, ...Result];

/** The broadcast shape; known at once when one side is `[]`, also inside generic modules. */
export type BroadcastShape<A extends Dim[], B extends Dim[]> = B extends []
  ? A
  : A extends []
    ? B
    : ShapeOf<Broadcast<A, B>>;

/**
 * `Rows` is `[...p, m]`; the result is `[...broadcast(p, q), m]`. Inside a generic module nothing may be known about
 * `Rows`, and for `Q = []`, a plain matrix on the other side, it stays as it is.
 */
export type BroadcastRows<Rows extends Dim[], Q extends Dim[]> = [Q] extends [[]]
  ? Rows
  : Rows extends [...infer P extends Dim[], infer M extends Dim]
    ? [...BroadcastShape<P, Q>, M]
    : UnknownShape;

/** The rule for {@link BroadcastRows}: `P` and `Q` must broadcast. */
export type CheckBroadcastRows<Operation extends string, Rows extends Dim[], Q extends Dim[], Then> = [Q] extends [[]]
  ? Then
  : // eslint-disable-next-line @typescript-eslint/no-unused-vars -- inferred for its constraint
    Rows extends [...infer P extends Dim[], infer _ extends Dim]
    ? Broadcast<P, Q> extends infer Message extends string
      ? `${Operation}: ${Message}`
      : Then
    : Then;

/**
 * Refuses a rank that is too small: `unknown`, or the message when `Rows` is empty. It is a look-up and no conditional
 * type, because one over the `Rows` of a generic module would stay open and nothing could be passed.
 */
export type HasRow<Rows extends Dim[], Message extends string> = ({ readonly [rank: number]: unknown } & {
  readonly 0: Message;
})[Rows['length']];

/** `S` repeated up to `Target`: `Target`, or a message. */
export type BroadcastTo<S extends Dim[], Target extends Dim[]> = number extends S['length'] | Target['length']
  ? Target
  : FitsFromEnd<S, Target> extends true
    ? Target
    : `${Show<S>} does not broadcast to ${Show<Target>}`;

type FitsFromEnd<S extends Dim[], Target extends Dim[]> = S extends [
  ...infer Front extends Dim[],
  infer Last extends Dim,
]
  ? Target extends [...infer TargetFront extends Dim[], infer TargetLast extends Dim]
    ? [Last] extends [1]
      ? FitsFromEnd<Front, TargetFront>
      : [BroadcastDim<Last, TargetLast>] extends [never]
        ? false
        : [TargetLast] extends [1]
          ? false
          : FitsFromEnd<Front, TargetFront>
    : false
  : true;
