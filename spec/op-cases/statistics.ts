import type { statisticOps } from '../../lib/ir/ops/statistics.js';
import { of, reduced, type CasesOf } from './op-case.js';

export const statisticCases: CasesOf<typeof statisticOps> = {
  variance: [...reduced, { ...of([3, 5]), attrs: { axes: [1], correction: 0 } }],
  std: reduced,
  l2Norm: reduced,
  logsumexp: reduced,
};
