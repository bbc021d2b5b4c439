import type { Difference, Digit, Next, Product, Sum } from '../generated/arithmetic.js';
import type { Dim } from './dim.js';

/*
 * Arithmetic on number literals, digit by digit as on paper: numbers become decimal strings and the tables of
 * generated/arithmetic.ts give one digit at a time. Types ending in `Reversed` take and return their digits least
 * significant first, so that nothing is copied when one number is longer.
 */

type Carry = '0' | '1';
type MultiplyCarry = Exclude<Digit, '9'>;

type Reverse<S extends string, Result extends string = ''> = S extends `${infer First}${infer Rest}`
  ? Reverse<Rest, `${First}${Result}`>
  : Result;

type StripZeros<S extends string> = S extends `0${infer Rest}` ? (Rest extends '' ? '0' : StripZeros<Rest>) : S;

type ToNumber<S extends string> = S extends `${infer N extends number}` ? N : never;

type AddReversed<
  A extends string,
  B extends string,
  C extends Carry = '0',
  Result extends string = '',
> = A extends `${infer DigitA extends Digit}${infer RestA}`
  ? B extends `${infer DigitB extends Digit}${infer RestB}`
    ? Sum[C][DigitA][DigitB] extends `${infer NextCarry extends Carry}${infer Low}`
      ? AddReversed<RestA, RestB, NextCarry, `${Result}${Low}`>
      : never
    : C extends '0'
      ? `${Result}${A}`
      : AddReversed<A, '1', '0', Result>
  : B extends ''
    ? C extends '1'
      ? `${Result}1`
      : Result
    : C extends '0'
      ? `${Result}${B}`
      : AddReversed<B, '1', '0', Result>;

/** A − B for A ≥ B; the result's digits are in reading order. */
type SubtractReversed<
  A extends string,
  B extends string,
  C extends Carry = '0',
  Result extends string = '',
> = A extends `${infer DigitA extends Digit}${infer RestA}`
  ? B extends `${infer DigitB extends Digit}${infer RestB}`
    ? Difference[C][DigitA][DigitB] extends `${infer NextCarry extends Carry}${infer Low}`
      ? SubtractReversed<RestA, RestB, NextCarry, `${Low}${Result}`>
      : never
    : C extends '0'
      ? `${Reverse<A>}${Result}`
      : SubtractReversed<A, '1', '0', Result>
  : Result;

type SubtractText<A extends string, B extends string> = StripZeros<SubtractReversed<Reverse<A>, Reverse<B>>>;

type MultiplyDigit<
  B extends string,
  Factor extends Digit,
  C extends MultiplyCarry = '0',
  Result extends string = '',
> = B extends `${infer DigitB extends Digit}${infer RestB}`
  ? Product[Factor][DigitB][C] extends `${infer NextCarry extends MultiplyCarry}${infer Low}`
    ? MultiplyDigit<RestB, Factor, NextCarry, `${Result}${Low}`>
    : never
  : C extends '0'
    ? Result
    : `${Result}${C}`;

/** Horner's rule: `A` in reading order, `B` and the result reversed. */
type MultiplyReversed<
  A extends string,
  B extends string,
  Result extends string = '',
> = A extends `${infer DigitA extends Digit}${infer RestA}`
  ? MultiplyReversed<
      RestA,
      B,
      Result extends ''
        ? MultiplyDigit<B, DigitA>
        : DigitA extends '0'
          ? `0${Result}`
          : AddReversed<`0${Result}`, MultiplyDigit<B, DigitA>>
    >
  : Result;

type CompareSameLength<A extends string, B extends string> = A extends `${infer FirstA}${infer RestA}`
  ? B extends `${infer FirstB}${infer RestB}`
    ? FirstA extends FirstB
      ? CompareSameLength<RestA, RestB>
      : '0123456789' extends `${string}${FirstA}${string}${FirstB}${string}`
        ? 'less'
        : 'greater'
    : 'greater'
  : 'equal';

type CompareLength<A extends string, B extends string> = A extends `${string}${infer RestA}`
  ? B extends `${string}${infer RestB}`
    ? CompareLength<RestA, RestB>
    : 'greater'
  : B extends ''
    ? 'equal'
    : 'less';

type CompareText<A extends string, B extends string> =
  CompareLength<A, B> extends infer Longer ? (Longer extends 'equal' ? CompareSameLength<A, B> : Longer) : never;

/** One digit of a quotient: how often `Divisor` fits into `Rest`, and what is left. */
type QuotientDigit<Rest extends string, Divisor extends string, Quotient extends Digit = '0'> =
  CompareText<Rest, Divisor> extends 'less'
    ? [Quotient, Rest]
    : QuotientDigit<SubtractText<Rest, Divisor>, Divisor, Next[Quotient]>;

type DivideText<
  A extends string,
  Divisor extends string,
  Rest extends string = '0',
  Quotient extends string = '',
> = A extends `${infer First}${infer Remaining}`
  ? QuotientDigit<StripZeros<`${Rest}${First}`>, Divisor> extends [infer Q extends string, infer R extends string]
    ? DivideText<Remaining, Divisor, R, `${Quotient}${Q}`>
    : never
  : [StripZeros<Quotient>, Rest];

/** Whether the size is a literal integer, at least 0. */
export type IsLiteral<A extends Dim> = [A] extends [never]
  ? false
  : number extends A
    ? false
    : A extends number
      ? `${A}` extends `-${string}` | `${string}.${string}` | `${string}e${string}`
        ? false
        : true
      : false;

type AreLiteral<A extends Dim, B extends Dim> = IsLiteral<A> extends true ? IsLiteral<B> : false;

/** Sums and products over names become names: `'past+seq'`, `'(seq+1)*2'`. */
type Symbolic<A extends Dim, Operator extends string, B extends Dim> =
  IsNamed<A> extends true
    ? IsNamed<B> extends true
      ? `${A}${Operator}${B}`
      : IsLiteral<B> extends true
        ? `${A}${Operator}${B}`
        : number
    : IsLiteral<A> extends true
      ? IsNamed<B> extends true
        ? `${A}${Operator}${B}`
        : number
      : number;

type IsNamed<A extends Dim> = [A] extends [never]
  ? false
  : A extends string
    ? string extends A
      ? false
      : true
    : false;

type Parenthesized<A extends Dim> = A extends `${string}+${string}` ? `(${A})` : A;

/** A name and what is added to it: `'seq+3'` is seq and 3. */
type WithOffset<A extends Dim> = A extends `${infer Name}+${infer Offset extends number}`
  ? IsLiteral<Offset> extends true
    ? [Name, Offset]
    : null
  : null;

/*
 * What is decided by one literal alone (A + 0) is decided inside generic modules as well. The rest has names of its own,
 * which the editor shows there: `Plus<In, 1>`.
 */

/** A + B for literals; a name keeps one literal behind it: seq+1 and 2 are seq+3. */
export type Add<A extends Dim, B extends Dim> = A extends 0 ? B : B extends 0 ? A : Plus<A, B>;

type Plus<A extends Dim, B extends Dim> = [A, B] extends [Dim, Dim]
  ? AreLiteral<A, B> extends true
    ? ToNumber<Reverse<AddReversed<Reverse<`${A}`>, Reverse<`${B}`>>>>
    : WithOffset<A> extends [infer Name extends string, infer Offset extends number]
      ? IsLiteral<B> extends true
        ? Symbolic<Name, '+', Add<Offset, B>>
        : Symbolic<A, '+', B>
      : Symbolic<A, '+', B>
  : never;

export type Multiply<A extends Dim, B extends Dim> = A extends 1 ? B : B extends 1 ? A : Times<A, B>;

type Times<A extends Dim, B extends Dim> = [A, B] extends [Dim, Dim]
  ? AreLiteral<A, B> extends true
    ? ToNumber<StripZeros<Reverse<MultiplyReversed<`${A}`, Reverse<`${B}`>>>>>
    : Symbolic<Parenthesized<A>, '*', Parenthesized<B>>
  : never;

/** A − B; `never` when that is negative, `number` with names, but for what was added to one. */
export type Subtract<A extends Dim, B extends Dim> = B extends 0 ? A : Minus<A, B>;

type Minus<A extends Dim, B extends Dim> = [A, B] extends [Dim, Dim]
  ? AreLiteral<A, B> extends true
    ? CompareText<`${A}`, `${B}`> extends 'less'
      ? never
      : ToNumber<SubtractText<`${A}`, `${B}`>>
    : WithOffset<A> extends [infer Name extends string, infer Offset extends number]
      ? IsGreater<B, Offset> extends false
        ? Add<Name, Subtract<Offset, B>>
        : number
      : number
  : never;

/** A + More − Less, `number` where that is negative; A where both are the same, whatever A is. */
export type Shift<A extends Dim, More extends Dim, Less extends Dim> = [More, Less] extends [Less, More]
  ? [number] extends [More]
    ? number
    : A
  : KnownSize<Subtract<Add<A, More>, Less>>;

/** A − B, at least 0; `number` with names. */
export type SubtractDownToZero<A extends Dim, B extends Dim> = [Subtract<A, B>] extends [never] ? 0 : Subtract<A, B>;

/** The size, or `number` for a difference that would be negative: what is wrong is said when traced. */
export type KnownSize<A extends Dim> = [A] extends [never] ? number : A;

/** Whether A > B; `boolean` when one of them is no literal. */
export type IsGreater<A extends Dim, B extends Dim> =
  AreLiteral<A, B> extends true ? (CompareText<`${A}`, `${B}`> extends 'greater' ? true : false) : boolean;

/** Floor of A/B; `number` with names and when B is 0. */
export type Divide<A extends Dim, B extends Dim> = B extends 0 ? number : B extends 1 ? A : Quotient<A, B>;

type Quotient<A extends Dim, B extends Dim> = [A, B] extends [Dim, Dim]
  ? AreLiteral<A, B> extends true
    ? ToNumber<DivideText<`${A}`, `${B}`>[0]>
    : number
  : never;

export type Modulo<A extends Dim, B extends Dim> = B extends 0
  ? number
  : AreLiteral<A, B> extends true
    ? ToNumber<DivideText<`${A}`, `${B}`>[1]>
    : number;

/** Whether the number is a literal below 0. */
export type IsNegative<A extends Dim> = A extends number ? (`${A}` extends `-${string}` ? true : false) : false;

/** A literal integer as what it adds and what it takes away, one of them 0; `null` for anything else. */
export type SignParts<A extends Dim> =
  IsLiteral<A> extends true
    ? [A, 0]
    : IsNegative<A> extends true
      ? `${A}` extends `-${infer Negated extends number}`
        ? [0, Negated]
        : null
      : null;

/** `Then` unless both are literals and A is no multiple of B, else `Message`. */
export type Divisible<A extends Dim, B extends Dim, Then, Message> = [IsIndivisible<A, B>] extends [true]
  ? Message
  : Then;

type IsIndivisible<A extends Dim, B extends Dim> = [number] extends [A | B]
  ? false
  : [number] extends [Modulo<A, B>]
    ? false
    : [Modulo<A, B>] extends [0]
      ? false
      : true;
