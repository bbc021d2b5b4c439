import type { fillingOps } from '../../lib/ir/ops/filling.js';
import { of, type CasesOf, type OpCase } from './op-case.js';

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 32, 33, 40, 63, 64, 65, 100];

const shapes = [[], [0], [1], [3], [65], [2, 3], [3, 0], [1, 1], [17, 5], [64, 2], [2, 3, 4], [1, 5, 1], [4, 1, 9], [2, 2, 2, 2], [3, 1, 2, 5], [1, 1, 1, 1, 1]]; // prettier-ignore

const filled: readonly OpCase[] = [
  ...shapes.map((shape) => ({ ...of(), attrs: { shape, value: 1.5 } })),
  { ...of(), attrs: { shape: [7], value: -3, dtype: 'i32' } },
  { ...of(), attrs: { shape: [2, 3], value: 4294967295, dtype: 'u32' } },
  { ...of(), attrs: { shape: [5], value: 1, dtype: 'bool' } },
  { ...of(), attrs: { shape: [2], value: -Infinity } },
];

export const fillingCases: CasesOf<typeof fillingOps> = {
  full: filled,
  eye: sizes.map((n) => ({ ...of(), attrs: { n } })),
  linspace: sizes.map((count) => ({ ...of(), attrs: { start: -1.5, stop: 2, count } })),
};
