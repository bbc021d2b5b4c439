/* Type tests of the generated operations. Nothing runs: `tsc` checks them. */
import * as op from '../../lib/dsl/generated/ops.js';
import type { Tensor } from '../../lib/index.js';
import { f32, i32, unknownSize, unknownTensor, type F32 } from './expect-tensors.js';
import type { All, Equal as Is } from './expect.js';

export const sums = {
  equal: op.add(f32(3, 4), f32(3, 4)),
  vector: op.add(f32('batch', 4), f32(4)),
  column: op.mul(f32('batch', 4), f32('batch', 1)),
  general: op.sub(f32(5, 1, 4), f32(3, 1)),
  numberBehind: op.mul(f32(3, 4), 0.5),
  numberBefore: op.sub(1, f32(3, 4)),
  scalar: op.div(f32(3, 4), f32()),
  unknownSize: op.add(f32(unknownSize, 4), f32(3, 4)),
  unknownRank: op.add(unknownTensor, f32(3)),
  comparison: op.less(f32(3, 4), 0),
  integers: op.add(i32(3), i32(3)),
};

export type Elementwise = All<
  [
    Is<typeof sums.equal, F32<[3, 4]>>,
    Is<typeof sums.vector, F32<['batch', 4]>>,
    Is<typeof sums.column, F32<['batch', 4]>>,
    Is<typeof sums.general, F32<[5, 3, 4]>>,
    Is<typeof sums.numberBehind, F32<[3, 4]>>,
    Is<typeof sums.numberBefore, F32<[3, 4]>>,
    Is<typeof sums.scalar, F32<[3, 4]>>,
    Is<typeof sums.unknownSize, F32<[number, 4]>>,
    Is<typeof sums.unknownRank, Tensor>,
    Is<typeof sums.comparison, Tensor<[3, 4], 'bool'>>,
    Is<typeof sums.integers, Tensor<[3], 'i32'>>,
  ]
>;

export const picks = {
  tensors: op.where(op.greater(f32(3, 4), 0), f32(3, 4), f32(4)),
  numberLast: op.where(op.greater(f32(3, 4), 0), f32(3, 1), 0),
  numberFirst: op.where(op.greater(f32(3, 4), 0), 0, f32(5, 1, 1)),
};

export type Where = All<
  [
    Is<typeof picks.tensors, F32<[3, 4]>>,
    Is<typeof picks.numberLast, F32<[3, 4]>>,
    Is<typeof picks.numberFirst, F32<[5, 3, 4]>>,
  ]
>;

export const shaped = {
  product: op.matmul(f32('b', 784), f32(784, 10)),
  batches: op.matmul(f32(8, 1, 5, 64), f32(12, 64, 7)),
  unknown: op.matmul(f32(unknownSize, unknownSize), f32(3, 4)),
  linear: op.linear(f32('b', 's', 3), f32(4, 3), f32(4)),
  transpose: op.transpose(f32(2, 3, 4)),
  heads: op.permute(op.reshape(f32('b', 's', 768), ['b', 's', 12, 64]), [0, 2, 1, 3]),
  rest: op.reshape(f32('b', 's', 768), [-1, 768]),
  broadcast: op.broadcastTo(f32(3, 1), [2, 3, 4]),
  unsqueeze: op.unsqueeze(f32(3, 4), -2),
  squeeze: op.squeeze(f32(3, 1, 4), 1),
  sum: op.sum(f32(3, 4)),
  kept: op.mean(f32(3, 4), { keepdims: true }),
  last: op.max(f32('b', 4), { axes: -1 }),
  several: op.min(f32('b', 's', 4), { axes: [0, 2] }),
  unknownAxis: op.sum(f32(3, 4), { axes: unknownSize }),
  ofScalar: op.mean(f32()),
  softmax: op.softmax(f32('b', 10), { axis: 0 }),
  loss: op.crossEntropy(f32('b', 10), i32('b')),
  cast: op.cast(op.arange(10), 'f32'),
  sameName: op.reshape(f32('b', 4), [f32('b', 4).shape[0], 2, 2]),
};

export type Shapes = All<
  [
    Is<typeof shaped.product, F32<['b', 10]>>,
    Is<typeof shaped.batches, F32<[8, 12, 5, 7]>>,
    Is<typeof shaped.unknown, F32<[number, 4]>>,
    Is<typeof shaped.linear, F32<['b', 's', 4]>>,
    Is<typeof shaped.transpose, F32<[2, 4, 3]>>,
    Is<typeof shaped.heads, F32<['b', 12, 's', 64]>>,
    Is<typeof shaped.rest, F32<['b*s', 768]>>,
    Is<typeof shaped.broadcast, F32<[2, 3, 4]>>,
    Is<typeof shaped.unsqueeze, F32<[3, 1, 4]>>,
    Is<typeof shaped.squeeze, F32<[3, 4]>>,
    Is<typeof shaped.sum, F32<[]>>,
    Is<typeof shaped.kept, F32<[1, 1]>>,
    Is<typeof shaped.last, F32<['b']>>,
    Is<typeof shaped.several, F32<['s']>>,
    Is<typeof shaped.unknownAxis, F32<[number]>>,
    Is<typeof shaped.ofScalar, F32<[]>>,
    Is<typeof shaped.softmax, F32<['b', 10]>>,
    Is<typeof shaped.loss, F32<[]>>,
    Is<typeof shaped.cast, F32<[10]>>,
    Is<typeof shaped.sameName, F32<['b', 2, 2]>>,
  ]
>;
