import type { DType } from './dtype.js';
import { GraphError } from './errors.js';
import {
  erf,
  floorDivide,
  floorDivideIntegers,
  power,
  randomBits,
  remainder,
  remainderOfIntegers,
  roundHalfToEven,
  toDType,
} from './scalar-numerics.js';

/**
 * The scalar expression language. An elementwise operation is one expression over its operands' elements; its
 * reference evaluation, its WGSL and its gradient all follow from that expression.
 */
export type Scalar =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'variable'; readonly index: number }
  | { readonly kind: 'call'; readonly fn: ScalarFunction; readonly args: readonly Scalar[] };

interface ScalarPrimitive {
  readonly arity: number;
  /** Value in f64; truth values are 0 and 1. */
  readonly evaluate: (...args: number[]) => number;
  /** Of integers of 32 bits, where `evaluate` is something else or not exact; the result may still have to wrap. */
  readonly evaluateIntegers?: (...args: number[]) => number;
  /** ∂y/∂xᵢ for each argument, `null` where the derivative is zero wherever it exists. */
  readonly derivatives: (args: readonly Scalar[], y: Scalar) => readonly (Scalar | null)[];
  /** The result is a truth value rather than a number. */
  readonly predicate?: true;
}

export type ScalarFunction =
  | ('neg' | 'abs' | 'sign' | 'exp' | 'expm1' | 'log' | 'log1p' | 'sqrt' | 'rsqrt' | 'tanh' | 'erf' | 'sin' | 'cos')
  | ('floor' | 'ceil' | 'round')
  | ('add' | 'sub' | 'mul' | 'div' | 'floorDivide' | 'remainder' | 'maximum' | 'minimum' | 'pow')
  | ('equal' | 'less' | 'lessEqual' | 'isNan' | 'isInf' | 'isFinite')
  | ('logicalNot' | 'logicalAnd' | 'logicalOr' | 'logicalXor' | 'where' | 'randomBits');

const bit = (condition: boolean) => (condition ? 1 : 0);

/** Every scalar function; backends give each its text, in a table whose type demands all of them. */
export const scalarPrimitives: Record<ScalarFunction, ScalarPrimitive> = {
  neg: { arity: 1, evaluate: (x) => -x, derivatives: () => [constant(-1)] },
  abs: { arity: 1, evaluate: Math.abs, derivatives: ([x]) => [scalar.sign(x!)] },
  sign: { arity: 1, evaluate: (x) => Math.sign(x) || 0, derivatives: () => [null] },
  exp: { arity: 1, evaluate: Math.exp, derivatives: (_, y) => [y] },
  expm1: { arity: 1, evaluate: Math.expm1, derivatives: (_, y) => [scalar.add(y, 1)] },
  log: { arity: 1, evaluate: Math.log, derivatives: ([x]) => [scalar.div(1, x!)] },
  log1p: { arity: 1, evaluate: Math.log1p, derivatives: ([x]) => [scalar.div(1, scalar.add(1, x!))] },
  sqrt: { arity: 1, evaluate: Math.sqrt, derivatives: (_, y) => [scalar.div(0.5, y)] },
  rsqrt: {
    arity: 1,
    evaluate: (x) => 1 / Math.sqrt(x),
    derivatives: ([x], y) => [scalar.mul(-0.5, scalar.div(y, x!))],
  },
  tanh: { arity: 1, evaluate: Math.tanh, derivatives: (_, y) => [scalar.sub(1, scalar.mul(y, y))] },
  erf: {
    arity: 1,
    evaluate: erf,
    derivatives: ([x]) => [scalar.mul(2 / Math.sqrt(Math.PI), scalar.exp(scalar.neg(scalar.mul(x!, x!))))],
  },
  sin: { arity: 1, evaluate: Math.sin, derivatives: ([x]) => [scalar.cos(x!)] },
  cos: { arity: 1, evaluate: Math.cos, derivatives: ([x]) => [scalar.neg(scalar.sin(x!))] },
  floor: { arity: 1, evaluate: Math.floor, derivatives: () => [null] },
  ceil: { arity: 1, evaluate: Math.ceil, derivatives: () => [null] },
  round: { arity: 1, evaluate: roundHalfToEven, derivatives: () => [null] },
  add: { arity: 2, evaluate: (a, b) => a + b, derivatives: () => [constant(1), constant(1)] },
  sub: { arity: 2, evaluate: (a, b) => a - b, derivatives: () => [constant(1), constant(-1)] },
  mul: {
    arity: 2,
    evaluate: (a, b) => a * b,
    evaluateIntegers: Math.imul,
    derivatives: ([a, b]) => [b!, a!],
  },
  div: {
    arity: 2,
    evaluate: (a, b) => a / b,
    derivatives: ([, b], y) => [scalar.div(1, b!), scalar.neg(scalar.div(y, b!))],
  },
  floorDivide: {
    arity: 2,
    evaluate: floorDivide,
    evaluateIntegers: floorDivideIntegers,
    derivatives: () => [null, null],
  },
  remainder: {
    arity: 2,
    evaluate: remainder,
    evaluateIntegers: remainderOfIntegers,
    derivatives: ([a, b]) => [constant(1), scalar.neg(scalar.floorDivide(a!, b!))],
  },
  // At a tie each side gets half, as in PyTorch.
  maximum: { arity: 2, evaluate: Math.max, derivatives: ([a, b]) => [shareOfGreater(a!, b!), shareOfGreater(b!, a!)] },
  minimum: { arity: 2, evaluate: Math.min, derivatives: ([a, b]) => [shareOfGreater(b!, a!), shareOfGreater(a!, b!)] },
  pow: {
    arity: 2,
    evaluate: power,
    derivatives: ([a, b], y) => [
      // a⁰ has the slope 0 everywhere, also where a⁻¹ is infinite.
      scalar.where(scalar.equal(b!, 0), 0, scalar.mul(b!, scalar.pow(a!, scalar.sub(b!, 1)))),
      // 0^b has the slope 0 in b, not 0·log 0.
      scalar.where(scalar.equal(a!, 0), 0, scalar.mul(y, scalar.log(a!))),
    ],
  },
  equal: { arity: 2, evaluate: (a, b) => bit(a === b), derivatives: () => [null, null], predicate: true },
  less: { arity: 2, evaluate: (a, b) => bit(a < b), derivatives: () => [null, null], predicate: true },
  lessEqual: { arity: 2, evaluate: (a, b) => bit(a <= b), derivatives: () => [null, null], predicate: true },
  isNan: { arity: 1, evaluate: (a) => bit(Number.isNaN(a)), derivatives: () => [null], predicate: true },
  isInf: { arity: 1, evaluate: (a) => bit(Math.abs(a) === Infinity), derivatives: () => [null], predicate: true },
  isFinite: { arity: 1, evaluate: (a) => bit(Number.isFinite(a)), derivatives: () => [null], predicate: true },
  logicalNot: { arity: 1, evaluate: (a) => bit(a === 0), derivatives: () => [null], predicate: true },
  logicalAnd: {
    arity: 2,
    evaluate: (a, b) => bit(a !== 0 && b !== 0),
    derivatives: () => [null, null],
    predicate: true,
  },
  logicalOr: {
    arity: 2,
    evaluate: (a, b) => bit(a !== 0 || b !== 0),
    derivatives: () => [null, null],
    predicate: true,
  },
  logicalXor: {
    arity: 2,
    evaluate: (a, b) => bit((a !== 0) !== (b !== 0)),
    derivatives: () => [null, null],
    predicate: true,
  },
  where: {
    arity: 3,
    evaluate: (condition, a, b) => (condition !== 0 ? a : b),
    derivatives: ([condition]) => [null, scalar.where(condition!, 1, 0), scalar.where(condition!, 0, 1)],
  },
  randomBits: { arity: 4, evaluate: randomBits, derivatives: () => [null, null, null, null] },
};

type Operand = Scalar | number;
type ScalarCalls = { readonly [F in ScalarFunction]: (...args: Operand[]) => Scalar };

export function constant(value: number): Scalar {
  return { kind: 'constant', value };
}

export function variable(index: number): Scalar {
  return { kind: 'variable', index };
}

/** One constructor per scalar function: `scalar.add(x, 1)`. */
export const scalar = Object.fromEntries(
  (Object.keys(scalarPrimitives) as ScalarFunction[]).map((fn) => [
    fn,
    (...args: Operand[]): Scalar => {
      if (args.length !== scalarPrimitives[fn].arity) {
        throw new GraphError(`${fn}: expected ${scalarPrimitives[fn].arity} arguments, got ${args.length}`);
      }
      return { kind: 'call', fn, args: args.map((arg) => (typeof arg === 'number' ? constant(arg) : arg)) };
    },
  ]),
) as ScalarCalls;

/** 1 where a > b, ½ where a = b, else 0. */
function shareOfGreater(a: Scalar, b: Scalar): Scalar {
  return scalar.where(scalar.equal(a, b), 0.5, scalar.where(scalar.less(b, a), 1, 0));
}

/**
 * The expression's value for the given operand elements, of the dtype that operands and constants have (the condition of
 * a choice aside): floats in f64, integers of 32 bits wrapping at every step.
 */
export function evaluateScalar(expression: Scalar, operands: readonly number[], dtype: DType = 'f32'): number {
  return compileScalar(expression, dtype)(operands);
}

/** The expression as a function of the operands' elements; as {@link evaluateScalar}, for many elements. */
export function compileScalar(expression: Scalar, dtype: DType): (operands: readonly number[]) => number {
  const isInteger = dtype === 'i32' || dtype === 'u32';
  return foldScalar<(operands: readonly number[]) => number>(expression, {
    constant: (value) => () => value,
    variable: (index) => (operands) => operands[index]!,
    call: (fn, args) => {
      const { evaluate, evaluateIntegers } = scalarPrimitives[fn];
      const compute = isInteger
        ? (...values: number[]) => toDType((evaluateIntegers ?? evaluate)(...values), dtype)
        : evaluate;
      const [a, b] = args;
      if (args.length === 1) return (operands) => compute(a!(operands));
      if (args.length === 2) return (operands) => compute(a!(operands), b!(operands));
      return (operands) => compute(...args.map((arg) => arg(operands)));
    },
  });
}

interface ScalarFold<T> {
  constant(value: number): T;
  variable(index: number): T;
  call(fn: ScalarFunction, args: T[]): T;
}

/** Replaces each part of the expression by a `T`, innermost first. */
export function foldScalar<T>(expression: Scalar, fold: ScalarFold<T>): T {
  switch (expression.kind) {
    case 'constant':
      return fold.constant(expression.value);
    case 'variable':
      return fold.variable(expression.index);
    case 'call':
      return fold.call(
        expression.fn,
        expression.args.map((arg) => foldScalar(arg, fold)),
      );
  }
}

/** ∂expression/∂variable by the chain rule; `null` when it is zero wherever it exists. */
export function differentiateScalar(expression: Scalar, index: number): Scalar | null {
  if (expression.kind === 'constant') return null;
  if (expression.kind === 'variable') return expression.index === index ? constant(1) : null;
  const outer = scalarPrimitives[expression.fn].derivatives(expression.args, expression);
  let total: Scalar | null = null;
  expression.args.forEach((arg, i) => {
    const inner = differentiateScalar(arg, index);
    const slope = outer[i] ?? null;
    if (!inner || !slope) return;
    const term = isConstant(inner, 1) ? slope : isConstant(slope, 1) ? inner : scalar.mul(slope, inner);
    total = total ? scalar.add(total, term) : term;
  });
  return total;
}

function isConstant(expression: Scalar, value: number): boolean {
  return expression.kind === 'constant' && expression.value === value;
}
