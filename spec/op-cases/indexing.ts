import type { indexingOps } from '../../lib/ir/ops/indexing.js';
import { of, type CasesOf, type OpCase } from './op-case.js';

/** An operand of floats indexed by one of integers below `limit`, and floats to put there. */
const indexed = (entry: OpCase, limit: number): OpCase => ({
  ...entry,
  dtypes: (['f32', 'i32', 'f32'] as const).slice(0, entry.shapes.length),
  ranges: ([[-1, 1], [0, limit], [-1, 1]] as const).slice(0, entry.shapes.length), // prettier-ignore
});

const gathered: readonly OpCase[] = [
  { ...indexed(of([5, 7], [5, 3]), 7), attrs: { axis: 1 } },
  { ...indexed(of([3, 9, 4], [2, 9, 4]), 3), attrs: { axis: 0 } },
  { ...indexed(of([17], [33]), 17), attrs: { axis: 0 } },
  { ...indexed(of([4, 8], [6, 8]), 4), attrs: { axis: 0 } },
  { ...indexed(of([3, 8], [3, 4]), 8), attrs: { axis: -1 } },
  { ...indexed(of([1, 1], [1, 5]), 1), attrs: { axis: 1 } },
  { ...indexed(of([2, 3], [2, 0]), 3), attrs: { axis: 1 } },
];

export const indexingCases: CasesOf<typeof indexingOps> = {
  gather: gathered,
  scatterAdd: gathered.map((entry) => {
    const [x, index] = entry.shapes;
    const limit = entry.ranges![1]![1];
    return { ...indexed(of(x!, index!, index!), limit), ...(entry.attrs ? { attrs: entry.attrs } : {}) };
  }),
  embedding: [
    { ...of([3, 5], [17, 9]), dtypes: ['i32', 'f32'], ranges: [[0, 17], [-1, 1]] },
    { ...of([11], [7, 33]), dtypes: ['i32', 'f32'], ranges: [[0, 7], [-1, 1]] },
    { ...of([2, 3, 4], [5, 1]), dtypes: ['i32', 'f32'], ranges: [[0, 5], [-1, 1]] },
    { ...of([], [5, 8]), dtypes: ['i32', 'f32'], ranges: [[0, 5], [-1, 1]] },
    { ...of([6], [4, 8]), dtypes: ['i32', 'f32'], ranges: [[0, 4], [-1, 1]] },
  ], // prettier-ignore
  indexSelect: [
    { ...indexed(of([5, 7], [9]), 5), attrs: { axis: 0 } },
    { ...indexed(of([3, 4, 17], [5]), 17), attrs: { axis: 2 } },
    { ...indexed(of([3, 4, 8], [2]), 4), attrs: { axis: 1 } },
    { ...indexed(of([3], [1]), 3), attrs: { axis: 0 } },
  ],
  oneHot: [
    { ...of([9]), attrs: { classes: 7 }, dtypes: ['i32'], range: [0, 7] },
    { ...of([2, 3]), attrs: { classes: 8 }, dtypes: ['i32'], range: [0, 8] },
    { ...of([]), attrs: { classes: 3 }, dtypes: ['i32'], range: [0, 3] },
  ],
};
