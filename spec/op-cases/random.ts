import type { randomOps } from '../../lib/ir/ops/random.js';
import { each, of, type CasesOf } from './op-case.js';

const drawn = [
  { ...of([]), attrs: { shape: [3, 5], seed: 7, stream: 3 } },
  { ...of([]), attrs: { shape: [2, 3, 8], seed: 2 ** 32 - 1, stream: 2 ** 31 } },
  { ...of([]), attrs: { shape: [], seed: 0, stream: 0 } },
];
const steps = each(drawn, { dtypes: ['u32'], range: [0, 1000] });

export const randomCases: CasesOf<typeof randomOps> = {
  randomBits: each([of([3, 5], [], [], []), of([4, 8], [4, 1], [8], []), of([], [], [], [])], {
    dtypes: ['u32', 'u32', 'u32', 'u32'],
    range: [0, 2 ** 32],
  }),
  uniformAt: steps,
  normalAt: steps,
  dropoutAt: [
    { ...of([3, 5], []), attrs: { seed: 1, stream: 2 } },
    { ...of([4, 8], []), attrs: { p: 0.25, seed: 2 ** 32 - 1, stream: 0 } },
    { ...of([2, 3], []), attrs: { p: 0, seed: 1, stream: 2 } },
    { ...of([2, 3], []), attrs: { p: 1, seed: 1, stream: 2 } },
  ].map((entry) => ({ ...entry, dtypes: ['f32', 'u32'], ranges: [[-1, 1], [0, 1000]] })), // prettier-ignore
};
