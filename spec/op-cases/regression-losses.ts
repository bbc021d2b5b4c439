import type { regressionLossOps } from '../../lib/ir/ops/regression-losses.js';
import { of, type CasesOf } from './op-case.js';

const compared = [
  of([3, 5], [3, 5]),
  { ...of([], []), attrs: { reduction: 'sum' } },
  { ...of([2, 3, 4], [2, 3, 4]), attrs: { reduction: 'none' } },
];

export const regressionLossCases: CasesOf<typeof regressionLossOps> = {
  mseLoss: compared,
  l1Loss: compared,
  huberLoss: [...compared, { ...of([3, 5], [3, 5]), attrs: { delta: 0.3, reduction: 'sum' } }],
  smoothL1Loss: [...compared, { ...of([3, 5], [3, 5]), attrs: { beta: 0.3, reduction: 'none' } }],
};
