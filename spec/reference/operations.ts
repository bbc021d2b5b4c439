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
  (name: 'sum' | 'mean' | 'max' | 'min' | 'variance' | 'std' | 'l2Norm' | 'logsumexp'): Written =>
  (g, { x }, attrs) =>
    g[name](x!, reduced(attrs));

const lossReduction = ({ reduction: word }: ReferenceAttributes) => ({
  reduction: (word ?? 'mean') as 'mean' | 'sum' | 'none',
});

/** PyTorch's matmul takes vectors: a row in front, a column behind, which the result then lacks. */
const matmul: Written = (g, { a, b }) => {
  const row = a!.shape.length === 1;
  const column = b!.shape.length === 1;
  const product = g.matmul(row ? g.unsqueeze(a!, 0) : a!, column ? g.unsqueeze(b!, -1) : b!);
  const rows = column ? g.squeeze(product, -1) : product;
  return row ? g.squeeze(rows, column ? -1 : -2) : rows;
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

  matmul,
  matmul_tn: (g, { a, b }) => g.matmul(g.transpose(a!), b!),
  linear: (g, { x, weight, bias }) => (bias ? g.linear(x!, weight!, bias) : g.matmul(x!, g.transpose(weight!))),

  softmax: (g, { x }, attrs) => g.softmax(x!, { axis: axis(attrs) }),
  log_softmax: (g, { x }, attrs) => g.logSoftmax(x!, { axis: axis(attrs) }),

  sum: reduction('sum'),
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

  layer_norm: (g, { x, weight, bias }, { normalized_shape: normalized, eps }) => {
    // Several normalised dimensions are one to us.
    const sizes = normalized as number[];
    const flat = [sizes.reduce((a, b) => a * b, 1)];
    const rows = g.reshape(x!, [...x!.shape.slice(0, -sizes.length), ...flat]);
    const row = (given: Node | undefined, otherwise: number) =>
      given ? g.reshape(given, flat) : g.broadcastTo(g.scalar(otherwise, x!), flat);
    return g.reshape(g.layerNorm(rows, row(weight, 1), row(bias, 0), { eps: eps as number }), x!.shape);
  },
  rms_norm: (g, { x, weight }, { eps }) => g.rmsNorm(x!, weight!, { eps: eps as number }),

  permute: (g, { x }, { dims }) => g.permute(x!, dims as number[]),
  reshape: (g, { x }, { shape }) => g.reshape(x!, shape as number[]),
  permute_reshape: (g, { x }) => {
    const axes = x!.shape.map((_, i) => i);
    return g.reshape(g.permute(x!, [axes.at(-1)!, ...axes.slice(1, -1), 0].slice(0, axes.length)), [-1]);
  },
  expand: (g, { x }, { shape }) => g.broadcastTo(x!, shape as number[]),
};
