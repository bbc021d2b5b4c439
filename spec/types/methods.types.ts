/* eslint-disable @typescript-eslint/no-unsafe-argument --
   tensors of unknown shape */

/* Type tests of methods, operations of several results, and tensors of which nothing is known. Nothing runs: `tsc` checks them. */
import * as op from '../../lib/dsl/generated/ops.js';
import { chunk, maxAlong, namedParameter, sort, split, topk, type Tensor } from '../../lib/index.js';
import { f32, i32, unknownSize, unknownTensor, type F32 } from './expect-tensors.js';
import type { All, Equal as Is } from './expect.js';

/** Methods have the types of the functions. */
export const chains = {
  chain: f32('b', 784).matmul(f32(784, 10)).add(f32(10)).relu().softmax({ axis: -1 }),
  view: f32('b', 's', 768).reshape(['b', 's', 12, 64]).permute([0, 2, 1, 3]),
  sum: f32('b', 4).sum({ axes: -1 }),
  number: f32('b', 4).mul(0.5).sub(f32('b', 1)),
  comparison: f32('b', 4).greater(0).logicalNot(),
  integers: f32('b', 4).argmax({ axis: 1 }).cast('f32'),
  parameter: namedParameter('w', [3, 4]).transpose(),
};

export type Chains = All<
  [
    Is<typeof chains.chain, F32<['b', 10]>>,
    Is<typeof chains.view, F32<['b', 12, 's', 64]>>,
    Is<typeof chains.sum, F32<['b']>>,
    Is<typeof chains.number, F32<['b', 4]>>,
    Is<typeof chains.comparison, Tensor<['b', 4], 'bool'>>,
    Is<typeof chains.integers, F32<['b']>>,
    Is<typeof chains.parameter, F32<[4, 3]>>,
  ]
>;

export const several = {
  sizes: split(f32('b', 6), [2, 4], { axis: 1 }),
  equal: split(f32(7, 'n'), 3),
  open: split(f32('b', 6), 2),
  chunks: chunk(f32('b', 6), 3, { axis: -1 }),
  top: topk(f32('b', 10), 3),
  smallest: topk(i32(5, 10), 2, { axis: 0, largest: false }),
  sorted: sort(f32('b', 10), { descending: true }),
  greatest: maxAlong(f32('b', 10), 1),
  kept: maxAlong(f32('b', 10), -1, { keepdims: true }),
};

export type Several = All<
  [
    Is<typeof several.sizes, [F32<['b', 2]>, F32<['b', 4]>]>,
    Is<typeof several.equal, [F32<[3, 'n']>, F32<[3, 'n']>, F32<[1, 'n']>]>,
    Is<typeof several.open, F32<[number, 6]>[]>,
    Is<typeof several.chunks, [F32<['b', 2]>, F32<['b', 2]>, F32<['b', 2]>]>,
    Is<typeof several.top.values, F32<['b', 3]>>,
    Is<typeof several.top.indices, Tensor<['b', 3], 'i32'>>,
    Is<typeof several.smallest.values, Tensor<[2, 10], 'i32'>>,
    Is<typeof several.sorted.values, F32<['b', 10]>>,
    Is<typeof several.greatest.values, F32<['b']>>,
    Is<typeof several.kept.indices, Tensor<['b', 1], 'i32'>>,
  ]
>;

/** What nothing is known about is accepted everywhere, and checked when traced. */
export const unknowns = [
  op.matmul(unknownTensor, f32(3, 4)),
  op.linear(unknownTensor, unknownTensor, unknownTensor),
  op.permute(unknownTensor, [1, 0]),
  op.crossEntropy(unknownTensor, unknownTensor),
  op.sum(unknownTensor, { axes: [0, 1] }),
  op.slice(unknownTensor, 1, { start: 3 }),
  op.concat([unknownTensor, f32(3)]),
  op.stack([unknownTensor, f32(3)]),
  op.gather(unknownTensor, unknownTensor, 1),
  op.einsum([unknownTensor, f32(3, 4)], 'ij,jk->ik'),
  op.pad(unknownTensor, [1, 1]),
  op.repeat(unknownTensor, [2, 2]),
  op.conv2d(unknownTensor, unknownTensor, { bias: unknownTensor }),
  op.maxPool2d(unknownTensor, 2),
  op.gather(unknownTensor, unknownTensor, unknownSize),
  op.scatterAdd(unknownTensor, unknownTensor, unknownTensor, unknownSize),
  unknownTensor.matmul(f32(3, 4)).relu(),
  ...split(unknownTensor, 3),
  topk(unknownTensor, 3).values,
];
