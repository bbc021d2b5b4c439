// Generated from lib/ir/ops by `npm run codegen`: do not edit.
import type { DType, FloatDType, NumericDType } from '../../ir/dtype.js';
import { emit } from '../emit.js';
import type { Add, Divide, Divisible, Multiply, Shift, Subtract } from '../shapes/arithmetic.js';
import type { AxisOf, Permute, Squeeze, Unsqueeze } from '../shapes/axes.js';
import type { Broadcast, BroadcastRows, BroadcastShape, BroadcastTo, CheckBroadcastRows, HasRow } from '../shapes/broadcast.js';
import type { Dim, Guard, Pair, PairElement, SameDim, SameDType, SameShape, ShapeOf, Show, UnknownShape, WhenDecided } from '../shapes/dim.js';
import type { Einsum } from '../shapes/einsum.js';
import type { Gather, Overwrite, Scatter } from '../shapes/indexing.js';
import type { Concat, DTypeOf, OneDType, ShapesOf, Stack } from '../shapes/lists.js';
import type { ReduceLoss } from '../shapes/loss.js';
import type { Pad, Repeat } from '../shapes/padding.js';
import type { PooledSize } from '../shapes/pool.js';
import type { Reduce, ReductionAxes } from '../shapes/reduce.js';
import type { Reshape } from '../shapes/reshape.js';
import type { PadAxis, PaddedSize, RepeatInterleave, Slice, SliceSize, Slide } from '../shapes/windows.js';
import type { Tensor } from '../tensor.js';

/**
 * −x; modulo 2³² for u32.
 *
 * `x[...s]:number -> [...s]`
 */
export function neg<S extends Dim[], Type extends NumericDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('neg', [x]);
}

/**
 * |x|; the gradient at 0 is 0. The least i32 has no positive counterpart and stays.
 *
 * `x[...s]:number -> [...s]`
 */
export function abs<S extends Dim[], Type extends NumericDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('abs', [x]);
}

/**
 * −1, 0 or 1 by the sign of x; 0 for NaN. No gradient flows through it.
 *
 * `x[...s]:number -> [...s]`
 */
export function sign<S extends Dim[], Type extends NumericDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('sign', [x]);
}

/**
 * eˣ.
 *
 * `x[...s]:float -> [...s]`
 */
export function exp<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('exp', [x]);
}

/**
 * Natural logarithm.
 *
 * `x[...s]:float -> [...s]`
 */
export function log<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('log', [x]);
}

/**
 * eˣ − 1, with all digits near 0.
 *
 * `x[...s]:float -> [...s]`
 */
export function expm1<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('expm1', [x]);
}

/**
 * log(1 + x), with all digits near 0.
 *
 * `x[...s]:float -> [...s]`
 */
export function log1p<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('log1p', [x]);
}

/**
 * √x.
 *
 * `x[...s]:float -> [...s]`
 */
export function sqrt<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('sqrt', [x]);
}

/**
 * 1/√x.
 *
 * `x[...s]:float -> [...s]`
 */
export function rsqrt<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('rsqrt', [x]);
}

/**
 * 1/x.
 *
 * `x[...s]:float -> [...s]`
 */
export function reciprocal<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('reciprocal', [x]);
}

/**
 * x².
 *
 * `x[...s]:number -> [...s]`
 */
export function square<S extends Dim[], Type extends NumericDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('square', [x]);
}

/**
 * Hyperbolic tangent.
 *
 * `x[...s]:float -> [...s]`
 */
export function tanh<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('tanh', [x]);
}

/**
 * Error function 2/√π ∫₀ˣ e^(−t²) dt.
 *
 * `x[...s]:float -> [...s]`
 */
export function erf<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('erf', [x]);
}

/**
 * Sine, of angles up to 10⁵ radians with the precision of the dtype.
 *
 * `x[...s]:float -> [...s]`
 */
export function sin<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('sin', [x]);
}

/**
 * Cosine, of angles up to 10⁵ radians with the precision of the dtype.
 *
 * `x[...s]:float -> [...s]`
 */
export function cos<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('cos', [x]);
}

/**
 * Greatest integer not above x. No gradient flows through it.
 *
 * `x[...s]:float -> [...s]`
 */
export function floor<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('floor', [x]);
}

/**
 * Least integer not below x. No gradient flows through it.
 *
 * `x[...s]:float -> [...s]`
 */
export function ceil<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('ceil', [x]);
}

/**
 * Nearest integer; a half goes to the even one. No gradient flows through it.
 *
 * `x[...s]:float -> [...s]`
 */
export function round<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('round', [x]);
}

/**
 * Logistic function 1/(1 + e⁻ˣ).
 *
 * `x[...s]:float -> [...s]`
 */
export function sigmoid<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('sigmoid', [x]);
}

/**
 * max(x, 0); the gradient at 0 is 0.
 *
 * `x[...s]:number -> [...s]`
 */
export function relu<S extends Dim[], Type extends NumericDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('relu', [x]);
}

/**
 * x·sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118).
 *
 * `x[...s]:float -> [...s]`
 */
export function silu<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('silu', [x]);
}

/**
 * a + b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function add<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * a + b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function add<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * a + b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function add<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a + b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function add<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a + b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function add<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'add', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `add: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function add(a: unknown, b: unknown): Tensor {
  return emit('add', [a, b]);
}

/**
 * a − b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function sub<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * a − b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function sub<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * a − b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function sub<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a − b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function sub<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a − b.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function sub<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'sub', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `sub: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function sub(a: unknown, b: unknown): Tensor {
  return emit('sub', [a, b]);
}

/**
 * a·b, element by element.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function mul<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * a·b, element by element.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function mul<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * a·b, element by element.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function mul<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a·b, element by element.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function mul<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a·b, element by element.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function mul<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'mul', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `mul: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function mul(a: unknown, b: unknown): Tensor {
  return emit('mul', [a, b]);
}

/**
 * a/b, element by element.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function div<S extends Dim[], Type extends FloatDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * a/b, element by element.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function div<S extends Dim[], Type extends FloatDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * a/b, element by element.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function div<B extends Dim[], N extends Dim, Type extends FloatDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a/b, element by element.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function div<B extends Dim[], N extends Dim, Type extends FloatDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a/b, element by element.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function div<A extends Dim[], Type extends FloatDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'div', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `div: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function div(a: unknown, b: unknown): Tensor {
  return emit('div', [a, b]);
}

/**
 * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function floorDivide<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function floorDivide<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function floorDivide<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function floorDivide<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * ⌊a/b⌋; integers divided by zero stay what they are. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function floorDivide<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'floorDivide', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `floorDivide: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function floorDivide(a: unknown, b: unknown): Tensor {
  return emit('floorDivide', [a, b]);
}

/**
 * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function remainder<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function remainder<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function remainder<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function remainder<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function remainder<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'remainder', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `remainder: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function remainder(a: unknown, b: unknown): Tensor {
  return emit('remainder', [a, b]);
}

/**
 * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function pow<S extends Dim[], Type extends FloatDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function pow<S extends Dim[], Type extends FloatDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function pow<B extends Dim[], N extends Dim, Type extends FloatDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function pow<B extends Dim[], N extends Dim, Type extends FloatDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.
 *
 * `a[...]:float, b[...]:float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function pow<A extends Dim[], Type extends FloatDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'pow', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `pow: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function pow(a: unknown, b: unknown): Tensor {
  return emit('pow', [a, b]);
}

/**
 * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function maximum<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function maximum<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function maximum<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function maximum<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * The greater of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function maximum<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'maximum', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `maximum: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function maximum(a: unknown, b: unknown): Tensor {
  return emit('maximum', [a, b]);
}

/**
 * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function minimum<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function minimum<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, Type>;
/**
 * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function minimum<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function minimum<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], Type>;
/**
 * The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.
 *
 * `a[...]:number, b[...]:number -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function minimum<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'minimum', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `minimum: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, Type>;
export function minimum(a: unknown, b: unknown): Tensor {
  return emit('minimum', [a, b]);
}

/**
 * a = b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function equal<S extends Dim[], Type extends DType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
/**
 * a = b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function equal<S extends Dim[], Type extends DType>(a: number, b: Tensor<S, Type>): Tensor<S, 'bool'>;
/**
 * a = b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function equal<B extends Dim[], N extends Dim, Type extends DType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a = b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function equal<B extends Dim[], N extends Dim, Type extends DType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a = b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function equal<A extends Dim[], Type extends DType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'equal', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `equal: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function equal(a: unknown, b: unknown): Tensor {
  return emit('equal', [a, b]);
}

/**
 * a ≠ b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function notEqual<S extends Dim[], Type extends DType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
/**
 * a ≠ b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function notEqual<S extends Dim[], Type extends DType>(a: number, b: Tensor<S, Type>): Tensor<S, 'bool'>;
/**
 * a ≠ b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function notEqual<B extends Dim[], N extends Dim, Type extends DType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a ≠ b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function notEqual<B extends Dim[], N extends Dim, Type extends DType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a ≠ b. No gradient flows through it.
 *
 * `a[...], b[...] -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function notEqual<A extends Dim[], Type extends DType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'notEqual', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `notEqual: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function notEqual(a: unknown, b: unknown): Tensor {
  return emit('notEqual', [a, b]);
}

/**
 * a < b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function less<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
/**
 * a < b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function less<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, 'bool'>;
/**
 * a < b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function less<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a < b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function less<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a < b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function less<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'less', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `less: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function less(a: unknown, b: unknown): Tensor {
  return emit('less', [a, b]);
}

/**
 * a ≤ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function lessEqual<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
/**
 * a ≤ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function lessEqual<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, 'bool'>;
/**
 * a ≤ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function lessEqual<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a ≤ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function lessEqual<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a ≤ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function lessEqual<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'lessEqual', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `lessEqual: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function lessEqual(a: unknown, b: unknown): Tensor {
  return emit('lessEqual', [a, b]);
}

/**
 * a > b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greater<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
/**
 * a > b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greater<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, 'bool'>;
/**
 * a > b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greater<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a > b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greater<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a > b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greater<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'greater', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `greater: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function greater(a: unknown, b: unknown): Tensor {
  return emit('greater', [a, b]);
}

/**
 * a ≥ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greaterEqual<S extends Dim[], Type extends NumericDType>(a: Tensor<S, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, 'bool'>;
/**
 * a ≥ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greaterEqual<S extends Dim[], Type extends NumericDType>(a: number, b: Tensor<S, Type>): Tensor<S, 'bool'>;
/**
 * a ≥ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greaterEqual<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[NoInfer<N>], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a ≥ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greaterEqual<B extends Dim[], N extends Dim, Type extends NumericDType>(a: Tensor<[...B, N], Type>, b: Tensor<[...NoInfer<B>, 1], NoInfer<Type>>): Tensor<[...B, N], 'bool'>;
/**
 * a ≥ b. No gradient flows through it.
 *
 * `a[...]:number, b[...]:number -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function greaterEqual<A extends Dim[], Type extends NumericDType, B extends Dim[] = [], Type_b extends DType = Type>(a: Tensor<A, Type>, b: Guard<'greaterEqual', Broadcast<A, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `greaterEqual: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function greaterEqual(a: unknown, b: unknown): Tensor {
  return emit('greaterEqual', [a, b]);
}

/**
 * Whether x is NaN. No gradient flows through it.
 *
 * `x[...s]:float -> [...s]:bool`
 */
export function isNan<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, 'bool'> {
  return emit('isNan', [x]);
}

/**
 * Whether x is infinite, of either sign. No gradient flows through it.
 *
 * `x[...s]:float -> [...s]:bool`
 */
export function isInf<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, 'bool'> {
  return emit('isInf', [x]);
}

/**
 * Whether x is neither infinite nor NaN. No gradient flows through it.
 *
 * `x[...s]:float -> [...s]:bool`
 */
export function isFinite<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, 'bool'> {
  return emit('isFinite', [x]);
}

/**
 * True where x is false. No gradient flows through it.
 *
 * `x[...s]:bool -> [...s]:bool`
 *
 * @throws DTypeError when dtypes do not fit.
 */
export function logicalNot<S extends Dim[], Type_x extends DType>(x: SameDType<'bool', Type_x, Tensor<S, Type_x>, `logicalNot: x must be bool, got ${Type_x}; cast it first`>): Tensor<S, 'bool'> {
  return emit('logicalNot', [x]);
}

/**
 * True where a and b are. No gradient flows through it.
 *
 * `a[...]:bool, b[...]:bool -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function logicalAnd<S extends Dim[]>(a: Tensor<S, 'bool'>, b: Tensor<NoInfer<S>, 'bool'>): Tensor<S, 'bool'>;
/**
 * True where a and b are. No gradient flows through it.
 *
 * `a[...]:bool, b[...]:bool -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function logicalAnd<A extends Dim[], B extends Dim[]>(a: Tensor<A, 'bool'>, b: Guard<'logicalAnd', Broadcast<A, B>, Tensor<B, 'bool'>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function logicalAnd(a: unknown, b: unknown): Tensor {
  return emit('logicalAnd', [a, b]);
}

/**
 * True where a or b is. No gradient flows through it.
 *
 * `a[...]:bool, b[...]:bool -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function logicalOr<S extends Dim[]>(a: Tensor<S, 'bool'>, b: Tensor<NoInfer<S>, 'bool'>): Tensor<S, 'bool'>;
/**
 * True where a or b is. No gradient flows through it.
 *
 * `a[...]:bool, b[...]:bool -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function logicalOr<A extends Dim[], B extends Dim[]>(a: Tensor<A, 'bool'>, b: Guard<'logicalOr', Broadcast<A, B>, Tensor<B, 'bool'>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function logicalOr(a: unknown, b: unknown): Tensor {
  return emit('logicalOr', [a, b]);
}

/**
 * True where one of a and b is, and not both. No gradient flows through it.
 *
 * `a[...]:bool, b[...]:bool -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function logicalXor<S extends Dim[]>(a: Tensor<S, 'bool'>, b: Tensor<NoInfer<S>, 'bool'>): Tensor<S, 'bool'>;
/**
 * True where one of a and b is, and not both. No gradient flows through it.
 *
 * `a[...]:bool, b[...]:bool -> [...]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function logicalXor<A extends Dim[], B extends Dim[]>(a: Tensor<A, 'bool'>, b: Guard<'logicalXor', Broadcast<A, B>, Tensor<B, 'bool'>>): Tensor<BroadcastShape<A, B>, 'bool'>;
export function logicalXor(a: unknown, b: unknown): Tensor {
  return emit('logicalXor', [a, b]);
}

/**
 * a where the condition holds, else b.
 *
 * `condition[...]:bool, a[...], b[...] -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function where<S extends Dim[], Type extends DType>(condition: Tensor<S, 'bool'>, a: Tensor<NoInfer<S>, Type>, b: Tensor<NoInfer<S>, NoInfer<Type>> | number): Tensor<S, Type>;
/**
 * a where the condition holds, else b.
 *
 * `condition[...]:bool, a[...], b[...] -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function where<S extends Dim[], Type extends DType>(condition: Tensor<S, 'bool'>, a: number, b: Tensor<NoInfer<S>, Type>): Tensor<S, Type>;
/**
 * a where the condition holds, else b.
 *
 * `condition[...]:bool, a[...], b[...] -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function where<Condition extends Dim[], B extends Dim[], Type extends DType>(condition: Tensor<Condition, 'bool'>, a: number, b: Guard<'where', Broadcast<Condition, B>, Tensor<B, Type>>): Tensor<BroadcastShape<Condition, B>, Type>;
/**
 * a where the condition holds, else b.
 *
 * `condition[...]:bool, a[...], b[...] -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function where<Condition extends Dim[], A extends Dim[], Type extends DType, B extends Dim[] = [], Type_b extends DType = Type>(condition: Tensor<Condition, 'bool'>, a: Guard<'where', Broadcast<Condition, A>, Tensor<A, Type>>, b: Guard<'where', Broadcast<BroadcastShape<Condition, A>, B>, SameDType<Type, Type_b, Tensor<B, Type_b> | number, `where: a is ${Type} but b is ${Type_b}; cast one of them`>>): Tensor<BroadcastShape<BroadcastShape<Condition, A>, B>, Type>;
export function where(condition: unknown, a: unknown, b: unknown): Tensor {
  return emit('where', [condition, a, b]);
}

/**
 * x in another dtype: truth values go to 0 and 1, numbers to x ≠ 0 (NaN is true). Floats are cut towards zero and held within the range of the integers, NaN becomes 0; between i32 and u32 the bits stay.
 *
 * `x[...s], dtype: dtype -> [...s]:dtype`
 */
export function cast<S extends Dim[], Type extends DType, Dtype extends DType>(x: Tensor<S, Type>, dtype: Dtype): Tensor<S, Dtype> {
  return emit('cast', [x], undefined, { dtype });
}

/**
 * x·Φ(x), where Φ is the normal distribution function, by erf (Hendrycks and Gimpel 2016, arXiv:1606.08415).
 *
 * `x[...s]:float -> [...s]`
 */
export function gelu<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('gelu', [x]);
}

/**
 * x/2·(1 + tanh(√(2/π)·(x + 0.044715x³))): what GPT-2 and PyTorch with `approximate="tanh"` use for gelu.
 *
 * `x[...s]:float -> [...s]`
 */
export function geluTanh<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('geluTanh', [x]);
}

/**
 * log(1 + eˣ), which does not overflow.
 *
 * `x[...s]:float -> [...s]`
 */
export function softplus<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('softplus', [x]);
}

/**
 * x·tanh(softplus(x)) (Misra 2019, arXiv:1908.08681).
 *
 * `x[...s]:float -> [...s]`
 */
export function mish<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('mish', [x]);
}

/**
 * x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244).
 *
 * `x[...s]:float -> [...s]`
 */
export function hardswish<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('hardswish', [x]);
}

/**
 * min(max(x + 3, 0), 6)/6; the gradient at −3 and 3 is 0 (Howard et al. 2019, arXiv:1905.02244).
 *
 * `x[...s]:float -> [...s]`
 */
export function hardsigmoid<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('hardsigmoid', [x]);
}

/**
 * min(max(x, 0), 6); the gradient at 0 and 6 is 0 (Krizhevsky 2010).
 *
 * `x[...s]:float -> [...s]`
 */
export function relu6<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('relu6', [x]);
}

/**
 * λ·x where it is positive, else λ·α·(eˣ − 1), for λ = 1.05070… and α = 1.67326… (Klambauer et al. 2017, arXiv:1706.02515).
 *
 * `x[...s]:float -> [...s]`
 */
export function selu<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('selu', [x]);
}

/**
 * x where it is positive, else slope·x.
 *
 * `x[...s]:float, slope: float = 0.01 -> [...s]`
 */
export function leakyRelu<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>, options?: { slope?: number }): Tensor<S, Type> {
  return emit('leakyRelu', [x], options);
}

/**
 * x where it is positive, else alpha·(eˣ − 1) (Clevert et al. 2015, arXiv:1511.07289).
 *
 * `x[...s]:float, alpha: float = 1 -> [...s]`
 */
export function elu<S extends Dim[], Type extends FloatDType>(x: Tensor<S, Type>, options?: { alpha?: number }): Tensor<S, Type> {
  return emit('elu', [x], options);
}

/**
 * x held between min and max; the gradient passes where x is within, bounds included.
 *
 * `x[...s]:number, min: float = -Infinity, max: float = Infinity -> [...s]`
 */
export function clamp<S extends Dim[], Type extends NumericDType>(x: Tensor<S, Type>, options?: { min?: number; max?: number }): Tensor<S, Type> {
  return emit('clamp', [x], options);
}

/**
 * `value` where the mask is true, else x.
 *
 * `x[...]:number, mask[...]:bool, value: float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function maskedFill<S extends Dim[], Type extends NumericDType>(x: Tensor<S, Type>, mask: Tensor<NoInfer<S>, 'bool'>, value: number): Tensor<S, Type>;
/**
 * `value` where the mask is true, else x.
 *
 * `x[...]:number, mask[...]:bool, value: float -> [...]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function maskedFill<X extends Dim[], Mask extends Dim[], Type extends NumericDType>(x: Tensor<X, Type>, mask: Guard<'maskedFill', Broadcast<X, Mask>, Tensor<Mask, 'bool'>>, value: number): Tensor<BroadcastShape<X, Mask>, Type>;
export function maskedFill(x: unknown, mask: unknown, value: unknown): Tensor {
  return emit('maskedFill', [x, mask], undefined, { value });
}

/**
 * Sum over `axes` (all when omitted).
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function sum<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * Sum over `axes` (all when omitted).
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function sum<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
/**
 * Sum over `axes` (all when omitted).
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function sum<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
/**
 * Sum over `axes` (all when omitted).
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function sum<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'sum', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
export function sum(x: unknown, options?: object): Tensor {
  return emit('sum', [x], options);
}

/**
 * Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function prod<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function prod<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
/**
 * Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function prod<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
/**
 * Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function prod<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'prod', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
export function prod(x: unknown, options?: object): Tensor {
  return emit('prod', [x], options);
}

/**
 * Arithmetic mean over `axes` (all when omitted).
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function mean<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * Arithmetic mean over `axes` (all when omitted).
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function mean<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
/**
 * Arithmetic mean over `axes` (all when omitted).
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function mean<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
/**
 * Arithmetic mean over `axes` (all when omitted).
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function mean<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'mean', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
export function mean(x: unknown, options?: object): Tensor {
  return emit('mean', [x], options);
}

/**
 * Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function max<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function max<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
/**
 * Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function max<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
/**
 * Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function max<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'max', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
export function max(x: unknown, options?: object): Tensor {
  return emit('max', [x], options);
}

/**
 * Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function min<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function min<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
/**
 * Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function min<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
/**
 * Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.
 *
 * `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws AxisError for an axis out of range or given twice.
 * @throws ValueError when there is no element to reduce.
 */
export function min<S extends Dim[], Type extends NumericDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'min', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
export function min(x: unknown, options?: object): Tensor {
  return emit('min', [x], options);
}

/**
 * Whether some element is true, over `axes` (all when omitted). No gradient flows through it.
 *
 * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function any<S extends Dim[], Type_x extends DType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: SameDType<'bool', Type_x, Tensor<S, Type_x>, `any: x must be bool, got ${Type_x}; cast it first`>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, 'bool'>;
/**
 * Whether some element is true, over `axes` (all when omitted). No gradient flows through it.
 *
 * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function any<B extends Dim[], N extends Dim, Type_x extends DType>(x: SameDType<'bool', Type_x, Tensor<[...B, N], Type_x>, `any: x must be bool, got ${Type_x}; cast it first`>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], 'bool'>;
/**
 * Whether some element is true, over `axes` (all when omitted). No gradient flows through it.
 *
 * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function any<B extends Dim[], N extends Dim, Type_x extends DType>(x: SameDType<'bool', Type_x, Tensor<[...B, N], Type_x>, `any: x must be bool, got ${Type_x}; cast it first`>, options: { axes: -1; keepdims?: false }): Tensor<B, 'bool'>;
/**
 * Whether some element is true, over `axes` (all when omitted). No gradient flows through it.
 *
 * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function any<S extends Dim[], Type_x extends DType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: SameDType<'bool', Type_x, Tensor<S, Type_x>, `any: x must be bool, got ${Type_x}; cast it first`>, options?: { axes?: Guard<'any', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, 'bool'>;
export function any(x: unknown, options?: object): Tensor {
  return emit('any', [x], options);
}

/**
 * Whether every element is true, over `axes` (all when omitted). No gradient flows through it.
 *
 * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function all<S extends Dim[], Type_x extends DType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: SameDType<'bool', Type_x, Tensor<S, Type_x>, `all: x must be bool, got ${Type_x}; cast it first`>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, 'bool'>;
/**
 * Whether every element is true, over `axes` (all when omitted). No gradient flows through it.
 *
 * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function all<B extends Dim[], N extends Dim, Type_x extends DType>(x: SameDType<'bool', Type_x, Tensor<[...B, N], Type_x>, `all: x must be bool, got ${Type_x}; cast it first`>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], 'bool'>;
/**
 * Whether every element is true, over `axes` (all when omitted). No gradient flows through it.
 *
 * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function all<B extends Dim[], N extends Dim, Type_x extends DType>(x: SameDType<'bool', Type_x, Tensor<[...B, N], Type_x>, `all: x must be bool, got ${Type_x}; cast it first`>, options: { axes: -1; keepdims?: false }): Tensor<B, 'bool'>;
/**
 * Whether every element is true, over `axes` (all when omitted). No gradient flows through it.
 *
 * `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function all<S extends Dim[], Type_x extends DType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: SameDType<'bool', Type_x, Tensor<S, Type_x>, `all: x must be bool, got ${Type_x}; cast it first`>, options?: { axes?: Guard<'all', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, 'bool'>;
export function all(x: unknown, options?: object): Tensor {
  return emit('all', [x], options);
}

/**
 * Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function variance<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims; correction?: number }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function variance<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true; correction?: number }): Tensor<[...B, 1], Type>;
/**
 * Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function variance<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false; correction?: number }): Tensor<B, Type>;
/**
 * Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted).
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function variance<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'variance', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims; correction?: number }): Tensor<UnknownShape, Type>;
export function variance(x: unknown, options?: object): Tensor {
  return emit('variance', [x], options);
}

/**
 * Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function std<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims; correction?: number }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function std<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true; correction?: number }): Tensor<[...B, 1], Type>;
/**
 * Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function std<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false; correction?: number }): Tensor<B, Type>;
/**
 * Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function std<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'std', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims; correction?: number }): Tensor<UnknownShape, Type>;
export function std(x: unknown, options?: object): Tensor {
  return emit('std', [x], options);
}

/**
 * Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function l2Norm<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function l2Norm<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
/**
 * Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function l2Norm<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
/**
 * Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function l2Norm<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'l2Norm', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
export function l2Norm(x: unknown, options?: object): Tensor {
  return emit('l2Norm', [x], options);
}

/**
 * log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function logsumexp<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: WhenDecided<Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axes>, NoInfer<Keepdims>>>, Type>;
/**
 * log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function logsumexp<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims: true }): Tensor<[...B, 1], Type>;
/**
 * log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function logsumexp<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>, options: { axes: -1; keepdims?: false }): Tensor<B, Type>;
/**
 * log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows.
 *
 * `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function logsumexp<S extends Dim[], Type extends FloatDType, const Axes extends ReductionAxes = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axes?: Guard<'logsumexp', Reduce<S, Axes, Keepdims>, Axes>; keepdims?: Keepdims }): Tensor<UnknownShape, Type>;
export function logsumexp(x: unknown, options?: object): Tensor {
  return emit('logsumexp', [x], options);
}

/**
 * Matrix product over the last two dimensions; leading dimensions broadcast.
 *
 * `a[...p m k]:float, b[...q k n]:float -> [...broadcast(p, q) m n]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function matmul<P extends Dim[], K extends Dim, Type extends FloatDType, Q extends Dim[], K_b extends Dim, N extends Dim, Type_b extends DType>(a: Tensor<[...P, K], Type> & HasRow<P, `matmul: a must have rank at least 2, got ${Show<[...P, K]>}`>, b: CheckBroadcastRows<'matmul', P, Q, SameDim<K, K_b, SameDType<Type, Type_b, Tensor<[...Q, K_b, N], Type_b>, `matmul: a is ${Type} but b is ${Type_b}; cast one of them`>, `matmul: k is ${K} in a but ${K_b} in b`>>): Tensor<[...BroadcastRows<P, Q>, N], Type> {
  return emit('matmul', [a, b]);
}

/**
 * x·weightᵀ + bias, with the weight stored [out, in].
 *
 * `x[...b k]:float, weight[n k]:float, bias[n]:float -> [...b n]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function linear<B extends Dim[], K extends Dim, Type extends FloatDType, N extends Dim, K_weight extends Dim, Type_weight extends DType, N_bias extends Dim, Type_bias extends DType>(x: Tensor<[...B, K], Type>, weight: SameDim<K, K_weight, SameDType<Type, Type_weight, Tensor<[N, K_weight], Type_weight>, `linear: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `linear: k is ${K} in x but ${K_weight} in weight`>, bias: SameDim<N, N_bias, SameDType<Type, Type_bias, Tensor<[N_bias], Type_bias>, `linear: x is ${Type} but bias is ${Type_bias}; cast one of them`>, `linear: n is ${N} in weight but ${N_bias} in bias`>): Tensor<[...B, N], Type> {
  return emit('linear', [x, weight, bias]);
}

/**
 * The same elements in row-major order under another shape; one size may be -1.
 *
 * `x[...s], shape: shape -> reshape(s, shape)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function reshape<S extends Dim[], Type extends DType, const Shape extends Dim[]>(x: Tensor<S, Type>, shape: WhenDecided<Reshape<S, Shape>, readonly [...Shape]>): Tensor<ShapeOf<Reshape<S, Shape>>, Type>;
/**
 * The same elements in row-major order under another shape; one size may be -1.
 *
 * `x[...s], shape: shape -> reshape(s, shape)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function reshape<S extends Dim[], const Rest extends Dim[], Type extends DType>(x: Tensor<S, Type>, shape: Guard<'reshape', Reshape<S, [-1, ...Rest]>, readonly [-1, ...Rest]>): Tensor<[number, ...Rest], Type>;
/**
 * The same elements in row-major order under another shape; one size may be -1.
 *
 * `x[...s], shape: shape -> reshape(s, shape)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function reshape<S extends Dim[], First extends Dim, const Rest extends Dim[], Type extends DType>(x: Tensor<S, Type>, shape: Guard<'reshape', Reshape<S, [First, -1, ...Rest]>, readonly [First, -1, ...Rest]>): Tensor<[First, number, ...Rest], Type>;
/**
 * The same elements in row-major order under another shape; one size may be -1.
 *
 * `x[...s], shape: shape -> reshape(s, shape)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function reshape<S extends Dim[], const Front extends Dim[], Type extends DType>(x: Tensor<S, Type>, shape: Guard<'reshape', Reshape<S, [...Front, -1]>, readonly [...Front, -1]>): Tensor<[...Front, number], Type>;
/**
 * The same elements in row-major order under another shape; one size may be -1.
 *
 * `x[...s], shape: shape -> reshape(s, shape)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function reshape<S extends Dim[], Type extends DType, const Shape extends Dim[]>(x: Tensor<S, Type>, shape: Guard<'reshape', Reshape<S, Shape>, readonly [...Shape]>): Tensor<Shape, Type>;
export function reshape(x: unknown, shape: unknown): Tensor {
  return emit('reshape', [x], undefined, { shape });
}

/**
 * Dimension i of the result is dimension axes[i] of x.
 *
 * `x[...s], axes: permutation -> permute(s, axes)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function permute<S extends Dim[], Type extends DType, const Axes extends readonly number[]>(x: Tensor<S, Type>, axes: Guard<'permute', Permute<S, Axes>, readonly [...Axes]>): Tensor<ShapeOf<Permute<S, Axes>>, Type> {
  return emit('permute', [x], undefined, { axes });
}

/**
 * Swaps the last two dimensions.
 *
 * `x[...b m n] -> [...b n m]`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function transpose<B extends Dim[], M extends Dim, N extends Dim, Type extends DType>(x: Tensor<[...B, M, N], Type>): Tensor<[...B, N, M], Type> {
  return emit('transpose', [x]);
}

/**
 * Inserts a dimension of size 1 that is dimension `axis` of the result.
 *
 * `x[...s], axis: newAxis -> unsqueeze(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function unsqueeze<S extends Dim[], Type extends DType, Axis extends number>(x: Tensor<S, Type>, axis: WhenDecided<Unsqueeze<S, Axis>, Axis>): Tensor<ShapeOf<Unsqueeze<S, Axis>>, Type>;
/**
 * Inserts a dimension of size 1 that is dimension `axis` of the result.
 *
 * `x[...s], axis: newAxis -> unsqueeze(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function unsqueeze<S extends Dim[], Type extends DType>(x: Tensor<S, Type>, axis: -1): Tensor<[...S, 1], Type>;
/**
 * Inserts a dimension of size 1 that is dimension `axis` of the result.
 *
 * `x[...s], axis: newAxis -> unsqueeze(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function unsqueeze<S extends Dim[], Type extends DType>(x: Tensor<S, Type>, axis: 0): Tensor<[1, ...S], Type>;
/**
 * Inserts a dimension of size 1 that is dimension `axis` of the result.
 *
 * `x[...s], axis: newAxis -> unsqueeze(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function unsqueeze<S extends Dim[], Type extends DType, Axis extends number>(x: Tensor<S, Type>, axis: Guard<'unsqueeze', Unsqueeze<S, Axis>, Axis>): Tensor<UnknownShape, Type>;
export function unsqueeze(x: unknown, axis: unknown): Tensor {
  return emit('unsqueeze', [x], undefined, { axis });
}

/**
 * Removes dimension `axis`, which must have size 1.
 *
 * `x[...s], axis: axis -> squeeze(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function squeeze<S extends Dim[], Type extends DType, Axis extends number>(x: Tensor<S, Type>, axis: WhenDecided<Squeeze<S, Axis>, Axis>): Tensor<ShapeOf<Squeeze<S, Axis>>, Type>;
/**
 * Removes dimension `axis`, which must have size 1.
 *
 * `x[...s], axis: axis -> squeeze(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function squeeze<S extends Dim[], Type extends DType>(x: Tensor<[...S, 1], Type>, axis: -1): Tensor<S, Type>;
/**
 * Removes dimension `axis`, which must have size 1.
 *
 * `x[...s], axis: axis -> squeeze(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function squeeze<S extends Dim[], Type extends DType>(x: Tensor<[1, ...S], Type>, axis: 0): Tensor<S, Type>;
/**
 * Removes dimension `axis`, which must have size 1.
 *
 * `x[...s], axis: axis -> squeeze(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function squeeze<S extends Dim[], Type extends DType, Axis extends number>(x: Tensor<S, Type>, axis: Guard<'squeeze', Squeeze<S, Axis>, Axis>): Tensor<UnknownShape, Type>;
export function squeeze(x: unknown, axis: unknown): Tensor {
  return emit('squeeze', [x], undefined, { axis });
}

/**
 * x repeated along dimensions that are missing or have size 1, as NumPy broadcasts.
 *
 * `x[...s], shape: shape -> broadcastTo(s, shape)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function broadcastTo<S extends Dim[], Type extends DType, const Shape extends Dim[]>(x: Tensor<S, Type>, shape: Guard<'broadcastTo', BroadcastTo<S, Shape>, readonly [...Shape]>): Tensor<Shape, Type> {
  return emit('broadcastTo', [x], undefined, { shape });
}

/**
 * x itself, as a constant to differentiation. No gradient flows through it.
 *
 * `x[...s] -> [...s]`
 */
export function stopGradient<S extends Dim[], Type extends DType>(x: Tensor<S, Type>): Tensor<S, Type> {
  return emit('stopGradient', [x]);
}

/**
 * 0, 1, …, count − 1. No gradient flows through it.
 *
 * `count: int -> [count]:i32`
 */
export function arange<Count extends Dim>(count: Count): Tensor<[Count], 'i32'> {
  return emit('arange', [], undefined, { count });
}

/**
 * A tensor of one value. No gradient flows through it.
 *
 * `shape: shape, value: float, dtype: dtype = f32 -> [...shape]:dtype`
 */
export function full<const Shape extends Dim[], Dtype extends DType = 'f32'>(shape: readonly [...Shape], value: number, options?: { dtype?: Dtype }): Tensor<Shape, Dtype> {
  return emit('full', [], options, { shape, value });
}

/**
 * The identity matrix: 1 on the diagonal, else 0. No gradient flows through it.
 *
 * `n: int -> [n n]:f32`
 */
export function eye<N extends Dim>(n: N): Tensor<[N, N], 'f32'> {
  return emit('eye', [], undefined, { n });
}

/**
 * `count` numbers at equal distances from start to stop, both included. No gradient flows through it.
 *
 * `start: float, stop: float, count: int -> [count]:f32`
 */
export function linspace<Count extends Dim>(start: number, stop: number, count: Count): Tensor<[Count], 'f32'> {
  return emit('linspace', [], undefined, { start, stop, count });
}

/**
 * Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.
 *
 * `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function slice<S extends Dim[], Type extends DType, Axis extends number, Start extends Dim = 0, Stop extends Dim | undefined = undefined, Step extends Dim = 1>(x: Tensor<S, Type>, axis: WhenDecided<Slice<S, Axis, Start, Stop, Step>, Axis>, options?: { start?: Start; stop?: Stop; step?: Step }): Tensor<ShapeOf<Slice<S, Axis, NoInfer<Start>, NoInfer<Stop>, NoInfer<Step>>>, Type>;
/**
 * Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.
 *
 * `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function slice<B extends Dim[], L extends Dim, Type extends DType, Start extends Dim = 0, Stop extends Dim | undefined = undefined, Step extends Dim = 1>(x: Tensor<[...B, L], Type>, axis: -1, options?: { start?: Start; stop?: Stop; step?: Guard<'slice', Slice<[...B, L], -1, Start, Stop, Step>, Step> }): Tensor<[...B, SliceSize<L, NoInfer<Start>, NoInfer<Stop>, NoInfer<Step>>], Type>;
/**
 * Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.
 *
 * `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function slice<L extends Dim, B extends Dim[], Type extends DType, Start extends Dim = 0, Stop extends Dim | undefined = undefined, Step extends Dim = 1>(x: Tensor<[L, ...B], Type>, axis: 0, options?: { start?: Start; stop?: Stop; step?: Guard<'slice', Slice<[L, ...B], 0, Start, Stop, Step>, Step> }): Tensor<[SliceSize<L, NoInfer<Start>, NoInfer<Stop>, NoInfer<Step>>, ...B], Type>;
/**
 * Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.
 *
 * `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function slice<S extends Dim[], Type extends DType, Axis extends number, Start extends Dim = 0, Stop extends Dim | undefined = undefined, Step extends Dim = 1>(x: Tensor<S, Type>, axis: Guard<'slice', AxisOf<S, Axis>, Axis>, options?: { start?: Start; stop?: Stop; step?: Guard<'slice', Slice<S, Axis, Start, Stop, Step>, Step> }): Tensor<UnknownShape, Type>;
export function slice(x: unknown, axis: unknown, options?: object): Tensor {
  return emit('slice', [x], options, { axis });
}

/**
 * The elements in reverse order along `axes` (all when omitted).
 *
 * `x[...s], axes: axes? -> [...s]`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function flip<S extends Dim[], Type extends DType>(x: Tensor<S, Type>, options?: { axes?: ReductionAxes }): Tensor<S, Type> {
  return emit('flip', [x], options);
}

/**
 * `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away.
 *
 * `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function padAxis<S extends Dim[], Type extends DType, Axis extends number, Low extends Dim = 0, High extends Dim = 0, Interior extends Dim = 0>(x: Tensor<S, Type>, axis: WhenDecided<PadAxis<S, Axis, Low, High, Interior>, Axis>, options?: { low?: Low; high?: High; interior?: Interior; value?: number }): Tensor<ShapeOf<PadAxis<S, Axis, NoInfer<Low>, NoInfer<High>, NoInfer<Interior>>>, Type>;
/**
 * `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away.
 *
 * `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function padAxis<B extends Dim[], L extends Dim, Type extends DType, Low extends Dim = 0, High extends Dim = 0, Interior extends Dim = 0>(x: Tensor<[...B, L], Type>, axis: Guard<'padAxis', PadAxis<[...B, L], -1, Low, High, Interior>, -1>, options?: { low?: Low; high?: High; interior?: Interior; value?: number }): Tensor<[...B, PaddedSize<L, NoInfer<Low>, NoInfer<High>, NoInfer<Interior>>], Type>;
/**
 * `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away.
 *
 * `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function padAxis<L extends Dim, B extends Dim[], Type extends DType, Low extends Dim = 0, High extends Dim = 0, Interior extends Dim = 0>(x: Tensor<[L, ...B], Type>, axis: Guard<'padAxis', PadAxis<[L, ...B], 0, Low, High, Interior>, 0>, options?: { low?: Low; high?: High; interior?: Interior; value?: number }): Tensor<[PaddedSize<L, NoInfer<Low>, NoInfer<High>, NoInfer<Interior>>, ...B], Type>;
/**
 * `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away.
 *
 * `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function padAxis<S extends Dim[], Type extends DType, Axis extends number, Low extends Dim = 0, High extends Dim = 0, Interior extends Dim = 0>(x: Tensor<S, Type>, axis: Guard<'padAxis', PadAxis<S, Axis, Low, High, Interior>, Axis>, options?: { low?: Low; high?: High; interior?: Interior; value?: number }): Tensor<UnknownShape, Type>;
export function padAxis(x: unknown, axis: unknown, options?: object): Tensor {
  return emit('padAxis', [x], options, { axis });
}

/**
 * A window that slides along `axis`: y[o, k] = x[start + o·stride + k·dilation, k] for the `size` positions o of `axis` and the taps k of dimension `taps`; 0 past the ends. With x repeated along `taps` these are the windows of a convolution.
 *
 * `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function slide<S extends Dim[], Type extends DType, Axis extends number, Taps extends number, Size extends Dim>(x: Tensor<S, Type>, axis: WhenDecided<Slide<S, Axis, Size>, Axis>, taps: Guard<'slide', AxisOf<S, Taps>, Taps>, size: Size, options?: { stride?: number; dilation?: number; start?: number }): Tensor<ShapeOf<Slide<S, Axis, Size>>, Type>;
/**
 * A window that slides along `axis`: y[o, k] = x[start + o·stride + k·dilation, k] for the `size` positions o of `axis` and the taps k of dimension `taps`; 0 past the ends. With x repeated along `taps` these are the windows of a convolution.
 *
 * `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function slide<B extends Dim[], L extends Dim, Type extends DType, Taps extends number, Size extends Dim>(x: Tensor<[...B, L], Type>, axis: -1, taps: Guard<'slide', AxisOf<[...B, L], Taps>, Taps>, size: Size, options?: { stride?: number; dilation?: number; start?: number }): Tensor<[...B, Size], Type>;
/**
 * A window that slides along `axis`: y[o, k] = x[start + o·stride + k·dilation, k] for the `size` positions o of `axis` and the taps k of dimension `taps`; 0 past the ends. With x repeated along `taps` these are the windows of a convolution.
 *
 * `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function slide<L extends Dim, B extends Dim[], Type extends DType, Taps extends number, Size extends Dim>(x: Tensor<[L, ...B], Type>, axis: 0, taps: Guard<'slide', AxisOf<[L, ...B], Taps>, Taps>, size: Size, options?: { stride?: number; dilation?: number; start?: number }): Tensor<[Size, ...B], Type>;
/**
 * A window that slides along `axis`: y[o, k] = x[start + o·stride + k·dilation, k] for the `size` positions o of `axis` and the taps k of dimension `taps`; 0 past the ends. With x repeated along `taps` these are the windows of a convolution.
 *
 * `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function slide<S extends Dim[], Type extends DType, Axis extends number, Taps extends number, Size extends Dim>(x: Tensor<S, Type>, axis: Guard<'slide', Slide<S, Axis, Size>, Axis>, taps: Guard<'slide', AxisOf<S, Taps>, Taps>, size: Size, options?: { stride?: number; dilation?: number; start?: number }): Tensor<UnknownShape, Type>;
export function slide(x: unknown, axis: unknown, taps: unknown, size: unknown, options?: object): Tensor {
  return emit('slide', [x], options, { axis, taps, size });
}

/**
 * Each element of x where `slide` took it from: y[start + o·stride + k·dilation, k] = x[o, k], and 0 where nothing was taken. Summed over `taps`, this is what overlapping windows add up to.
 *
 * `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function unslide<S extends Dim[], Type extends DType, Axis extends number, Taps extends number, Size extends Dim>(x: Tensor<S, Type>, axis: WhenDecided<Slide<S, Axis, Size>, Axis>, taps: Guard<'unslide', AxisOf<S, Taps>, Taps>, size: Size, options?: { stride?: number; dilation?: number; start?: number }): Tensor<ShapeOf<Slide<S, Axis, Size>>, Type>;
/**
 * Each element of x where `slide` took it from: y[start + o·stride + k·dilation, k] = x[o, k], and 0 where nothing was taken. Summed over `taps`, this is what overlapping windows add up to.
 *
 * `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function unslide<B extends Dim[], L extends Dim, Type extends DType, Taps extends number, Size extends Dim>(x: Tensor<[...B, L], Type>, axis: -1, taps: Guard<'unslide', AxisOf<[...B, L], Taps>, Taps>, size: Size, options?: { stride?: number; dilation?: number; start?: number }): Tensor<[...B, Size], Type>;
/**
 * Each element of x where `slide` took it from: y[start + o·stride + k·dilation, k] = x[o, k], and 0 where nothing was taken. Summed over `taps`, this is what overlapping windows add up to.
 *
 * `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function unslide<L extends Dim, B extends Dim[], Type extends DType, Taps extends number, Size extends Dim>(x: Tensor<[L, ...B], Type>, axis: 0, taps: Guard<'unslide', AxisOf<[L, ...B], Taps>, Taps>, size: Size, options?: { stride?: number; dilation?: number; start?: number }): Tensor<[Size, ...B], Type>;
/**
 * Each element of x where `slide` took it from: y[start + o·stride + k·dilation, k] = x[o, k], and 0 where nothing was taken. Summed over `taps`, this is what overlapping windows add up to.
 *
 * `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function unslide<S extends Dim[], Type extends DType, Axis extends number, Taps extends number, Size extends Dim>(x: Tensor<S, Type>, axis: Guard<'unslide', Slide<S, Axis, Size>, Axis>, taps: Guard<'unslide', AxisOf<S, Taps>, Taps>, size: Size, options?: { stride?: number; dilation?: number; start?: number }): Tensor<UnknownShape, Type>;
export function unslide(x: unknown, axis: unknown, taps: unknown, size: unknown, options?: object): Tensor {
  return emit('unslide', [x], options, { axis, taps, size });
}

/**
 * y[i, j, …] = x[i, index[i, j, …], …]: the element of x at the place that `index` names along `axis`. Along other dimensions index may be smaller than x. An index outside of x gives NaN (0 for integers).
 *
 * `x[...s], index[...t]:i32, axis: axis -> gather(s, t, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function gather<S extends Dim[], Type extends DType, T extends Dim[], Type_index extends DType, Axis extends number>(x: Tensor<S, Type>, index: SameDType<'i32', Type_index, Guard<'gather', Gather<S, T, Axis>, Tensor<T, Type_index>>, `gather: index must be i32, got ${Type_index}; cast it first`>, axis: Guard<'gather', AxisOf<S, Axis>, Axis>): Tensor<T, Type> {
  return emit('gather', [x, index], undefined, { axis });
}

/**
 * x, with each element of `source` added at the place that `index` names along `axis`; several at one place add up, always in the same order. An index outside of x adds nothing.
 *
 * `x[...s]:number, index[...t]:i32, source[...t]:number, axis: axis -> scatter(s, t, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function scatterAdd<S extends Dim[], Type extends NumericDType, T extends Dim[], Type_index extends DType, T_source extends Dim[], Type_source extends DType, Axis extends number>(x: Tensor<S, Type>, index: SameDType<'i32', Type_index, Guard<'scatterAdd', Scatter<S, T, Axis>, Tensor<T, Type_index>>, `scatterAdd: index must be i32, got ${Type_index}; cast it first`>, source: SameShape<T, T_source, SameDType<Type, Type_source, Tensor<T_source, Type_source>, `scatterAdd: x is ${Type} but source is ${Type_source}; cast one of them`>, `scatterAdd: ...t is ${Show<T>} in index but ${Show<T_source>} in source`>, axis: Guard<'scatterAdd', AxisOf<S, Axis>, Axis>): Tensor<S, Type> {
  return emit('scatterAdd', [x, index, source], undefined, { axis });
}

/**
 * The rows of `weight` that `index` names. Row `paddingIndex` gets no gradient, so that it stays as it is. Values of index are in [0, v); a session refuses others.
 *
 * `index[...b]:i32<v, weight[v d], paddingIndex: int? -> [...b d]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function embedding<B extends Dim[], Type_index extends DType, V extends Dim, D extends Dim, Type extends DType>(index: SameDType<'i32', Type_index, Tensor<B, Type_index>, `embedding: index must be i32, got ${Type_index}; cast it first`>, weight: Tensor<[V, D], Type>, options?: { paddingIndex?: number }): Tensor<[...B, D], Type> {
  return emit('embedding', [index, weight], options);
}

/**
 * The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).
 *
 * `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function indexSelect<S extends Dim[], Type extends DType, N extends Dim, Type_index extends DType, Axis extends number>(x: Tensor<S, Type>, index: SameDType<'i32', Type_index, Tensor<[N], Type_index>, `indexSelect: index must be i32, got ${Type_index}; cast it first`>, axis: WhenDecided<Slide<S, Axis, N>, Axis>): Tensor<ShapeOf<Slide<S, Axis, N>>, Type>;
/**
 * The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).
 *
 * `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function indexSelect<B extends Dim[], L extends Dim, Type extends DType, N extends Dim, Type_index extends DType>(x: Tensor<[...B, L], Type>, index: SameDType<'i32', Type_index, Tensor<[N], Type_index>, `indexSelect: index must be i32, got ${Type_index}; cast it first`>, axis: -1): Tensor<[...B, N], Type>;
/**
 * The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).
 *
 * `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function indexSelect<L extends Dim, B extends Dim[], Type extends DType, N extends Dim, Type_index extends DType>(x: Tensor<[L, ...B], Type>, index: SameDType<'i32', Type_index, Tensor<[N], Type_index>, `indexSelect: index must be i32, got ${Type_index}; cast it first`>, axis: 0): Tensor<[N, ...B], Type>;
/**
 * The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers).
 *
 * `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function indexSelect<S extends Dim[], Type extends DType, N extends Dim, Type_index extends DType, Axis extends number>(x: Tensor<S, Type>, index: SameDType<'i32', Type_index, Tensor<[N], Type_index>, `indexSelect: index must be i32, got ${Type_index}; cast it first`>, axis: Guard<'indexSelect', Slide<S, Axis, N>, Axis>): Tensor<UnknownShape, Type>;
export function indexSelect(x: unknown, index: unknown, axis: unknown): Tensor {
  return emit('indexSelect', [x, index], undefined, { axis });
}

/**
 * 1 where the position in the last dimension equals the index, else 0. Values of index are in [0, classes); a session refuses others. No gradient flows through it.
 *
 * `index[...b]:i32<classes, classes: int -> [...b classes]:i32`
 *
 * @throws DTypeError when dtypes do not fit.
 */
export function oneHot<B extends Dim[], Type_index extends DType, Classes extends Dim>(index: SameDType<'i32', Type_index, Tensor<B, Type_index>, `oneHot: index must be i32, got ${Type_index}; cast it first`>, classes: Classes): Tensor<[...B, Classes], 'i32'> {
  return emit('oneHot', [index], undefined, { classes });
}

/**
 * x, with each element of `source` in place of the one that `index` names along `axis`; the last one stays where several have one place, and the others get no gradient. An index outside of x writes nothing.
 *
 * `x[...s], index[...t]:i32, source[...t], axis: axis -> scatter(s, t, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function scatterRows<S extends Dim[], Type extends DType, T extends Dim[], Type_index extends DType, T_source extends Dim[], Type_source extends DType, Axis extends number>(x: Tensor<S, Type>, index: SameDType<'i32', Type_index, Guard<'scatterRows', Scatter<S, T, Axis>, Tensor<T, Type_index>>, `scatterRows: index must be i32, got ${Type_index}; cast it first`>, source: SameShape<T, T_source, SameDType<Type, Type_source, Tensor<T_source, Type_source>, `scatterRows: x is ${Type} but source is ${Type_source}; cast one of them`>, `scatterRows: ...t is ${Show<T>} in index but ${Show<T_source>} in source`>, axis: Guard<'scatterRows', AxisOf<S, Axis>, Axis>): Tensor<S, Type> {
  return emit('scatterRows', [x, index, source], undefined, { axis });
}

/**
 * `size` elements along `axis` from `position` on, which may be another one in every step. Elements outside of x are NaN (0 for integers), and no gradient flows through them.
 *
 * `x[...s], position[]:i32, axis: axis, size: int -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function dynamicSlice<S extends Dim[], Type extends DType, Type_position extends DType, Axis extends number, Size extends Dim>(x: Tensor<S, Type>, position: SameDType<'i32', Type_position, Tensor<[], Type_position>, `dynamicSlice: position must be i32, got ${Type_position}; cast it first`>, axis: WhenDecided<Slide<S, Axis, Size>, Axis>, size: Size): Tensor<ShapeOf<Slide<S, Axis, Size>>, Type>;
/**
 * `size` elements along `axis` from `position` on, which may be another one in every step. Elements outside of x are NaN (0 for integers), and no gradient flows through them.
 *
 * `x[...s], position[]:i32, axis: axis, size: int -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function dynamicSlice<B extends Dim[], L extends Dim, Type extends DType, Type_position extends DType, Size extends Dim>(x: Tensor<[...B, L], Type>, position: SameDType<'i32', Type_position, Tensor<[], Type_position>, `dynamicSlice: position must be i32, got ${Type_position}; cast it first`>, axis: -1, size: Size): Tensor<[...B, Size], Type>;
/**
 * `size` elements along `axis` from `position` on, which may be another one in every step. Elements outside of x are NaN (0 for integers), and no gradient flows through them.
 *
 * `x[...s], position[]:i32, axis: axis, size: int -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function dynamicSlice<L extends Dim, B extends Dim[], Type extends DType, Type_position extends DType, Size extends Dim>(x: Tensor<[L, ...B], Type>, position: SameDType<'i32', Type_position, Tensor<[], Type_position>, `dynamicSlice: position must be i32, got ${Type_position}; cast it first`>, axis: 0, size: Size): Tensor<[Size, ...B], Type>;
/**
 * `size` elements along `axis` from `position` on, which may be another one in every step. Elements outside of x are NaN (0 for integers), and no gradient flows through them.
 *
 * `x[...s], position[]:i32, axis: axis, size: int -> slide(s, axis, size)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function dynamicSlice<S extends Dim[], Type extends DType, Type_position extends DType, Axis extends number, Size extends Dim>(x: Tensor<S, Type>, position: SameDType<'i32', Type_position, Tensor<[], Type_position>, `dynamicSlice: position must be i32, got ${Type_position}; cast it first`>, axis: Guard<'dynamicSlice', Slide<S, Axis, Size>, Axis>, size: Size): Tensor<UnknownShape, Type>;
export function dynamicSlice(x: unknown, position: unknown, axis: unknown, size: unknown): Tensor {
  return emit('dynamicSlice', [x, position], undefined, { axis, size });
}

/**
 * x with `values` in place of its elements along `axis` from `position` on, which may be another one in every step: how a cache of keys and values grows. Values outside of x are not written. Where x is a buffer that `update` gives the result, nothing else of it is touched.
 *
 * `x[...s], values[...t], position[]:i32, axis: axis -> overwrite(s, t, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function writeAt<S extends Dim[], Type extends DType, T extends Dim[], Type_values extends DType, Type_position extends DType, Axis extends number>(x: Tensor<S, Type>, values: SameDType<Type, Type_values, Guard<'writeAt', Overwrite<S, T, Axis>, Tensor<T, Type_values>>, `writeAt: x is ${Type} but values is ${Type_values}; cast one of them`>, position: SameDType<'i32', Type_position, Tensor<[], Type_position>, `writeAt: position must be i32, got ${Type_position}; cast it first`>, axis: Guard<'writeAt', AxisOf<S, Axis>, Axis>): Tensor<S, Type> {
  return emit('writeAt', [x, values, position], undefined, { axis });
}

/**
 * The tensors one after the other along `axis`; their other dimensions are the same.
 *
 * `xs[...s]*, axis: axis = 0 -> concat(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function concat<const Xs extends readonly Tensor<UnknownShape, DType>[], Axis extends number = 0>(xs: Guard<'concat', OneDType<'xs', Xs>, WhenDecided<Concat<ShapesOf<Xs>, Axis>, readonly [...Xs]>>, options?: { axis?: Guard<'concat', AxisOf<ShapesOf<Xs>[0], Axis>, Axis> }): Tensor<ShapeOf<Concat<ShapesOf<Xs>, NoInfer<Axis>>>, DTypeOf<Xs>>;
/**
 * The tensors one after the other along `axis`; their other dimensions are the same.
 *
 * `xs[...s]*, axis: axis = 0 -> concat(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function concat<B extends Dim[], M extends Dim, N extends Dim, Type extends DType>(xs: readonly [Tensor<[...B, M], Type>, Tensor<[...NoInfer<B>, N], NoInfer<Type>>], options: { axis: -1 }): Tensor<[...B, Add<M, N>], Type>;
/**
 * The tensors one after the other along `axis`; their other dimensions are the same.
 *
 * `xs[...s]*, axis: axis = 0 -> concat(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function concat<B extends Dim[], M extends Dim, N extends Dim, Type extends DType>(xs: readonly [Tensor<[M, ...B], Type>, Tensor<[N, ...NoInfer<B>], NoInfer<Type>>], options?: { axis?: 0 }): Tensor<[Add<M, N>, ...B], Type>;
/**
 * The tensors one after the other along `axis`; their other dimensions are the same.
 *
 * `xs[...s]*, axis: axis = 0 -> concat(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function concat<B extends Dim[], L extends Dim, M extends Dim, N extends Dim, Type extends DType>(xs: readonly [Tensor<[...B, L], Type>, Tensor<[...NoInfer<B>, M], NoInfer<Type>>, Tensor<[...NoInfer<B>, N], NoInfer<Type>>], options: { axis: -1 }): Tensor<[...B, Add<Add<L, M>, N>], Type>;
/**
 * The tensors one after the other along `axis`; their other dimensions are the same.
 *
 * `xs[...s]*, axis: axis = 0 -> concat(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function concat<B extends Dim[], L extends Dim, M extends Dim, N extends Dim, Type extends DType>(xs: readonly [Tensor<[L, ...B], Type>, Tensor<[M, ...NoInfer<B>], NoInfer<Type>>, Tensor<[N, ...NoInfer<B>], NoInfer<Type>>], options?: { axis?: 0 }): Tensor<[Add<Add<L, M>, N>, ...B], Type>;
/**
 * The tensors one after the other along `axis`; their other dimensions are the same.
 *
 * `xs[...s]*, axis: axis = 0 -> concat(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function concat<const Xs extends readonly Tensor<UnknownShape, DType>[], Axis extends number = 0>(xs: Guard<'concat', OneDType<'xs', Xs>, Guard<'concat', Concat<ShapesOf<Xs>, Axis>, readonly [...Xs]>>, options?: { axis?: Guard<'concat', AxisOf<ShapesOf<Xs>[0], Axis>, Axis> }): Tensor<UnknownShape, DTypeOf<Xs>>;
export function concat(xs: unknown, options?: object): Tensor {
  return emit('concat', xs, options);
}

/**
 * Tensors of one shape along a new dimension, which is dimension `axis` of the result.
 *
 * `xs[...s]*, axis: newAxis = 0 -> stack(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function stack<const Xs extends readonly Tensor<UnknownShape, DType>[], Axis extends number = 0>(xs: Guard<'stack', OneDType<'xs', Xs>, WhenDecided<Stack<ShapesOf<Xs>, Axis>, readonly [...Xs]>>, options?: { axis?: Guard<'stack', Unsqueeze<ShapesOf<Xs>[0], Axis>, Axis> }): Tensor<ShapeOf<Stack<ShapesOf<Xs>, NoInfer<Axis>>>, DTypeOf<Xs>>;
/**
 * Tensors of one shape along a new dimension, which is dimension `axis` of the result.
 *
 * `xs[...s]*, axis: newAxis = 0 -> stack(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function stack<S extends Dim[], Type extends DType>(xs: readonly [Tensor<S, Type>, Tensor<NoInfer<S>, NoInfer<Type>>], options: { axis: -1 }): Tensor<[...S, 2], Type>;
/**
 * Tensors of one shape along a new dimension, which is dimension `axis` of the result.
 *
 * `xs[...s]*, axis: newAxis = 0 -> stack(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function stack<S extends Dim[], Type extends DType>(xs: readonly [Tensor<S, Type>, Tensor<NoInfer<S>, NoInfer<Type>>], options?: { axis?: 0 }): Tensor<[2, ...S], Type>;
/**
 * Tensors of one shape along a new dimension, which is dimension `axis` of the result.
 *
 * `xs[...s]*, axis: newAxis = 0 -> stack(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function stack<S extends Dim[], Type extends DType>(xs: readonly [Tensor<S, Type>, Tensor<NoInfer<S>, NoInfer<Type>>, Tensor<NoInfer<S>, NoInfer<Type>>], options: { axis: -1 }): Tensor<[...S, 3], Type>;
/**
 * Tensors of one shape along a new dimension, which is dimension `axis` of the result.
 *
 * `xs[...s]*, axis: newAxis = 0 -> stack(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function stack<S extends Dim[], Type extends DType>(xs: readonly [Tensor<S, Type>, Tensor<NoInfer<S>, NoInfer<Type>>, Tensor<NoInfer<S>, NoInfer<Type>>], options?: { axis?: 0 }): Tensor<[3, ...S], Type>;
/**
 * Tensors of one shape along a new dimension, which is dimension `axis` of the result.
 *
 * `xs[...s]*, axis: newAxis = 0 -> stack(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function stack<const Xs extends readonly Tensor<UnknownShape, DType>[], Axis extends number = 0>(xs: Guard<'stack', OneDType<'xs', Xs>, Guard<'stack', Stack<ShapesOf<Xs>, Axis>, readonly [...Xs]>>, options?: { axis?: Guard<'stack', Unsqueeze<ShapesOf<Xs>[0], Axis>, Axis> }): Tensor<UnknownShape, DTypeOf<Xs>>;
export function stack(xs: unknown, options?: object): Tensor {
  return emit('stack', xs, options);
}

/**
 * More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.
 *
 * `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function pad<S extends Dim[], Type extends DType, const Pads extends Dim[]>(x: Tensor<S, Type>, pads: WhenDecided<Pad<S, Pads>, readonly [...Pads]>, options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular'; value?: number }): Tensor<ShapeOf<Pad<S, Pads>>, Type>;
/**
 * More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.
 *
 * `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function pad<B extends Dim[], N extends Dim, Low extends Dim, High extends Dim, Type extends DType>(x: Tensor<[...B, N], Type>, pads: Guard<'pad', Pad<[...B, N], [Low, High]>, readonly [Low, High]>, options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular'; value?: number }): Tensor<[...B, PaddedSize<N, Low, High>], Type>;
/**
 * More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.
 *
 * `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function pad<B extends Dim[], M extends Dim, N extends Dim, Left extends Dim, Right extends Dim, Top extends Dim, Bottom extends Dim, Type extends DType>(x: Tensor<[...B, M, N], Type>, pads: Guard<'pad', Pad<[...B, M, N], [Left, Right, Top, Bottom]>, readonly [Left, Right, Top, Bottom]>, options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular'; value?: number }): Tensor<[...B, PaddedSize<M, Top, Bottom>, PaddedSize<N, Left, Right>], Type>;
/**
 * More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.
 *
 * `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function pad<S extends Dim[], Type extends DType, const Pads extends Dim[]>(x: Tensor<S, Type>, pads: Guard<'pad', Pad<S, Pads>, readonly [...Pads]>, options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular'; value?: number }): Tensor<UnknownShape, Type>;
export function pad(x: unknown, pads: unknown, options?: object): Tensor {
  return emit('pad', [x], options, { pads });
}

/**
 * x times[i] times along dimension i of the result, one copy after the other; `times` may have dimensions in front that x has not. torch.Tensor.repeat, numpy.tile.
 *
 * `x[...s], times: ints -> repeat(s, times)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function repeat<S extends Dim[], Type extends DType, const Times extends Dim[]>(x: Tensor<S, Type>, times: Guard<'repeat', Repeat<S, Times>, readonly [...Times]>): Tensor<ShapeOf<Repeat<S, Times>>, Type> {
  return emit('repeat', [x], undefined, { times });
}

/**
 * Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.
 *
 * `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function repeatInterleave<S extends Dim[], Type extends DType, Times extends Dim, Axis extends number>(x: Tensor<S, Type>, times: Times, axis: WhenDecided<RepeatInterleave<S, Times, Axis>, Axis>): Tensor<ShapeOf<RepeatInterleave<S, Times, Axis>>, Type>;
/**
 * Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.
 *
 * `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function repeatInterleave<B extends Dim[], L extends Dim, Type extends DType, Times extends Dim>(x: Tensor<[...B, L], Type>, times: Times, axis: -1): Tensor<[...B, Multiply<L, Times>], Type>;
/**
 * Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.
 *
 * `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function repeatInterleave<L extends Dim, B extends Dim[], Type extends DType, Times extends Dim>(x: Tensor<[L, ...B], Type>, times: Times, axis: 0): Tensor<[Multiply<L, Times>, ...B], Type>;
/**
 * Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.
 *
 * `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function repeatInterleave<S extends Dim[], Type extends DType, Times extends Dim, Axis extends number>(x: Tensor<S, Type>, times: Times, axis: Guard<'repeatInterleave', RepeatInterleave<S, Times, Axis>, Axis>): Tensor<UnknownShape, Type>;
export function repeatInterleave(x: unknown, times: unknown, axis: unknown): Tensor {
  return emit('repeatInterleave', [x], undefined, { times, axis });
}

/**
 * Every element `shift` places further along `axis`; those that leave at the end come back at the front.
 *
 * `x[...s], shift: int, axis: axis -> [...s]`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function roll<S extends Dim[], Type extends DType, Axis extends number>(x: Tensor<S, Type>, shift: number, axis: Guard<'roll', AxisOf<S, Axis>, Axis>): Tensor<S, Type> {
  return emit('roll', [x], undefined, { shift, axis });
}

/**
 * The lower triangle of each matrix: x where column − row ≤ diagonal, else 0.
 *
 * `x[...b m n], diagonal: int = 0 -> [...b m n]`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function tril<B extends Dim[], M extends Dim, N extends Dim, Type extends DType>(x: Tensor<[...B, M, N], Type>, options?: { diagonal?: number }): Tensor<[...B, M, N], Type> {
  return emit('tril', [x], options);
}

/**
 * The upper triangle of each matrix: x where column − row ≥ diagonal, else 0.
 *
 * `x[...b m n], diagonal: int = 0 -> [...b m n]`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function triu<B extends Dim[], M extends Dim, N extends Dim, Type extends DType>(x: Tensor<[...B, M, N], Type>, options?: { diagonal?: number }): Tensor<[...B, M, N], Type> {
  return emit('triu', [x], options);
}

/**
 * Sums of the elements up to and including each one along `axis`.
 *
 * `x[...s]:number, axis: axis -> [...s]`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function cumsum<S extends Dim[], Type extends NumericDType, Axis extends number>(x: Tensor<S, Type>, axis: Guard<'cumsum', AxisOf<S, Axis>, Axis>): Tensor<S, Type> {
  return emit('cumsum', [x], undefined, { axis });
}

/**
 * Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function argmax<S extends Dim[], Type extends NumericDType, Axis extends number | undefined = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axis?: WhenDecided<Reduce<S, Axis, Keepdims>, Axis>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axis>, NoInfer<Keepdims>>>, 'i32'>;
/**
 * Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function argmax<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axis: -1; keepdims: true }): Tensor<[...B, 1], 'i32'>;
/**
 * Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function argmax<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axis: -1; keepdims?: false }): Tensor<B, 'i32'>;
/**
 * Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function argmax<S extends Dim[], Type extends NumericDType, Axis extends number | undefined = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axis?: Guard<'argmax', Reduce<S, Axis, Keepdims>, Axis>; keepdims?: Keepdims }): Tensor<UnknownShape, 'i32'>;
export function argmax(x: unknown, options?: object): Tensor {
  return emit('argmax', [x], options);
}

/**
 * Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function argmin<S extends Dim[], Type extends NumericDType, Axis extends number | undefined = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axis?: WhenDecided<Reduce<S, Axis, Keepdims>, Axis>; keepdims?: Keepdims }): Tensor<ShapeOf<Reduce<S, NoInfer<Axis>, NoInfer<Keepdims>>>, 'i32'>;
/**
 * Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function argmin<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axis: -1; keepdims: true }): Tensor<[...B, 1], 'i32'>;
/**
 * Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function argmin<B extends Dim[], N extends Dim, Type extends NumericDType>(x: Tensor<[...B, N], Type>, options: { axis: -1; keepdims?: false }): Tensor<B, 'i32'>;
/**
 * Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function argmin<S extends Dim[], Type extends NumericDType, Axis extends number | undefined = undefined, Keepdims extends boolean = false>(x: Tensor<S, Type>, options?: { axis?: Guard<'argmin', Reduce<S, Axis, Keepdims>, Axis>; keepdims?: Keepdims }): Tensor<UnknownShape, 'i32'>;
export function argmin(x: unknown, options?: object): Tensor {
  return emit('argmin', [x], options);
}

/**
 * The indices that put the elements along `axis` in order: `gather` with them sorts. Equal elements keep their order; NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
 *
 * `x[...s]:number, axis: axis = -1, descending: bool = false -> [...s]:i32`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function argsort<S extends Dim[], Type extends NumericDType, Axis extends number = -1>(x: Tensor<S, Type>, options?: { axis?: Guard<'argsort', AxisOf<S, Axis>, Axis>; descending?: boolean }): Tensor<S, 'i32'> {
  return emit('argsort', [x], options);
}

/**
 * The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
 *
 * `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function topkIndices<S extends Dim[], Type extends NumericDType, K extends Dim, Axis extends number = -1>(x: WhenDecided<Slide<S, Axis, K>, Tensor<S, Type>>, k: K, options?: { axis?: Axis; largest?: boolean }): Tensor<ShapeOf<Slide<S, NoInfer<Axis>, K>>, 'i32'>;
/**
 * The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
 *
 * `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function topkIndices<B extends Dim[], L extends Dim, Type extends NumericDType, K extends Dim>(x: Tensor<[...B, L], Type>, k: K, options?: { axis?: -1; largest?: boolean }): Tensor<[...B, K], 'i32'>;
/**
 * The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
 *
 * `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function topkIndices<L extends Dim, B extends Dim[], Type extends NumericDType, K extends Dim>(x: Tensor<[L, ...B], Type>, k: K, options: { axis: 0; largest?: boolean }): Tensor<[K, ...B], 'i32'>;
/**
 * The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. No gradient flows through it.
 *
 * `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function topkIndices<S extends Dim[], Type extends NumericDType, K extends Dim, Axis extends number = -1>(x: Tensor<S, Type>, k: K, options?: { axis?: Guard<'topkIndices', Slide<S, Axis, K>, Axis>; largest?: boolean }): Tensor<UnknownShape, 'i32'>;
export function topkIndices(x: unknown, k: unknown, options?: object): Tensor {
  return emit('topkIndices', [x], options, { k });
}

/**
 * Sums of products by the convention of Einstein: each dimension of each tensor has a letter, and what the result lacks is summed over, as in `ij,jk->ik`. A letter that a tensor has twice means its diagonal; `...` stands for dimensions that broadcast. Without `->` the result has the letters that stand once, in the order of the alphabet. More than two tensors are contracted from the left to the right.
 *
 * `xs[...s]*:float, equation: text -> einsum(s, equation)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function einsum<const Xs extends readonly Tensor<UnknownShape, FloatDType>[], Equation extends string>(xs: Guard<'einsum', OneDType<'xs', Xs>, readonly [...Xs]>, equation: Guard<'einsum', Einsum<ShapesOf<Xs>, Equation>, Equation>): Tensor<ShapeOf<Einsum<ShapesOf<Xs>, Equation>>, DTypeOf<Xs>> {
  return emit('einsum', xs, undefined, { equation });
}

/**
 * eˣ/Σeˣ along `axis`, shifted by the maximum so that nothing overflows.
 *
 * `x[...s]:float, axis: axis = -1 -> [...s]`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function softmax<S extends Dim[], Type extends FloatDType, Axis extends number = -1>(x: Tensor<S, Type>, options?: { axis?: Guard<'softmax', AxisOf<S, Axis>, Axis> }): Tensor<S, Type> {
  return emit('softmax', [x], options);
}

/**
 * log softmax(x) along `axis`, without the loss of digits that taking the logarithm would cost.
 *
 * `x[...s]:float, axis: axis = -1 -> [...s]`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function logSoftmax<S extends Dim[], Type extends FloatDType, Axis extends number = -1>(x: Tensor<S, Type>, options?: { axis?: Guard<'logSoftmax', AxisOf<S, Axis>, Axis> }): Tensor<S, Type> {
  return emit('logSoftmax', [x], options);
}

/**
 * −log softmax(logits)[target] over the last dimension, one number a row; 0 for a target outside of it. Values of target are in [0, c); a session refuses others.
 *
 * `logits[...b c]:float, target[...b]:i32<c -> [...b]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function softmaxCrossEntropy<B extends Dim[], C extends Dim, Type extends FloatDType, B_target extends Dim[], Type_target extends DType>(logits: Tensor<[...B, C], Type>, target: SameShape<B, B_target, SameDType<'i32', Type_target, Tensor<B_target, Type_target>, `softmaxCrossEntropy: target must be i32, got ${Type_target}; cast it first`>, `softmaxCrossEntropy: ...b is ${Show<B>} in logits but ${Show<B_target>} in target`>): Tensor<B, Type> {
  return emit('softmaxCrossEntropy', [logits, target]);
}

/**
 * (softmax(logits) − oneHot(target))·upstream: the gradient of softmaxCrossEntropy in its logits. Values of target are in [0, c); a session refuses others.
 *
 * `logits[...b c]:float, target[...b]:i32<c, upstream[...b]:float -> [...b c]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function softmaxCrossEntropyGradient<B extends Dim[], C extends Dim, Type extends FloatDType, B_target extends Dim[], Type_target extends DType, B_upstream extends Dim[], Type_upstream extends DType>(logits: Tensor<[...B, C], Type>, target: SameShape<B, B_target, SameDType<'i32', Type_target, Tensor<B_target, Type_target>, `softmaxCrossEntropyGradient: target must be i32, got ${Type_target}; cast it first`>, `softmaxCrossEntropyGradient: ...b is ${Show<B>} in logits but ${Show<B_target>} in target`>, upstream: SameShape<B, B_upstream, SameDType<Type, Type_upstream, Tensor<B_upstream, Type_upstream>, `softmaxCrossEntropyGradient: logits is ${Type} but upstream is ${Type_upstream}; cast one of them`>, `softmaxCrossEntropyGradient: ...b is ${Show<B>} in logits but ${Show<B_upstream>} in upstream`>): Tensor<[...B, C], Type> {
  return emit('softmaxCrossEntropyGradient', [logits, target, upstream]);
}

/**
 * The loss of a classifier: −log softmax(logits)[target] over the last dimension. With `labelSmoothing` ε the target has the probability 1 − ε + ε/c, each other class ε/c (Szegedy et al. 2016, arXiv:1512.00567). A row counts as much as `weight` says of its class (1 without), and not at all where the target is `ignoreIndex`; the mean divides by the sum of these weights, so it is NaN where no row counts. A target that is computed and out of range gives NaN. Values of target are in [0, c); a session refuses others.
 *
 * `logits[...b c]:float, target[...b]:i32<c|ignoreIndex, weight[c]:float?, ignoreIndex: int?, labelSmoothing: float = 0, reduction: mean|sum|none = mean -> [...reduceLoss(b, reduction)]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function crossEntropy<B extends Dim[], C extends Dim, Type extends FloatDType, B_target extends Dim[], Type_target extends DType, C_weight extends Dim, Type_weight extends DType, Reduction extends 'mean' | 'sum' | 'none' = 'mean'>(logits: Tensor<[...B, C], Type>, target: SameShape<B, B_target, SameDType<'i32', Type_target, Tensor<B_target, Type_target>, `crossEntropy: target must be i32, got ${Type_target}; cast it first`>, `crossEntropy: ...b is ${Show<B>} in logits but ${Show<B_target>} in target`>, options?: { weight?: SameDim<C, C_weight, SameDType<Type, Type_weight, Tensor<[C_weight], Type_weight>, `crossEntropy: logits is ${Type} but weight is ${Type_weight}; cast one of them`>, `crossEntropy: c is ${C} in logits but ${C_weight} in weight`> | undefined; ignoreIndex?: number; labelSmoothing?: number; reduction?: Reduction }): Tensor<ReduceLoss<B, NoInfer<Reduction>>, Type> {
  return emit('crossEntropy', [logits, target], options);
}

/**
 * Negative log-likelihood −logProbabilities[target] over the last dimension. A row counts as much as `weight` says of its class (1 without), and not at all where the target is `ignoreIndex`; the mean divides by the sum of these weights, so it is NaN where no row counts. A target that is computed and out of range gives NaN. Values of target are in [0, c); a session refuses others.
 *
 * `logProbabilities[...b c]:float, target[...b]:i32<c|ignoreIndex, weight[c]:float?, ignoreIndex: int?, reduction: mean|sum|none = mean -> [...reduceLoss(b, reduction)]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function nllLoss<B extends Dim[], C extends Dim, Type extends FloatDType, B_target extends Dim[], Type_target extends DType, C_weight extends Dim, Type_weight extends DType, Reduction extends 'mean' | 'sum' | 'none' = 'mean'>(logProbabilities: Tensor<[...B, C], Type>, target: SameShape<B, B_target, SameDType<'i32', Type_target, Tensor<B_target, Type_target>, `nllLoss: target must be i32, got ${Type_target}; cast it first`>, `nllLoss: ...b is ${Show<B>} in logProbabilities but ${Show<B_target>} in target`>, options?: { weight?: SameDim<C, C_weight, SameDType<Type, Type_weight, Tensor<[C_weight], Type_weight>, `nllLoss: logProbabilities is ${Type} but weight is ${Type_weight}; cast one of them`>, `nllLoss: c is ${C} in logProbabilities but ${C_weight} in weight`> | undefined; ignoreIndex?: number; reduction?: Reduction }): Tensor<ReduceLoss<B, NoInfer<Reduction>>, Type> {
  return emit('nllLoss', [logProbabilities, target], options);
}

/**
 * Binary cross-entropy −t·log σ(x) − (1 − t)·log(1 − σ(x)) of logits x and probabilities t, without overflow. `positiveWeight`, broadcast over the last dimensions, multiplies the first term.
 *
 * `logits[...s]:float, target[...s]:float, positiveWeight[...w]:float?, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function bceWithLogits<S extends Dim[], Type extends FloatDType, S_target extends Dim[], Type_target extends DType, W extends Dim[], Type_positiveWeight extends DType, Reduction extends 'mean' | 'sum' | 'none' = 'mean'>(logits: Tensor<S, Type>, target: SameShape<S, S_target, SameDType<Type, Type_target, Tensor<S_target, Type_target>, `bceWithLogits: logits is ${Type} but target is ${Type_target}; cast one of them`>, `bceWithLogits: ...s is ${Show<S>} in logits but ${Show<S_target>} in target`>, options?: { positiveWeight?: SameDType<Type, Type_positiveWeight, Tensor<W, Type_positiveWeight>, `bceWithLogits: logits is ${Type} but positiveWeight is ${Type_positiveWeight}; cast one of them`> | undefined; reduction?: Reduction }): Tensor<ReduceLoss<S, NoInfer<Reduction>>, Type> {
  return emit('bceWithLogits', [logits, target], options);
}

/**
 * Kullback-Leibler divergence target·(log target − x) of log-probabilities x from probabilities (with `logTarget`: from log-probabilities); 0 where the target is 0. `batchmean` divides the sum by the size of the first dimension, which gives the mean of the divergences, and `mean` by the number of elements.
 *
 * `x[...s]:float, target[...s]:float, logTarget: bool = false, reduction: mean|batchmean|sum|none = mean -> [...reduceLoss(s, reduction)]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function klDiv<S extends Dim[], Type extends FloatDType, S_target extends Dim[], Type_target extends DType, Reduction extends 'mean' | 'batchmean' | 'sum' | 'none' = 'mean'>(x: Tensor<S, Type>, target: SameShape<S, S_target, SameDType<Type, Type_target, Tensor<S_target, Type_target>, `klDiv: x is ${Type} but target is ${Type_target}; cast one of them`>, `klDiv: ...s is ${Show<S>} in x but ${Show<S_target>} in target`>, options?: { logTarget?: boolean; reduction?: Reduction }): Tensor<ReduceLoss<S, NoInfer<Reduction>>, Type> {
  return emit('klDiv', [x, target], options);
}

/**
 * (prediction − target)²: its mean, its sum, or each.
 *
 * `prediction[...s]:float, target[...s]:float, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function mseLoss<S extends Dim[], Type extends FloatDType, S_target extends Dim[], Type_target extends DType, Reduction extends 'mean' | 'sum' | 'none' = 'mean'>(prediction: Tensor<S, Type>, target: SameShape<S, S_target, SameDType<Type, Type_target, Tensor<S_target, Type_target>, `mseLoss: prediction is ${Type} but target is ${Type_target}; cast one of them`>, `mseLoss: ...s is ${Show<S>} in prediction but ${Show<S_target>} in target`>, options?: { reduction?: Reduction }): Tensor<ReduceLoss<S, NoInfer<Reduction>>, Type> {
  return emit('mseLoss', [prediction, target], options);
}

/**
 * |prediction − target|: its mean, its sum, or each.
 *
 * `prediction[...s]:float, target[...s]:float, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function l1Loss<S extends Dim[], Type extends FloatDType, S_target extends Dim[], Type_target extends DType, Reduction extends 'mean' | 'sum' | 'none' = 'mean'>(prediction: Tensor<S, Type>, target: SameShape<S, S_target, SameDType<Type, Type_target, Tensor<S_target, Type_target>, `l1Loss: prediction is ${Type} but target is ${Type_target}; cast one of them`>, `l1Loss: ...s is ${Show<S>} in prediction but ${Show<S_target>} in target`>, options?: { reduction?: Reduction }): Tensor<ReduceLoss<S, NoInfer<Reduction>>, Type> {
  return emit('l1Loss', [prediction, target], options);
}

/**
 * d²/2 where |d| < delta, else delta·(|d| − delta/2), for d = prediction − target (Huber 1964).
 *
 * `prediction[...s]:float, target[...s]:float, delta: float = 1, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function huberLoss<S extends Dim[], Type extends FloatDType, S_target extends Dim[], Type_target extends DType, Reduction extends 'mean' | 'sum' | 'none' = 'mean'>(prediction: Tensor<S, Type>, target: SameShape<S, S_target, SameDType<Type, Type_target, Tensor<S_target, Type_target>, `huberLoss: prediction is ${Type} but target is ${Type_target}; cast one of them`>, `huberLoss: ...s is ${Show<S>} in prediction but ${Show<S_target>} in target`>, options?: { delta?: number; reduction?: Reduction }): Tensor<ReduceLoss<S, NoInfer<Reduction>>, Type> {
  return emit('huberLoss', [prediction, target], options);
}

/**
 * d²/(2·beta) where |d| < beta, else |d| − beta/2, for d = prediction − target (Girshick 2015, arXiv:1504.08083).
 *
 * `prediction[...s]:float, target[...s]:float, beta: float = 1, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function smoothL1Loss<S extends Dim[], Type extends FloatDType, S_target extends Dim[], Type_target extends DType, Reduction extends 'mean' | 'sum' | 'none' = 'mean'>(prediction: Tensor<S, Type>, target: SameShape<S, S_target, SameDType<Type, Type_target, Tensor<S_target, Type_target>, `smoothL1Loss: prediction is ${Type} but target is ${Type_target}; cast one of them`>, `smoothL1Loss: ...s is ${Show<S>} in prediction but ${Show<S_target>} in target`>, options?: { beta?: number; reduction?: Reduction }): Tensor<ReduceLoss<S, NoInfer<Reduction>>, Type> {
  return emit('smoothL1Loss', [prediction, target], options);
}

/**
 * (x − mean)/√(var + eps)·weight + bias over the last dimension (Ba et al. 2016, arXiv:1607.06450).
 *
 * `x[...b n]:float, weight[n]:float, bias[n]:float, eps: float = 0.00001 -> [...b n]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function layerNorm<B extends Dim[], N extends Dim, Type extends FloatDType, N_weight extends Dim, Type_weight extends DType, N_bias extends Dim, Type_bias extends DType>(x: Tensor<[...B, N], Type>, weight: SameDim<N, N_weight, SameDType<Type, Type_weight, Tensor<[N_weight], Type_weight>, `layerNorm: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `layerNorm: n is ${N} in x but ${N_weight} in weight`>, bias: SameDim<N, N_bias, SameDType<Type, Type_bias, Tensor<[N_bias], Type_bias>, `layerNorm: x is ${Type} but bias is ${Type_bias}; cast one of them`>, `layerNorm: n is ${N} in x but ${N_bias} in bias`>, options?: { eps?: number }): Tensor<[...B, N], Type> {
  return emit('layerNorm', [x, weight, bias], options);
}

/**
 * x/√(mean(x²) + eps)·weight over the last dimension (Zhang and Sennrich 2019, arXiv:1910.07467).
 *
 * `x[...b n]:float, weight[n]:float, eps: float = 0.00001 -> [...b n]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function rmsNorm<B extends Dim[], N extends Dim, Type extends FloatDType, N_weight extends Dim, Type_weight extends DType>(x: Tensor<[...B, N], Type>, weight: SameDim<N, N_weight, SameDType<Type, Type_weight, Tensor<[N_weight], Type_weight>, `rmsNorm: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `rmsNorm: n is ${N} in x but ${N_weight} in weight`>, options?: { eps?: number }): Tensor<[...B, N], Type> {
  return emit('rmsNorm', [x, weight], options);
}

/**
 * (x − mean)/√(var + eps)·weight + bias over each of `groups` groups of channels with all their places (Wu and He 2018, arXiv:1803.08494).
 *
 * `x[n c ...s]:float, weight[c]:float?, bias[c]:float?, groups: int, eps: float = 0.00001 -> [n c ...s]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function groupNorm<N extends Dim, C extends Dim, S extends Dim[], Type extends FloatDType, C_weight extends Dim, Type_weight extends DType, C_bias extends Dim, Type_bias extends DType>(x: Tensor<[N, C, ...S], Type>, groups: number, options?: { weight?: SameDim<C, C_weight, SameDType<Type, Type_weight, Tensor<[C_weight], Type_weight>, `groupNorm: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `groupNorm: c is ${C} in x but ${C_weight} in weight`> | undefined; bias?: SameDim<C, C_bias, SameDType<Type, Type_bias, Tensor<[C_bias], Type_bias>, `groupNorm: x is ${Type} but bias is ${Type_bias}; cast one of them`>, `groupNorm: c is ${C} in x but ${C_bias} in bias`> | undefined; eps?: number }): Tensor<[N, C, ...S], Type> {
  return emit('groupNorm', [x], options, { groups });
}

/**
 * (x − mean)/√(variance + eps)·weight + bias, each of one number a channel (Ioffe and Szegedy 2015, arXiv:1502.03167). The statistics are those of the batch in training, running ones in evaluation.
 *
 * `x[n c ...s]:float, mean[c]:float, variance[c]:float, weight[c]:float?, bias[c]:float?, eps: float = 0.00001 -> [n c ...s]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function batchNorm<N extends Dim, C extends Dim, S extends Dim[], Type extends FloatDType, C_mean extends Dim, Type_mean extends DType, C_variance extends Dim, Type_variance extends DType, C_weight extends Dim, Type_weight extends DType, C_bias extends Dim, Type_bias extends DType>(x: Tensor<[N, C, ...S], Type>, mean: SameDim<C, C_mean, SameDType<Type, Type_mean, Tensor<[C_mean], Type_mean>, `batchNorm: x is ${Type} but mean is ${Type_mean}; cast one of them`>, `batchNorm: c is ${C} in x but ${C_mean} in mean`>, variance: SameDim<C, C_variance, SameDType<Type, Type_variance, Tensor<[C_variance], Type_variance>, `batchNorm: x is ${Type} but variance is ${Type_variance}; cast one of them`>, `batchNorm: c is ${C} in x but ${C_variance} in variance`>, options?: { weight?: SameDim<C, C_weight, SameDType<Type, Type_weight, Tensor<[C_weight], Type_weight>, `batchNorm: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `batchNorm: c is ${C} in x but ${C_weight} in weight`> | undefined; bias?: SameDim<C, C_bias, SameDType<Type, Type_bias, Tensor<[C_bias], Type_bias>, `batchNorm: x is ${Type} but bias is ${Type_bias}; cast one of them`>, `batchNorm: c is ${C} in x but ${C_bias} in bias`> | undefined; eps?: number }): Tensor<[N, C, ...S], Type> {
  return emit('batchNorm', [x, mean, variance], options);
}

/**
 * Convolution (cross-correlation, as in all of deep learning) of images: y[n, o, i, j] = bias[o] + Σ weight[o, c, a, b]·x[n, c, i·stride + a·dilation − padding, …], x being 0 outside. Channels are in `groups`: an output channel sees the input channels of its group.
 *
 * `x[n c h w]:float, weight[o c/groups kh kw]:float, bias[o]:float?, stride: pair = 1, padding: pair = 0, dilation: pair = 1, groups: int = 1 -> [n o (h+2*padding.0-dilation.0*(kh-1)-1)/stride.0+1 (w+2*padding.1-dilation.1*(kw-1)-1)/stride.1+1]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function conv2d<N extends Dim, C extends Dim, H extends Dim, W extends Dim, Type extends FloatDType, O extends Dim, Dim1_weight extends Dim, Kh extends Dim, Kw extends Dim, Type_weight extends DType, O_bias extends Dim, Type_bias extends DType, const Stride extends Pair = 1, const Padding extends Pair = 0, const Dilation extends Pair = 1, Groups extends Dim = 1>(x: Tensor<[N, C, H, W], Type>, weight: Divisible<C, Groups, SameDim<Divide<C, Groups>, Dim1_weight, SameDType<Type, Type_weight, Tensor<[O, Dim1_weight, Kh, Kw], Type_weight>, `conv2d: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `conv2d: dimension 1 of weight must be ${Divide<C, Groups>}, not ${Dim1_weight}`>, `conv2d: c ${C} does not divide by groups ${Groups}`>, options?: { bias?: SameDim<O, O_bias, SameDType<Type, Type_bias, Tensor<[O_bias], Type_bias>, `conv2d: x is ${Type} but bias is ${Type_bias}; cast one of them`>, `conv2d: o is ${O} in weight but ${O_bias} in bias`> | undefined; stride?: Stride; padding?: Padding; dilation?: Dilation; groups?: Groups }): Tensor<[N, O, Divide<Shift<H, Add<Multiply<2, PairElement<NoInfer<Padding>, 0>>, PairElement<NoInfer<Stride>, 0>>, Add<Multiply<PairElement<NoInfer<Dilation>, 0>, Subtract<Kh, 1>>, 1>>, PairElement<NoInfer<Stride>, 0>>, Divide<Shift<W, Add<Multiply<2, PairElement<NoInfer<Padding>, 1>>, PairElement<NoInfer<Stride>, 1>>, Add<Multiply<PairElement<NoInfer<Dilation>, 1>, Subtract<Kw, 1>>, 1>>, PairElement<NoInfer<Stride>, 1>>], Type> {
  return emit('conv2d', [x, weight], options);
}

/**
 * Convolution of sequences: as `conv2d`, along one dimension.
 *
 * `x[n c l]:float, weight[o c/groups k]:float, bias[o]:float?, stride: int = 1, padding: int = 0, dilation: int = 1, groups: int = 1 -> [n o (l+2*padding-dilation*(k-1)-1)/stride+1]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function conv1d<N extends Dim, C extends Dim, L extends Dim, Type extends FloatDType, O extends Dim, Dim1_weight extends Dim, K extends Dim, Type_weight extends DType, O_bias extends Dim, Type_bias extends DType, Stride extends Dim = 1, Padding extends Dim = 0, Dilation extends Dim = 1, Groups extends Dim = 1>(x: Tensor<[N, C, L], Type>, weight: Divisible<C, Groups, SameDim<Divide<C, Groups>, Dim1_weight, SameDType<Type, Type_weight, Tensor<[O, Dim1_weight, K], Type_weight>, `conv1d: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `conv1d: dimension 1 of weight must be ${Divide<C, Groups>}, not ${Dim1_weight}`>, `conv1d: c ${C} does not divide by groups ${Groups}`>, options?: { bias?: SameDim<O, O_bias, SameDType<Type, Type_bias, Tensor<[O_bias], Type_bias>, `conv1d: x is ${Type} but bias is ${Type_bias}; cast one of them`>, `conv1d: o is ${O} in weight but ${O_bias} in bias`> | undefined; stride?: Stride; padding?: Padding; dilation?: Dilation; groups?: Groups }): Tensor<[N, O, Divide<Shift<L, Add<Multiply<2, NoInfer<Padding>>, NoInfer<Stride>>, Add<Multiply<NoInfer<Dilation>, Subtract<K, 1>>, 1>>, NoInfer<Stride>>], Type> {
  return emit('conv1d', [x, weight], options);
}

/**
 * Transposed convolution: the gradient of `conv2d` in its input, as an operation. Each element of x puts a copy of the kernel, `stride` apart, into the result, of which `padding` is cut off on both sides; `outputPadding` more elements stand at the end.
 *
 * `x[n c h w]:float, weight[c o kh kw]:float, bias[o*groups]:float?, stride: pair = 1, padding: pair = 0, outputPadding: pair = 0, dilation: pair = 1, groups: int = 1 -> [n o*groups (h-1)*stride.0-2*padding.0+dilation.0*(kh-1)+outputPadding.0+1 (w-1)*stride.1-2*padding.1+dilation.1*(kw-1)+outputPadding.1+1]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function convTranspose2d<N extends Dim, C extends Dim, H extends Dim, W extends Dim, Type extends FloatDType, C_weight extends Dim, O extends Dim, Kh extends Dim, Kw extends Dim, Type_weight extends DType, Dim0_bias extends Dim, Type_bias extends DType, const Stride extends Pair = 1, const Padding extends Pair = 0, const OutputPadding extends Pair = 0, const Dilation extends Pair = 1, Groups extends Dim = 1>(x: Tensor<[N, C, H, W], Type>, weight: SameDim<C, C_weight, SameDType<Type, Type_weight, Tensor<[C_weight, O, Kh, Kw], Type_weight>, `convTranspose2d: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `convTranspose2d: c is ${C} in x but ${C_weight} in weight`>, options?: { bias?: SameDim<Multiply<O, Groups>, Dim0_bias, SameDType<Type, Type_bias, Tensor<[Dim0_bias], Type_bias>, `convTranspose2d: x is ${Type} but bias is ${Type_bias}; cast one of them`>, `convTranspose2d: dimension 0 of bias must be ${Multiply<O, Groups>}, not ${Dim0_bias}`> | undefined; stride?: Stride; padding?: Padding; outputPadding?: OutputPadding; dilation?: Dilation; groups?: Groups }): Tensor<[N, Multiply<O, NoInfer<Groups>>, Shift<Multiply<Subtract<H, 1>, PairElement<NoInfer<Stride>, 0>>, Add<Multiply<PairElement<NoInfer<Dilation>, 0>, Subtract<Kh, 1>>, Add<PairElement<NoInfer<OutputPadding>, 0>, 1>>, Multiply<2, PairElement<NoInfer<Padding>, 0>>>, Shift<Multiply<Subtract<W, 1>, PairElement<NoInfer<Stride>, 1>>, Add<Multiply<PairElement<NoInfer<Dilation>, 1>, Subtract<Kw, 1>>, Add<PairElement<NoInfer<OutputPadding>, 1>, 1>>, Multiply<2, PairElement<NoInfer<Padding>, 1>>>], Type> {
  return emit('convTranspose2d', [x, weight], options);
}

/**
 * Transposed convolution of sequences: as `convTranspose2d`, along one dimension.
 *
 * `x[n c l]:float, weight[c o k]:float, bias[o*groups]:float?, stride: int = 1, padding: int = 0, outputPadding: int = 0, dilation: int = 1, groups: int = 1 -> [n o*groups (l-1)*stride-2*padding+dilation*(k-1)+outputPadding+1]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function convTranspose1d<N extends Dim, C extends Dim, L extends Dim, Type extends FloatDType, C_weight extends Dim, O extends Dim, K extends Dim, Type_weight extends DType, Dim0_bias extends Dim, Type_bias extends DType, Stride extends Dim = 1, Padding extends Dim = 0, OutputPadding extends Dim = 0, Dilation extends Dim = 1, Groups extends Dim = 1>(x: Tensor<[N, C, L], Type>, weight: SameDim<C, C_weight, SameDType<Type, Type_weight, Tensor<[C_weight, O, K], Type_weight>, `convTranspose1d: x is ${Type} but weight is ${Type_weight}; cast one of them`>, `convTranspose1d: c is ${C} in x but ${C_weight} in weight`>, options?: { bias?: SameDim<Multiply<O, Groups>, Dim0_bias, SameDType<Type, Type_bias, Tensor<[Dim0_bias], Type_bias>, `convTranspose1d: x is ${Type} but bias is ${Type_bias}; cast one of them`>, `convTranspose1d: dimension 0 of bias must be ${Multiply<O, Groups>}, not ${Dim0_bias}`> | undefined; stride?: Stride; padding?: Padding; outputPadding?: OutputPadding; dilation?: Dilation; groups?: Groups }): Tensor<[N, Multiply<O, NoInfer<Groups>>, Shift<Multiply<Subtract<L, 1>, NoInfer<Stride>>, Add<Multiply<NoInfer<Dilation>, Subtract<K, 1>>, Add<NoInfer<OutputPadding>, 1>>, Multiply<2, NoInfer<Padding>>>], Type> {
  return emit('convTranspose1d', [x, weight], options);
}

/**
 * Greatest element of each window of `[… h w]`; padding counts as −∞. `stride` is `kernelSize` when it is left out; with `ceilMode` a window may reach past the padding. The gradient goes to the first of equal elements.
 *
 * `x[...s]:float, kernelSize: pair, stride: pair?, padding: pair = 0, dilation: pair = 1, ceilMode: bool = false -> poolOfPairs(s, kernelSize, stride, padding, ceilMode, dilation)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function maxPool2d<B extends Dim[], H extends Dim, W extends Dim, Type extends FloatDType, const KernelSize extends Pair, const Stride extends Pair | undefined = undefined, const Padding extends Pair = 0, const Dilation extends Pair = 1, CeilMode extends boolean = false>(x: Tensor<[...B, H, W], Type>, kernelSize: KernelSize, options?: { stride?: Stride; padding?: Padding; dilation?: Dilation; ceilMode?: CeilMode }): Tensor<[...B, PooledSize<H, PairElement<KernelSize, 0>, PairElement<NoInfer<Stride>, 0>, PairElement<NoInfer<Padding>, 0>, PairElement<NoInfer<Dilation>, 0>, NoInfer<CeilMode>>, PooledSize<W, PairElement<KernelSize, 1>, PairElement<NoInfer<Stride>, 1>, PairElement<NoInfer<Padding>, 1>, PairElement<NoInfer<Dilation>, 1>, NoInfer<CeilMode>>], Type> {
  return emit('maxPool2d', [x], options, { kernelSize });
}

/**
 * Greatest element of each window of `[… l]`: as `maxPool2d`, along one dimension.
 *
 * `x[...s]:float, kernelSize: int, stride: int?, padding: int = 0, dilation: int = 1, ceilMode: bool = false -> pool(s, kernelSize, stride, padding, ceilMode, dilation)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function maxPool1d<B extends Dim[], L extends Dim, Type extends FloatDType, KernelSize extends Dim, Stride extends Dim | undefined = undefined, Padding extends Dim = 0, Dilation extends Dim = 1, CeilMode extends boolean = false>(x: Tensor<[...B, L], Type>, kernelSize: KernelSize, options?: { stride?: Stride; padding?: Padding; dilation?: Dilation; ceilMode?: CeilMode }): Tensor<[...B, PooledSize<L, PairElement<KernelSize, 0>, PairElement<NoInfer<Stride>, 0>, PairElement<NoInfer<Padding>, 0>, PairElement<NoInfer<Dilation>, 0>, NoInfer<CeilMode>>], Type> {
  return emit('maxPool1d', [x], options, { kernelSize });
}

/**
 * Average of each window of `[… h w]`, whose padding is 0 and counts as elements unless `countIncludePad` is false; the sum divided by `divisor` where it is given. `stride` is `kernelSize` when it is left out; with `ceilMode` a window may reach past the padding.
 *
 * `x[...s]:float, kernelSize: pair, stride: pair?, padding: pair = 0, ceilMode: bool = false, countIncludePad: bool = true, divisor: int? -> poolOfPairs(s, kernelSize, stride, padding, ceilMode)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function avgPool2d<B extends Dim[], H extends Dim, W extends Dim, Type extends FloatDType, const KernelSize extends Pair, const Stride extends Pair | undefined = undefined, const Padding extends Pair = 0, CeilMode extends boolean = false>(x: Tensor<[...B, H, W], Type>, kernelSize: KernelSize, options?: { stride?: Stride; padding?: Padding; ceilMode?: CeilMode; countIncludePad?: boolean; divisor?: number }): Tensor<[...B, PooledSize<H, PairElement<KernelSize, 0>, PairElement<NoInfer<Stride>, 0>, PairElement<NoInfer<Padding>, 0>, 1, NoInfer<CeilMode>>, PooledSize<W, PairElement<KernelSize, 1>, PairElement<NoInfer<Stride>, 1>, PairElement<NoInfer<Padding>, 1>, 1, NoInfer<CeilMode>>], Type> {
  return emit('avgPool2d', [x], options, { kernelSize });
}

/**
 * Average of each window of `[… l]`: as `avgPool2d`, along one dimension.
 *
 * `x[...s]:float, kernelSize: int, stride: int?, padding: int = 0, ceilMode: bool = false, countIncludePad: bool = true -> pool(s, kernelSize, stride, padding, ceilMode)`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function avgPool1d<B extends Dim[], L extends Dim, Type extends FloatDType, KernelSize extends Dim, Stride extends Dim | undefined = undefined, Padding extends Dim = 0, CeilMode extends boolean = false>(x: Tensor<[...B, L], Type>, kernelSize: KernelSize, options?: { stride?: Stride; padding?: Padding; ceilMode?: CeilMode; countIncludePad?: boolean }): Tensor<[...B, PooledSize<L, PairElement<KernelSize, 0>, PairElement<NoInfer<Stride>, 0>, PairElement<NoInfer<Padding>, 0>, 1, NoInfer<CeilMode>>], Type> {
  return emit('avgPool1d', [x], options, { kernelSize });
}

/**
 * Averages of `[… h w]` over `outputSize` places of about equal size: place i of n takes the elements ⌊i·h/n⌋ … ⌈(i + 1)·h/n⌉ − 1, which overlap where n does not divide h.
 *
 * `x[...b h w]:float, outputSize: pair -> [...b outputSize.0 outputSize.1]`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function adaptiveAvgPool2d<B extends Dim[], H extends Dim, W extends Dim, Type extends FloatDType, const OutputSize extends Pair>(x: Tensor<[...B, H, W], Type>, outputSize: OutputSize): Tensor<[...B, PairElement<OutputSize, 0>, PairElement<OutputSize, 1>], Type> {
  return emit('adaptiveAvgPool2d', [x], undefined, { outputSize });
}

/**
 * `[… h w]` at another `size`. `nearest`: place (i, j) gets element (⌊i·h/size⌋, ⌊j·w/size⌋). `bilinear`: the four elements around a place, by their distance; the corners of both are one with `alignCorners`, else the outer edges of their elements are.
 *
 * `x[...b h w]:float, size: pair, mode: nearest|bilinear = nearest, alignCorners: bool = false -> [...b size.0 size.1]`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function interpolate<B extends Dim[], H extends Dim, W extends Dim, Type extends FloatDType, const Size extends Pair>(x: Tensor<[...B, H, W], Type>, size: Size, options?: { mode?: 'nearest' | 'bilinear'; alignCorners?: boolean }): Tensor<[...B, PairElement<Size, 0>, PairElement<Size, 1>], Type> {
  return emit('interpolate', [x], options, { size });
}

/**
 * Channels as pixels: of each factor² channels, the squares of `factor` by `factor` elements of one (Shi et al. 2016, arXiv:1609.05158).
 *
 * `x[...b c h w], factor: int -> [...b c/(factor*factor) h*factor w*factor]`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function pixelShuffle<B extends Dim[], C extends Dim, H extends Dim, W extends Dim, Type extends DType, Factor extends Dim>(x: Tensor<[...B, C, H, W], Type>, factor: Factor): Tensor<[...B, Divide<C, Multiply<Factor, Factor>>, Multiply<H, Factor>, Multiply<W, Factor>], Type> {
  return emit('pixelShuffle', [x], undefined, { factor });
}

/**
 * Squares of `factor` by `factor` elements as channels: the inverse of `pixelShuffle`.
 *
 * `x[...b c h w], factor: int -> [...b c*factor*factor h/factor w/factor]`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function pixelUnshuffle<B extends Dim[], C extends Dim, H extends Dim, W extends Dim, Type extends DType, Factor extends Dim>(x: Tensor<[...B, C, H, W], Type>, factor: Factor): Tensor<[...B, Multiply<Multiply<C, Factor>, Factor>, Divide<H, Factor>, Divide<W, Factor>], Type> {
  return emit('pixelUnshuffle', [x], undefined, { factor });
}

/**
 * x/max(‖x‖₂, eps) along `axis`: vectors of length 1.
 *
 * `x[...s]:float, axis: axis = -1, eps: float = 1e-12 -> [...s]`
 *
 * @throws AxisError for an axis out of range or given twice.
 */
export function normalize<S extends Dim[], Type extends FloatDType, Axis extends number = -1>(x: Tensor<S, Type>, options?: { axis?: Guard<'normalize', AxisOf<S, Axis>, Axis>; eps?: number }): Tensor<S, Type> {
  return emit('normalize', [x], options);
}

/**
 * Cosine of the angle between a and b along `axis`: a·b/(max(‖a‖₂, eps)·max(‖b‖₂, eps)).
 *
 * `a[...s]:float, b[...s]:float, axis: axis = -1, eps: float = 1e-8 -> reduceAxis(s, axis)`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 * @throws AxisError for an axis out of range or given twice.
 */
export function cosineSimilarity<S extends Dim[], Type extends FloatDType, S_b extends Dim[], Type_b extends DType, Axis extends number = -1>(a: Tensor<S, Type>, b: SameShape<S, S_b, SameDType<Type, Type_b, Tensor<S_b, Type_b>, `cosineSimilarity: a is ${Type} but b is ${Type_b}; cast one of them`>, `cosineSimilarity: ...s is ${Show<S>} in a but ${Show<S_b>} in b`>, options?: { axis?: Guard<'cosineSimilarity', Reduce<S, Axis>, Axis>; eps?: number }): Tensor<ShapeOf<Reduce<S, NoInfer<Axis>>>, Type> {
  return emit('cosineSimilarity', [a, b], options);
}

/**
 * silu(x·gateᵀ)·(x·upᵀ), the weights stored [out, in] (Shazeer 2020, arXiv:2002.05202).
 *
 * `x[...b k]:float, gate[n k]:float, up[n k]:float -> [...b n]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function swiglu<B extends Dim[], K extends Dim, Type extends FloatDType, N extends Dim, K_gate extends Dim, Type_gate extends DType, N_up extends Dim, K_up extends Dim, Type_up extends DType>(x: Tensor<[...B, K], Type>, gate: SameDim<K, K_gate, SameDType<Type, Type_gate, Tensor<[N, K_gate], Type_gate>, `swiglu: x is ${Type} but gate is ${Type_gate}; cast one of them`>, `swiglu: k is ${K} in x but ${K_gate} in gate`>, up: SameDim<N, N_up, SameDim<K, K_up, SameDType<Type, Type_up, Tensor<[N_up, K_up], Type_up>, `swiglu: x is ${Type} but up is ${Type_up}; cast one of them`>, `swiglu: k is ${K} in x but ${K_up} in up`>, `swiglu: n is ${N} in gate but ${N_up} in up`>): Tensor<[...B, N], Type> {
  return emit('swiglu', [x, gate, up]);
}

/**
 * a·gelu(b) for the halves a and b of the last dimension (Shazeer 2020, arXiv:2002.05202).
 *
 * `x[...b n]:float -> [...b n/2]`
 *
 * @throws ShapeError when shapes do not fit.
 */
export function geglu<B extends Dim[], N extends Dim, Type extends FloatDType>(x: Tensor<[...B, N], Type>): Tensor<[...B, Divide<N, 2>], Type> {
  return emit('geglu', [x]);
}

/**
 * Whether query i, at the position offset + i, may see key j: j ≤ offset + i, and with `window` only the last `window` of these. The mask of `scaledDotProductAttention` for decoding with keys that are kept from step to step: places of later keys are masked. No gradient flows through it.
 *
 * `offset[...p]:i32, queries: int, keys: int, window: int? -> [...p queries keys]:bool`
 *
 * @throws DTypeError when dtypes do not fit.
 */
export function causalMask<P extends Dim[], Type_offset extends DType, Queries extends Dim, Keys extends Dim>(offset: SameDType<'i32', Type_offset, Tensor<P, Type_offset>, `causalMask: offset must be i32, got ${Type_offset}; cast it first`>, queries: Queries, keys: Keys, options?: { window?: number }): Tensor<[...P, Queries, Keys], 'bool'> {
  return emit('causalMask', [offset], options, { queries, keys });
}

/**
 * softmax(q·kᵀ·scale + mask): what `scaledDotProductAttention` multiplies values by, with the same options. To look at, or for dropout of them.
 *
 * `q[...b h m d]:float, k[...b g n d]:float, mask[...t]:any?, causal: bool = false, scale: float?, window: int? -> [...b h m n]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function attentionWeights<B extends Dim[], H extends Dim, M extends Dim, D extends Dim, Type extends FloatDType, B_k extends Dim[], G extends Dim, N extends Dim, D_k extends Dim, Type_k extends DType, T extends Dim[], Type_mask extends DType>(q: Tensor<[...B, H, M, D], Type>, k: SameShape<B, B_k, SameDim<D, D_k, SameDType<Type, Type_k, Tensor<[...B_k, G, N, D_k], Type_k>, `attentionWeights: q is ${Type} but k is ${Type_k}; cast one of them`>, `attentionWeights: d is ${D} in q but ${D_k} in k`>, `attentionWeights: ...b is ${Show<B>} in q but ${Show<B_k>} in k`>, options?: { mask?: Tensor<T, Type_mask> | undefined; causal?: boolean; scale?: number; window?: number }): Tensor<[...B, H, M, N], Type> {
  return emit('attentionWeights', [q, k], options);
}

/**
 * softmax(q·kᵀ·scale + mask)·v of h heads (Vaswani et al. 2017, arXiv:1706.03762); `scale` is 1/√d when omitted. h may be a multiple of the g heads of k and v, which then serve h/g neighbouring heads of q each (Ainslie et al. 2023, arXiv:2305.13245). `mask` broadcasts to [...b h m n]: truth values that say which keys a query may see, or floats to add, where −∞ masks. With `causal` query i sees the keys j ≤ i, with `window` those with |i − j| < window. A query that may see no key gives 0, not NaN, so that padding of a batch stays apart from the rest.
 *
 * `q[...b h m d]:float, k[...b g n d]:float, v[...b g n e]:float, mask[...t]:any?, causal: bool = false, scale: float?, window: int? -> [...b h m e]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function scaledDotProductAttention<B extends Dim[], H extends Dim, M extends Dim, D extends Dim, Type extends FloatDType, B_k extends Dim[], G extends Dim, N extends Dim, D_k extends Dim, Type_k extends DType, B_v extends Dim[], G_v extends Dim, N_v extends Dim, E extends Dim, Type_v extends DType, T extends Dim[], Type_mask extends DType>(q: Tensor<[...B, H, M, D], Type>, k: SameShape<B, B_k, SameDim<D, D_k, SameDType<Type, Type_k, Tensor<[...B_k, G, N, D_k], Type_k>, `scaledDotProductAttention: q is ${Type} but k is ${Type_k}; cast one of them`>, `scaledDotProductAttention: d is ${D} in q but ${D_k} in k`>, `scaledDotProductAttention: ...b is ${Show<B>} in q but ${Show<B_k>} in k`>, v: SameShape<B, B_v, SameDim<G, G_v, SameDim<N, N_v, SameDType<Type, Type_v, Tensor<[...B_v, G_v, N_v, E], Type_v>, `scaledDotProductAttention: q is ${Type} but v is ${Type_v}; cast one of them`>, `scaledDotProductAttention: n is ${N} in k but ${N_v} in v`>, `scaledDotProductAttention: g is ${G} in k but ${G_v} in v`>, `scaledDotProductAttention: ...b is ${Show<B>} in q but ${Show<B_v>} in v`>, options?: { mask?: Tensor<T, Type_mask> | undefined; causal?: boolean; scale?: number; window?: number }): Tensor<[...B, H, M, E], Type> {
  return emit('scaledDotProductAttention', [q, k, v], options);
}

/**
 * Cosines or sines of position·theta^(−2i/dim): what `rope` turns pairs of elements by. `linear` scaling divides frequencies by `factor`; `llama3` those that turn less than `lowFreqFactor` times in `originalMaxPositions`, and keeps those above `highFreqFactor`. Angles are reduced to one turn in integers, so that results are right to 1e-6 at every position. No gradient flows through it.
 *
 * `positions[...p]:i32, dim: int, part: cos|sin, theta: float = 10000, scaling: default|linear|llama3 = default, factor: float = 1, lowFreqFactor: float = 1, highFreqFactor: float = 4, originalMaxPositions: int = 8192 -> [...p dim/2]:f32`
 *
 * @throws DTypeError when dtypes do not fit.
 */
export function rotaryTable<P extends Dim[], Type_positions extends DType, Dim_ extends Dim>(positions: SameDType<'i32', Type_positions, Tensor<P, Type_positions>, `rotaryTable: positions must be i32, got ${Type_positions}; cast it first`>, dim: Dim_, part: 'cos' | 'sin', options?: { theta?: number; scaling?: 'default' | 'linear' | 'llama3'; factor?: number; lowFreqFactor?: number; highFreqFactor?: number; originalMaxPositions?: number }): Tensor<[...P, Divide<Dim_, 2>], 'f32'> {
  return emit('rotaryTable', [positions], options, { dim, part });
}

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864): pairs of elements of x turned by position·theta^(−2i/d). `half` pairs element i with i + d/2 (Llama, GPT-NeoX), `interleaved` pairs 2i with 2i + 1 (GPT-J, and the paper). `positions` broadcasts to [...b n]; see `rotaryTable` for scaling and precision.
 *
 * `x[...b n d]:float, positions[...p n]:i32, layout: half|interleaved = half, theta: float = 10000, scaling: default|linear|llama3 = default, factor: float = 1, lowFreqFactor: float = 1, highFreqFactor: float = 4, originalMaxPositions: int = 8192 -> [...b n d]`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function rope<B extends Dim[], N extends Dim, D extends Dim, Type extends FloatDType, P extends Dim[], N_positions extends Dim, Type_positions extends DType>(x: Tensor<[...B, N, D], Type>, positions: SameDim<N, N_positions, SameDType<'i32', Type_positions, Tensor<[...P, N_positions], Type_positions>, `rope: positions must be i32, got ${Type_positions}; cast it first`>, `rope: n is ${N} in x but ${N_positions} in positions`>, options?: { layout?: 'half' | 'interleaved'; theta?: number; scaling?: 'default' | 'linear' | 'llama3'; factor?: number; lowFreqFactor?: number; highFreqFactor?: number; originalMaxPositions?: number }): Tensor<[...B, N, D], Type> {
  return emit('rope', [x, positions], options);
}

/**
 * Positional encoding: element 2i is the sine of position·maxPeriod^(−2i/dim), element 2i + 1 its cosine (Vaswani et al. 2017, arXiv:1706.03762). To add to embeddings. No gradient flows through it.
 *
 * `positions[...p]:i32, dim: int, maxPeriod: float = 10000 -> [...p dim]:f32`
 *
 * @throws DTypeError when dtypes do not fit.
 */
export function sinusoidalPositions<P extends Dim[], Type_positions extends DType, Dim_ extends Dim>(positions: SameDType<'i32', Type_positions, Tensor<P, Type_positions>, `sinusoidalPositions: positions must be i32, got ${Type_positions}; cast it first`>, dim: Dim_, options?: { maxPeriod?: number }): Tensor<[...P, Dim_], 'f32'> {
  return emit('sinusoidalPositions', [positions], options, { dim });
}

/**
 * Sines, then cosines (`flipSinToCos`: cosines first) of timestep·maxPeriod^(−i/(⌊dim/2⌋ − downscaleFreqShift)), as diffusion models take them (Ho et al. 2020, arXiv:2006.11239) and get_timestep_embedding of diffusers computes them; an odd `dim` ends with a 0. Timesteps may be fractions.
 *
 * `timesteps[...p]:number, dim: int, flipSinToCos: bool = false, downscaleFreqShift: float = 1, maxPeriod: float = 10000 -> [...p dim]:f32`
 */
export function timestepEmbedding<P extends Dim[], Type extends NumericDType, Dim_ extends Dim>(timesteps: Tensor<P, Type>, dim: Dim_, options?: { flipSinToCos?: boolean; downscaleFreqShift?: number; maxPeriod?: number }): Tensor<[...P, Dim_], 'f32'> {
  return emit('timestepEmbedding', [timesteps], options, { dim });
}

/**
 * First word of Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") for the key (seed, stream) and the counter (counter, step). No gradient flows through it.
 *
 * `counter[...]:u32, step[...]:u32, seed[...]:u32, stream[...]:u32 -> [...]:u32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function randomBits<S extends Dim[]>(counter: Tensor<S, 'u32'>, step: Tensor<NoInfer<S>, 'u32'>, seed: Tensor<NoInfer<S>, 'u32'>, stream: Tensor<NoInfer<S>, 'u32'>): Tensor<S, 'u32'>;
/**
 * First word of Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") for the key (seed, stream) and the counter (counter, step). No gradient flows through it.
 *
 * `counter[...]:u32, step[...]:u32, seed[...]:u32, stream[...]:u32 -> [...]:u32`
 *
 * @throws ShapeError when shapes do not fit.
 * @throws DTypeError when dtypes do not fit.
 */
export function randomBits<Counter extends Dim[], Step extends Dim[], Seed extends Dim[], Stream extends Dim[]>(counter: Tensor<Counter, 'u32'>, step: Guard<'randomBits', Broadcast<Counter, Step>, Tensor<Step, 'u32'>>, seed: Guard<'randomBits', Broadcast<BroadcastShape<Counter, Step>, Seed>, Tensor<Seed, 'u32'>>, stream: Guard<'randomBits', Broadcast<BroadcastShape<BroadcastShape<Counter, Step>, Seed>, Stream>, Tensor<Stream, 'u32'>>): Tensor<BroadcastShape<BroadcastShape<BroadcastShape<Counter, Step>, Seed>, Stream>, 'u32'>;
export function randomBits(counter: unknown, step: unknown, seed: unknown, stream: unknown): Tensor {
  return emit('randomBits', [counter, step, seed, stream]);
}

/**
 * Uniform in [0, 1), in multiples of 2⁻²⁴. The bits are Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the key (seed, stream), both modulo 2³², and the counter (index of the element, step). No gradient flows through it.
 *
 * `step[]:u32, shape: shape, seed: int, stream: int -> [...shape]:f32`
 *
 * @throws DTypeError when dtypes do not fit.
 */
export function uniformAt<Type_step extends DType, const Shape extends Dim[]>(step: SameDType<'u32', Type_step, Tensor<[], Type_step>, `uniformAt: step must be u32, got ${Type_step}; cast it first`>, shape: readonly [...Shape], seed: number, stream: number): Tensor<Shape, 'f32'> {
  return emit('uniformAt', [step], undefined, { shape, seed, stream });
}

/**
 * Standard normal: the inverse distribution function (Wichura 1988, AS 241) of 23 bits. The bits are Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the key (seed, stream), both modulo 2³², and the counter (index of the element, step). No gradient flows through it.
 *
 * `step[]:u32, shape: shape, seed: int, stream: int -> [...shape]:f32`
 *
 * @throws DTypeError when dtypes do not fit.
 */
export function normalAt<Type_step extends DType, const Shape extends Dim[]>(step: SameDType<'u32', Type_step, Tensor<[], Type_step>, `normalAt: step must be u32, got ${Type_step}; cast it first`>, shape: readonly [...Shape], seed: number, stream: number): Tensor<Shape, 'f32'> {
  return emit('normalAt', [step], undefined, { shape, seed, stream });
}

/**
 * 0 with probability p, else x/(1 − p); the gradient passes where x did (Srivastava et al. 2014). The bits are Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the key (seed, stream), both modulo 2³², and the counter (index of the element, step).
 *
 * `x[...s]:float, step[]:u32, p: float = 0.5, seed: int, stream: int -> [...s]`
 *
 * @throws DTypeError when dtypes do not fit.
 */
export function dropoutAt<S extends Dim[], Type extends FloatDType, Type_step extends DType>(x: Tensor<S, Type>, step: SameDType<'u32', Type_step, Tensor<[], Type_step>, `dropoutAt: step must be u32, got ${Type_step}; cast it first`>, seed: number, stream: number, options?: { p?: number }): Tensor<S, Type> {
  return emit('dropoutAt', [x, step], options, { seed, stream });
}
