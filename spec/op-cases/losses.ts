import type { lossOps } from '../../lib/ir/ops/losses.js';
import { each, of, type CasesOf } from './op-case.js';

const softmax = [of([3, 5]), { ...of([2, 3, 4]), attrs: { axis: 1 } }, of([7]), of([2, 1])];
/** Logits and the classes that are right. */
const classified = (classes: number, ...shapes: number[][]) =>
  each([of(...shapes)], { dtypes: ['f32', 'i32'], range: [0, classes] });

export const lossCases: CasesOf<typeof lossOps> = {
  softmax,
  logSoftmax: softmax,
  softmaxCrossEntropy: [...classified(5, [3, 5], [3]), ...classified(4, [2, 3, 4], [2, 3])],
  softmaxCrossEntropyGradient: [{ ...of([3, 5], [3], [3]), dtypes: ['f32', 'i32', 'f32'], range: [0, 5] }],
};
