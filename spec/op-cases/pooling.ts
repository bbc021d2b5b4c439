import type { poolingOps } from '../../lib/ir/ops/pooling.js';
import { each, of, type CasesOf } from './op-case.js';

export const poolingCases: CasesOf<typeof poolingOps> = {
  maxPool2d: each(
    [
      { ...of([2, 3, 7, 5]), attrs: { kernelSize: 3, stride: 2, padding: 1 } },
      { ...of([1, 2, 9, 7]), attrs: { kernelSize: 2 } },
      { ...of([2, 8, 7]), attrs: { kernelSize: 3, stride: 2, ceilMode: true } },
      { ...of([1, 9, 9]), attrs: { kernelSize: [3, 2], stride: 1, dilation: [2, 3] } },
      { ...of([6, 5]), attrs: { kernelSize: [2, 3], stride: [1, 2], padding: [0, 1], ceilMode: true } },
    ],
    { distinct: true },
  ),
  maxPool1d: each(
    [
      { ...of([2, 3, 9]), attrs: { kernelSize: 3, stride: 2, padding: 1 } },
      { ...of([11]), attrs: { kernelSize: 2, ceilMode: true } },
    ],
    { distinct: true },
  ),
  avgPool2d: [
    { ...of([2, 3, 7, 5]), attrs: { kernelSize: 3, stride: 2, padding: 1 } },
    { ...of([1, 4, 9, 7]), attrs: { kernelSize: 3, stride: 1, padding: 1, countIncludePad: false } },
    { ...of([2, 8, 6]), attrs: { kernelSize: 2 } },
    { ...of([2, 8, 7]), attrs: { kernelSize: 3, stride: 2, padding: 1, ceilMode: true } },
    { ...of([2, 8, 7]), attrs: { kernelSize: 3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false } },
    { ...of([6, 5]), attrs: { kernelSize: [2, 3], stride: [1, 2], divisor: 5 } },
  ],
  avgPool1d: [
    { ...of([2, 3, 9]), attrs: { kernelSize: 3, stride: 2, padding: 1 } },
    { ...of([11]), attrs: { kernelSize: 2, ceilMode: true, countIncludePad: false } },
  ],
  adaptiveAvgPool2d: [
    { ...of([2, 3, 7, 5]), attrs: { outputSize: 1 } },
    { ...of([2, 8, 6]), attrs: { outputSize: [4, 2] } },
    { ...of([1, 3, 7, 11]), attrs: { outputSize: [3, 5] } },
    { ...of([3, 5]), attrs: { outputSize: [7, 4] } },
    { ...of([2, 6, 5]), attrs: { outputSize: [3, 4] } },
  ],
};
