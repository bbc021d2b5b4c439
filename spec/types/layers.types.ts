/* Type tests of layers. Nothing runs: `tsc` checks them. */
import { Module, type Dim, type Parameter, type StateBuffer, type Tensor } from '../../lib/index.js';
import * as layers from '../../lib/layers/index.js';
import { f32, i32, unknownSize, type F32 } from './expect-tensors.js';
import type { All, Equal as Is } from './expect.js';

const conv = new layers.Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
const wide = new layers.Conv2d(4, 8, [1, 3], { padding: [0, 1], groups: 2 });
const up = new layers.ConvTranspose2d(8, 4, 3, { stride: 2, padding: 1, outputPadding: 1 });
const embedding = new layers.Embedding(49152, 576);
const norm = new layers.BatchNorm2d(64);
export const bare = new layers.LayerNorm(32, { bias: false });
const cache = new layers.KVCache({ batch: 1, heads: 3, length: 256, headDim: 64 });
const cross = new layers.MultiHeadAttention(320, 8, { kdim: 768, vdim: 768 });
const tokens = new layers.Sequential(new layers.Embedding(100, 32), new layers.RMSNorm(32), new layers.SwiGLU(32, 64));
const nested = new layers.Sequential(
  new layers.Dropout(),
  new layers.Sequential(new layers.Linear(8, 4)),
  new layers.Tanh(),
);
const pooled = new layers.Sequential(conv, new layers.ReLU(), new layers.AdaptiveAvgPool2d(1));
const classifier = new layers.Sequential(new layers.Linear(784, 128), new layers.ReLU(), new layers.Linear(128, 10));

export const outputs = {
  linear: new layers.Linear(16, 8).forward(f32('batch', 5, 16)),
  embedding: embedding.forward(i32('batch', 'seq')),
  rms: new layers.RMSNorm(576).forward(f32(2, 7, 576)),
  group: new layers.GroupNorm(32, 320).forward(f32(2, 320, 64, 64)),
  batch: norm.forward(f32(8, 64, 112, 112)),
  rows: new layers.BatchNorm1d(64).forward(f32('n', 64)),
  conv: conv.forward(f32('n', 3, 224, 224)),
  wide: wide.forward(f32(2, 4, 10, 'width')),
  conv1d: new layers.Conv1d(80, 384, 3, { padding: 1, stride: 2 }).forward(f32(1, 80, 3000)),
  up: up.forward(f32(1, 8, 16, 32)),
  max: new layers.MaxPool2d(3, { stride: 2, padding: 1 }).forward(f32(8, 64, 112, 112)),
  average: new layers.AvgPool1d(2).forward(f32(8, 64, 9)),
  adaptive: new layers.AdaptiveAvgPool2d(1).forward(f32(8, 512, 7, 7)),
  dropout: new layers.Dropout(0.1).forward(f32('n', 4)),
  self: new layers.MultiHeadAttention(64, 4).forward(f32(2, 'seq', 64)),
  cross: cross.forward(f32(2, 4096, 320), f32(2, 77, 768)),
  grouped: layers.attention(f32(1, 9, 576), f32(1, 12, 192), f32(1, 12, 192), { heads: 9, keyValueHeads: 3 }),
  split: layers.splitHeads(f32('b', 't', 576), 9),
  merged: layers.mergeHeads(f32('b', 9, 't', 64)),
  rotary: new layers.RotaryEmbedding(64).forward(f32(1, 9, 't', 64), i32('t')),
  cached: cache.forward(f32(1, 3, 't', 64), f32(1, 3, 't', 64), i32()),
  gated: new layers.SwiGLU(576, 1536).forward(f32(1, 't', 576)),
  block: new layers.TransformerBlock(64, 4).forward(f32(1, 't', 64)),
  sequential: classifier.forward(f32(32, 784)),
  tokens: tokens.forward(i32('batch', 't')),
  nested: nested.forward(f32(2, 8)),
  pooled: pooled.forward(f32(2, 3, 64, 64)),
  nothing: new layers.Sequential().forward(i32(3)),
  flat: new layers.Flatten().forward(f32('n', 64, 7, 7)),
  doubled: new layers.Upsample({ scaleFactor: 2 }).forward(f32(1, 8, 16, 20)),
  resized: new layers.Upsample({ size: [7, 9], mode: 'bilinear' }).forward(f32(1, 8, 16, 20)),
  scaled: new layers.Upsample({ scaleFactor: 1.5 }).forward(f32(1, 8, 16, 20)),
  time: new layers.TimestepEmbedding(320, 1280).forward(f32(2, 320)),
  residual: new layers.ResidualBlock(320, 640).forward(f32(2, 320, 32, 32), f32(2, 1280)),
  // With sizes of a configuration.
  unknown: new layers.Linear(unknownSize, unknownSize, { bias: unknownSize > 1 }).forward(f32(2, unknownSize)),
  unknownConv: new layers.Conv2d(unknownSize, 4, unknownSize).forward(f32(2, 3, 8, 8)),
};

// @ts-expect-error 15 numbers where there must be 16
export const wrongWidth = new layers.Linear(16, 8).forward(f32(2, 15));
// @ts-expect-error four channels where there must be three
export const wrongChannels = conv.forward(f32(1, 4, 8, 8));
// @ts-expect-error indices are integers
export const wrongIndex = embedding.forward(f32(2));
// @ts-expect-error rows where there must be images
export const wrongRank = norm.forward(f32(8, 64));
// @ts-expect-error there is no such option
export const wrongOption = new layers.Conv2d(3, 4, 3, { strides: 2 });
// @ts-expect-error there is no such activation
export const wrongActivation = new layers.FeedForward(4, 8, { activation: 'gello' });
// @ts-expect-error the keys' width
export const wrongKeys = cross.forward(f32(2, 4096, 320), f32(2, 77, 320));
// @ts-expect-error what the first layer takes
export const wrongInput = classifier.forward(f32(32, 783));
// @ts-expect-error the head's size
export const wrongHead = cache.forward(f32(1, 3, 1, 32), f32(1, 3, 1, 32), i32());
// @ts-expect-error llama3 needs more
export const wrongScaling = new layers.RotaryEmbedding(64, { scaling: { type: 'llama3', factor: 8 } });

/** Generic modules made of layers check within their own type parameters. */
export class Residual<C extends number> extends Module {
  conv1 = new layers.Conv2d(this.channels, this.channels, 3, { padding: 1 });
  norm = new layers.GroupNorm(4, this.channels);

  constructor(readonly channels: C) {
    super();
  }

  forward<N extends Dim>(x: F32<[N, C, 8, 8]>): F32<[N, C, 8, 8]> {
    return this.norm.forward(this.conv1.forward(x));
  }
}

export type Tests = All<
  [
    Is<typeof outputs.linear, F32<['batch', 5, 8]>>,
    Is<typeof outputs.embedding, F32<['batch', 'seq', 576]>>,
    Is<typeof outputs.rms, F32<[2, 7, 576]>>,
    Is<typeof outputs.group, F32<[2, 320, 64, 64]>>,
    Is<typeof outputs.batch, F32<[8, 64, 112, 112]>>,
    Is<typeof outputs.rows, F32<['n', 64]>>,
    Is<typeof outputs.conv, F32<['n', 64, 112, 112]>>,
    Is<typeof outputs.wide, F32<[2, 8, 10, 'width']>>,
    Is<typeof outputs.conv1d, F32<[1, 384, 1500]>>,
    Is<typeof outputs.up, F32<[1, 4, 32, 64]>>,
    Is<typeof outputs.max, F32<[8, 64, 56, 56]>>,
    Is<typeof outputs.average, F32<[8, 64, 4]>>,
    Is<typeof outputs.adaptive, F32<[8, 512, 1, 1]>>,
    Is<typeof outputs.dropout, F32<['n', 4]>>,
    Is<typeof outputs.self, F32<[2, 'seq', 64]>>,
    Is<typeof outputs.cross, F32<[2, 4096, 320]>>,
    Is<typeof outputs.grouped, F32<[1, 9, 576]>>,
    Is<typeof outputs.split, F32<['b', 9, 't', 64]>>,
    Is<typeof outputs.merged, F32<['b', 't', 576]>>,
    Is<typeof outputs.rotary, F32<[1, 9, 't', 64]>>,
    Is<typeof outputs.cached.key, F32<[1, 3, 256, 64]>>,
    Is<typeof outputs.gated, F32<[1, 't', 576]>>,
    Is<typeof outputs.block, F32<[1, 't', 64]>>,
    Is<typeof outputs.sequential, F32<[32, 10]>>,
    Is<typeof outputs.tokens, F32<['batch', 't', 32]>>,
    Is<typeof outputs.nested, F32<[2, 4]>>,
    Is<typeof outputs.pooled, F32<[...Dim[], 1, 1]>>,
    Is<typeof outputs.nothing, Tensor<[3], 'i32'>>,
    Is<typeof outputs.flat, F32<['n', 3136]>>,
    Is<typeof outputs.doubled, F32<[1, 8, 32, 40]>>,
    Is<typeof outputs.resized, F32<[1, 8, 7, 9]>>,
    Is<typeof outputs.scaled, F32<[1, 8, number, number]>>,
    Is<typeof outputs.time, F32<[2, 1280]>>,
    Is<typeof outputs.residual, F32<[2, 640, 32, 32]>>,
    Is<typeof outputs.unknown, F32<[2, number]>>,
    Is<typeof outputs.unknownConv, F32<[2, 4, number, number]>>,
    Is<typeof conv.weight, Parameter<[64, 3, 7, 7]>>,
    Is<typeof conv.bias, null>,
    Is<typeof wide.weight, Parameter<[8, 2, 1, 3]>>,
    Is<typeof up.weight, Parameter<[8, 4, 3, 3]>>,
    Is<typeof bare.bias, null>,
    Is<typeof bare.weight, Parameter<[32]>>,
    Is<typeof norm.runningMean, StateBuffer<[64], 'f32'>>,
    Is<typeof cache.key, StateBuffer<[1, 3, 256, 64], 'f32'>>,
  ]
>;
