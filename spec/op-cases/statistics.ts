import type { statisticOps } from '../../lib/ir/ops/statistics.js';
import { each, of, reduced, type CasesOf } from './op-case.js';

export const statisticCases: CasesOf<typeof statisticOps> = {
  variance: [...reduced, { ...of([3, 5]), attrs: { axes: [1], correction: 0 } }],
  // Where all values are equal, rounding decides on the direction of the gradient.
  std: each(reduced, { distinct: true }),
  l2Norm: reduced,
  logsumexp: reduced,
};
