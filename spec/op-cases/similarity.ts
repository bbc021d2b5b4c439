import type { similarityOps } from '../../lib/ir/ops/similarity.js';
import { of, type CasesOf, type OpCase } from './op-case.js';

/** Away from 0, where the gradient is as large as the reciprocal of the length, and so is its rounding. */
const away = (cases: readonly OpCase[]): OpCase[] =>
  cases.map((entry, i) => ({ ...entry, range: i % 2 === 0 ? [0.25, 1.25] : [-1.25, -0.25] }));

export const similarityCases: CasesOf<typeof similarityOps> = {
  normalize: away([
    of([5, 7]),
    { ...of([3, 4, 2]), attrs: { axis: 1 } },
    { ...of([65]), attrs: { axis: 0 } },
    { ...of([2, 8]), attrs: { eps: 5 } },
  ]),
  cosineSimilarity: away([
    of([5, 7], [5, 7]),
    { ...of([3, 4, 2], [3, 4, 2]), attrs: { axis: 1 } },
    { ...of([65], [65]), attrs: { axis: 0 } },
    { ...of([2, 8], [2, 8]), attrs: { eps: 5 } },
  ]),
};
