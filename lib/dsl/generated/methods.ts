// Generated from lib/ir/ops by `npm run codegen`: do not edit.
import type { DType, FloatDType, NumericDType } from '../../ir/dtype.js';
import type { Multiply } from '../shapes/arithmetic.js';
import type { AxisOf, Permute, Squeeze, Unsqueeze } from '../shapes/axes.js';
import type { Broadcast, BroadcastRows, BroadcastShape, BroadcastTo, CheckBroadcastRows, HasRow } from '../shapes/broadcast.js';
import type { Dim, Guard, SameDim, SameDType, SameShape, ShapeOf, Show, UnknownShape, WhenDecided } from '../shapes/dim.js';
import type { Gather, Scatter } from '../shapes/indexing.js';
import type { Pad, Repeat } from '../shapes/padding.js';
import type { Reduce, ReductionAxes } from '../shapes/reduce.js';
import type { Reshape } from '../shapes/reshape.js';
import type { PadAxis, PaddedSize, RepeatInterleave, Slice, SliceSize, Slide } from '../shapes/windows.js';
import type { Tensor } from '../tensor.js';

/** Operations as methods of their first operand. */
export interface TensorMethods {
  /**
   * −x; modulo 2³² for u32.
   *
   * `x[...s]:number -> [...s]`
   */
  neg<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * |x|; the gradient at 0 is 0. The least i32 has no positive counterpart and stays.
   *
   * `x[...s]:number -> [...s]`
   */
  abs<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * −1, 0 or 1 by the sign of x; 0 for NaN. No gradient flows through it.
   *
   * `x[...s]:number -> [...s]`
   */
  sign<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * eˣ.
   *
   * `x[...s]:float -> [...s]`
   */
  exp<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Natural logarithm.
   *
   * `x[...s]:float -> [...s]`
   */
  log<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * eˣ − 1, with all digits near 0.
   *
   * `x[...s]:float -> [...s]`
   */
  expm1<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * log(1 + x), with all digits near 0.
   *
   * `x[...s]:float -> [...s]`
   */
  log1p<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * √x.
   *
   * `x[...s]:float -> [...s]`
   */
  sqrt<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * 1/√x.
   *
   * `x[...s]:float -> [...s]`
   */
  rsqrt<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * 1/x.
   *
   * `x[...s]:float -> [...s]`
   */
  reciprocal<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * x².
   *
   * `x[...s]:number -> [...s]`
   */
  square<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Hyperbolic tangent.
   *
   * `x[...s]:float -> [...s]`
   */
  tanh<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Error function 2/√π ∫₀ˣ e^(−t²) dt.
   *
   * `x[...s]:float -> [...s]`
   */
  erf<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Sine, of angles up to 10⁵ radians with the precision of the dtype.
   *
   * `x[...s]:float -> [...s]`
   */
  sin<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Cosine, of angles up to 10⁵ radians with the precision of the dtype.
   *
   * `x[...s]:float -> [...s]`
   */
  cos<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Greatest integer not above x. No gradient flows through it.
   *
   * `x[...s]:float -> [...s]`
   */
  floor<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Least integer not below x. No gradient flows through it.
   *
   * `x[...s]:float -> [...s]`
   */
  ceil<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Nearest integer; a half goes to the even one. No gradient flows through it.
   *
   * `x[...s]:float -> [...s]`
   */
  round<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Logistic function 1/(1 + e⁻ˣ).
   *
   * `x[...s]:float -> [...s]`
   */
  sigmoid<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * max(x, 0); the gradient at 0 is 0.
   *
   * `x[...s]:number -> [...s]`
   */
  relu<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * x·sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118).
   *
   * `x[...s]:float -> [...s]`
   */
  silu<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * a + b.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  add<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * a + b.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  add<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a + b.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  add<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a + b.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  add<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'add', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `add: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * a − b.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  sub<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * a − b.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  sub<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a − b.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  sub<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a − b.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  sub<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'sub', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `sub: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * a·b, element by element.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  mul<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * a·b, element by element.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  mul<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a·b, element by element.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  mul<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a·b, element by element.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  mul<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'mul', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `mul: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * a/b, element by element.
   *
   * `a[...]:float, b[...]:float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  div<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * a/b, element by element.
   *
   * `a[...]:float, b[...]:float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  div<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a/b, element by element.
   *
   * `a[...]:float, b[...]:float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  div<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a/b, element by element.
   *
   * `a[...]:float, b[...]:float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  div<A extends Dim[], Type extends FloatDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'div', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `div: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  floorDivide<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  floorDivide<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  floorDivide<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  floorDivide<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'floorDivide', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `floorDivide: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  remainder<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  remainder<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  remainder<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  remainder<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'remainder', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `remainder: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
   *
   * `a[...]:float, b[...]:float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  pow<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
   *
   * `a[...]:float, b[...]:float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  pow<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
   *
   * `a[...]:float, b[...]:float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  pow<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
   *
   * `a[...]:float, b[...]:float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  pow<A extends Dim[], Type extends FloatDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'pow', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `pow: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  maximum<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  maximum<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  maximum<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  maximum<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'maximum', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `maximum: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  minimum<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
  /**
   * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  minimum<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  minimum<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
  /**
   * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
   *
   * `a[...]:number, b[...]:number -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  minimum<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'minimum', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `minimum: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
  /**
   * a = b. No gradient flows through it.
   *
   * `a[...], b[...] -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  equal<S extends Dim[], Type extends DType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
  /**
   * a = b. No gradient flows through it.
   *
   * `a[...], b[...] -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  equal<B extends Dim[], N extends Dim, Type extends DType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a = b. No gradient flows through it.
   *
   * `a[...], b[...] -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  equal<B extends Dim[], N extends Dim, Type extends DType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a = b. No gradient flows through it.
   *
   * `a[...], b[...] -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  equal<A extends Dim[], Type extends DType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'equal', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `equal: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * a ≠ b. No gradient flows through it.
   *
   * `a[...], b[...] -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  notEqual<S extends Dim[], Type extends DType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
  /**
   * a ≠ b. No gradient flows through it.
   *
   * `a[...], b[...] -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  notEqual<B extends Dim[], N extends Dim, Type extends DType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a ≠ b. No gradient flows through it.
   *
   * `a[...], b[...] -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  notEqual<B extends Dim[], N extends Dim, Type extends DType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a ≠ b. No gradient flows through it.
   *
   * `a[...], b[...] -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  notEqual<A extends Dim[], Type extends DType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'notEqual', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `notEqual: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * a < b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  less<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
  /**
   * a < b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  less<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a < b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  less<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a < b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  less<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'less', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `less: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * a ≤ b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  lessEqual<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
  /**
   * a ≤ b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  lessEqual<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a ≤ b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  lessEqual<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a ≤ b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  lessEqual<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'lessEqual', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `lessEqual: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * a > b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  greater<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
  /**
   * a > b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  greater<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a > b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  greater<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a > b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  greater<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'greater', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `greater: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * a ≥ b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  greaterEqual<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
  /**
   * a ≥ b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  greaterEqual<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a ≥ b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  greaterEqual<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
  /**
   * a ≥ b. No gradient flows through it.
   *
   * `a[...]:number, b[...]:number -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  greaterEqual<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(this: Tensor<A, Type>, b: Guard<'greaterEqual', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `greaterEqual: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * Whether x is NaN. No gradient flows through it.
   *
   * `x[...s]:float -> [...s]:bool`
   */
  isNan<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, 'bool'>;
  /**
   * Whether x is infinite, of either sign. No gradient flows through it.
   *
   * `x[...s]:float -> [...s]:bool`
   */
  isInf<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, 'bool'>;
  /**
   * Whether x is neither infinite nor NaN. No gradient flows through it.
   *
   * `x[...s]:float -> [...s]:bool`
   */
  isFinite<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, 'bool'>;
  /**
   * True where x is false. No gradient flows through it.
   *
   * `x[...s]:bool -> [...s]:bool`
   *
   * @throws DTypeError when dtypes do not fit.
   */
  logicalNot<S extends Dim[], Type_x extends DType>(this: SameDType<'bool', Type_x, Tensor<S, Type_x>, `logicalNot: x must be bool, got ${Type_x}; cast it first`>): Tensor<S, 'bool'>;
  /**
   * True where a and b are. No gradient flows through it.
   *
   * `a[...]:bool, b[...]:bool -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  logicalAnd<S extends Dim[]>(this: Tensor<S, 'bool'>, b: Tensor<NoInfer<S>, 'bool'>): Tensor<S, 'bool'>;
  /**
   * True where a and b are. No gradient flows through it.
   *
   * `a[...]:bool, b[...]:bool -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  logicalAnd<A extends Dim[], B extends Dim[]>(this: Tensor<A, 'bool'>, b: Guard<'logicalAnd', Broadcast<A, B>, Tensor<B, 'bool'>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * True where a or b is. No gradient flows through it.
   *
   * `a[...]:bool, b[...]:bool -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  logicalOr<S extends Dim[]>(this: Tensor<S, 'bool'>, b: Tensor<NoInfer<S>, 'bool'>): Tensor<S, 'bool'>;
  /**
   * True where a or b is. No gradient flows through it.
   *
   * `a[...]:bool, b[...]:bool -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  logicalOr<A extends Dim[], B extends Dim[]>(this: Tensor<A, 'bool'>, b: Guard<'logicalOr', Broadcast<A, B>, Tensor<B, 'bool'>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * True where one of a and b is, and not both. No gradient flows through it.
   *
   * `a[...]:bool, b[...]:bool -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  logicalXor<S extends Dim[]>(this: Tensor<S, 'bool'>, b: Tensor<NoInfer<S>, 'bool'>): Tensor<S, 'bool'>;
  /**
   * True where one of a and b is, and not both. No gradient flows through it.
   *
   * `a[...]:bool, b[...]:bool -> [...]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  logicalXor<A extends Dim[], B extends Dim[]>(this: Tensor<A, 'bool'>, b: Guard<'logicalXor', Broadcast<A, B>, Tensor<B, 'bool'>>): Tensor<BroadcastShape<A, B>, 'bool'>;
  /**
   * x in another dtype: truth values go to 0 and 1, numbers to x ≠ 0 (NaN is true). Floats are cut towards zero and held within the range of the integers, NaN becomes 0; between i32 and u32 the bits stay.
   *
   * `x[...s], dtype: dtype -> [...s]:dtype`
   */
  cast<S extends Dim[], Type extends DType, Dtype extends DType>(this: Tensor<S, Type>, dtype: Dtype): Tensor<S, Dtype>;
  /**
   * x·Φ(x), where Φ is the normal distribution function, by erf (Hendrycks and Gimpel 2016, arXiv:1606.08415).
   *
   * `x[...s]:float -> [...s]`
   */
  gelu<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * x/2·(1 + tanh(√(2/π)·(x + 0.044715x³))): what GPT-2 and PyTorch with `approximate="tanh"` use for gelu.
   *
   * `x[...s]:float -> [...s]`
   */
  geluTanh<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * log(1 + eˣ), which does not overflow.
   *
   * `x[...s]:float -> [...s]`
   */
  softplus<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * x·tanh(softplus(x)) (Misra 2019, arXiv:1908.08681).
   *
   * `x[...s]:float -> [...s]`
   */
  mish<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244).
   *
   * `x[...s]:float -> [...s]`
   */
  hardswish<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * min(max(x + 3, 0), 6)/6; the gradient at −3 and 3 is 0 (Howard et al. 2019, arXiv:1905.02244).
   *
   * `x[...s]:float -> [...s]`
   */
  hardsigmoid<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * min(max(x, 0), 6); the gradient at 0 and 6 is 0 (Krizhevsky 2010).
   *
   * `x[...s]:float -> [...s]`
   */
  relu6<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * λ·x where it is positive, else λ·α·(eˣ − 1), for λ = 1.05070… and α = 1.67326… (Klambauer et al. 2017, arXiv:1706.02515).
   *
   * `x[...s]:float -> [...s]`
   */
  selu<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * x where it is positive, else slope·x.
   *
   * `x[...s]:float, slope: float = 0.01 -> [...s]`
   */
  leakyRelu<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>, options?: { slope?: number }): Tensor<S, Type>;
  /**
   * x where it is positive, else alpha·(eˣ − 1) (Clevert et al. 2015, arXiv:1511.07289).
   *
   * `x[...s]:float, alpha: float = 1 -> [...s]`
   */
  elu<S extends Dim[], Type extends FloatDType>(this: Tensor<S, Type>, options?: { alpha?: number }): Tensor<S, Type>;
  /**
   * x held between min and max; the gradient passes where x is within, bounds included.
   *
   * `x[...s]:number, min: float = -Infinity, max: float = Infinity -> [...s]`
   */
  clamp<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, options?: { min?: number; max?: number }): Tensor<S, Type>;
  /**
   * `value` where the mask is true, else x.
   *
   * `x[...]:number, mask[...]:bool, value: float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  maskedFill<S extends Dim[], Type extends NumericDType>(this: Tensor<S, Type>, mask: Tensor<NoInfer<S>, 'bool'>, value: number): Tensor<S, Type>;
  /**
   * `value` where the mask is true, else x.
   *
   * `x[...]:number, mask[...]:bool, value: float -> [...]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  maskedFill<X extends Dim[], Mask extends Dim[], Type extends NumericDType>(this: Tensor<X, Type>, mask: Guard<'maskedFill', Broadcast<X, Mask>, Tensor<Mask, 'bool'>>, value: number): Tensor<BroadcastShape<X, Mask>, Type>;
  /**
   * Sum over `axes` (all when omitted).
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  sum<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * Sum over `axes` (all when omitted).
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  sum<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
  /**
   * Sum over `axes` (all when omitted).
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  sum<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
  /**
   * Sum over `axes` (all when omitted).
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  sum<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'sum', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
  /**
   * Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  prod<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  prod<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
  /**
   * Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  prod<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
  /**
   * Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  prod<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'prod', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
  /**
   * Arithmetic mean over `axes` (all when omitted).
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  mean<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * Arithmetic mean over `axes` (all when omitted).
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  mean<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
  /**
   * Arithmetic mean over `axes` (all when omitted).
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  mean<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
  /**
   * Arithmetic mean over `axes` (all when omitted).
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  mean<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'mean', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
  /**
   * Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  max<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  max<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
  /**
   * Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  max<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
  /**
   * Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  max<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'max', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
  /**
   * Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  min<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  min<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
  /**
   * Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  min<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
  /**
   * Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
   *
   * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws AxisError for an axis out of range or given twice.
   * @throws ValueError when there is no element to reduce.
   */
  min<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'min', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
  /**
   * Whether some element is true, over `axes` (all when omitted). No gradient flows through it.
   *
   * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  any<S extends Dim[], Type_x extends DType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: SameDType<'bool', Type_x, Tensor<S, Type_x>, `any: x must be bool, got ${Type_x}; cast it first`>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, 'bool'>;
  /**
   * Whether some element is true, over `axes` (all when omitted). No gradient flows through it.
   *
   * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  any<B extends Dim[], N extends Dim, Type_x extends DType>(this: SameDType<'bool', Type_x, Tensor<[...B, N], Type_x>, `any: x must be bool, got ${Type_x}; cast it first`>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], 'bool'>;
  /**
   * Whether some element is true, over `axes` (all when omitted). No gradient flows through it.
   *
   * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  any<B extends Dim[], N extends Dim, Type_x extends DType>(this: SameDType<'bool', Type_x, Tensor<[...B, N], Type_x>, `any: x must be bool, got ${Type_x}; cast it first`>, options: { axes: -1; keepdims?: false }): Tensor<B, 'bool'>;
  /**
   * Whether some element is true, over `axes` (all when omitted). No gradient flows through it.
   *
   * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  any<S extends Dim[], Type_x extends DType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: SameDType<'bool', Type_x, Tensor<S, Type_x>, `any: x must be bool, got ${Type_x}; cast it first`>, options?: { axes?: Guard<'any', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, 'bool'>;
  /**
   * Whether every element is true, over `axes` (all when omitted). No gradient flows through it.
   *
   * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  all<S extends Dim[], Type_x extends DType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: SameDType<'bool', Type_x, Tensor<S, Type_x>, `all: x must be bool, got ${Type_x}; cast it first`>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, 'bool'>;
  /**
   * Whether every element is true, over `axes` (all when omitted). No gradient flows through it.
   *
   * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  all<B extends Dim[], N extends Dim, Type_x extends DType>(this: SameDType<'bool', Type_x, Tensor<[...B, N], Type_x>, `all: x must be bool, got ${Type_x}; cast it first`>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], 'bool'>;
  /**
   * Whether every element is true, over `axes` (all when omitted). No gradient flows through it.
   *
   * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  all<B extends Dim[], N extends Dim, Type_x extends DType>(this: SameDType<'bool', Type_x, Tensor<[...B, N], Type_x>, `all: x must be bool, got ${Type_x}; cast it first`>, options: { axes: -1; keepdims?: false }): Tensor<B, 'bool'>;
  /**
   * Whether every element is true, over `axes` (all when omitted). No gradient flows through it.
   *
   * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  all<S extends Dim[], Type_x extends DType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: SameDType<'bool', Type_x, Tensor<S, Type_x>, `all: x must be bool, got ${Type_x}; cast it first`>, options?: { axes?: Guard<'all', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, 'bool'>;
  /**
   * Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  variance<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims; correction?: number }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  variance<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true; correction?: number }): Tensor<[...B, 1], Type>;
  /**
   * Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  variance<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false; correction?: number }): Tensor<B, Type>;
  /**
   * Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  variance<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'variance', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims; correction?: number }): Tensor<UnknownShape, Type>;
  /**
   * Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  std<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims; correction?: number }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  std<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true; correction?: number }): Tensor<[...B, 1], Type>;
  /**
   * Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  std<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false; correction?: number }): Tensor<B, Type>;
  /**
   * Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  std<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'std', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims; correction?: number }): Tensor<UnknownShape, Type>;
  /**
   * Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  l2Norm<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  l2Norm<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
  /**
   * Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  l2Norm<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
  /**
   * Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  l2Norm<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'l2Norm', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
  /**
   * log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  logsumexp<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
  /**
   * log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  logsumexp<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
  /**
   * log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  logsumexp<B extends Dim[], N extends Dim, Type extends FloatDType>(this: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
  /**
   * log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.
   *
   * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  logsumexp<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axes?: Guard<'logsumexp', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
  /**
   * Matrix product over the last two dimensions; leading dimensions broadcast.
   *
   * `a[...p m k]:float, b[...q k n]:float -> [...broadcast(p, q) m n]`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   */
  matmul<P extends Dim[], K extends Dim, Type extends FloatDType, Q extends Dim[], K_b extends Dim, N extends Dim, Type_b extends DType>(this: Tensor<[...P, K], Type> & HasRow<P, `matmul: a must have rank at least 2, got ${Show<[...P, K]>}`>, b: CheckBroadcastRows<'matmul', P, Q, SameDim<K, K_b, SameDType<Type, Type_b, Tensor<[...Q, K_b, N], Type_b>, `matmul: a is ${Type} but b is ${Type_b}; cast one of them`>, `matmul: k is ${K} in a but ${K_b} in b`>>): Tensor<[...BroadcastRows<P, Q>, N], Type>;
  /**
   * The same elements in row-major order under another shape; one size may be -1.
   *
   * `x[...s], shape: shape -> reshape(s, shape)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  reshape<S extends Dim[], Type extends DType, const Shape extends Dim[]>(this: Tensor<S, Type>, shape: WhenDecided<Reshape<S, Shape>, readonly [...Shape]>): Tensor<ShapeOf<Reshape<S, Shape>>, Type>;
  /**
   * The same elements in row-major order under another shape; one size may be -1.
   *
   * `x[...s], shape: shape -> reshape(s, shape)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  reshape<S extends Dim[], const Rest extends Dim[], Type extends DType>(this: Tensor<S, Type>, shape: Guard<'reshape', Reshape<S, [-1, ...Rest]>, readonly [-1, ...Rest]>): Tensor<[number, ...Rest], Type>;
  /**
   * The same elements in row-major order under another shape; one size may be -1.
   *
   * `x[...s], shape: shape -> reshape(s, shape)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  reshape<S extends Dim[], First extends Dim, const Rest extends Dim[], Type extends DType>(this: Tensor<S, Type>, shape: Guard<'reshape', Reshape<S, [First, -1, ...Rest]>, readonly [First, -1, ...Rest]>): Tensor<[First, number, ...Rest], Type>;
  /**
   * The same elements in row-major order under another shape; one size may be -1.
   *
   * `x[...s], shape: shape -> reshape(s, shape)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  reshape<S extends Dim[], const Front extends Dim[], Type extends DType>(this: Tensor<S, Type>, shape: Guard<'reshape', Reshape<S, [...Front, -1]>, readonly [...Front, -1]>): Tensor<[...Front, number], Type>;
  /**
   * The same elements in row-major order under another shape; one size may be -1.
   *
   * `x[...s], shape: shape -> reshape(s, shape)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  reshape<S extends Dim[], Type extends DType, const Shape extends Dim[]>(this: Tensor<S, Type>, shape: Guard<'reshape', Reshape<S, Shape>, readonly [...Shape]>): Tensor<Shape, Type>;
  /**
   * Dimension i of the result is dimension axes[i] of x.
   *
   * `x[...s], axes: permutation -> permute(s, axes)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  permute<S extends Dim[], Type extends DType, const Axes extends readonly number[]>(this: Tensor<S, Type>, axes: Guard<'permute', Permute<S, Axes>, readonly [...Axes]>): Tensor<ShapeOf<Permute<S, Axes>>, Type>;
  /**
   * Swaps the last two dimensions.
   *
   * `x[...b m n] -> [...b n m]`
   *
   * @throws ShapeError when shapes do not fit.
   */
  transpose<B extends Dim[], M extends Dim, N extends Dim, Type extends DType>(this: Tensor<[...B, M, N], Type>): Tensor<[...B, N, M], Type>;
  /**
   * Inserts a dimension of size 1 that is dimension `axis` of the result.
   *
   * `x[...s], axis: newAxis -> unsqueeze(s, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  unsqueeze<S extends Dim[], Type extends DType, Axis extends number>(this: Tensor<S, Type>, axis: WhenDecided<Unsqueeze<S, Axis>, Axis>): Tensor<ShapeOf<Unsqueeze<S, Axis>>, Type>;
  /**
   * Inserts a dimension of size 1 that is dimension `axis` of the result.
   *
   * `x[...s], axis: newAxis -> unsqueeze(s, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  unsqueeze<S extends Dim[], Type extends DType>(this: Tensor<S, Type>, axis: -1): Tensor<[...S, 1], Type>;
  /**
   * Inserts a dimension of size 1 that is dimension `axis` of the result.
   *
   * `x[...s], axis: newAxis -> unsqueeze(s, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  unsqueeze<S extends Dim[], Type extends DType>(this: Tensor<S, Type>, axis: 0): Tensor<[1, ...S], Type>;
  /**
   * Inserts a dimension of size 1 that is dimension `axis` of the result.
   *
   * `x[...s], axis: newAxis -> unsqueeze(s, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  unsqueeze<S extends Dim[], Type extends DType, Axis extends number>(this: Tensor<S, Type>, axis: Guard<'unsqueeze', Unsqueeze<S, Axis>, Axis>): Tensor<UnknownShape, Type>;
  /**
   * Removes dimension `axis`, which must have size 1.
   *
   * `x[...s], axis: axis -> squeeze(s, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  squeeze<S extends Dim[], Type extends DType, Axis extends number>(this: Tensor<S, Type>, axis: WhenDecided<Squeeze<S, Axis>, Axis>): Tensor<ShapeOf<Squeeze<S, Axis>>, Type>;
  /**
   * Removes dimension `axis`, which must have size 1.
   *
   * `x[...s], axis: axis -> squeeze(s, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  squeeze<S extends Dim[], Type extends DType>(this: Tensor<[...S, 1], Type>, axis: -1): Tensor<S, Type>;
  /**
   * Removes dimension `axis`, which must have size 1.
   *
   * `x[...s], axis: axis -> squeeze(s, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  squeeze<S extends Dim[], Type extends DType>(this: Tensor<[1, ...S], Type>, axis: 0): Tensor<S, Type>;
  /**
   * Removes dimension `axis`, which must have size 1.
   *
   * `x[...s], axis: axis -> squeeze(s, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  squeeze<S extends Dim[], Type extends DType, Axis extends number>(this: Tensor<S, Type>, axis: Guard<'squeeze', Squeeze<S, Axis>, Axis>): Tensor<UnknownShape, Type>;
  /**
   * x repeated along dimensions that are missing or have size 1, as NumPy broadcasts.
   *
   * `x[...s], shape: shape -> broadcastTo(s, shape)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  broadcastTo<S extends Dim[], Type extends DType, const Shape extends Dim[]>(this: Tensor<S, Type>, shape: Guard<'broadcastTo', BroadcastTo<S, Shape>, readonly [...Shape]>): Tensor<Shape, Type>;
  /**
   * x itself, as a constant to differentiation. No gradient flows through it.
   *
   * `x[...s] -> [...s]`
   */
  stopGradient<S extends Dim[], Type extends DType>(this: Tensor<S, Type>): Tensor<S, Type>;
  /**
   * Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.
   *
   * `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  slice<S extends Dim[], Type extends DType, Axis extends number, Start extends Dim = 0, Stop extends Dim | undefined = undefined, Step extends Dim = 1>(this: Tensor<S, Type>, axis: WhenDecided<Slice<S, Axis, Start, Stop, Step>, Axis>, options?: { start?: Start; stop?: Stop; step?: Step }): Tensor<ShapeOf<Slice<S, Axis, NoInfer<Start>, NoInfer<Stop>, NoInfer<Step>>>, Type>;
  /**
   * Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.
   *
   * `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  slice<B extends Dim[], L extends Dim, Type extends DType, Start extends Dim = 0, Stop extends Dim | undefined = undefined, Step extends Dim = 1>(this: Tensor<[...B, L], Type>, axis: -1, options?: { start?: Start; stop?: Stop; step?: Guard<'slice', Slice<[...B, L], -1, Start, Stop, Step>, Step> }): Tensor<[...B, SliceSize<L, NoInfer<Start>, NoInfer<Stop>, NoInfer<Step>>], Type>;
  /**
   * Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.
   *
   * `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  slice<L extends Dim, B extends Dim[], Type extends DType, Start extends Dim = 0, Stop extends Dim | undefined = undefined, Step extends Dim = 1>(this: Tensor<[L, ...B], Type>, axis: 0, options?: { start?: Start; stop?: Stop; step?: Guard<'slice', Slice<[L, ...B], 0, Start, Stop, Step>, Step> }): Tensor<[SliceSize<L, NoInfer<Start>, NoInfer<Stop>, NoInfer<Step>>, ...B], Type>;
  /**
   * Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.
   *
   * `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  slice<S extends Dim[], Type extends DType, Axis extends number, Start extends Dim = 0, Stop extends Dim | undefined = undefined, Step extends Dim = 1>(this: Tensor<S, Type>, axis: Guard<'slice', AxisOf<S, Axis>, Axis>, options?: { start?: Start; stop?: Stop; step?: Guard<'slice', Slice<S, Axis, Start, Stop, Step>, Step> }): Tensor<UnknownShape, Type>;
  /**
   * The elements in reverse order along `axes` (all when omitted).
   *
   * `x[...s], axes: axes? -> [...s]`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  flip<S extends Dim[], Type extends DType>(this: Tensor<S, Type>, options?: { axes?: ReductionAxes }): Tensor<S, Type>;
  /**
   * `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away.
   *
   * `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  padAxis<S extends Dim[], Type extends DType, Axis extends number, Low extends Dim = 0, High extends Dim = 0, Interior extends Dim = 0>(this: Tensor<S, Type>, axis: WhenDecided<PadAxis<S, Axis, Low, High, Interior>, Axis>, options?: { low?: Low; high?: High; interior?: Interior; value?: number }): Tensor<ShapeOf<PadAxis<S, Axis, NoInfer<Low>, NoInfer<High>, NoInfer<Interior>>>, Type>;
  /**
   * `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away.
   *
   * `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  padAxis<B extends Dim[], L extends Dim, Type extends DType, Low extends Dim = 0, High extends Dim = 0, Interior extends Dim = 0>(this: Tensor<[...B, L], Type>, axis: Guard<'padAxis', PadAxis<[...B, L], -1, Low, High, Interior>, -1>, options?: { low?: Low; high?: High; interior?: Interior; value?: number }): Tensor<[...B, PaddedSize<L, NoInfer<Low>, NoInfer<High>, NoInfer<Interior>>], Type>;
  /**
   * `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away.
   *
   * `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  padAxis<L extends Dim, B extends Dim[], Type extends DType, Low extends Dim = 0, High extends Dim = 0, Interior extends Dim = 0>(this: Tensor<[L, ...B], Type>, axis: Guard<'padAxis', PadAxis<[L, ...B], 0, Low, High, Interior>, 0>, options?: { low?: Low; high?: High; interior?: Interior; value?: number }): Tensor<[PaddedSize<L, NoInfer<Low>, NoInfer<High>, NoInfer<Interior>>, ...B], Type>;
  /**
   * `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away.
   *
   * `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  padAxis<S extends Dim[], Type extends DType, Axis extends number, Low extends Dim = 0, High extends Dim = 0, Interior extends Dim = 0>(this: Tensor<S, Type>, axis: Guard<'padAxis', PadAxis<S, Axis, Low, High, Interior>, Axis>, options?: { low?: Low; high?: High; interior?: Interior; value?: number }): Tensor<UnknownShape, Type>;
  /**
   * y[i, j, …] = x[i, index[i, j, …], …]: the element of x at the place that `index` names along `axis`. Along other dimensions index may be smaller than x. An index outside of x gives NaN (0 for integers).
   *
   * `x[...s], index[...t]:i32, axis: axis -> gather(s, t, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  gather<S extends Dim[], Type extends DType, T extends Dim[], Type_index extends DType, Axis extends number>(this: Tensor<S, Type>, index: SameDType<'i32', Type_index, Guard<'gather', Gather<S, T, Axis>, Tensor<T, Type_index>>, `gather: index must be i32, got ${Type_index}; cast it first`>, axis: Guard<'gather', AxisOf<S, Axis>, Axis>): Tensor<T, Type>;
  /**
   * x, with each element of `source` added at the place that `index` names along `axis`; several at one place add up, always in the same order. An index outside of x adds nothing.
   *
   * `x[...s]:number, index[...t]:i32, source[...t]:number, axis: axis -> scatter(s, t, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  scatterAdd<S extends Dim[], Type extends NumericDType, T extends Dim[], Type_index extends DType, T_source extends Dim[], Type_source extends DType, Axis extends number>(this: Tensor<S, Type>, index: SameDType<'i32', Type_index, Guard<'scatterAdd', Scatter<S, T, Axis>, Tensor<T, Type_index>>, `scatterAdd: index must be i32, got ${Type_index}; cast it first`>, source: SameShape<T, T_source, SameDType<Type, Type_source, Tensor<T_source, Type_source>, `scatterAdd: x is ${Type} but source is ${Type_source}; cast one of them`>, `scatterAdd: ...t is ${Show<T>} in index but ${Show<T_source>} in source`>, axis: Guard<'scatterAdd', AxisOf<S, Axis>, Axis>): Tensor<S, Type>;
  /**
   * The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).
   *
   * `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  indexSelect<S extends Dim[], Type extends DType, N extends Dim, Type_index extends DType, Axis extends number>(this: Tensor<S, Type>, index: SameDType<'i32', Type_index, Tensor<[N], Type_index>, `indexSelect: index must be i32, got ${Type_index}; cast it first`>, axis: WhenDecided<Slide<S, Axis, N>, Axis>): Tensor<ShapeOf<Slide<S, Axis, N>>, Type>;
  /**
   * The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).
   *
   * `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  indexSelect<B extends Dim[], L extends Dim, Type extends DType, N extends Dim, Type_index extends DType>(this: Tensor<[...B, L], Type>, index: SameDType<'i32', Type_index, Tensor<[N], Type_index>, `indexSelect: index must be i32, got ${Type_index}; cast it first`>, axis: -1): Tensor<[...B, N], Type>;
  /**
   * The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).
   *
   * `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  indexSelect<L extends Dim, B extends Dim[], Type extends DType, N extends Dim, Type_index extends DType>(this: Tensor<[L, ...B], Type>, index: SameDType<'i32', Type_index, Tensor<[N], Type_index>, `indexSelect: index must be i32, got ${Type_index}; cast it first`>, axis: 0): Tensor<[N, ...B], Type>;
  /**
   * The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).
   *
   * `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws DTypeError when dtypes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  indexSelect<S extends Dim[], Type extends DType, N extends Dim, Type_index extends DType, Axis extends number>(this: Tensor<S, Type>, index: SameDType<'i32', Type_index, Tensor<[N], Type_index>, `indexSelect: index must be i32, got ${Type_index}; cast it first`>, axis: Guard<'indexSelect', Slide<S, Axis, N>, Axis>): Tensor<UnknownShape, Type>;
  /**
   * More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.
   *
   * `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  pad<S extends Dim[], Type extends DType, const Pads extends Dim[]>(this: Tensor<S, Type>, pads: WhenDecided<Pad<S, Pads>, readonly [...Pads]>, options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular'; value?: number }): Tensor<ShapeOf<Pad<S, Pads>>, Type>;
  /**
   * More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.
   *
   * `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  pad<B extends Dim[], N extends Dim, Low extends Dim, High extends Dim, Type extends DType>(this: Tensor<[...B, N], Type>, pads: Guard<'pad', Pad<[...B, N], [Low, High]>, readonly [Low, High]>, options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular'; value?: number }): Tensor<[...B, PaddedSize<N, Low, High>], Type>;
  /**
   * More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.
   *
   * `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  pad<B extends Dim[], M extends Dim, N extends Dim, Left extends Dim, Right extends Dim, Top extends Dim, Bottom extends Dim, Type extends DType>(this: Tensor<[...B, M, N], Type>, pads: Guard<'pad', Pad<[...B, M, N], [Left, Right, Top, Bottom]>, readonly [Left, Right, Top, Bottom]>, options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular'; value?: number }): Tensor<[...B, PaddedSize<M, Top, Bottom>, PaddedSize<N, Left, Right>], Type>;
  /**
   * More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.
   *
   * `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  pad<S extends Dim[], Type extends DType, const Pads extends Dim[]>(this: Tensor<S, Type>, pads: Guard<'pad', Pad<S, Pads>, readonly [...Pads]>, options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular'; value?: number }): Tensor<UnknownShape, Type>;
  /**
   * x times[i] times along dimension i of the result, one copy after the other; `times` may have dimensions in front that x has not. torch.Tensor.repeat, numpy.tile.
   *
   * `x[...s], times: ints -> repeat(s, times)`
   *
   * @throws ShapeError when shapes do not fit.
   */
  repeat<S extends Dim[], Type extends DType, const Times extends Dim[]>(this: Tensor<S, Type>, times: Guard<'repeat', Repeat<S, Times>, readonly [...Times]>): Tensor<ShapeOf<Repeat<S, Times>>, Type>;
  /**
   * Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.
   *
   * `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  repeatInterleave<S extends Dim[], Type extends DType, Times extends Dim, Axis extends number>(this: Tensor<S, Type>, times: Times, axis: WhenDecided<RepeatInterleave<S, Times, Axis>, Axis>): Tensor<ShapeOf<RepeatInterleave<S, Times, Axis>>, Type>;
  /**
   * Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.
   *
   * `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  repeatInterleave<B extends Dim[], L extends Dim, Type extends DType, Times extends Dim>(this: Tensor<[...B, L], Type>, times: Times, axis: -1): Tensor<[...B, Multiply<L, Times>], Type>;
  /**
   * Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.
   *
   * `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  repeatInterleave<L extends Dim, B extends Dim[], Type extends DType, Times extends Dim>(this: Tensor<[L, ...B], Type>, times: Times, axis: 0): Tensor<[Multiply<L, Times>, ...B], Type>;
  /**
   * Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.
   *
   * `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  repeatInterleave<S extends Dim[], Type extends DType, Times extends Dim, Axis extends number>(this: Tensor<S, Type>, times: Times, axis: Guard<'repeatInterleave', RepeatInterleave<S, Times, Axis>, Axis>): Tensor<UnknownShape, Type>;
  /**
   * Every element `shift` places further along `axis`; those that leave at the end come back at the front.
   *
   * `x[...s], shift: int, axis: axis -> [...s]`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  roll<S extends Dim[], Type extends DType, Axis extends number>(this: Tensor<S, Type>, shift: number, axis: Guard<'roll', AxisOf<S, Axis>, Axis>): Tensor<S, Type>;
  /**
   * The lower triangle of each matrix: x where column − row ≤ diagonal, else 0.
   *
   * `x[...b m n], diagonal: int = 0 -> [...b m n]`
   *
   * @throws ShapeError when shapes do not fit.
   */
  tril<B extends Dim[], M extends Dim, N extends Dim, Type extends DType>(this: Tensor<[...B, M, N], Type>, options?: { diagonal?: number }): Tensor<[...B, M, N], Type>;
  /**
   * The upper triangle of each matrix: x where column − row ≥ diagonal, else 0.
   *
   * `x[...b m n], diagonal: int = 0 -> [...b m n]`
   *
   * @throws ShapeError when shapes do not fit.
   */
  triu<B extends Dim[], M extends Dim, N extends Dim, Type extends DType>(this: Tensor<[...B, M, N], Type>, options?: { diagonal?: number }): Tensor<[...B, M, N], Type>;
  /**
   * Sums of the elements up to and including each one along `axis`.
   *
   * `x[...s]:number, axis: axis -> [...s]`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  cumsum<S extends Dim[], Type extends NumericDType, Axis extends number>(this: Tensor<S, Type>, axis: Guard<'cumsum', AxisOf<S, Axis>, Axis>): Tensor<S, Type>;
  /**
   * Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  argmax<S extends Dim[], Type extends NumericDType, Axis extends number | undefined = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axis?: WhenDecided<Reduce<S, Axis, Keepdims>, Axis>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axis>, NoInfer<Keepdims>>>, 'i32'>;
  /**
   * Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  argmax<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axis: -1; keepdims: true }): Tensor<[...B, 1], 'i32'>;
  /**
   * Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  argmax<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axis: -1; keepdims?: false }): Tensor<B, 'i32'>;
  /**
   * Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  argmax<S extends Dim[], Type extends NumericDType, Axis extends number | undefined = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axis?: Guard<'argmax', Reduce<S, Axis, Keepdims>, Axis>; keepdims?: Keepdims }): Tensor<UnknownShape, 'i32'>;
  /**
   * Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  argmin<S extends Dim[], Type extends NumericDType, Axis extends number | undefined = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axis?: WhenDecided<Reduce<S, Axis, Keepdims>, Axis>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axis>, NoInfer<Keepdims>>>, 'i32'>;
  /**
   * Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  argmin<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axis: -1; keepdims: true }): Tensor<[...B, 1], 'i32'>;
  /**
   * Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  argmin<B extends Dim[], N extends Dim, Type extends NumericDType>(this: Tensor<[...B, N], Type>, options: { axis: -1; keepdims?: false }): Tensor<B, 'i32'>;
  /**
   * Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  argmin<S extends Dim[], Type extends NumericDType, Axis extends number | undefined = undefined, Keepdims extends boolean = false>(this: Tensor<S, Type>, options?: { axis?: Guard<'argmin', Reduce<S, Axis, Keepdims>, Axis>; keepdims?: Keepdims }): Tensor<UnknownShape, 'i32'>;
  /**
   * The indices that put the elements along `axis` in order: `gather` with them sorts. Equal elements keep their order; NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
   *
   * `x[...s]:number, axis: axis = -1, descending: bool = false -> [...s]:i32`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  argsort<S extends Dim[], Type extends NumericDType, Axis extends number = -1>(this: Tensor<S, Type>, options?: { axis?: Guard<'argsort', AxisOf<S, Axis>, Axis>; descending?: boolean }): Tensor<S, 'i32'>;
  /**
   * The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
   *
   * `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  topkIndices<S extends Dim[], Type extends NumericDType, K extends Dim, Axis extends number = -1>(this: WhenDecided<Slide<S, Axis, K>, Tensor<S, Type>>, k: K, options?: { axis?: Axis; largest?: boolean }): Tensor<ShapeOf<Slide<S, NoInfer<Axis>, K>>, 'i32'>;
  /**
   * The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
   *
   * `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  topkIndices<B extends Dim[], L extends Dim, Type extends NumericDType, K extends Dim>(this: Tensor<[...B, L], Type>, k: K, options?: { axis?: -1; largest?: boolean }): Tensor<[...B, K], 'i32'>;
  /**
   * The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
   *
   * `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  topkIndices<L extends Dim, B extends Dim[], Type extends NumericDType, K extends Dim>(this: Tensor<[L, ...B], Type>, k: K, options: { axis: 0; largest?: boolean }): Tensor<[K, ...B], 'i32'>;
  /**
   * The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
   *
   * `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32`
   *
   * @throws ShapeError when shapes do not fit.
   * @throws AxisError for an axis out of range or given twice.
   */
  topkIndices<S extends Dim[], Type extends NumericDType, K extends Dim, Axis extends number = -1>(this: Tensor<S, Type>, k: K, options?: { axis?: Guard<'topkIndices', Slide<S, Axis, K>, Axis>; largest?: boolean }): Tensor<UnknownShape, 'i32'>;
  /**
   * eˣ/Σeˣ along `axis`, shifted by the maximum so that nothing overflows.
   *
   * `x[...s]:float, axis: axis = -1 -> [...s]`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  softmax<S extends Dim[], Type extends FloatDType, Axis extends number = -1>(this: Tensor<S, Type>, options?: { axis?: Guard<'softmax', AxisOf<S, Axis>, Axis> }): Tensor<S, Type>;
  /**
   * log softmax(x) along `axis`, without the loss of digits that taking the logarithm would cost.
   *
   * `x[...s]:float, axis: axis = -1 -> [...s]`
   *
   * @throws AxisError for an axis out of range or given twice.
   */
  logSoftmax<S extends Dim[], Type extends FloatDType, Axis extends number = -1>(this: Tensor<S, Type>, options?: { axis?: Guard<'logSoftmax', AxisOf<S, Axis>, Axis> }): Tensor<S, Type>;
}
/** The names of these methods. */
export const methodNames = ['neg', 'abs', 'sign', 'exp', 'log', 'expm1', 'log1p', 'sqrt', 'rsqrt', 'reciprocal', 'square', 'tanh', 'erf', 'sin', 'cos', 'floor', 'ceil', 'round', 'sigmoid', 'relu', 'silu', 'add', 'sub', 'mul', 'div', 'floorDivide', 'remainder', 'pow', 'maximum', 'minimum', 'equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual', 'isNan', 'isInf', 'isFinite', 'logicalNot', 'logicalAnd', 'logicalOr', 'logicalXor', 'cast', 'gelu', 'geluTanh', 'softplus', 'mish', 'hardswish', 'hardsigmoid', 'relu6', 'selu', 'leakyRelu', 'elu', 'clamp', 'maskedFill', 'sum', 'prod', 'mean', 'max', 'min', 'any', 'all', 'variance', 'std', 'l2Norm', 'logsumexp', 'matmul', 'reshape', 'permute', 'transpose', 'unsqueeze', 'squeeze', 'broadcastTo', 'stopGradient', 'slice', 'flip', 'padAxis', 'gather', 'scatterAdd', 'indexSelect', 'pad', 'repeat', 'repeatInterleave', 'roll', 'tril', 'triu', 'cumsum', 'argmax', 'argmin', 'argsort', 'topkIndices', 'softmax', 'logSoftmax'] as const;
