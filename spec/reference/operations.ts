import type { Builder } from '../../lib/ir/generated/builder.js';
import type { Node } from '../../lib/ir/graph.js';

/** Attributes as the reference writes them: PyTorch's words. */
export type ReferenceAttributes = Readonly<Record<string, unknown>>;

/** Writes a reference operation with ours: its outputs by name, from its inputs by name. */
type Written = (
  g: Builder<Node>,
  inputs: Readonly<Record<string, Node>>,
  attrs: ReferenceAttributes,
) => Readonly<Record<string, Node>> | Node;

type Unary = 'neg' | 'abs' | 'exp' | 'log' | 'sqrt' | 'rsqrt' | 'reciprocal' | 'square' | 'tanh' | 'sigmoid' | 'silu' | 'relu' | 'floor' | 'sign' | 'log1p' | 'expm1' | 'sin' | 'cos' | 'erf' | 'gelu' | 'geluTanh' | 'softplus' | 'hardswish' | 'ceil' | 'round'; // prettier-ignore
type Binary =
  'add' | 'sub' | 'mul' | 'div' | 'pow' | 'maximum' | 'minimum' | 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'logicalAnd' | 'logicalOr'; // prettier-ignore

const unary =
  (name: Unary): Written =>
  (g, { x }) =>
    g[name](x!);

const binary =
  (name: Binary): Written =>
  (g, { a, b }) =>
    g[name](a!, b!);

const axis = ({ dim }: ReferenceAttributes) => dim as number;

/** `dims` and `keepdim` of a reduction, in our words; all dimensions where there are none. */
function reduced({ dims, dim, keepdim }: ReferenceAttributes): { axes?: number | number[]; keepdims: boolean } {
  const axes = (dims ?? dim ?? undefined) as number | number[] | undefined;
  return { ...(axes === undefined ? {} : { axes }), keepdims: keepdim === true };
}

const reduction =
  (name: 'sum' | 'prod' | 'mean' | 'max' | 'min' | 'variance' | 'std' | 'l2Norm' | 'logsumexp'): Written =>
  (g, { x }, attrs) =>
    g[name](x!, reduced(attrs));

const lossReduction = ({ reduction: word }: ReferenceAttributes) => ({
  reduction: (word ?? 'mean') as 'mean' | 'sum' | 'none',
});

/** There, and back to f32. */
const cast =
  (dtype: 'f16' | 'bf16'): Written =>
  (g, { x }) => {
    const y = g.cast(x!, dtype);
    return { y, back: g.cast(y, 'f32') };
  };

/** PyTorch's matmul takes vectors: a row in front, a column behind, which the result then lacks. */
const matmul: Written = (g, { a, b }) => {
  const row = a!.shape.length === 1;
  const column = b!.shape.length === 1;
  const product = g.matmul(row ? g.unsqueeze(a!, 0) : a!, column ? g.unsqueeze(b!, -1) : b!);
  const rows = column ? g.squeeze(product, -1) : product;
  return row ? g.squeeze(rows, column ? -1 : -2) : rows;
};

/** A loss of classes, which the reference has in dimension 1 and we in the last one. PyTorch ignores targets of -100. */
const classification =
  (
    write: (
      g: Builder<Node>,
      scores: Node,
      target: Node,
      options: {
        weight: Node | undefined;
        ignoreIndex: number;
        labelSmoothing?: number;
        reduction: 'mean' | 'sum' | 'none';
      },
    ) => Node,
  ): Written =>
  (g, { x, target, weight }, attrs) => {
    const axes = x!.shape.map((_, i) => i).filter((i) => i !== 1);
    const { label_smoothing: smoothing } = attrs;
    return write(g, g.permute(x!, [...axes, 1]), target!, {
      weight,
      ignoreIndex: (attrs['ignore_index'] as number | undefined) ?? -100,
      ...(typeof smoothing === 'number' ? { labelSmoothing: smoothing } : {}),
      ...lossReduction(attrs),
    });
  };

const rotary =
  (layout: 'half' | 'interleaved'): Written =>
  (g, { x, positions }, attrs) => {
    const theta = attrs['theta'] as number;
    const dim = x!.shape.at(-1)!;
    // The reference has each angle twice, once for each element of a pair.
    const table = (part: 'cos' | 'sin') => {
      const half = g.unsqueeze(g.rotaryTable(positions!, dim, part, { theta }), layout === 'half' ? -2 : -1);
      const twice = layout === 'half' ? [2, dim / 2] : [dim / 2, 2];
      return g.reshape(g.broadcastTo(half, [...positions!.shape, ...twice]), [...positions!.shape, dim]);
    };
    return { y: g.rope(x!, positions!, { theta, layout }), cos: table('cos'), sin: table('sin') };
  };

const listed: (name: 'concat' | 'stack') => Written = (name) => (g, inputs, attrs) =>
  g[name](Object.values(inputs), { axis: axis(attrs) });

const extremePlace =
  (name: 'argmax' | 'argmin'): Written =>
  (g, { x }, { dim, keepdim }) =>
    g[name](x!, { ...(typeof dim === 'number' ? { axis: dim } : {}), keepdims: keepdim === true });

/** Values with the places they were taken from. */
function taken(g: Builder<Node>, x: Node, indices: Node, dim: number): Readonly<Record<string, Node>> {
  return { values: g.gather(x, indices, dim), indices };
}

type Window = Partial<Record<'stride' | 'padding' | 'dilation' | 'groups' | 'outputPadding', number>>;

/** Of two dimensions and of one: that of one takes no pairs, and has none in the reference. */
const convolution =
  (name: 'conv1d' | 'conv2d' | 'convTranspose1d' | 'convTranspose2d'): Written =>
  (g, { x, weight, bias }, { output_padding: outputPadding, ...rest }) =>
    g[name](x!, weight!, { bias, ...(rest as Window), ...(outputPadding === undefined ? {} : { outputPadding: outputPadding as number }) }); // prettier-ignore

/** `size`, or the sizes of the last two dimensions times `scale_factor`. */
function sizeOf(x: Node, { size, scale_factor: factor }: ReferenceAttributes): number[] {
  return (size as number[] | undefined) ?? x.shape.slice(-2).map((length) => length * (factor as number));
}

const pair = (value: unknown) => value as number | number[];

/** `kernel_size` and what goes with it, in our words. */
function pool({ stride, padding, dilation, ceil_mode, count_include_pad }: ReferenceAttributes) {
  return {
    ...(stride === undefined ? {} : { stride: pair(stride) }),
    ...(padding === undefined ? {} : { padding: pair(padding) }),
    ...(dilation === undefined ? {} : { dilation: pair(dilation) }),
    ceilMode: ceil_mode === true,
    ...(count_include_pad === undefined ? {} : { countIncludePad: count_include_pad === true }),
  };
}

/** The statistics of the batch, of one number a channel, normalise it; running ones move towards them. */
const batchNormTrain: Written = (g, inputs, { momentum, eps }) => {
  const { x, weight, bias } = inputs;
  const axes = x!.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const mean = g.mean(x!, { axes });
  const biased = g.variance(x!, { axes, correction: 0 });
  const moved = (old: Node, batch: Node) =>
    g.add(g.mul(old, g.scalar(1 - (momentum as number), old)), g.mul(batch, g.scalar(momentum as number, old)));
  return {
    y: g.batchNorm(x!, mean, biased, { weight, bias, eps: eps as number }),
    running_mean: moved(inputs['running_mean']!, mean),
    running_var: moved(inputs['running_var']!, g.variance(x!, { axes })),
  };
};

/** Every operation of the reference that the op table can write. */
export const operations: Readonly<Record<string, Written>> = {
  neg: unary('neg'),
  abs: unary('abs'),
  exp: unary('exp'),
  log: unary('log'),
  sqrt: unary('sqrt'),
  rsqrt: unary('rsqrt'),
  reciprocal: unary('reciprocal'),
  square: unary('square'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  silu: unary('silu'),
  relu: unary('relu'),
  floor: unary('floor'),
  sign: unary('sign'),
  log1p: unary('log1p'),
  expm1: unary('expm1'),
  sin: unary('sin'),
  cos: unary('cos'),
  erf: unary('erf'),
  gelu: unary('gelu'),
  gelu_tanh: unary('geluTanh'),
  softplus: unary('softplus'),
  hardswish: unary('hardswish'),
  ceil: unary('ceil'),
  round: unary('round'),

  leaky_relu: (g, { x }) => g.leakyRelu(x!, { slope: 0.1 }),
  elu: (g, { x }) => g.elu(x!),
  clamp: (g, { x }, { min, max }) =>
    g.clamp(x!, {
      ...(typeof min === 'number' ? { min } : {}),
      ...(typeof max === 'number' ? { max } : {}),
    }),
  masked_fill: (g, { x, mask }, { value }) => g.maskedFill(x!, mask!, value as number),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  pow: binary('pow'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  affine_scalar: (g, { x }, { scale, shift }) =>
    g.add(g.mul(x!, g.scalar(scale as number, x!)), g.scalar(shift as number, x!)),
  pow_scalar: (g, { x }, { exponent }) => g.pow(x!, g.scalar(exponent as number, x!)),
  logical_and: binary('logicalAnd'),
  logical_or: binary('logicalOr'),
  eq: binary('equal'),
  ne: binary('notEqual'),
  lt: binary('less'),
  le: binary('lessEqual'),
  gt: binary('greater'),
  ge: binary('greaterEqual'),
  logical_not: (g, { a }) => g.logicalNot(a!),
  where: (g, { condition, x, y }) => g.where(condition!, x!, y!),

  cast_f16: cast('f16'),
  cast_bf16: cast('bf16'),

  matmul,
  matmul_tn: (g, { a, b }) => g.matmul(g.transpose(a!), b!),
  linear: (g, { x, weight, bias }) => (bias ? g.linear(x!, weight!, bias) : g.matmul(x!, g.transpose(weight!))),

  softmax: (g, { x }, attrs) => g.softmax(x!, { axis: axis(attrs) }),
  log_softmax: (g, { x }, attrs) => g.logSoftmax(x!, { axis: axis(attrs) }),

  sum: reduction('sum'),
  prod: reduction('prod'),
  mean: reduction('mean'),
  amax: reduction('max'),
  amin: reduction('min'),
  var: reduction('variance'),
  var_biased: (g, { x }, attrs) => g.variance(x!, { ...reduced(attrs), correction: 0 }),
  std: reduction('std'),
  l2_norm: reduction('l2Norm'),
  logsumexp: reduction('logsumexp'),

  l1_loss: (g, { x, target }, attrs) => g.l1Loss(x!, target!, lossReduction(attrs)),
  huber_loss: (g, { x, target }, attrs) =>
    g.huberLoss(x!, target!, { ...lossReduction(attrs), delta: attrs['delta'] as number }),
  smooth_l1_loss: (g, { x, target }, attrs) =>
    g.smoothL1Loss(x!, target!, { ...lossReduction(attrs), beta: attrs['beta'] as number }),

  cross_entropy: classification((g, scores, target, options) => g.crossEntropy(scores, target, options)),
  nll_loss: classification((g, scores, target, options) => g.nllLoss(scores, target, options)),
  mse_loss: (g, { x, target }, attrs) => g.mseLoss(x!, target!, lossReduction(attrs)),
  bce_with_logits: (g, { x, target }, attrs) => g.bceWithLogits(x!, target!, lossReduction(attrs)),
  kl_div: (g, { x, target }, attrs) =>
    g.klDiv(x!, target!, { reduction: attrs['reduction'] as 'mean' | 'batchmean' | 'sum' | 'none' }),

  sdpa: (g, { q, k, v, mask }, { is_causal: causal, scale }) =>
    g.scaledDotProductAttention(q!, k!, v!, {
      mask,
      causal: causal === true,
      ...(typeof scale === 'number' ? { scale } : {}),
    }),
  rope_half: rotary('half'),
  rope_interleaved: rotary('interleaved'),
  timestep_embedding: (g, { timesteps }, attrs) =>
    g.timestepEmbedding(timesteps!, attrs['dim'] as number, {
      flipSinToCos: attrs['flip_sin_to_cos'] as boolean,
      downscaleFreqShift: attrs['downscale_freq_shift'] as number,
    }),

  layer_norm: (g, { x, weight, bias }, { normalized_shape: normalized, eps }) => {
    // Several normalised dimensions are one to us.
    const sizes = normalized as number[];
    const flat = [sizes.reduce((a, b) => a * b, 1)];
    const rows = g.reshape(x!, [...x!.shape.slice(0, -sizes.length), ...flat]);
    const row = (given: Node | undefined, otherwise: number) =>
      given ? g.reshape(given, flat) : g.broadcastTo(g.scalar(otherwise, x!), flat);
    return g.reshape(g.layerNorm(rows, row(weight, 1), row(bias, 0), { eps: eps as number }), x!.shape);
  },
  group_norm: (g, { x, weight, bias }, { groups, eps }) =>
    g.groupNorm(x!, groups as number, { weight, bias, eps: eps as number }),
  batch_norm_eval: (g, { x, weight, bias, running_mean: mean, running_var: variance }, { eps }) =>
    g.batchNorm(x!, mean!, variance!, { weight, bias, eps: eps as number }),
  batch_norm_train: batchNormTrain,
  rms_norm: (g, { x, weight }, { eps }) => g.rmsNorm(x!, weight!, { eps: eps as number }),

  conv1d: convolution('conv1d'),
  conv2d: convolution('conv2d'),
  conv_transpose1d: convolution('convTranspose1d'),
  conv_transpose2d: convolution('convTranspose2d'),
  max_pool2d: (g, { x }, attrs) => g.maxPool2d(x!, pair(attrs['kernel_size']), pool(attrs)),
  avg_pool2d: (g, { x }, attrs) => g.avgPool2d(x!, pair(attrs['kernel_size']), pool(attrs)),
  adaptive_avg_pool2d: (g, { x }, attrs) => g.adaptiveAvgPool2d(x!, attrs['output_size'] as number[]),
  interpolate_nearest: (g, { x }, attrs) => g.interpolate(x!, sizeOf(x!, attrs)),
  interpolate_bilinear: (g, { x }, attrs) =>
    g.interpolate(x!, sizeOf(x!, attrs), { mode: 'bilinear', alignCorners: attrs['align_corners'] === true }),
  pixel_shuffle: (g, { x }, { upscale_factor: factor }) => g.pixelShuffle(x!, factor as number),

  permute: (g, { x }, { dims }) => g.permute(x!, dims as number[]),
  reshape: (g, { x }, { shape }) => g.reshape(x!, shape as number[]),
  permute_reshape: (g, { x }) => {
    const axes = x!.shape.map((_, i) => i);
    return g.reshape(g.permute(x!, [axes.at(-1)!, ...axes.slice(1, -1), 0].slice(0, axes.length)), [-1]);
  },
  expand: (g, { x }, { shape }) => g.broadcastTo(x!, shape as number[]),

  einsum: (g, inputs, { equation }) => g.einsum(Object.values(inputs), equation as string),
  concat: listed('concat'),
  stack: listed('stack'),
  split: (g, { x }, { sizes, dim }) => {
    let start = 0;
    const parts = (sizes as number[]).map((size) => {
      start += size;
      return g.slice(x!, dim as number, { start: start - size, stop: start });
    });
    return Object.fromEntries(parts.map((part, i) => [`y${i}`, part]));
  },
  slice: (g, { x }, attrs) => {
    const { start, stop, step } = attrs as Record<string, number>;
    return g.slice(x!, axis(attrs), { start: start!, stop: stop!, step: step! });
  },
  pad: (g, { x }, { pads, mode, value }) =>
    g.pad(x!, pads as number[], {
      mode: mode as 'constant' | 'reflect' | 'replicate' | 'circular',
      value: value as number,
    }),
  flip: (g, { x }, { dims }) => g.flip(x!, { axes: dims as number[] }),
  repeat: (g, { x }, { times }) => g.repeat(x!, times as number[]),
  repeat_interleave: (g, { x }, attrs) => g.repeatInterleave(x!, attrs['times'] as number, axis(attrs)),
  roll: (g, { x }, attrs) => g.roll(x!, attrs['shift'] as number, axis(attrs)),
  tril: (g, { x }, { diagonal }) => g.tril(x!, { diagonal: diagonal as number }),
  triu: (g, { x }, { diagonal }) => g.triu(x!, { diagonal: diagonal as number }),

  cumsum: (g, { x }, attrs) => g.cumsum(x!, axis(attrs)),
  argmax: extremePlace('argmax'),
  argmin: extremePlace('argmin'),
  topk: (g, { x }, attrs) => {
    const options = { axis: axis(attrs), largest: attrs['largest'] as boolean };
    return taken(g, x!, g.topkIndices(x!, attrs['k'] as number, options), axis(attrs));
  },
  sort: (g, { x }, attrs) => {
    const options = { axis: axis(attrs), descending: attrs['descending'] as boolean };
    return taken(g, x!, g.argsort(x!, options), axis(attrs));
  },
  max_dim: (g, { x }, attrs) => {
    const found = taken(g, x!, g.argmax(x!, { axis: axis(attrs), keepdims: true }), axis(attrs));
    return Object.fromEntries(Object.entries(found).map(([name, node]) => [name, g.squeeze(node, axis(attrs))]));
  },

  gather: (g, { x, index }, attrs) => g.gather(x!, index!, axis(attrs)),
  scatter_add: (g, { x, index, src }, attrs) => g.scatterAdd(x!, index!, src!, axis(attrs)),
  scatter_rows: (g, { x, index, src }, attrs) => g.scatterRows(x!, index!, src!, axis(attrs)),
  index_select: (g, { x, index }, attrs) => g.indexSelect(x!, index!, axis(attrs)),
  one_hot: (g, { index }, { classes }) => g.oneHot(index!, classes as number),
  embedding: (g, { index, weight }, { padding_idx: row }) =>
    g.embedding(index!, weight!, typeof row === 'number' ? { paddingIndex: row } : {}),

  normalize: (g, { x }, attrs) => g.normalize(x!, { axis: axis(attrs) }),
  cosine_similarity: (g, { a, b }, attrs) => g.cosineSimilarity(a!, b!, { axis: axis(attrs) }),
  swiglu: (g, { x, gate, up }) => g.swiglu(x!, gate!, up!),
  geglu: (g, { x }) => g.geglu(x!),
};
