import { describe, expect, test } from '@jest/globals';
import { input, MeganeuraError, trace, type DType, type Module } from '../../lib/index.js';
import * as layers from '../../lib/layers/index.js';

/** As plain JavaScript calls it, where no types are in the way. */
const make = (layer: keyof typeof layers, ...args: unknown[]): unknown =>
  Reflect.construct(layers[layer] as new (...args: unknown[]) => Module, args);

const constructions: [message: string, body: () => unknown][] = [
  ["Linear: there is no option 'biased'; it takes { bias }", () => make('Linear', 2, 3, { biased: true })],
  ['Linear: options are given by name, got false; it takes { bias }', () => make('Linear', 2, 3, false)],
  ['Linear: bias must be true or false, got 1', () => make('Linear', 2, 3, { bias: 1 })],
  ['Embedding: paddingIndex 4 names none of the 4 rows', () => make('Embedding', 4, 3, { paddingIndex: 4 })],
  ['Embedding: paddingIndex must be an integer, got 0.5', () => make('Embedding', 4, 3, { paddingIndex: 0.5 })],
  ['RMSNorm: eps must be a number above 0, got 0', () => make('RMSNorm', 4, { eps: 0 })],
  ['GroupNorm: numChannels 6 does not divide by numGroups 4', () => make('GroupNorm', 4, 6)],
  ['GroupNorm: numGroups must be an integer of at least 1, got 0', () => make('GroupNorm', 0, 6)],
  ['BatchNorm2d: momentum must be a number from 0 to 1, or null, got 2', () => make('BatchNorm2d', 4, { momentum: 2 })],
  ['Conv2d: inChannels 3 does not divide by groups 2', () => make('Conv2d', 3, 4, 3, { groups: 2 })],
  ['Conv2d: outChannels 3 does not divide by groups 2', () => make('Conv2d', 4, 3, 3, { groups: 2 })],
  ['Conv2d: kernelSize must be an integer of at least 1, or a pair of them, got [3, 0]', () => make('Conv2d', 4, 3, [3, 0])], // prettier-ignore
  ['Conv2d: options are given by name, got 2', () => make('Conv2d', 4, 3, 3, 2)],
  ['Conv1d: padding must be an integer of at least 0, got same', () => make('Conv1d', 4, 3, 3, { padding: 'same' })],
  [
    "ConvTranspose2d: there is no option 'paddingMode'",
    () => make('ConvTranspose2d', 4, 3, 3, { paddingMode: 'zeros' }),
  ],
  ['MaxPool2d: kernelSize must be an integer of at least 1, or a pair of them, got undefined', () => make('MaxPool2d')],
  ['AdaptiveAvgPool2d: outputSize must be', () => make('AdaptiveAvgPool2d', [2])],
  ['Dropout: p must be a number from 0 to 1, got 1.5', () => make('Dropout', 1.5)],
  ['MultiHeadAttention: embedDim 8 does not divide by numHeads 3', () => make('MultiHeadAttention', 8, 3)],
  ['MultiHeadAttention: numHeads 4 does not divide by keyValueHeads 3', () => make('MultiHeadAttention', 8, 4, { keyValueHeads: 3 })], // prettier-ignore
  ['RotaryEmbedding: headDim must be even, got 5', () => make('RotaryEmbedding', 5)],
  ["RotaryEmbedding: scaling.type must be one of 'default', 'linear', 'llama3', got yarn", () => make('RotaryEmbedding', 8, { scaling: { type: 'yarn' } })], // prettier-ignore
  ['RotaryEmbedding: scaling: factor must be a number above 0, got undefined', () => make('RotaryEmbedding', 8, { scaling: { type: 'linear' } })], // prettier-ignore
  ['KVCache: length must be an integer of at least 1, got undefined', () => make('KVCache', { batch: 1, heads: 2, headDim: 4 })], // prettier-ignore
  ["there is no activation 'gello'; did you mean 'gelu'? Known are gelu, gelu_new", () => make('FeedForward', 4, 8, { activation: 'gello' })], // prettier-ignore
  ["TransformerBlock: norm must be one of 'layer', 'rms', got batch", () => make('TransformerBlock', 8, 2, { norm: 'batch' })], // prettier-ignore
  ["TransformerBlock: activation is for feedForward 'mlp'", () => make('TransformerBlock', 8, 2, { feedForward: 'swiglu', activation: 'relu' })], // prettier-ignore
  ['Sequential: layer 1 must be a module, got a function', () => make('Sequential', new layers.ReLU(), layers.ReLU)],
  ['Upsample: give either size or scaleFactor', () => make('Upsample', {})],
  ['Upsample: give either size or scaleFactor', () => make('Upsample', { size: 2, scaleFactor: 2 })],
  ["Upsample: alignCorners is for mode 'bilinear'", () => make('Upsample', { size: 2, alignCorners: true })],
  ["GELU: approximate must be one of 'none', 'tanh', got erf", () => make('GELU', { approximate: 'erf' })],
  ["ResidualBlock: there is no option 'up'", () => make('ResidualBlock', 4, 4, { up: true })],
  ['ResidualBlock: outputScaleFactor must be a finite number other than 0, got 0', () => make('ResidualBlock', 4, 4, { outputScaleFactor: 0 })], // prettier-ignore
];

const run = (layer: Module, ...inputs: (number[] | [number[], DType])[]) =>
  trace(
    layer,
    Object.fromEntries(
      inputs.map((given, i) => [
        `input${i}`,
        Array.isArray(given[0]) ? input(given[0], given[1] as DType) : input(given as number[]),
      ]),
    ),
  );

const calls: [message: string, body: () => unknown][] = [
  ['linear: k is 5 in x but 4 in weight', () => run(new layers.Linear(4, 3), [2, 5])],
  ['embedding: index must be i32, got f32; cast it first', () => run(new layers.Embedding(4, 3), [2])],
  ['rmsNorm: n is 5 in x but 4 in weight', () => run(new layers.RMSNorm(4, { elementwiseAffine: false }), [2, 5])],
  ['BatchNorm2d: x must have rank 4, got [2, 3, 4]', () => run(new layers.BatchNorm2d(3), [2, 3, 4])],
  ['BatchNorm1d: x must have rank 2 or 3, got [3]', () => run(new layers.BatchNorm1d(3), [3])],
  ['BatchNorm2d: more than one value a channel is needed to train, got x [1, 3, 1, 1]: use eval()', () => run(new layers.BatchNorm2d(3), [1, 3, 1, 1])], // prettier-ignore
  ['conv2d: dimension 1 of weight must be 3, not 4', () => run(new layers.Conv2d(4, 2, 3), [1, 3, 8, 8])],
  ['conv2d: x must have rank 4, got [4, 8, 8]', () => run(new layers.Conv2d(4, 2, 3), [4, 8, 8])],
  ['rmsNorm: n is 6 in x but 8 in weight (at norm1)', () => run(new layers.TransformerBlock(8, 2, { norm: 'rms' }).eval(), [1, 3, 6])], // prettier-ignore
  [
    'RotaryEmbedding: x must have heads of 8, got [1, 2, 3, 6]',
    () => run(new layers.RotaryEmbedding(8), [1, 2, 3, 6], [[3], 'i32']),
  ],
  ['Upsample: height and width of [1, 2, 3, 3] times 1.5 and 1.5 are no whole numbers; give size', () => run(new layers.Upsample({ scaleFactor: 1.5 }), [1, 2, 3, 3])], // prettier-ignore
  ['ResidualBlock: temb is missing', () => run(new layers.ResidualBlock(4, 4, { groups: 2 }), [1, 4, 2, 2])],
  ['ResidualBlock: temb is given to a block without tembChannels', () => run(new layers.ResidualBlock(4, 4, { groups: 2, tembChannels: null }), [1, 4, 2, 2], [1, 3])], // prettier-ignore
  ['linear: k is 5 in x but 4 in weight (at 2)', () => run(new layers.Sequential(new layers.Linear(3, 5), new layers.ReLU(), new layers.Linear(4, 2)), [1, 3])], // prettier-ignore
];

describe('what layers refuse', () => {
  test.each(constructions)('%s', (message, body) => {
    expect(body).toThrow(MeganeuraError);
    expect(body).toThrow(message);
  });

  test.each(calls)('%s', (message, body) => {
    expect(body).toThrow(MeganeuraError);
    expect(body).toThrow(message);
  });

  test('attention', () => {
    const attend = (options: Parameters<typeof layers.attention>[3], width = 8) =>
      trace({ q: input([1, 3, 8]), k: input([1, 4, width]) }, ({ q, k }) => layers.attention(q, k, k, options));
    expect(() => attend({ heads: 3 })).toThrow(
      'splitHeads: the last dimension of [1, 3, 8] does not divide into 3 heads',
    );
    expect(() => attend({ heads: 4, keyValueHeads: 3 }, 6)).toThrow('4 heads of q do not divide by the 3 heads of k');
    expect(() => attend({ heads: 4 }, 4)).toThrow('scaledDotProductAttention: d is 2 in q but 1 in k');
    const misspelt = { heads: 4, isCausal: true };
    expect(() => attend(misspelt)).toThrow("attention: there is no option 'isCausal'; it takes { heads, keyValueHeads");
  });
});
