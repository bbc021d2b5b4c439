import type { rearrangingOps } from '../../lib/ir/ops/rearranging.js';
import { of, type CasesOf, type OpCase } from './op-case.js';

const triangles: readonly OpCase[] = [
  of([5, 7]),
  { ...of([2, 4, 4]), attrs: { diagonal: -1 } },
  { ...of([7, 3]), attrs: { diagonal: 2 } },
  { ...of([3, 3]), attrs: { diagonal: 9 } },
  { ...of([3, 3]), attrs: { diagonal: -9 } },
  of([0, 3]),
  of([1, 65]),
];

export const rearrangingCases: CasesOf<typeof rearrangingOps> = {
  pad: [
    { ...of([3, 7]), attrs: { pads: [1, 2], value: 1.5 } },
    { ...of([2, 3, 5, 4]), attrs: { pads: [2, 1, 0, 3] } },
    { ...of([1, 2, 5, 7]), attrs: { pads: [2, 1, 1, 3], mode: 'reflect' } },
    { ...of([1, 2, 3, 4]), attrs: { pads: [1, 2, 3, 0], mode: 'replicate' } },
    { ...of([3, 8]), attrs: { pads: [3, 8, 0, 2], mode: 'circular' } },
    { ...of([4, 6]), attrs: { pads: [-1, 2] } },
    { ...of([4, 6]), attrs: { pads: [3, -4, -2, -1] } },
    { ...of([4]), attrs: { pads: [3, 3], mode: 'reflect' } },
    { ...of([1]), attrs: { pads: [4, 5], mode: 'replicate' } },
    { ...of([3]), attrs: { pads: [] } },
    { ...of([0, 3]), attrs: { pads: [0, 0, 1, 2], value: 1 } },
  ],
  repeat: [
    { ...of([3, 2]), attrs: { times: [2, 3] } },
    { ...of([5]), attrs: { times: [2, 2] } },
    { ...of([]), attrs: { times: [3] } },
    { ...of([2, 1, 3]), attrs: { times: [1, 4, 1] } },
    { ...of([3, 2]), attrs: { times: [0, 2] } },
    { ...of([]), attrs: { times: [] } },
  ],
  repeatInterleave: [
    { ...of([3, 2, 5]), attrs: { times: 3, axis: 1 } },
    { ...of([4]), attrs: { times: 2, axis: 0 } },
    { ...of([2, 3]), attrs: { times: 5, axis: -1 } },
    { ...of([2, 3]), attrs: { times: 0, axis: 0 } },
  ],
  roll: [
    { ...of([5, 7]), attrs: { shift: 2, axis: 1 } },
    { ...of([5, 7]), attrs: { shift: -3, axis: 0 } },
    { ...of([4]), attrs: { shift: 11, axis: 0 } },
    { ...of([2, 3, 4]), attrs: { shift: 3, axis: 1 } },
    { ...of([2, 0]), attrs: { shift: 1, axis: 1 } },
  ],
  tril: triangles,
  triu: triangles,
};
