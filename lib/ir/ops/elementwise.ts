import { scalar } from '../scalar.js';
import { defineMap } from './define.js';

const unary = 'x[...s]:number -> [...s]';
const floatUnary = 'x[...s]:float -> [...s]';
const binary = 'a[...]:number, b[...]:number -> [...]';
const floatBinary = 'a[...]:float, b[...]:float -> [...]';
const equality = 'a[...], b[...] -> [...]:bool';
const comparison = 'a[...]:number, b[...]:number -> [...]:bool';
const logical = 'a[...]:bool, b[...]:bool -> [...]:bool';
const floatTest = 'x[...s]:float -> [...s]:bool';
const { add, mul, sub, div, neg, exp, maximum, less, lessEqual, equal, logicalNot, where } = scalar;

export const elementwiseOps = {
  neg: defineMap({ name: 'neg', signature: unary, doc: '−x; modulo 2³² for u32.', expression: neg }),
  abs: defineMap({
    name: 'abs',
    signature: unary,
    doc: '|x|; the gradient at 0 is 0. The least i32 has no positive counterpart and stays.',
    expression: scalar.abs,
  }),
  sign: defineMap({
    name: 'sign',
    signature: unary,
    doc: '−1, 0 or 1 by the sign of x; 0 for NaN.',
    expression: scalar.sign,
    gradient: 'none',
  }),
  exp: defineMap({ name: 'exp', signature: floatUnary, doc: 'eˣ.', expression: exp }),
  log: defineMap({ name: 'log', signature: floatUnary, doc: 'Natural logarithm.', expression: scalar.log }),
  expm1: defineMap({
    name: 'expm1',
    signature: floatUnary,
    doc: 'eˣ − 1, with all digits near 0.',
    expression: scalar.expm1,
    derivatives: (x) => [exp(x)],
  }),
  log1p: defineMap({
    name: 'log1p',
    signature: floatUnary,
    doc: 'log(1 + x), with all digits near 0.',
    expression: scalar.log1p,
  }),
  sqrt: defineMap({ name: 'sqrt', signature: floatUnary, doc: '√x.', expression: scalar.sqrt }),
  rsqrt: defineMap({ name: 'rsqrt', signature: floatUnary, doc: '1/√x.', expression: scalar.rsqrt }),
  reciprocal: defineMap({ name: 'reciprocal', signature: floatUnary, doc: '1/x.', expression: (x) => div(1, x) }),
  square: defineMap({ name: 'square', signature: unary, doc: 'x².', expression: (x) => mul(x, x) }),
  tanh: defineMap({ name: 'tanh', signature: floatUnary, doc: 'Hyperbolic tangent.', expression: scalar.tanh }),
  erf: defineMap({
    name: 'erf',
    signature: floatUnary,
    doc: 'Error function 2/√π ∫₀ˣ e^(−t²) dt.',
    expression: scalar.erf,
  }),
  sin: defineMap({
    name: 'sin',
    signature: floatUnary,
    doc: 'Sine, of angles up to 10⁵ radians with the precision of the dtype.',
    expression: scalar.sin,
  }),
  cos: defineMap({
    name: 'cos',
    signature: floatUnary,
    doc: 'Cosine, of angles up to 10⁵ radians with the precision of the dtype.',
    expression: scalar.cos,
  }),
  floor: defineMap({
    name: 'floor',
    signature: floatUnary,
    doc: 'Greatest integer not above x.',
    expression: scalar.floor,
    gradient: 'none',
  }),
  ceil: defineMap({
    name: 'ceil',
    signature: floatUnary,
    doc: 'Least integer not below x.',
    expression: scalar.ceil,
    gradient: 'none',
  }),
  round: defineMap({
    name: 'round',
    signature: floatUnary,
    doc: 'Nearest integer; a half goes to the even one.',
    expression: scalar.round,
    gradient: 'none',
  }),
  sigmoid: defineMap({
    name: 'sigmoid',
    signature: floatUnary,
    doc: 'Logistic function 1/(1 + e⁻ˣ).',
    expression: (x) => div(1, add(1, exp(neg(x)))),
    derivatives: (_, y) => [mul(y, sub(1, y))],
  }),
  relu: defineMap({
    name: 'relu',
    signature: unary,
    doc: 'max(x, 0); the gradient at 0 is 0.',
    expression: (x) => maximum(x, 0),
    derivatives: (_, y) => [where(less(0, y), 1, 0)],
  }),
  silu: defineMap({
    name: 'silu',
    signature: floatUnary,
    doc: 'x·sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118).',
    expression: (x) => div(x, add(1, exp(neg(x)))),
    // σ·(1 + x·(1 − σ)): no product of 0 and infinity where e⁻ˣ overflows.
    derivatives: (x) => {
      const sigmoid = div(1, add(1, exp(neg(x))));
      return [mul(sigmoid, add(1, mul(x, sub(1, sigmoid))))];
    },
  }),

  add: defineMap({ name: 'add', signature: binary, doc: 'a + b.', expression: add, commutative: true }),
  sub: defineMap({ name: 'sub', signature: binary, doc: 'a − b.', expression: sub }),
  mul: defineMap({
    name: 'mul',
    signature: binary,
    doc: 'a·b, element by element.',
    expression: mul,
    commutative: true,
  }),
  div: defineMap({ name: 'div', signature: floatBinary, doc: 'a/b, element by element.', expression: div }),
  floorDivide: defineMap({
    name: 'floorDivide',
    signature: binary,
    doc: '⌊a/b⌋; integers divided by zero stay what they are.',
    expression: scalar.floorDivide,
    gradient: 'none',
  }),
  remainder: defineMap({
    name: 'remainder',
    signature: binary,
    doc:
      'a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and ' +
      '0 beyond; of integers divided by zero it is 0.',
    expression: scalar.remainder,
  }),
  pow: defineMap({
    name: 'pow',
    signature: floatBinary,
    doc: 'aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too.',
    expression: scalar.pow,
  }),
  maximum: defineMap({
    name: 'maximum',
    signature: binary,
    doc: 'The greater of a and b, NaN if one is; at a tie each gets half of the gradient.',
    expression: maximum,
    commutative: true,
  }),
  minimum: defineMap({
    name: 'minimum',
    signature: binary,
    doc: 'The smaller of a and b, NaN if one is; at a tie each gets half of the gradient.',
    expression: scalar.minimum,
    commutative: true,
  }),

  equal: defineMap({
    name: 'equal',
    signature: equality,
    doc: 'a = b.',
    expression: equal,
    commutative: true,
    gradient: 'none',
  }),
  notEqual: defineMap({
    name: 'notEqual',
    signature: equality,
    doc: 'a ≠ b.',
    expression: (a, b) => logicalNot(equal(a, b)),
    commutative: true,
    gradient: 'none',
  }),
  less: defineMap({ name: 'less', signature: comparison, doc: 'a < b.', expression: less, gradient: 'none' }),
  lessEqual: defineMap({
    name: 'lessEqual',
    signature: comparison,
    doc: 'a ≤ b.',
    expression: lessEqual,
    gradient: 'none',
  }),
  greater: defineMap({
    name: 'greater',
    signature: comparison,
    doc: 'a > b.',
    expression: (a, b) => less(b, a),
    gradient: 'none',
  }),
  greaterEqual: defineMap({
    name: 'greaterEqual',
    signature: comparison,
    doc: 'a ≥ b.',
    expression: (a, b) => lessEqual(b, a),
    gradient: 'none',
  }),
  isNan: defineMap({
    name: 'isNan',
    signature: floatTest,
    doc: 'Whether x is NaN.',
    expression: scalar.isNan,
    gradient: 'none',
  }),
  isInf: defineMap({
    name: 'isInf',
    signature: floatTest,
    doc: 'Whether x is infinite, of either sign.',
    expression: scalar.isInf,
    gradient: 'none',
  }),
  isFinite: defineMap({
    name: 'isFinite',
    signature: floatTest,
    doc: 'Whether x is neither infinite nor NaN.',
    expression: scalar.isFinite,
    gradient: 'none',
  }),
  logicalNot: defineMap({
    name: 'logicalNot',
    signature: 'x[...s]:bool -> [...s]:bool',
    doc: 'True where x is false.',
    expression: logicalNot,
    gradient: 'none',
  }),
  logicalAnd: defineMap({
    name: 'logicalAnd',
    signature: logical,
    doc: 'True where a and b are.',
    expression: scalar.logicalAnd,
    commutative: true,
    gradient: 'none',
  }),
  logicalOr: defineMap({
    name: 'logicalOr',
    signature: logical,
    doc: 'True where a or b is.',
    expression: scalar.logicalOr,
    commutative: true,
    gradient: 'none',
  }),
  logicalXor: defineMap({
    name: 'logicalXor',
    signature: logical,
    doc: 'True where one of a and b is, and not both.',
    expression: scalar.logicalXor,
    commutative: true,
    gradient: 'none',
  }),
  where: defineMap({
    name: 'where',
    signature: 'condition[...]:bool, a[...], b[...] -> [...]',
    doc: 'a where the condition holds, else b.',
    expression: where,
  }),
  cast: defineMap({
    name: 'cast',
    signature: 'x[...s], dtype: dtype -> [...s]:dtype',
    doc:
      'x in another dtype: truth values go to 0 and 1, numbers to x ≠ 0 (NaN is true). Floats are cut towards zero and ' +
      'held within the range of the integers, NaN becomes 0; between i32 and u32 the bits stay.',
    expression: (x) => x,
  }),
};
