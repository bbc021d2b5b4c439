import type { normOps } from '../../lib/ir/ops/norms.js';
import { each, of, type CasesOf } from './op-case.js';

export const normCases: CasesOf<typeof normOps> = {
  layerNorm: [of([3, 5], [5], [5]), { ...of([2, 3, 8], [8], [8]), attrs: { eps: 0.1 } }, of([7], [7], [7])],
  rmsNorm: [of([3, 5], [5]), { ...of([2, 3, 8], [8]), attrs: { eps: 0.1 } }, of([7], [7])],
  groupNorm: [
    { ...of([2, 6, 3, 5], [6], [6]), attrs: { groups: 3 } },
    { ...of([3, 4, 7], [4]), attrs: { groups: 2, eps: 0.1 } },
    { ...of([2, 5, 9]), attrs: { groups: 1 } },
    { ...of([1, 8, 2, 2], [8], [8]), attrs: { groups: 4 } },
  ],
  batchNorm: each(
    [
      of([2, 3, 4, 5], [3], [3], [3], [3]),
      { ...of([6, 9], [9], [9], [9]), attrs: { eps: 0.1 } },
      of([2, 3, 7], [3], [3]),
    ],
    {
      ranges: [
        [-1, 1],
        [-1, 1],
        [0.5, 2],
        [-1, 1],
        [-1, 1],
      ],
    },
  ),
};
