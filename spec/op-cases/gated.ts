import type { gatedOps } from '../../lib/ir/ops/gated.js';
import { each, of, type CasesOf } from './op-case.js';

export const gatedCases: CasesOf<typeof gatedOps> = {
  swiglu: [
    of([2, 5, 9], [17, 9], [17, 9]),
    of([1, 33], [7, 33], [7, 33]),
    of([4], [3, 4], [3, 4]),
    of([0, 4], [3, 4], [3, 4]),
  ],
  geglu: each([of([2, 5, 18]), of([1, 66]), of([2]), of([3, 0])], { range: [-3, 3] }),
};
