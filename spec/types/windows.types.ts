/* Type tests of the operations that choose, join and move windows. Nothing runs: `tsc` checks them. */
import * as op from '../../lib/dsl/generated/ops.js';
import type { Tensor } from '../../lib/index.js';
import { f32, i32, unknownSize, type F32 } from './expect-tensors.js';
import type { All, Equal as Is } from './expect.js';

export const windows = {
  slice: op.slice(f32('b', 10, 3), 1, { start: 2, stop: -1, step: 2 }),
  rest: op.slice(f32('b', 10), -1, { start: 1 }),
  whole: op.slice(f32('b', 10), 0),
  unknownStart: op.slice(f32('b', 10), 1, { start: unknownSize }),
  padAxis: op.padAxis(f32('b', 'h'), 1, { low: 1, high: 2 }),
  pad: op.pad(f32(1, 3, 'h', 8), [1, 1, 2, 2], { mode: 'reflect' }),
  repeat: op.repeat(f32('b', 3), [2, 1, 4]),
  interleaved: op.repeatInterleave(f32('b', 3), 2, 0),
  gather: op.gather(f32('b', 10), i32('b', 3), 1),
  scatter: op.scatterAdd(f32('b', 10), i32('b', 3), f32('b', 3), 1),
  select: op.indexSelect(f32('b', 10), i32(4), -1),
  embedding: op.embedding(i32('b', 's'), f32(1000, 64)),
  oneHot: op.oneHot(i32('b'), 10),
  concat: op.concat([f32('b', 3), f32('b', 4)], { axis: 1 }),
  concatRows: op.concat([f32(2, 3), f32(5, 3), f32('n', 3)]),
  stack: op.stack([f32('b', 3), f32('b', 3)], { axis: -1 }),
  parts: op.concat(null! as F32<['b', 3]>[], { axis: -1 }),
  einsum: op.einsum([f32('b', 's', 64), f32('h', 64, 8)], 'bsd,hde->bhse'),
  implied: op.einsum([f32(2, 3), f32(3, 4)], 'ij,jk'),
  ellipsis: op.einsum([f32(2, 3), f32(3, 4)], '...j,jk->...k'),
  argmax: op.argmax(f32('b', 10), { axis: -1 }),
  argmaxOfAll: op.argmax(f32('b', 10)),
  argsort: op.argsort(f32('b', 10)),
  top: op.topkIndices(f32('b', 10), 3),
  full: op.full([3, 'n'], 0.5),
  fullOfIntegers: op.full([3], 1, { dtype: 'i32' }),
};

export type Windows = All<
  [
    Is<typeof windows.slice, F32<['b', 4, 3]>>,
    Is<typeof windows.rest, F32<['b', 9]>>,
    Is<typeof windows.whole, F32<['b', 10]>>,
    Is<typeof windows.unknownStart, F32<['b', number]>>,
    Is<typeof windows.padAxis, F32<['b', 'h+3']>>,
    Is<typeof windows.pad, F32<[1, 3, 'h+4', 10]>>,
    Is<typeof windows.repeat, F32<[2, 'b', 12]>>,
    Is<typeof windows.interleaved, F32<['b*2', 3]>>,
    Is<typeof windows.gather, F32<['b', 3]>>,
    Is<typeof windows.scatter, F32<['b', 10]>>,
    Is<typeof windows.select, F32<['b', 4]>>,
    Is<typeof windows.embedding, F32<['b', 's', 64]>>,
    Is<typeof windows.oneHot, Tensor<['b', 10], 'i32'>>,
    Is<typeof windows.concat, F32<['b', 7]>>,
    Is<typeof windows.concatRows, F32<['7+n', 3]>>,
    Is<typeof windows.stack, F32<['b', 3, 2]>>,
    Is<typeof windows.parts, F32<['b', number]>>,
    Is<typeof windows.einsum, F32<['b', 'h', 's', 8]>>,
    Is<typeof windows.implied, F32<[2, 4]>>,
    Is<typeof windows.argmax, Tensor<['b'], 'i32'>>,
    Is<typeof windows.argmaxOfAll, Tensor<[], 'i32'>>,
    Is<typeof windows.argsort, Tensor<['b', 10], 'i32'>>,
    Is<typeof windows.top, Tensor<['b', 3], 'i32'>>,
    Is<typeof windows.full, F32<[3, 'n']>>,
    Is<typeof windows.fullOfIntegers, Tensor<[3], 'i32'>>,
  ]
>;

export const images = {
  conv: op.conv2d(f32('n', 3, 32, 'w'), f32(8, 3, 3, 3), { bias: f32(8), padding: 1 }),
  strided: op.conv2d(f32(1, 3, 32, 32), f32(8, 3, 5, 3), { stride: [2, 1], padding: [2, 0] }),
  groups: op.conv2d(f32(1, 8, 9, 9), f32(16, 2, 3, 3), { groups: 4 }),
  small: op.conv2d(f32(1, 1, 2, 2), f32(1, 1, 5, 5)),
  conv1d: op.conv1d(f32('n', 4, 's'), f32(4, 4, 3), { dilation: 2, padding: 2 }),
  transposed: op.convTranspose2d(f32(1, 8, 7, 7), f32(8, 4, 4, 4), { stride: 2, padding: 1 }),
  max: op.maxPool2d(f32('n', 8, 9, 9), 2),
  ceil: op.maxPool2d(f32('n', 8, 9, 9), [2, 3], { ceilMode: true, stride: 2 }),
  average: op.avgPool2d(f32(8, 9, 9), 3, { stride: 1, padding: 1 }),
  max1d: op.maxPool1d(f32('n', 8, 9), 3),
  adaptive: op.adaptiveAvgPool2d(f32('n', 8, 'h', 'w'), 1),
  shuffled: op.pixelShuffle(f32('n', 12, 4, 'w'), 2),
  resized: op.interpolate(f32('n', 3, 4, 4), [8, 6]),
  normalized: op.groupNorm(f32('n', 8, 4, 4), 2, { weight: f32(8), bias: undefined }),
  attention: op.scaledDotProductAttention(f32('b', 8, 's', 64), f32('b', 2, 't', 64), f32('b', 2, 't', 32), {
    mask: op.cast(f32('s', 't'), 'bool'),
  }),
};

export type Images = All<
  [
    Is<typeof images.conv, F32<['n', 8, 32, 'w']>>,
    Is<typeof images.strided, F32<[1, 8, 16, 30]>>,
    Is<typeof images.groups, F32<[1, 16, 7, 7]>>,
    Is<typeof images.small, F32<[1, 1, number, number]>>,
    Is<typeof images.conv1d, F32<['n', 4, 's']>>,
    Is<typeof images.transposed, F32<[1, 4, 14, 14]>>,
    Is<typeof images.max, F32<['n', 8, 4, 4]>>,
    Is<typeof images.ceil, F32<['n', 8, 5, 4]>>,
    Is<typeof images.average, F32<[8, 9, 9]>>,
    Is<typeof images.max1d, F32<['n', 8, 3]>>,
    Is<typeof images.adaptive, F32<['n', 8, 1, 1]>>,
    Is<typeof images.shuffled, F32<['n', 3, 8, 'w*2']>>,
    Is<typeof images.resized, F32<['n', 3, 8, 6]>>,
    Is<typeof images.normalized, F32<['n', 8, 4, 4]>>,
    Is<typeof images.attention, F32<['b', 8, 's', 32]>>,
  ]
>;
