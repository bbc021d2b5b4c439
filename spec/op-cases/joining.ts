import type { joiningOps } from '../../lib/ir/ops/joining.js';
import { of, type CasesOf } from './op-case.js';

export const joiningCases: CasesOf<typeof joiningOps> = {
  concat: [
    { ...of([3, 1, 5], [3, 7, 5], [3, 2, 5]), attrs: { axis: 1 } },
    { ...of([2, 17], [3, 17]), attrs: { axis: 0 } },
    { ...of([4, 5]), attrs: { axis: 1 } },
    { ...of([0, 3], [2, 3], [0, 3], [1, 3]), attrs: { axis: 0 } },
    { ...of([2], [2], [1], [3], [1], [1], [2], [4], [1], [1], [2], [1]), attrs: { axis: 0 } },
    { ...of([65], [64]), attrs: { axis: -1 } },
  ],
  stack: [
    { ...of([3, 5], [3, 5], [3, 5]), attrs: { axis: 0 } },
    { ...of([7], [7]), attrs: { axis: 1 } },
    { ...of([2, 3, 4], [2, 3, 4]), attrs: { axis: -2 } },
    of([], [], [], []),
    { ...of([5]), attrs: { axis: 0 } },
  ],
};
