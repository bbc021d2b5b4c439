import type { positionOps } from '../../lib/ir/ops/positions.js';
import { of, type CasesOf } from './op-case.js';

const many = [-3, 1_000_000] as const;
// Frequencies of dim 16 that are kept, in the transition and divided.
const llama3 = { scaling: 'llama3', factor: 8, originalMaxPositions: 512 };

export const positionCases: CasesOf<typeof positionOps> = {
  rotaryTable: [
    { ...of([7]), dtypes: ['i32'], range: many, attrs: { dim: 8, part: 'cos' } },
    { ...of([2, 3]), dtypes: ['i32'], range: many, attrs: { dim: 6, part: 'sin', theta: 500000 } },
    { ...of([]), dtypes: ['i32'], range: many, attrs: { dim: 2, part: 'cos' } },
    { ...of([5]), dtypes: ['i32'], range: many, attrs: { dim: 16, part: 'sin', ...llama3 } },
  ],
  rope: [
    { ...of([2, 3, 7, 8], [7]), dtypes: ['f32', 'i32'], ranges: [[-1, 1], many] }, // prettier-ignore
    { ...of([3, 5, 6], [3, 5]), dtypes: ['f32', 'i32'], ranges: [[-1, 1], [0, 99]], attrs: { layout: 'interleaved' } }, // prettier-ignore
    { ...of([2, 2, 3, 4], [2, 1, 3]), dtypes: ['f32', 'i32'], ranges: [[-1, 1], many], attrs: { theta: 100000 } }, // prettier-ignore
    { ...of([1, 2], [1]), dtypes: ['f32', 'i32'], ranges: [[-1, 1], many] }, // prettier-ignore
    { ...of([2, 3, 4], [3]), dtypes: ['f32', 'i32'], ranges: [[-1, 1], many], attrs: { scaling: 'linear', factor: 4 } }, // prettier-ignore
  ],
  sinusoidalPositions: [
    { ...of([5]), dtypes: ['i32'], range: [0, 5000], attrs: { dim: 8 } },
    { ...of([2, 3]), dtypes: ['i32'], range: [0, 5000], attrs: { dim: 6 } },
  ],
  timestepEmbedding: [
    { ...of([5]), range: [0, 1000], attrs: { dim: 32, flipSinToCos: true, downscaleFreqShift: 0 } },
    { ...of([4]), range: [0, 1000], attrs: { dim: 17 } },
    { ...of([3]), dtypes: ['i32'], range: [0, 1000], attrs: { dim: 8, maxPeriod: 100 } },
    { ...of([]), range: [0, 1000], attrs: { dim: 4 } },
  ],
};
