import type { orderingOps } from '../../lib/ir/ops/ordering.js';
import { each, of, type CasesOf, type OpCase } from './op-case.js';

const searched: readonly OpCase[] = [
  { ...of([3, 17]), attrs: { axis: 1 } },
  { ...of([5, 4, 3]), attrs: { axis: 0, keepdims: true } },
  of([129]),
  { ...of([3, 5]), attrs: { keepdims: true } },
  { ...of([2, 9]), attrs: { axis: -1 }, whole: true, range: [-3, 3] },
  { ...of([300]), attrs: { axis: 0 }, whole: true, range: [-3, 3] },
  { ...of([1, 1]), attrs: { axis: 1 } },
];

const ordered: readonly OpCase[] = [
  { ...of([3, 17]), attrs: { axis: 1 } },
  { ...of([9, 4]), attrs: { axis: 0 } },
  { ...of([2, 5, 3]), attrs: { axis: 1 } },
  { ...of([65]), attrs: { axis: 0 } },
  { ...of([4, 1]), attrs: { axis: -1 } },
  { ...of([0, 3]), attrs: { axis: -1 } },
];

/** Distinct values, and some that are equal, which keep their order. */
const orders = (flag: string): OpCase[] => [
  ...each(ordered, { distinct: true }),
  ...each(ordered, { whole: true, range: [-3, 3] }),
  ...ordered.map((entry) => ({ ...entry, attrs: { ...entry.attrs, [flag]: flag === 'descending' }, whole: true, range: [-3, 3] as const })), // prettier-ignore
];

export const orderingCases: CasesOf<typeof orderingOps> = {
  // Of one sign: what is left where sums cancel has the rounding of their terms.
  cumsum: each(
    [
      { ...of([3, 17]), attrs: { axis: 1 } },
      { ...of([5, 4, 3]), attrs: { axis: 0 } },
      { ...of([129]), attrs: { axis: 0 } },
      { ...of([2, 200, 3]), attrs: { axis: 1 } },
      { ...of([64]), attrs: { axis: 0 } },
      { ...of([0, 3]), attrs: { axis: 0 } },
      { ...of([1, 1]), attrs: { axis: -1 } },
    ],
    { range: [0, 1] },
  ),
  argmax: searched,
  argmin: searched,
  argsort: orders('descending'),
  topkIndices: [
    ...orders('largest').map((entry) => ({ ...entry, attrs: { ...entry.attrs, k: 1 } })),
    { ...of([5, 17]), attrs: { k: 3, axis: 1 }, distinct: true },
    { ...of([33, 3]), attrs: { k: 5, axis: 0, largest: false }, distinct: true },
    { ...of([129]), attrs: { k: 9 }, distinct: true },
    { ...of([2, 8]), attrs: { k: 8 }, whole: true, range: [-3, 3] },
    { ...of([2, 8]), attrs: { k: 0 } },
  ],
};
