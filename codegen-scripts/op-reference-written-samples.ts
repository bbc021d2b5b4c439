import type { DType } from '../lib/ir/dtype.js';
import type { Shape } from '../lib/ir/shape.js';

/** A tensor of an example. */
export interface SampleOperand {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: readonly number[];
}

export type SampleAttribute = number | boolean | string | readonly number[];

export type WrittenOperand = Partial<Omit<SampleOperand, 'name'>>;

/** What is written by hand of a sample; the signature gives the rest. */
export interface WrittenSample {
  /** By name of the operand. An optional operand is given when it is named here; `{}` leaves its values to the rest. */
  readonly operands?: Readonly<Record<string, WrittenOperand>>;
  /** Operands of an operation that takes a list of them. */
  readonly list?: readonly Shape[];
  readonly attrs?: Readonly<Record<string, SampleAttribute>>;
  /** Sizes of dimensions by their names in the signature. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** 1, 2, …, n. */
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

/** Samples of operations that what follows from their signatures does not suit. */
export const writtenSamples: Readonly<Record<string, WrittenSample>> = {
  reshape: { attrs: { shape: [3, -1] } },
  squeeze: { operands: { x: { shape: [2, 1] } }, attrs: { axis: 1 } },
  broadcastTo: { operands: { x: { shape: [3] } }, attrs: { shape: [2, 3] } },
  cast: { operands: { x: { values: [-1.5, 0, 0.5, 2.75] } }, attrs: { dtype: 'i32' } },
  expm1: { operands: { x: { values: [-1, 0, 1e-5, 1] } } },
  log1p: { operands: { x: { values: [-0.5, 0, 1e-5, 1] } } },
  round: { operands: { x: { values: [-1.5, 0.5, 1.5, 2.6] } } },
  equal: { operands: { b: { values: [-1.5, 2, 2] } } },
  notEqual: { operands: { b: { values: [-1.5, 2, 2] } } },
  isNan: { operands: { x: { values: [-1.5, NaN, Infinity, 0] } } },
  isInf: { operands: { x: { values: [-1.5, NaN, Infinity, -Infinity] } } },
  isFinite: { operands: { x: { values: [-1.5, NaN, Infinity, 0] } } },
  all: { operands: { x: { values: [1, 1, 1, 1, 0, 1] } } },
  any: { operands: { x: { values: [0, 0, 1, 0, 0, 0] } } },
  relu6: { operands: { x: { values: [-1.5, 0.5, 2, 7] } } },
  hardsigmoid: { operands: { x: { values: [-4, -1.5, 0.5, 4] } } },
  pow: { operands: { b: { values: [2, 1, 3] } } },
  clamp: { attrs: { min: -1, max: 1 } },
  gather: { operands: { index: { shape: [2, 2], values: [2, 0, 1, 1] } } },
  scatterAdd: {
    operands: { index: { shape: [2, 2], values: [2, 0, 1, 1] }, source: { shape: [2, 2], values: [10, 20, 30, 40] } },
  },
  embedding: { sizes: { v: 3, d: 2 } },
  indexSelect: { operands: { index: { values: [2, 0] } } },
  oneHot: { attrs: { classes: 4 } },
  scatterRows: {
    operands: {
      x: { shape: [4], values: [1, 2, 3, 4] },
      index: { shape: [2], values: [2, 0] },
      source: { shape: [2], values: [10, 20] },
    },
  },
  dynamicSlice: { operands: { x: { shape: [5] }, position: { values: [1] } } },
  writeAt: { operands: { x: { shape: [5] }, values: { shape: [2], values: [10, 20] }, position: { values: [1] } } },
  stack: { list: [[3], [3]] },
  pad: { operands: { x: { shape: [4] } }, attrs: { pads: [2, 1], mode: 'reflect' } },
  repeat: { operands: { x: { shape: [3] } }, attrs: { times: [2, 2] } },
  repeatInterleave: { operands: { x: { shape: [3] } }, attrs: { times: 2 } },
  roll: { operands: { x: { shape: [5] } }, attrs: { shift: 2 } },
  tril: { sizes: { m: 3, n: 3 } },
  triu: { sizes: { m: 3, n: 3 } },
  cumsum: { operands: { x: { shape: [4] } } },
  argmax: { attrs: { axis: -1 } },
  argmin: { attrs: { axis: -1 } },
  argsort: { operands: { x: { shape: [5] } } },
  topkIndices: { operands: { x: { shape: [6] } }, attrs: { k: 2 } },
  einsum: { list: [[2, 3], [3, 2]], attrs: { equation: 'ij,jk->ik' } }, // prettier-ignore
  full: { attrs: { shape: [2, 3] } },
  linspace: { attrs: { start: 0, stop: 1, count: 5 } },
  normalize: { operands: { x: { shape: [2, 2], values: [3, 4, -1, 0] } } },
  swiglu: { sizes: { k: 2, n: 2 } },
  geglu: { operands: { x: { shape: [4] } } },
  causalMask: { operands: { offset: { shape: [], values: [1] } }, attrs: { queries: 2, keys: 4 } },
  attentionWeights: { operands: { q: { shape: [1, 2, 2] }, k: { shape: [1, 3, 2] } }, attrs: { causal: true } },
  scaledDotProductAttention: {
    operands: {
      q: { shape: [1, 2, 2] },
      k: { shape: [1, 3, 2] },
      v: { shape: [1, 3, 1], values: [1, 2, 3] },
    },
    attrs: { causal: true },
  },
  rotaryTable: { operands: { positions: { shape: [3], values: [0, 1, 2] } }, attrs: { dim: 4 } },
  rope: { operands: { x: { shape: [1, 2, 4] }, positions: { shape: [2], values: [0, 1] } } },
  sinusoidalPositions: { operands: { positions: { shape: [3], values: [0, 1, 2] } }, attrs: { dim: 4 } },
  timestepEmbedding: {
    operands: { timesteps: { shape: [2], dtype: 'i32', values: [0, 10] } },
    attrs: { dim: 4 },
  },
  slice: { operands: { x: { shape: [5] } }, attrs: { start: 1, step: 2 } },
  flip: { operands: { x: { shape: [4] } } },
  padAxis: { operands: { x: { shape: [3] } }, attrs: { low: 1, high: 2, interior: 1 } },
  slide: {
    operands: { x: { shape: [4, 2], values: [1, 1, 2, 2, 3, 3, 4, 4] } },
    attrs: { axis: 0, taps: 1, size: 3 },
  },
  unslide: {
    operands: { x: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } },
    attrs: { axis: 0, taps: 1, size: 4 },
  },
  hardswish: { operands: { x: { values: [-4, -1.5, 0.5, 4] } } },
  conv2d: {
    operands: {
      x: { shape: [1, 1, 3, 3], values: upTo(9) },
      weight: { shape: [1, 1, 2, 2], values: [1, 0, 0, -1] },
      bias: { shape: [1], values: [0.5] },
    },
  },
  conv1d: {
    operands: {
      x: { shape: [1, 1, 4], values: upTo(4) },
      weight: { shape: [1, 1, 2], values: [1, -2] },
      bias: { shape: [1], values: [0.5] },
    },
  },
  convTranspose2d: {
    operands: { x: { shape: [1, 1, 2, 2], values: upTo(4) }, weight: { shape: [1, 1, 2, 2], values: [1, 0, 0, -1] } },
    attrs: { stride: 2 },
  },
  convTranspose1d: {
    operands: { x: { shape: [1, 1, 3], values: upTo(3) }, weight: { shape: [1, 1, 2], values: [1, -2] } },
    attrs: { stride: 2 },
  },
  maxPool2d: { operands: { x: { shape: [2, 4], values: upTo(8) } }, attrs: { kernelSize: 2 } },
  maxPool1d: { operands: { x: { shape: [4] } }, attrs: { kernelSize: 2 } },
  avgPool2d: { operands: { x: { shape: [2, 4], values: upTo(8) } }, attrs: { kernelSize: 2 } },
  avgPool1d: { operands: { x: { shape: [4] } }, attrs: { kernelSize: 2 } },
  adaptiveAvgPool2d: { operands: { x: { shape: [2, 4], values: upTo(8) } }, attrs: { outputSize: [1, 2] } },
  interpolate: { operands: { x: { shape: [2, 2], values: upTo(4) } }, attrs: { size: [2, 4] } },
  pixelShuffle: { operands: { x: { shape: [4, 1, 2], values: upTo(8) } }, attrs: { factor: 2 } },
  pixelUnshuffle: { operands: { x: { shape: [1, 2, 4], values: upTo(8) } }, attrs: { factor: 2 } },
  groupNorm: { operands: { x: { shape: [1, 4, 2], values: upTo(8) } }, attrs: { groups: 2 } },
  batchNorm: {
    operands: {
      x: { shape: [2, 2], values: upTo(4) },
      mean: { shape: [2], values: [1, 2] },
      variance: { shape: [2], values: [1, 4] },
    },
  },
  nllLoss: {
    operands: {
      logProbabilities: { values: [-0.5, -1.5, -2, -1, -0.75, -2] },
      target: { values: [0, 2] },
      weight: { values: [1, 2, 0.5] },
    },
  },
  bceWithLogits: { operands: { target: { values: [0, 1, 1, 0, 1, 0.5] } } },
  klDiv: {
    operands: { x: { values: [-0.5, -1.5, -2, -1, -0.75, -2] }, target: { values: [0.5, 0.25, 0.25, 0, 0.5, 0.5] } },
  },
};
