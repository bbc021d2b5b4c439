import type { elementwiseOps } from '../../lib/ir/ops/elementwise.js';
import { binary, each, of, unary, type CasesOf } from './op-case.js';

const positive = each(unary, { range: [0.5, 2] });
const positiveBinary = each(binary, { range: [0.5, 2] });
/** Both signs and several whole numbers. */
const steps = each(unary, { range: [-5, 5] });
const angles = [...each(unary, { range: [-4, 4] }), { ...of([4, 5]), range: [-500, 500] as const }];
/** Few different numbers, so that some are equal. */
const matching = each(binary, { dtypes: ['i32', 'i32'], range: [0, 3], whole: true });
const compared = [...binary, ...matching.slice(0, 2)];
const truths = each(binary, { dtypes: ['bool', 'bool'] });

export const elementwiseCases: CasesOf<typeof elementwiseOps> = {
  neg: unary,
  abs: unary,
  sign: unary,
  exp: unary,
  log: positive,
  expm1: unary,
  log1p: each(unary, { range: [-0.7, 3] }),
  sqrt: positive,
  rsqrt: positive,
  reciprocal: positive,
  square: unary,
  tanh: unary,
  erf: each(unary, { range: [-4, 4] }),
  sin: angles,
  cos: angles,
  floor: steps,
  ceil: steps,
  round: steps,
  sigmoid: unary,
  relu: unary,
  silu: unary,
  add: binary,
  sub: binary,
  mul: binary,
  div: positiveBinary,
  floorDivide: [
    ...each(binary, { ranges: [[-5, 5], [0.3, 2]] }),
    { ...of([4, 5], [5]), dtypes: ['i32', 'i32'], range: [-9, 9] },
    { ...of([4, 5], [5]), dtypes: ['u32', 'u32'], range: [0, 9] },
  ], // prettier-ignore
  // The quotient is between 2 and 3 everywhere: at whole ones the gradient jumps.
  remainder: [
    ...each(binary, { ranges: [[4.2, 5.9], [2, 2.05]] }),
    { ...of([4, 5], [5]), dtypes: ['i32', 'i32'], range: [-9, 9] },
    { ...of([4, 5], [5]), dtypes: ['u32', 'u32'], range: [0, 9] },
  ], // prettier-ignore
  pow: positiveBinary,
  maximum: binary,
  minimum: binary,
  equal: matching,
  notEqual: matching,
  less: compared,
  lessEqual: compared,
  greater: compared,
  greaterEqual: compared,
  isNan: unary,
  isInf: unary,
  isFinite: unary,
  logicalNot: each(unary, { dtypes: ['bool'] }),
  logicalAnd: truths,
  logicalOr: truths,
  logicalXor: truths,
  where: [
    { ...of([3, 5], [3, 5], [3, 5]), dtypes: ['bool', 'f32', 'f32'] },
    { ...of([3, 1], [5], []), dtypes: ['bool', 'f32', 'f32'] },
    { ...of([2, 4], [], []), dtypes: ['bool', 'i32', 'i32'] },
  ],
  cast: [
    { ...of([3, 4]), attrs: { dtype: 'i32' }, range: [-5, 5] },
    { ...of([3, 4]), attrs: { dtype: 'f32' }, dtypes: ['i32'], range: [-5, 5] },
    { ...of([3, 4]), attrs: { dtype: 'f32' }, dtypes: ['bool'] },
    { ...of([3, 4]), attrs: { dtype: 'bool' }, dtypes: ['i32'], range: [0, 2] },
  ],
};
