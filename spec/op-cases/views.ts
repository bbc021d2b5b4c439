import type { sourceOps, viewOps } from '../../lib/ir/ops/views.js';
import { of, type CasesOf } from './op-case.js';

export const viewCases: CasesOf<typeof viewOps & typeof sourceOps> = {
  reshape: [
    { ...of([3, 4]), attrs: { shape: [2, 6] } },
    { ...of([2, 3, 4]), attrs: { shape: [4, -1] } },
    { ...of([1]), attrs: { shape: [] } },
  ],
  permute: [
    { ...of([2, 3, 4]), attrs: { axes: [2, 0, 1] } },
    { ...of([2, 3, 4, 5]), attrs: { axes: [0, 2, 1, 3] } },
  ],
  transpose: [of([3, 5]), of([2, 3, 4])],
  unsqueeze: [
    { ...of([3, 4]), attrs: { axis: 0 } },
    { ...of([3, 4]), attrs: { axis: -1 } },
    { ...of([]), attrs: { axis: 0 } },
  ],
  squeeze: [
    { ...of([3, 1, 4]), attrs: { axis: 1 } },
    { ...of([1]), attrs: { axis: -1 } },
  ],
  broadcastTo: [
    { ...of([3, 1]), attrs: { shape: [2, 3, 4] } },
    { ...of([]), attrs: { shape: [5] } },
  ],
  stopGradient: [of([3, 5]), of([])],
  arange: [0, 6, 7, 12, 31, 100, 129].map((count) => ({ ...of(), attrs: { count } })),
};
