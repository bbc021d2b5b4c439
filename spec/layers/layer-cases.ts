import { Module, type Tensor } from '../../lib/index.js';
import { activationNamed, activationNames } from '../../lib/layers/activations.js';
import * as layers from '../../lib/layers/index.js';

/** A layer, to be compared with the one that the reference has under the same name. */
export interface LayerCase {
  readonly layer: Module;
  /** What `forward` takes, made of the inputs of the reference; by default all of them, in order. */
  readonly takes?: (inputs: Readonly<Record<string, Tensor>>) => readonly unknown[];
  readonly trains?: boolean;
}

/** The activation of a name as a layer. */
class Activated extends Module {
  constructor(private readonly name: string) {
    super();
  }

  forward(x: Tensor<number[], 'f32'>) {
    return activationNamed(this.name)(x);
  }
}

const llama3 = { type: 'llama3', factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 512 } as const;

const masked = (): LayerCase => ({
  layer: new layers.MultiHeadAttention(8, 2),
  takes: ({ query, mask }) => [query, query, query, { mask }],
});

const evaluated: Readonly<Record<string, () => Module>> = {
  Linear: () => new layers.Linear(4, 3),
  'Linear without bias': () => new layers.Linear(4, 3, { bias: false }),
  Embedding: () => new layers.Embedding(5, 3),
  'Embedding with padding': () => new layers.Embedding(5, 3, { paddingIndex: -4 }),
  RMSNorm: () => new layers.RMSNorm(6),
  'RMSNorm of other eps': () => new layers.RMSNorm(6, { eps: 0.3 }),
  'RMSNorm without weight': () => new layers.RMSNorm(6, { elementwiseAffine: false }),
  LayerNorm: () => new layers.LayerNorm(6),
  'LayerNorm without bias': () => new layers.LayerNorm(6, { bias: false, eps: 0.1 }),
  'LayerNorm without weight': () => new layers.LayerNorm(6, { elementwiseAffine: false }),
  GroupNorm: () => new layers.GroupNorm(2, 4),
  'GroupNorm without weight': () => new layers.GroupNorm(4, 4, { eps: 0.1, affine: false }),
  'BatchNorm2d in evaluation': () => new layers.BatchNorm2d(3),
  'BatchNorm2d without statistics': () => new layers.BatchNorm2d(3, { trackRunningStats: false }),
  Conv1d: () => new layers.Conv1d(2, 3, 3),
  'Conv1d with all options': () =>
    new layers.Conv1d(4, 6, 3, { stride: 2, padding: 2, dilation: 2, groups: 2, bias: false }),
  Conv2d: () => new layers.Conv2d(2, 3, 3),
  'Conv2d with all options': () =>
    new layers.Conv2d(4, 4, [3, 2], { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 }),
  'Conv2d of each channel': () => new layers.Conv2d(3, 3, 3, { padding: 1, groups: 3, bias: false }),
  ConvTranspose1d: () => new layers.ConvTranspose1d(2, 3, 3),
  'ConvTranspose1d with all options': () => {
    const options = { stride: 2, padding: 1, outputPadding: 1, dilation: 2, groups: 2, bias: false } as const;
    return new layers.ConvTranspose1d(4, 6, 3, options);
  },
  ConvTranspose2d: () => new layers.ConvTranspose2d(2, 3, 2, { stride: 2 }),
  'ConvTranspose2d with all options': () => {
    const sizes = { stride: [2, 3], padding: [1, 0], outputPadding: [1, 2], dilation: [1, 2] } as const;
    return new layers.ConvTranspose2d(4, 4, [3, 2], { ...sizes, groups: 2 });
  },
  MaxPool1d: () => new layers.MaxPool1d(2),
  'MaxPool1d with all options': () => new layers.MaxPool1d(3, { stride: 2, padding: 1, dilation: 2, ceilMode: true }),
  MaxPool2d: () => new layers.MaxPool2d(2),
  'MaxPool2d with all options': () =>
    new layers.MaxPool2d([3, 2], { stride: [2, 1], padding: [1, 0], dilation: 1, ceilMode: true }),
  AvgPool1d: () => new layers.AvgPool1d(3, { stride: 2, padding: 1 }),
  'AvgPool1d without padding': () =>
    new layers.AvgPool1d(3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }),
  AvgPool2d: () => new layers.AvgPool2d(2),
  'AvgPool2d with all options': () => {
    const sizes = { stride: [2, 1], padding: [1, 0], ceilMode: true } as const;
    return new layers.AvgPool2d([3, 2], { ...sizes, countIncludePad: false, divisorOverride: 5 });
  },
  AdaptiveAvgPool2d: () => new layers.AdaptiveAvgPool2d([2, 3]),
  MultiHeadAttention: () => new layers.MultiHeadAttention(8, 2),
  'MultiHeadAttention to another width': () => new layers.MultiHeadAttention(8, 4, { kdim: 6, vdim: 5 }),
  'MultiHeadAttention of grouped queries': () =>
    new layers.MultiHeadAttention(8, 4, { keyValueHeads: 2, bias: false, causal: true }),
  'MultiHeadAttention in a window': () => new layers.MultiHeadAttention(8, 2, { causal: true, window: 2 }),
  RotaryEmbedding: () => new layers.RotaryEmbedding(16),
  'RotaryEmbedding of padded rows': () => new layers.RotaryEmbedding(16, { theta: 10000 }),
  'RotaryEmbedding, linear': () => new layers.RotaryEmbedding(16, { scaling: { type: 'linear', factor: 4 } }),
  'RotaryEmbedding, llama3': () => new layers.RotaryEmbedding(16, { theta: 500000, scaling: llama3 }),
  SwiGLU: () => new layers.SwiGLU(4, 6),
  'SwiGLU with biases': () => new layers.SwiGLU(4, 6, { bias: true }),
  FeedForward: () => new layers.FeedForward(4, 6),
  'FeedForward of CLIP': () => new layers.FeedForward(4, 6, { activation: 'quick_gelu' }),
  TransformerBlock: () => new layers.TransformerBlock(8, 2, { causal: true }),
  'TransformerBlock as of Llama': () => {
    const heads = { keyValueHeads: 2, causal: true, window: 3, bias: false };
    return new layers.TransformerBlock(8, 4, {
      ...heads,
      norm: 'rms',
      normEps: 1e-6,
      feedForward: 'swiglu',
      hidden: 12,
    });
  },
  Sequential: () =>
    new layers.Sequential(
      new layers.Linear(4, 5),
      new layers.ReLU(),
      new layers.Linear(5, 3, { bias: false }),
      new layers.Tanh(),
    ),
  'Sequential of images': () => {
    const pooled = new layers.Sequential(new layers.MaxPool2d(2), new layers.Flatten());
    return new layers.Sequential(new layers.Conv2d(1, 2, 3), new layers.SiLU(), pooled, new layers.Linear(8, 2));
  },
  ReLU: () => new layers.ReLU(),
  SiLU: () => new layers.SiLU(),
  Tanh: () => new layers.Tanh(),
  Sigmoid: () => new layers.Sigmoid(),
  GELU: () => new layers.GELU(),
  'GELU by tanh': () => new layers.GELU({ approximate: 'tanh' }),
  Flatten: () => new layers.Flatten(),
  Upsample: () => new layers.Upsample({ scaleFactor: 2 }),
  'Upsample, bilinear': () => new layers.Upsample({ scaleFactor: [2, 1.5], mode: 'bilinear' }),
  'Upsample to a size': () => new layers.Upsample({ size: [5, 4], mode: 'bilinear', alignCorners: true }),
  TimestepEmbedding: () => new layers.TimestepEmbedding(4, 6),
  ResidualBlock: () => new layers.ResidualBlock(2, 4, { tembChannels: 3, groups: 2, outputScaleFactor: 1.5 }),
  'ResidualBlock that scales and shifts': () => {
    const time = { tembChannels: 3, timeEmbeddingNorm: 'scale_shift' } as const;
    return new layers.ResidualBlock(2, 2, { ...time, groups: 2, eps: 1e-5, nonLinearity: 'gelu' });
  },
  'ResidualBlock without timesteps': () =>
    new layers.ResidualBlock(4, 2, { tembChannels: null, groups: 2, groupsOut: 1 }),
  ...Object.fromEntries(activationNames.map((name) => [`activation ${name}`, () => new Activated(name)])),
};

const trained: Readonly<Record<string, () => Module>> = {
  'BatchNorm1d of rows': () => new layers.BatchNorm1d(3),
  'BatchNorm1d of sequences': () => new layers.BatchNorm1d(3, { eps: 0.1, momentum: 0.3 }),
  BatchNorm2d: () => new layers.BatchNorm2d(3),
  'BatchNorm2d that averages all': () => new layers.BatchNorm2d(3, { momentum: null }),
  'BatchNorm2d without weight': () => new layers.BatchNorm2d(3, { affine: false }),
};

/** By their names in the reference; each is made when it is asked for, so that a mistake in one does not fail all. */
export const layerCases: Readonly<Record<string, () => LayerCase>> = {
  ...casesOf(evaluated, false),
  ...casesOf(trained, true),
  'MultiHeadAttention with a mask': masked,
  'MultiHeadAttention with floats as mask': masked,
};

function casesOf(made: Readonly<Record<string, () => Module>>, trains: boolean): Record<string, () => LayerCase> {
  return Object.fromEntries(Object.entries(made).map(([name, make]) => [name, () => ({ layer: make(), trains })]));
}
