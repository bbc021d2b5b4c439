import type { convolutionOps } from '../../lib/ir/ops/convolution.js';
import { of, type CasesOf, type OpCase } from './op-case.js';

/** Combinations of kernel, stride, padding, dilation and groups that differ in size from the others by hand. */
const combined = (write: (at: number) => OpCase): OpCase[] => Array.from({ length: 16 }, (_, at) => write(at));

const pick = <T>(from: readonly T[], at: number): T => from[at % from.length]!;

/** Channels of x and of the result, in groups, of one combination. */
function channels(at: number): { groups: number; input: number; output: number } {
  const groups = pick([1, 2, 3], at);
  return { groups, input: groups * pick([1, 2], at), output: groups * pick([1, 3, 2], at + 1) };
}

const convolved = (rank: 1 | 2) =>
  combined((at) => {
    const { groups, input, output } = channels(at);
    const kernel = [pick([1, 2, 3, 4], at), pick([3, 1, 2], at)].slice(0, rank);
    const size = [pick([7, 8, 9], at), pick([10, 8], at)].slice(0, rank);
    const shapes = [[1 + (at % 2), input, ...size], [output, input / groups, ...kernel], [output]];
    const attrs = { stride: 1 + (at % 3), padding: at % 2, dilation: 1 + ((at >> 2) % 2), groups };
    return { ...of(...shapes.slice(0, 2 + (at % 2))), attrs };
  });

const transposed = (rank: 1 | 2) =>
  combined((at) => {
    const { groups, input, output } = channels(at);
    const kernel = [pick([2, 3, 4], at), pick([3, 2], at)].slice(0, rank);
    const size = [pick([3, 4, 5], at), pick([4, 2], at)].slice(0, rank);
    const shapes = [[1 + (at % 2), input, ...size], [input, output / groups, ...kernel], [output]];
    const stride = 1 + (at % 3);
    const attrs = { stride, padding: at % 2, outputPadding: stride - 1, dilation: 1 + ((at >> 2) % 2), groups };
    return { ...of(...shapes.slice(0, 2 + (at % 2))), attrs };
  });

export const convolutionCases: CasesOf<typeof convolutionOps> = {
  conv2d: [
    { ...of([2, 3, 7, 5], [4, 3, 3, 3], [4]), attrs: { padding: 1 } },
    { ...of([1, 2, 9, 8], [3, 2, 3, 2]), attrs: { stride: [2, 1], padding: [0, 1] } },
    { ...of([2, 4, 6, 7], [6, 2, 3, 3], [6]), attrs: { groups: 2, stride: 2 } },
    { ...of([1, 5, 9, 7], [5, 1, 3, 3], [5]), attrs: { groups: 5, padding: 2, dilation: 2 } },
    { ...of([1, 3, 8, 9], [3, 1, 3, 3]), attrs: { groups: 3, padding: 1, stride: [2, 3] } },
    { ...of([2, 5, 3, 4], [6, 5, 1, 1], [6]) },
    { ...of([1, 3, 7, 9], [2, 3, 1, 1]), attrs: { stride: 2 } },
    { ...of([1, 2, 8, 8], [3, 2, 4, 4]), attrs: { stride: 4 } },
    { ...of([1, 2, 11, 9], [3, 2, 3, 2]), attrs: { stride: [2, 3], dilation: [2, 1], padding: [1, 0] } },
    { ...of([1, 2, 9, 9], [2, 2, 2, 2]), attrs: { stride: 3, padding: 1 } },
    { ...of([3, 2, 4, 4], [6, 1, 3, 3], [6]), attrs: { groups: 2, padding: 1 } },
    ...convolved(2),
  ],
  conv1d: [
    { ...of([2, 3, 9], [4, 3, 3], [4]), attrs: { padding: 1 } },
    { ...of([1, 4, 12], [6, 2, 4]), attrs: { stride: 2, groups: 2 } },
    { ...of([1, 6, 11], [6, 1, 3], [6]), attrs: { groups: 6, padding: 2, dilation: 2 } },
    { ...of([2, 5, 8], [3, 5, 1]) },
    ...convolved(1),
  ],
  convTranspose2d: [
    { ...of([2, 3, 4, 5], [3, 4, 4, 4], [4]), attrs: { stride: 2, padding: 1 } },
    { ...of([1, 4, 5, 3], [4, 3, 3, 3], [6]), attrs: { stride: 2, padding: 1, outputPadding: 1, groups: 2 } },
    { ...of([1, 2, 4, 5], [2, 3, 3, 2]), attrs: { stride: [1, 3], dilation: 2 } },
    { ...of([1, 3, 5, 4], [3, 1, 3, 3]), attrs: { stride: 2, groups: 3 } },
    { ...of([2, 2, 3, 3], [2, 3, 1, 1], [3]), attrs: { stride: 2, outputPadding: [1, 0] } },
    { ...of([1, 2, 6, 5], [2, 4, 3, 3], [4]), attrs: { padding: 1 } },
    { ...of([1, 2, 3, 4], [2, 2, 2, 2]), attrs: { stride: 3, outputPadding: 2, padding: 1 } },
    { ...of([1, 1, 4, 4], [1, 2, 5, 5]), attrs: { stride: 2, padding: 3 } },
    ...transposed(2),
  ],
  convTranspose1d: [
    { ...of([2, 3, 6], [3, 5, 4], [5]), attrs: { stride: 2, padding: 1 } },
    { ...of([1, 4, 5], [4, 2, 3]), attrs: { stride: 3, outputPadding: 2, groups: 2 } },
    { ...of([1, 2, 7], [2, 3, 3]), attrs: { dilation: 2 } },
    ...transposed(1),
  ],
};
