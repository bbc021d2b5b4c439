import type { DType } from '../../ir/dtype.js';
import type { Tensor } from '../tensor.js';
import type { Add, Divide, IsGreater, Subtract } from './arithmetic.js';
import type { OutOfRange, SplitAt } from './axes.js';
import type { Dim, ShapeOf, Show } from './dim.js';
import type { Slide } from './windows.js';

/** One size for all parts but the last, which may be smaller, or the size of each. */
export type PartSizes = Dim | readonly Dim[];

/** A message when the sizes do not add up to that of the axis. */
export type CheckParts<S extends Dim[], Sizes extends PartSizes, Axis extends number> = number extends
  Axis | S['length']
  ? null
  : SplitAt<S, Axis> extends [unknown, infer Size extends Dim, unknown]
    ? Sizes extends readonly Dim[]
      ? IsDifferent<Total<Sizes>, Size> extends true
        ? `sizes ${Show<Sizes>} add up to ${Total<Sizes>}, but the axis has ${Size}`
        : null
      : [Sizes] extends [0]
        ? 'size must be at least 1, got 0'
        : null
    : OutOfRange<S, Axis>;

type IsDifferent<A extends Dim, B extends Dim> =
  boolean extends IsGreater<A, B> ? false : IsGreater<A, B> extends true ? true : IsGreater<B, A>;

type Total<Sizes extends readonly Dim[], Sum extends Dim = 0> = Sizes extends readonly [
  infer First extends Dim,
  ...infer Rest extends readonly Dim[],
]
  ? Total<Rest, Add<Sum, First>>
  : Sizes extends readonly []
    ? Sum
    : number;

/** The tensors that parts of `S` along `Axis` are. */
export type Parts<S extends Dim[], Sizes extends PartSizes, Axis extends number, Type extends DType> = TensorsOf<
  S,
  Sizes extends readonly Dim[] ? Sizes : Sizes extends Dim ? EqualSizes<SizeAt<S, Axis>, Sizes> : never,
  Axis,
  Type
>;

/** The tensors that `Count` parts of `S` along `Axis` are, of which the last may be smaller. */
export type Chunks<S extends Dim[], Count extends Dim, Axis extends number, Type extends DType> = Parts<
  S,
  Divide<Add<SizeAt<S, Axis>, Subtract<Count, 1>>, Count>,
  Axis,
  Type
>;

type SizeAt<S extends Dim[], Axis extends number> = number extends S['length'] | Axis
  ? number
  : SplitAt<S, Axis> extends [unknown, infer Size extends Dim, unknown]
    ? Size
    : number;

type TensorsOf<S extends Dim[], Sizes extends readonly Dim[], Axis extends number, Type extends DType> = {
  -readonly [Position in keyof Sizes]: Tensor<ShapeOf<Slide<S, Axis, Sizes[Position]>>, Type>;
};

/** `Part` as often as it fits into `Whole`, and what is left. */
type EqualSizes<Whole extends Dim, Part extends Dim, Sizes extends Dim[] = []> =
  IsGreater<Whole, Part> extends infer More
    ? [More] extends [true]
      ? Part extends 0
        ? Dim[]
        : EqualSizes<Subtract<Whole, Part>, Part, [...Sizes, Part]>
      : [More] extends [false]
        ? [...Sizes, Whole]
        : number[]
    : never;
