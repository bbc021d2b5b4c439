import type { resamplingOps } from '../../lib/ir/ops/resampling.js';
import { of, type CasesOf } from './op-case.js';

export const resamplingCases: CasesOf<typeof resamplingOps> = {
  interpolate: [
    { ...of([2, 3, 4, 5]), attrs: { size: [8, 15] } },
    { ...of([1, 2, 7, 5]), attrs: { size: [10, 13] } },
    { ...of([2, 9, 4]), attrs: { size: [3, 3] } },
    { ...of([2, 4, 5]), attrs: { size: [8, 10], mode: 'bilinear' } },
    { ...of([1, 2, 7, 5]), attrs: { size: [10, 13], mode: 'bilinear', alignCorners: true } },
    { ...of([9, 4]), attrs: { size: [4, 3], mode: 'bilinear' } },
    { ...of([1, 4]), attrs: { size: [3, 1], mode: 'bilinear', alignCorners: true } },
  ],
  pixelShuffle: [
    { ...of([2, 8, 3, 2]), attrs: { factor: 2 } },
    { ...of([9, 2, 4]), attrs: { factor: 3 } },
    { ...of([3, 2, 2]), attrs: { factor: 1 } },
  ],
  pixelUnshuffle: [
    { ...of([2, 3, 6, 4]), attrs: { factor: 2 } },
    { ...of([1, 6, 9]), attrs: { factor: 3 } },
    { ...of([3, 2, 2]), attrs: { factor: 1 } },
  ],
};
