import type { similarityOps } from '../../lib/ir/ops/similarity.js';
import { of, type CasesOf } from './op-case.js';

export const similarityCases: CasesOf<typeof similarityOps> = {
  normalize: [
    of([5, 7]),
    { ...of([3, 4, 2]), attrs: { axis: 1 } },
    { ...of([65]), attrs: { axis: 0 } },
    { ...of([2, 8]), attrs: { eps: 5 } },
  ],
  cosineSimilarity: [
    of([5, 7], [5, 7]),
    { ...of([3, 4, 2], [3, 4, 2]), attrs: { axis: 1 } },
    { ...of([65], [65]), attrs: { axis: 0 } },
    { ...of([2, 8], [2, 8]), attrs: { eps: 5 } },
  ],
};
