/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-class-instance-assignment --
   tensors of unknown shape, and calls that are wrong on purpose */

/* Type tests of the generated operations, trace and modules. Nothing runs: `tsc` checks them. */
import * as op from '../../lib/dsl/generated/ops.js';
import {
  buffer,
  chunk,
  input,
  maxAlong,
  Module,
  namedParameter,
  param,
  parameter,
  sort,
  split,
  topk,
  trace,
  type Dim,
  type FeedsOf,
  type InputsOf,
  type Input,
  type OutputsOf,
  type Parameter,
  type StateBuffer,
  type Tensor,
  type ValuesOf,
} from '../../lib/index.js';
import { Linear } from '../../lib/layers/index.js';
import type { All, Equal as Is } from './expect.js';

declare function f32<const S extends Dim[]>(...shape: S): Tensor<S, 'f32'>;
declare function i32<const S extends Dim[]>(...shape: S): Tensor<S, 'i32'>;
declare const unknownSize: number;
declare const unknownTensor: Tensor;

type F32<S extends Dim[]> = Tensor<S, 'f32'>;

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

// Modules

export const model = {
  plain: new Linear(784, 10),
  noBias: new Linear(784, 10, { bias: false }),
  symbolic: new Linear('d_model', 'd_ff'),
};

export type Layers = All<
  [
    Is<typeof model.plain.weight, Parameter<[10, 784]>>,
    Is<typeof model.plain.bias, Parameter<[10]>>,
    Is<typeof model.noBias.bias, null>,
  ]
>;

export const forwards = {
  plain: model.plain.forward(f32('b', 't', 784)),
  symbolic: model.symbolic.forward(f32('b', 'd_model')),
};

export type Forwards = All<
  [Is<typeof forwards.plain, F32<['b', 't', 10]>>, Is<typeof forwards.symbolic, F32<['b', 'd_ff']>>]
>;

export class Norm<D extends Dim> extends Module {
  @param gain = parameter([this.size]);
  @buffer mean = buffer([this.size]);
  @buffer count = buffer([], [0], 'i32');

  constructor(readonly size: D) {
    super();
  }

  /** Everything a generic module derives from its input keeps the caller's dimensions. */
  forward<B extends Dim[]>(x: Tensor<[...B, D], 'f32'>): Tensor<[...B, D], 'f32'> {
    const centered = op.sub(x, op.mean(x, { axes: -1, keepdims: true }));
    const scale = op.rsqrt(op.add(op.mean(op.square(centered), { axes: -1, keepdims: true }), 1e-5));
    return op.add(op.mul(op.mul(centered, scale), this.gain), this.mean);
  }
}

/** Sizes of a generic module, known rank. */
export class Heads<D extends Dim, H extends Dim, Dh extends Dim> extends Module {
  project = new Linear(this.size, this.size);

  constructor(
    readonly size: D,
    readonly heads: H,
    readonly headSize: Dh,
  ) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Tensor<[B, T, D], 'f32'>): Tensor<[B, H, T, Dh], 'f32'> {
    const [batch, time] = x.shape;
    const split = op.reshape(this.project.forward(x), [batch, time, this.heads, this.headSize]);
    return op.permute(split, [0, 2, 1, 3]);
  }
}

/** Images and words in batches of any size: what is folded, padded and multiplied keeps the sizes of the caller. */
export function ofAnyBatch<B extends Dim, N extends Dim>(
  images: Tensor<[B, 3, 8, 8], 'f32'>,
  words: Tensor<[B, N, 16], 'f32'>,
  table: Tensor<[N, 16], 'f32'>,
) {
  const channels: Tensor<[3], 'f32'> = op.mean(images, { axes: [0, 2, 3] });
  const kept: Tensor<[B, 1, 16], 'f32'> = op.max(words, { axes: [1], keepdims: true });
  const padded: Tensor<[3, 10, 8], 'f32'> = op.sum(op.pad(images, [0, 0, 1, 1, 0, 0]), { axes: [0] });
  const scores: Tensor<[B, N, N], 'f32'> = op.matmul(words, words.transpose());
  const placed: Tensor<[B, N, 16], 'f32'> = op.add(words, table);
  const normal: Tensor<[B, 3, 8, 8], 'f32'> = op.batchNorm(
    images,
    channels,
    op.variance(images, { axes: [0, -2, -1] }),
  );
  return { channels, kept, padded, scores, placed, normal };
}

export type Buffers = All<[Is<Norm<8>['mean'], StateBuffer<[8], 'f32'>>, Is<Norm<8>['count'], StateBuffer<[], 'i32'>>]>;

// Traces

export const classifier = trace(
  model.plain,
  { images: input([64, 784]), labels: input([64], 'i32') },
  ({ images, labels }) => {
    const logits = model.plain.forward(images);
    return { logits, loss: op.crossEntropy(logits, labels) };
  },
);
export const onlyForward = trace(model.plain, { images: input([64, 784]) });
export const plainFunction = trace(
  { x: input(['batch', 3]), rate: input([]) },
  ({ x, rate }) => op.mul(op.matmul(x, namedParameter('w', [3, 4])), rate),
  { dims: { batch: 2 } },
);

export type Traces = All<
  [
    Is<InputsOf<typeof classifier>, { images: Input<[64, 784], 'f32'>; labels: Input<[64], 'i32'> }>,
    Is<OutputsOf<typeof classifier>, { logits: F32<[64, 10]>; loss: F32<[]> }>,
    Is<
      FeedsOf<typeof classifier>,
      { readonly images: Float32Array | readonly number[]; readonly labels: Int32Array | readonly number[] }
    >,
    Is<ValuesOf<typeof classifier>, { readonly logits: Float32Array; readonly loss: Float32Array }>,
    Is<ValuesOf<typeof onlyForward>, { readonly output: Float32Array }>,
    Is<OutputsOf<typeof plainFunction>, { output: F32<['batch', 4]> }>,
    Is<FeedsOf<typeof plainFunction>['rate'], Float32Array | readonly number[] | number>,
  ]
>;

export function refusals(): void {
  // @ts-expect-error -- the field holds no parameter
  class WrongField extends Norm<3> { @param size2 = 3; } // prettier-ignore
  // @ts-expect-error -- the input has 785 columns
  trace(model.plain, { images: input([64, 785]) }, ({ images }) => model.plain.forward(images));
  // @ts-expect-error -- an output is no tensor
  trace({ x: input([3]) }, ({ x }) => ({ x, y: 3 }));
  // @ts-expect-error -- no tensor at all
  op.add(1, 2);
  new WrongField(3);
}
