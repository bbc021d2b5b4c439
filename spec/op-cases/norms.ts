import type { normOps } from '../../lib/ir/ops/norms.js';
import { of, type CasesOf } from './op-case.js';

export const normCases: CasesOf<typeof normOps> = {
  layerNorm: [of([3, 5], [5], [5]), { ...of([2, 3, 8], [8], [8]), attrs: { eps: 0.1 } }, of([7], [7], [7])],
  rmsNorm: [of([3, 5], [5]), { ...of([2, 3, 8], [8]), attrs: { eps: 0.1 } }, of([7], [7])],
};
