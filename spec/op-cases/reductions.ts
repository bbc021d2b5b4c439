import type { reductionOps } from '../../lib/ir/ops/reductions.js';
import { of, reduced, type CasesOf } from './op-case.js';

export const reductionCases: CasesOf<typeof reductionOps> = {
  sum: [...reduced, { ...of([0, 3]), attrs: { axes: [0] } }],
  mean: reduced,
  max: reduced,
  min: reduced,
};
