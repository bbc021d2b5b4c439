import type { windowOps } from '../../lib/ir/ops/windows.js';
import { of, type CasesOf } from './op-case.js';

export const windowCases: CasesOf<typeof windowOps> = {
  slice: [
    { ...of([3, 17]), attrs: { axis: 1, start: 1, stop: 16, step: 3 } },
    { ...of([9, 4]), attrs: { axis: 0, start: 2, stop: 7 } },
    { ...of([4, 33]), attrs: { axis: -1, start: 5, step: 7 } },
    { ...of([2, 8, 3]), attrs: { axis: 1, start: -3 } },
    { ...of([5]), attrs: { axis: 0, start: 3, stop: 3 } },
    { ...of([2, 8]), attrs: { axis: 1, start: 4, stop: 100 } },
    { ...of([1, 1]), attrs: { axis: 0 } },
    { ...of([0, 3]), attrs: { axis: 1, stop: -1 } },
  ],
  flip: [of([3, 7]), { ...of([2, 5, 3]), attrs: { axes: [0, 2] } }, { ...of([2, 8]), attrs: { axes: 1 } }, of([1])],
  padAxis: [
    { ...of([3, 7]), attrs: { axis: 1, low: 1, high: 2, value: 1.5 } },
    { ...of([2, 3, 4]), attrs: { axis: 1, low: 3 } },
    { ...of([4, 6]), attrs: { axis: -1, low: -1, high: 2 } },
    { ...of([4, 6]), attrs: { axis: 0, low: -2, high: -2 } },
    { ...of([5, 3]), attrs: { axis: 0, interior: 2 } },
    { ...of([5, 3]), attrs: { axis: 0, low: -2, high: 3, interior: 1 } },
    { ...of([6, 2]), attrs: { axis: 0, low: 1, high: -4, interior: 2 } },
    { ...of([0, 3]), attrs: { axis: 0, low: 1, high: 2, value: 1 } },
    { ...of([3, 8]), attrs: { axis: 1, low: 4, high: 4 } },
  ],
  slide: [
    { ...of([2, 9, 3]), attrs: { axis: 1, taps: 2, size: 7 } },
    { ...of([9, 3, 2]), attrs: { axis: 0, taps: 1, size: 5, stride: 2, start: -1 } },
    { ...of([3, 2, 9]), attrs: { axis: 2, taps: 0, size: 9, dilation: 2, start: -2 } },
    { ...of([4, 8]), attrs: { axis: 1, taps: 0, size: 8, start: -1 } },
    { ...of([5, 1]), attrs: { axis: 0, taps: 1, size: 3, stride: 3 } },
  ],
  unslide: [
    { ...of([2, 7, 3]), attrs: { axis: 1, taps: 2, size: 9 } },
    { ...of([5, 3, 2]), attrs: { axis: 0, taps: 1, size: 9, stride: 2, start: -1 } },
    { ...of([3, 2, 9]), attrs: { axis: 2, taps: 0, size: 9, dilation: 2, start: -2 } },
    { ...of([4, 8]), attrs: { axis: 1, taps: 0, size: 12, start: -1 } },
    { ...of([3, 1]), attrs: { axis: 0, taps: 1, size: 8, stride: 3 } },
  ],
};
