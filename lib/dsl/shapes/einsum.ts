import type { AnyRank, Dim, SameDim, Show, ShowDim } from './dim.js';

/*
 * Einsum's equation, letter by letter: `Sizes` is what each letter is bound to, and where it was: `{ i: [3, 0] }` for
 * the first dimension named i, 3 in xs[0].
 */

type Sizes = Record<string, [size: Dim, position: number]>;
type NoSizes = { readonly [Letter in never]: [Dim, number] };

/** The shape that `Equation`, such as `'bij,bjk->bik'`, gives for operands of these shapes; or a message. */
export type Einsum<Shapes extends readonly Dim[][], Equation extends string> = string extends Equation
  ? AnyRank
  : Equation extends `${string}...${string}`
    ? AnyRank
    : number extends Shapes['length']
      ? AnyRank
      : WithoutSpaces<Equation> extends `${infer Terms}->${infer Result}`
        ? ResultOf<BindTerms<Terms, Shapes>, Result>
        : ResultOf<BindTerms<WithoutSpaces<Equation>, Shapes>, LettersOnce<WithoutSpaces<Equation>>>;

type ResultOf<Bound, Result extends string> = Bound extends string
  ? Bound
  : Bound extends Sizes
    ? ResultShape<Result, Bound, Result>
    : AnyRank;

type WithoutSpaces<Text extends string> = Text extends `${infer Before} ${infer After}`
  ? WithoutSpaces<`${Before}${After}`>
  : Text;

/** The sizes of all letters, a message, or `null` when a rank is unknown. */
type BindTerms<
  Terms extends string,
  Shapes extends readonly Dim[][],
  Bound extends Sizes = NoSizes,
  Passed extends unknown[] = [],
> = Shapes extends readonly [infer S extends Dim[], ...infer Rest extends readonly Dim[][]]
  ? number extends S['length']
    ? null
    : Terms extends `${infer Term},${infer Others}`
      ? Rest extends readonly []
        ? `the equation has more terms than there are tensors, ${[...Passed, S]['length'] & number}`
        : BindTerm<Term, S, Bound, Passed['length'] & number, Term, S> extends infer Next
          ? Next extends Sizes
            ? BindTerms<Others, Rest, Next, [...Passed, S]>
            : Next
          : never
      : Rest extends readonly []
        ? BindTerm<Terms, S, Bound, Passed['length'] & number, Terms, S>
        : `the equation has ${[...Passed, S]['length'] & number} terms for ${[...Passed, ...Shapes]['length'] & number} tensors`
  : null;

type BindTerm<
  Term extends string,
  S extends Dim[],
  Bound extends Sizes,
  Position extends number,
  WholeTerm extends string,
  Whole extends Dim[],
> = Term extends `${infer Letter}${infer Letters}`
  ? S extends [infer Size extends Dim, ...infer Rest extends Dim[]]
    ? Letter extends keyof Bound
      ? SameDim<
          Bound[Letter][0],
          Size,
          BindTerm<Letters, Rest, Bound, Position, WholeTerm, Whole>,
          `${Letter} is ${ShowDim<Bound[Letter][0]>} in xs[${Bound[Letter][1]}] but ${ShowDim<Size>} in xs[${Position}]`
        >
      : BindTerm<Letters, Rest, Bound & Record<Letter, [Size, Position]>, Position, WholeTerm, Whole>
    : `'${WholeTerm}' does not fit the rank of xs[${Position}] ${Show<Whole>}`
  : S extends []
    ? Bound
    : `'${WholeTerm}' does not fit the rank of xs[${Position}] ${Show<Whole>}`;

type ResultShape<
  Letters extends string,
  Bound extends Sizes,
  Whole extends string,
  Result extends Dim[] = [],
> = Letters extends `${infer Letter}${infer Rest}`
  ? Letter extends keyof Bound
    ? Rest extends `${string}${Letter}${string}`
      ? `'${Letter}' stands twice in the result '${Whole}'`
      : ResultShape<Rest, Bound, Whole, [...Result, Bound[Letter][0]]>
    : `'${Letter}' of the result is in no operand`
  : Result;

/** What the result is without `->`: the letters that stand once, in the order of the alphabet. */
type LettersOnce<
  Terms extends string,
  Letters extends string = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  Result extends string = '',
> = Letters extends `${infer Letter}${infer Rest}`
  ? LettersOnce<Terms, Rest, StandsOnce<Terms, Letter> extends true ? `${Result}${Letter}` : Result>
  : Result;

type StandsOnce<Terms extends string, Letter extends string> = Terms extends `${string}${Letter}${infer After}`
  ? After extends `${string}${Letter}${string}`
    ? false
    : true
  : false;
