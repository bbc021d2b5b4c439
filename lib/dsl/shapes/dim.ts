/**
 * Size of one dimension as the type checker sees it: a number literal, a name (`'batch'`) that `trace` binds to a
 * number, or plain `number` where nothing is known statically and the check happens when traced.
 */
export type Dim = number | string;

/** One dimension in a message: unknown sizes read `?`. */
export type ShowDim<D extends Dim> = number extends D ? '?' : string extends D ? '?' : `${D}`;

/** `[32, 784]`: a shape in a message, as `showShape` of lib/ir writes it. */
export type Show<S extends readonly Dim[], Text extends string = ''> = number extends S['length']
  ? '[...]'
  : S extends readonly [infer First extends Dim, ...infer Rest extends Dim[]]
    ? Show<Rest, Text extends '' ? ShowDim<First> : `${Text}, ${ShowDim<First>}`>
    : `[${Text}]`;

/**
 * `Then` when the sizes may be equal, else `Message`. Neither distributive nor with `infer`: only so does the checker
 * accept it inside generic modules, where `A` and `B` are the caller's own type parameters.
 */
export type SameDim<A, B, Then, Message> = [A] extends [B]
  ? Then
  : [B] extends [A]
    ? Then
    : [number] extends [A]
      ? Then
      : [number] extends [B]
        ? Then
        : Message;

/**
 * Whether two sizes are written the same way. Asked of a property, the checker knows it inside generic modules too, where
 * of a tuple, as in `SameDim`, it would leave the question open.
 */
export type IsSame<A, B> = { readonly of: (size: A) => A } extends { readonly of: (size: B) => B } ? true : false;

/** `Then` when the dtypes may be the same, else `Message`. */
export type SameDType<A, B, Then, Message> = [A] extends [B] ? Then : [B] extends [A] ? Then : Message;

/** `Then` when the shapes may be equal, else `Message`; the first two lines decide inside generic modules. */
export type SameShape<A extends Dim[], B extends Dim[], Then, Message> = [A] extends [B]
  ? Then
  : [B] extends [A]
    ? Then
    : MayBeEqual<A, B> extends true
      ? Then
      : Message;

/** Whether no dimension of `A` must differ from the one of `B` at its place. */
export type MayBeEqual<A extends Dim[], B extends Dim[]> = number extends A['length'] | B['length']
  ? true
  : A extends [infer FirstA extends Dim, ...infer RestA extends Dim[]]
    ? B extends [infer FirstB extends Dim, ...infer RestB extends Dim[]]
      ? SameDim<FirstA, FirstB, MayBeEqual<RestA, RestB>, false>
      : false
    : B extends []
      ? true
      : false;

/**
 * What a parameter's type becomes: `Then`, or the message of a rule that found a mistake. Where a rule stays open, in
 * generic modules, the checker tries it with unknown shapes; rules must then give a shape, and `Then` is enough.
 */
export type Guard<Operation extends string, Rule, Then> = [Rule] extends [string] ? `${Operation}: ${Rule}` : Then;

/*
 * A shape of type parameters, `[N, In]`, is found to be one by inference, where the question whether it extends `Dim[]`
 * would stay open.
 */

/** `Then` where the rule gives a shape; nothing fits when it gives a message, and when it stays open. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- inferred for its constraint
export type WhenDecided<Rule, Then> = [Rule] extends [infer _ extends Dim[]] ? Then : never;

/** The shape a rule came to; after a mistake the unknown shape, so that one mistake gives one message. */
export type ShapeOf<Rule> = [Rule] extends [infer S extends Dim[]]
  ? number extends S['length']
    ? UnknownShape
    : S
  : UnknownShape;

/** A shape of unknown rank. Every rule accepts it, and what it becomes is checked when traced. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- no other type fits a tuple of any length everywhere
export type UnknownShape = any;

/** A dtype that nobody knows before the trace. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- fits every dtype
export type UnknownDType = any;

/** What a rule gives when it cannot know the rank; `ShapeOf` makes it the unknown shape. */
export type AnyRank = Dim[];

/** Dimensions of the same number, with unknown sizes. */
export type UnknownSizes<S extends readonly Dim[]> = { [Axis in keyof S]: number };

/** One number for both dimensions, or one for each. */
export type Pair = Dim | readonly [Dim, Dim];

/** The first (0) or second (1) number of a pair; `never` of one that is left out. */
export type PairElement<P extends Pair | undefined, Position extends 0 | 1> = P extends readonly [Dim, Dim]
  ? P[Position]
  : P extends Dim
    ? P
    : never;
