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

const products: readonly OpCase[] = [
  heads([2], {}),
  { ...heads([], { h: 1, m: 7, n: 4, d: 3, e: 5 }), attrs: { causal: true } },
  { ...heads([1], { h: 6, g: 2, m: 3, n: 5 }), attrs: { causal: true, scale: 0.7 } },
  { ...heads([1], { h: 4, g: 1, m: 1, n: 9, d: 8 }), attrs: { window: 3 } },
  masked(heads([2], { h: 2, m: 4, n: 6 }), [2, 1, 4, 6], 'bool'),
  masked(heads([2], { h: 4, g: 2, m: 3, n: 8 }), [8], 'bool'),
  { ...masked(heads([2], { h: 2, m: 4 }), [4, 4], 'f32'), attrs: { causal: true } },
  { ...heads([], { m: 9, n: 4 }), attrs: { causal: true, window: 2 } },
  // Few of the shapes that are drawn fit together.
  heads([], { h: 3, g: 1, m: 2, n: 17, d: 5, e: 3 }),
  { ...heads([1, 2], { h: 2, g: 1, m: 7, d: 8 }), attrs: { causal: true } },
  { ...heads([3], { h: 1, m: 16, n: 16, d: 4 }), attrs: { window: 1 } },
  { ...heads([], { h: 8, g: 2, m: 1, n: 33, d: 4 }), attrs: { scale: 2 } },
  { ...heads([], { h: 1, m: 33, n: 5, d: 2, e: 9 }), attrs: { causal: true, window: 64 } },
  { ...heads([], { h: 2, m: 5, n: 5, d: 16, e: 1 }), attrs: { window: 2, scale: 0.5 } },
  heads([2], { m: 1, n: 1, d: 1 }),
  { ...masked(heads([], { h: 6, g: 3, m: 4, n: 9 }), [6, 1, 9], 'f32'), attrs: { scale: 0.25 } },
  { ...masked(heads([2], { h: 1, m: 13, n: 8 }), [2, 1, 1, 8], 'bool'), attrs: { window: 4 } },
  masked(heads([], { h: 2, m: 3, n: 65, d: 4, e: 4 }), [65], 'f32'),
  { ...masked(heads([], { h: 2, m: 8, n: 8, d: 8 }), [8, 1], 'bool'), attrs: { causal: true } },
  { ...heads([2], { h: 4, g: 4, m: 9, n: 3, d: 3 }), attrs: { causal: true, scale: 1 } },
];

/** The same without v, the third operand. */
function withoutValues({ shapes, dtypes, ...entry }: OpCase): OpCase {
  const others = <T>(operands: readonly T[]) => operands.filter((_, i) => i !== 2);
  return { ...entry, shapes: others(shapes), ...(dtypes && { dtypes: others(dtypes) }) };
}

export const attentionCases: CasesOf<typeof attentionOps> = {
  causalMask: [
    { ...of([]), dtypes: ['i32'], range: [0, 4], attrs: { queries: 3, keys: 7 } },
    { ...of([]), dtypes: ['i32'], range: [-2, 9], attrs: { queries: 5, keys: 8, window: 3 } },
    { ...of([2, 1]), dtypes: ['i32'], range: [0, 6], attrs: { queries: 1, keys: 9 } },
  ],
  attentionWeights: products.map(withoutValues),
  scaledDotProductAttention: products,
};
