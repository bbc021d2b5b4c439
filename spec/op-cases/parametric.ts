import type { parametricOps } from '../../lib/ir/ops/parametric.js';
import { each, of, unary, type CasesOf } from './op-case.js';

export const parametricCases: CasesOf<typeof parametricOps> = {
  leakyRelu: [...unary, { ...of([3, 5]), attrs: { slope: 0.2 } }],
  elu: [...each(unary, { range: [-4, 4] }), { ...of([3, 5]), attrs: { alpha: 0.5 } }],
  clamp: [
    { ...of([3, 5]), attrs: { min: -0.5, max: 0.75 } },
    { ...of([3, 5]), attrs: { max: 0.3 } },
    { ...of([]), attrs: { min: 0 } },
    { ...of([4, 2]), attrs: { min: 1, max: 3 }, dtypes: ['i32'], range: [-5, 5] },
  ],
  maskedFill: [
    { ...of([3, 5], [3, 5]), attrs: { value: -3.5 }, dtypes: ['f32', 'bool'] },
    { ...of([2, 3, 4], [3, 1]), attrs: { value: 0 }, dtypes: ['f32', 'bool'] },
  ],
};
