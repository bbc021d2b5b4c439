import type { attentionOps } from '../../lib/ir/ops/attention.js';
import type { DType } from '../../lib/ir/dtype.js';
import { of, type CasesOf, type OpCase } from './op-case.js';

/** q, k and v of these sizes: heads h over g heads of keys, m queries over n keys, of d and e numbers. */
const heads = (
  batch: number[],
  { h = 2, g = h, m = 5, n = m, d = 4, e = d }: Partial<Record<'h' | 'g' | 'm' | 'n' | 'd' | 'e', number>>,
): OpCase => of([...batch, h, m, d], [...batch, g, n, d], [...batch, g, n, e]);

const masked = (entry: OpCase, mask: number[], dtype: DType): OpCase => ({
  ...entry,
  shapes: [...entry.shapes, mask],
  dtypes: ['f32', 'f32', 'f32', dtype],
});

export const attentionCases: CasesOf<typeof attentionOps> = {
  causalMask: [
    { ...of([]), dtypes: ['i32'], range: [0, 4], attrs: { queries: 3, keys: 7 } },
    { ...of([]), dtypes: ['i32'], range: [-2, 9], attrs: { queries: 5, keys: 8, window: 3 } },
    { ...of([2, 1]), dtypes: ['i32'], range: [0, 6], attrs: { queries: 1, keys: 9 } },
  ],
  scaledDotProductAttention: [
    heads([2], {}),
    { ...heads([], { h: 1, m: 7, n: 4, d: 3, e: 5 }), attrs: { causal: true } },
    { ...heads([1], { h: 6, g: 2, m: 3, n: 5 }), attrs: { causal: true, scale: 0.7 } },
    { ...heads([1], { h: 4, g: 1, m: 1, n: 9, d: 8 }), attrs: { window: 3 } },
    masked(heads([2], { h: 2, m: 4, n: 6 }), [2, 1, 4, 6], 'bool'),
    masked(heads([2], { h: 4, g: 2, m: 3, n: 8 }), [8], 'bool'),
    { ...masked(heads([2], { h: 2, m: 4 }), [4, 4], 'f32'), attrs: { causal: true } },
    { ...heads([], { m: 9, n: 4 }), attrs: { causal: true, window: 2 } },
  ],
};
