import type { DType } from '../../lib/ir/dtype.js';
import type { writingOps } from '../../lib/ir/ops/writing.js';
import { of, type CasesOf, type OpCase, type Range } from './op-case.js';

/** Floats, integers from `low` to `high` for operand `at`, and floats. */
function indexed(entry: OpCase, at: number, low: number, high: number): OpCase {
  const dtypes = entry.shapes.map((_, i): DType => (i === at ? 'i32' : 'f32'));
  return { ...entry, dtypes, ranges: dtypes.map((_, i): Range => (i === at ? [low, high] : [-1, 1])) };
}

export const writingCases: CasesOf<typeof writingOps> = {
  scatterRows: [
    { ...indexed(of([9, 3], [4, 3], [4, 3]), 1, 0, 9), attrs: { axis: 0 } },
    { ...indexed(of([17, 1], [8, 1], [8, 1]), 1, 0, 17), attrs: { axis: 0 } },
    // Several at one place.
    { ...indexed(of([3, 4], [3, 9], [3, 9]), 1, 0, 4), attrs: { axis: 1 } },
    // Indices outside of x, and fewer of them than x has along another dimension.
    { ...indexed(of([5, 4], [6, 2], [6, 2]), 1, -2, 7), attrs: { axis: 0 } },
    { ...indexed(of([2, 3, 5], [1, 3, 2], [1, 3, 2]), 1, 0, 5), attrs: { axis: -1 } },
    { ...indexed(of([4], [0], [0]), 1, 0, 4), attrs: { axis: 0 } },
  ],
  dynamicSlice: [
    { ...indexed(of([9, 3], []), 1, 4, 5), attrs: { axis: 0, size: 2 } },
    { ...indexed(of([2, 17], []), 1, 0, 1), attrs: { axis: 1, size: 17 } },
    { ...indexed(of([3, 8, 2], []), 1, 3, 4), attrs: { axis: -2, size: 5 } },
    { ...indexed(of([5], []), 1, 1, 2), attrs: { axis: 0, size: 0 } },
  ],
  writeAt: [
    { ...indexed(of([9, 3], [2, 3], []), 2, 4, 5), attrs: { axis: 0 } },
    { ...indexed(of([2, 17], [2, 17], []), 2, 0, 1), attrs: { axis: 1 } },
    { ...indexed(of([3, 8, 2], [3, 3, 2], []), 2, 5, 6), attrs: { axis: -2 } },
    // In part before or behind x.
    { ...indexed(of([6], [4], []), 2, -2, -1), attrs: { axis: 0 } },
    { ...indexed(of([6], [4], []), 2, 4, 5), attrs: { axis: 0 } },
    { ...indexed(of([6], [4], []), 2, 40, 41), attrs: { axis: 0 } },
    { ...indexed(of([5], [0], []), 2, 1, 2), attrs: { axis: 0 } },
  ],
};
