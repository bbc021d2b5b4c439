import type { Divide, Modulo, Multiply } from './arithmetic.js';
import type { Dim, Show, UnknownSizes } from './dim.js';

/*
 * A reshape keeps the number of elements. With names that number is no literal, so each side is split into a literal
 * factor and a list of names; names that occur on both sides cancel.
 */

/** `[literal factor, names]` of the product of `S`, without its -1. */
type Factors<S extends Dim[], Literal extends Dim = 1, Names extends string[] = []> = S extends [
  infer First extends Dim,
  ...infer Rest extends Dim[],
]
  ? [First] extends [-1]
    ? Factors<Rest, Literal, Names>
    : First extends string
      ? NameFactors<First> extends [infer L extends number, infer N extends string[]]
        ? Factors<Rest, Multiply<Literal, L>, [...Names, ...N]>
        : never
      : Factors<Rest, Multiply<Literal, First>, Names>
  : [Literal, Names];

/** `'a*b*2'` is the literal 2 and the names a and b. */
type NameFactors<
  Name extends string,
  Literal extends Dim = 1,
  Names extends string[] = [],
> = Name extends `${infer Factor}*${infer Rest}`
  ? Factor extends `${infer N extends number}`
    ? NameFactors<Rest, Multiply<Literal, N>, Names>
    : NameFactors<Rest, Literal, [...Names, Factor]>
  : Name extends `${infer N extends number}`
    ? [Multiply<Literal, N>, Names]
    : [Literal, [...Names, Name]];

/** `Names` without the first `Name`; `null` when it is not there. */
type Without<Names extends string[], Name extends string, Before extends string[] = []> = Names extends [
  infer First extends string,
  ...infer Rest extends string[],
]
  ? First extends Name
    ? [...Before, ...Rest]
    : Without<Rest, Name, [...Before, First]>
  : null;

/** `[only in A, only in B]`. */
type Cancel<A extends string[], B extends string[], OnlyA extends string[] = []> = A extends [
  infer First extends string,
  ...infer Rest extends string[],
]
  ? Without<B, First> extends infer Left extends string[]
    ? Cancel<Rest, Left, OnlyA>
    : Cancel<Rest, B, [...OnlyA, First]>
  : [OnlyA, B];

type ProductOf<S extends Dim[], Result extends Dim = 1> = S extends [
  infer First extends Dim,
  ...infer Rest extends Dim[],
]
  ? [First] extends [-1]
    ? ProductOf<Rest, Result>
    : ProductOf<Rest, Multiply<Result, First>>
  : Result;

type Holes<S extends readonly Dim[], Found extends unknown[] = []> = S extends readonly [
  infer First,
  ...infer Rest extends Dim[],
]
  ? Holes<Rest, [First] extends [-1] ? [...Found, First] : Found>
  : Found['length'];

type FillHole<Target extends Dim[], Size extends Dim> = {
  [Axis in keyof Target]: [Target[Axis]] extends [-1] ? Size : Target[Axis];
};

type Refuse<
  S extends Dim[],
  Target extends Dim[],
  Why extends string,
> = `${Show<S>} cannot become ${Show<Target>}: ${Why}`;

/**
 * `Target`, its -1 replaced by the size that follows from `S`; or a message. Unknown sizes are asked for in brackets,
 * which is also true of the type parameters of a generic module while the checker tries the rule.
 */
export type Reshape<S extends Dim[], Target extends Dim[]> = number extends Target['length']
  ? UnknownSizes<Target>
  : [number] extends [S[number] | Target[number]]
    ? FillHole<Target, number>
    : Holes<Target> extends 0
      ? ReshapeWhole<S, Target>
      : Holes<Target> extends 1
        ? ReshapeAround<S, Target>
        : Refuse<S, Target, 'only one dimension may be -1'>;

type ReshapeWhole<S extends Dim[], Target extends Dim[]> = [Factors<S>, Factors<Target>] extends [
  [infer A extends number, infer NamesA extends string[]],
  [infer B extends number, infer NamesB extends string[]],
]
  ? [Cancel<NamesA, NamesB>, A] extends [[[], []], B]
    ? Target
    : Refuse<S, Target, `${ProductOf<S>} elements against ${ProductOf<Target>}`>
  : never;

type ReshapeAround<S extends Dim[], Target extends Dim[]> = [Factors<S>, Factors<Target>] extends [
  [infer A extends number, infer NamesA extends string[]],
  [infer B extends number, infer NamesB extends string[]],
]
  ? Cancel<NamesA, NamesB> extends [infer OnlyA extends string[], infer OnlyB extends string[]]
    ? OnlyB extends []
      ? Modulo<A, B> extends 0
        ? FillHole<Target, ProductOf<[Divide<A, B>, ...OnlyA]>>
        : OnlyA extends []
          ? Refuse<S, Target, `${ProductOf<S>} elements do not divide by ${ProductOf<Target>}`>
          : FillHole<Target, number>
      : FillHole<Target, number>
    : never
  : never;
