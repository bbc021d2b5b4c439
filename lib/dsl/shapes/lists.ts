import type { Tensor } from '../tensor.js';
import type { Add } from './arithmetic.js';
import type { InsertAt, SplitAt } from './axes.js';
import type { AnyRank, Dim, MayBeEqual, SameDim, Show, ShowDim } from './dim.js';
import type { Slide } from './windows.js';

/*
 * Rules over lists of tensors. A list whose length nobody knows, `Tensor<[3, 4]>[]`, is one shape that all have. Type
 * parameters of a generic module are compared as properties: `[N] extends [N]` would stay open there.
 */

/** The shapes of a list of tensors. */
export type ShapesOf<Tensors extends readonly Tensor[]> = {
  -readonly [Position in keyof Tensors]: Tensors[Position]['shape'];
};

/** The dtype that tensors of a list have. */
export type DTypeOf<Tensors extends readonly Tensor[]> = Tensors[number]['dtype'];

/** A message when the tensors differ in dtype, else `null`. */
export type OneDType<Name extends string, Tensors extends readonly Tensor[]> = Tensors extends readonly [
  infer First extends Tensor,
  ...infer Rest extends readonly Tensor[],
]
  ? OtherDType<First['dtype'], Rest> extends [infer Position extends number, infer Other extends string]
    ? `${Name}[0] is ${First['dtype']} but ${Name}[${Position}] is ${Other}; cast one of them`
    : null
  : null;

/** Position and dtype of the first tensor that is not `Type`. */
type OtherDType<Type, Tensors extends readonly Tensor[], Passed extends unknown[] = [0]> = Tensors extends readonly [
  infer First extends Tensor,
  ...infer Rest extends readonly Tensor[],
]
  ? [First['dtype']] extends [Type]
    ? OtherDType<Type, Rest, [...Passed, First]>
    : [Type] extends [First['dtype']]
      ? OtherDType<Type, Rest, [...Passed, First]>
      : [Passed['length'], First['dtype']]
  : null;

/**
 * One after the other along `Axis`: its sizes are added, the others must agree; or a message. `null` for an axis out
 * of range, which is said where the axis is.
 */
export type Concat<Shapes extends readonly Dim[][], Axis extends number> = Shapes extends readonly [
  infer First extends Dim[],
  ...infer Rest extends readonly Dim[][],
]
  ? number extends Axis | First['length']
    ? AnyRank
    : SplitAt<First, Axis> extends [infer Before extends Dim[], infer Size extends Dim, infer After extends Dim[]]
      ? ConcatSizes<First, Before, Size, After, Axis, Rest>
      : null
  : Shapes extends readonly (infer Every extends Dim[])[]
    ? ShapeOrNull<Slide<Every, Axis, number>>
    : AnyRank;

type ShapeOrNull<Rule> = Rule extends Dim[] ? Rule : null;

type ConcatSizes<
  First extends Dim[],
  Before extends Dim[],
  Size extends Dim,
  After extends Dim[],
  Axis extends number,
  Shapes extends readonly Dim[][],
  Passed extends unknown[] = [0],
> = Shapes extends readonly [infer Other extends Dim[], ...infer Rest extends readonly Dim[][]]
  ? number extends Other['length']
    ? ConcatSizes<First, Before, number, After, Axis, Rest, [...Passed, Other]>
    : Other['length'] extends First['length']
      ? FirstDifference<First, Other, Before['length'], Passed['length'] & number> extends infer Message extends string
        ? Message
        : ConcatSizes<First, Before, Add<Size, SizeAt<Other, Axis>>, After, Axis, Rest, [...Passed, Other]>
      : `the rank of xs[0] ${Show<First>} is not that of xs[${Passed['length'] & number}] ${Show<Other>}`
  : Shapes extends readonly []
    ? [...Before, Size, ...After]
    : [...Before, number, ...After];

type SizeAt<S extends Dim[], Axis extends number> =
  SplitAt<S, Axis> extends [unknown, infer Size extends Dim, unknown] ? Size : number;

/** What is said of the first dimension, but that at `Except`, whose sizes differ; `null` when there is none. */
type FirstDifference<
  A extends Dim[],
  B extends Dim[],
  Except,
  Position extends number,
  Passed extends unknown[] = [],
> = A extends [infer FirstA extends Dim, ...infer RestA extends Dim[]]
  ? B extends [infer FirstB extends Dim, ...infer RestB extends Dim[]]
    ? Passed['length'] extends Except
      ? FirstDifference<RestA, RestB, Except, Position, [...Passed, FirstA]>
      : { size: FirstA } extends { size: FirstB }
        ? FirstDifference<RestA, RestB, Except, Position, [...Passed, FirstA]>
        : SameDim<
            FirstA,
            FirstB,
            FirstDifference<RestA, RestB, Except, Position, [...Passed, FirstA]>,
            `dimension ${Passed['length'] & number} is ${ShowDim<FirstA>} in xs[0] but ${ShowDim<FirstB>} in xs[${Position}]`
          >
    : null
  : null;

/** The tensors along a new dimension `Axis`; all must have one shape; or a message. */
export type Stack<Shapes extends readonly Dim[][], Axis extends number> = Shapes extends readonly [
  infer First extends Dim[],
  ...infer Rest extends readonly Dim[][],
]
  ? OtherShape<First, Rest> extends [infer Position extends number, infer Other extends Dim[]]
    ? `xs[0] is ${Show<First>} but xs[${Position}] is ${Show<Other>}`
    : ShapeOrNull<InsertAt<First, Axis, Shapes['length']>>
  : Shapes extends readonly (infer Every extends Dim[])[]
    ? ShapeOrNull<InsertAt<Every, Axis, number>>
    : AnyRank;

/** Position and shape of the first that is not `S`. */
type OtherShape<
  S extends Dim[],
  Shapes extends readonly Dim[][],
  Passed extends unknown[] = [0],
> = Shapes extends readonly [infer First extends Dim[], ...infer Rest extends readonly Dim[][]]
  ? { shape: S } extends { shape: First }
    ? OtherShape<S, Rest, [...Passed, First]>
    : MayBeEqual<S, First> extends true
      ? OtherShape<S, Rest, [...Passed, First]>
      : [Passed['length'], First]
  : null;
