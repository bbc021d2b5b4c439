import type { contractionOps, linearOps } from '../../lib/ir/ops/matmul.js';
import { of, type CasesOf } from './op-case.js';

export const matmulCases: CasesOf<typeof contractionOps & typeof linearOps> = {
  matmul: [
    of([3, 5], [5, 4]),
    of([8, 12], [12, 16]),
    of([2, 3, 5], [5, 4]),
    of([2, 1, 3, 5], [4, 5, 2]),
    of([1, 1], [1, 1]),
    of([3, 0], [0, 2]),
    of([65, 33], [33, 17]),
    // Large enough for tiles in workgroup memory, whole and ragged.
    of([64, 16], [16, 64]),
    of([2, 70, 36], [36, 40]),
    of([37, 19], [3, 19, 33]),
  ],
  linear: [of([3, 5], [4, 5], [4]), of([2, 3, 8], [4, 8], [4])],
};
