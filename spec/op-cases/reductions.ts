import type { reductionOps } from '../../lib/ir/ops/reductions.js';
import { each, of, reduced, type CasesOf } from './op-case.js';

const truths = [...each(reduced, { dtypes: ['bool'] }), { ...of([0, 3]), dtypes: ['bool'] as const }];

export const reductionCases: CasesOf<typeof reductionOps> = {
  sum: [...reduced, { ...of([0, 3]), attrs: { axes: [0] } }],
  prod: [
    ...each(reduced, { range: [0.7, 1.4] }),
    { ...of([2, 3]), range: [-2, 2], attrs: { axes: [1] } },
    { ...of([0, 3]), attrs: { axes: [0] } },
  ],
  mean: reduced,
  max: reduced,
  min: reduced,
  any: truths,
  all: truths,
};
