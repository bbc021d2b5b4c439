import type { AttributeValue } from '../lib/ir/graph.js';
import type { DType } from '../lib/ir/dtype.js';
import type { OpName } from '../lib/ir/ops/index.js';

/** Operands and attributes to try an operation on; the numbers are made to suit its domain. */
export interface OpCase {
  readonly shapes: readonly (readonly number[])[];
  readonly attrs?: Readonly<Record<string, AttributeValue>>;
  readonly dtypes?: readonly DType[];
  /** Values are drawn from [low, high). */
  readonly range?: readonly [low: number, high: number];
}

const unary: OpCase[] = [{ shapes: [[3, 5]] }, { shapes: [[]] }, { shapes: [[1, 4, 1]] }, { shapes: [[0, 3]] }];
const positive: OpCase[] = unary.map((entry) => ({ ...entry, range: [0.5, 2] }));
const wide: OpCase[] = unary.map((entry) => ({ ...entry, range: [-4, 4] }));
const angles: OpCase[] = [...wide, { shapes: [[4, 5]], range: [-500, 500] }];
const binary: OpCase[] = [
  { shapes: [[3, 5], [3, 5]] },
  { shapes: [[3, 5], [5]] },
  { shapes: [[3, 1], [1, 4]] },
  { shapes: [[2, 3, 4], [3, 1]] },
  { shapes: [[], [2, 3]] },
  { shapes: [[0, 2], [1, 2]] },
]; // prettier-ignore
const positiveBinary: OpCase[] = binary.map((entry) => ({ ...entry, range: [0.5, 2] }));
const bool: OpCase[] = unary.map((entry) => ({ ...entry, dtypes: ['bool'] }));
const reduction: OpCase[] = [
  { shapes: [[3, 5]] },
  { shapes: [[3, 5]], attrs: { axes: [0] } },
  { shapes: [[3, 5]], attrs: { axes: [-1], keepdims: true } },
  { shapes: [[2, 3, 4]], attrs: { axes: [0, 2] } },
  { shapes: [[2, 3, 4]], attrs: { axes: [0, 1], keepdims: true } },
  { shapes: [[70, 3]], attrs: { axes: [0] } },
];
const softmax: OpCase[] = [
  { shapes: [[3, 5]] },
  { shapes: [[2, 3, 4]], attrs: { axis: 1 } },
  { shapes: [[7]] },
  { shapes: [[2, 1]] },
];
const regressionLoss: OpCase[] = [
  { shapes: [[3, 5], [3, 5]] },
  { shapes: [[], []], attrs: { reduction: 'sum' } },
  { shapes: [[2, 3, 4], [2, 3, 4]], attrs: { reduction: 'none' } },
]; // prettier-ignore
const target: readonly DType[] = ['f32', 'i32'];

/** Several cases for every operation of the table; the type demands that none is left out. */
export const opCases: Record<OpName, readonly OpCase[]> = {
  neg: unary,
  abs: unary,
  sign: unary,
  exp: unary,
  log: positive,
  expm1: unary,
  log1p: unary.map((entry) => ({ ...entry, range: [-0.7, 3] })),
  sqrt: positive,
  rsqrt: positive,
  reciprocal: positive,
  square: unary,
  tanh: unary,
  floor: unary.map((entry) => ({ ...entry, range: [-5, 5] })),
  erf: wide,
  sin: angles,
  cos: angles,
  ceil: unary.map((entry) => ({ ...entry, range: [-5, 5] })),
  round: unary.map((entry) => ({ ...entry, range: [-5, 5] })),
  sigmoid: unary,
  gelu: wide,
  geluTanh: wide,
  softplus: wide,
  hardswish: wide,
  relu: unary,
  silu: unary,
  leakyRelu: [...unary, { shapes: [[3, 5]], attrs: { slope: 0.2 } }],
  elu: [...wide, { shapes: [[3, 5]], attrs: { alpha: 0.5 } }],
  clamp: [
    { shapes: [[3, 5]], attrs: { min: -0.5, max: 0.75 } },
    { shapes: [[3, 5]], attrs: { max: 0.3 } },
    { shapes: [[]], attrs: { min: 0 } },
    { shapes: [[4, 2]], attrs: { min: 1, max: 3 }, dtypes: ['i32'], range: [-5, 5] },
  ],
  maskedFill: [
    { shapes: [[3, 5], [3, 5]], attrs: { value: -3.5 }, dtypes: ['f32', 'bool'] },
    { shapes: [[2, 3, 4], [3, 1]], attrs: { value: 0 }, dtypes: ['f32', 'bool'] },
  ], // prettier-ignore
  add: binary,
  sub: binary,
  mul: binary,
  div: positiveBinary,
  pow: positiveBinary,
  maximum: binary,
  minimum: binary,
  equal: binary.map((entry) => ({ ...entry, dtypes: ['i32', 'i32'], range: [0, 3] })),
  notEqual: binary.map((entry) => ({ ...entry, dtypes: ['i32', 'i32'], range: [0, 3] })),
  less: binary,
  lessEqual: binary,
  greater: binary,
  greaterEqual: binary,
  logicalNot: bool,
  logicalAnd: binary.map((entry) => ({ ...entry, dtypes: ['bool', 'bool'] })),
  logicalOr: binary.map((entry) => ({ ...entry, dtypes: ['bool', 'bool'] })),
  where: [
    {
      shapes: [
        [3, 5],
        [3, 5],
        [3, 5],
      ],
      dtypes: ['bool', 'f32', 'f32'],
    },
    { shapes: [[3, 1], [5], []], dtypes: ['bool', 'f32', 'f32'] },
    { shapes: [[2, 4], [], []], dtypes: ['bool', 'i32', 'i32'] },
  ],
  cast: [
    { shapes: [[3, 4]], attrs: { dtype: 'i32' }, range: [-5, 5] },
    { shapes: [[3, 4]], attrs: { dtype: 'f32' }, dtypes: ['i32'], range: [-5, 5] },
    { shapes: [[3, 4]], attrs: { dtype: 'f32' }, dtypes: ['bool'] },
    { shapes: [[3, 4]], attrs: { dtype: 'bool' }, dtypes: ['i32'], range: [0, 2] },
  ],
  sum: [...reduction, { shapes: [[0, 3]], attrs: { axes: [0] } }],
  mean: reduction,
  max: reduction,
  min: reduction,
  variance: [...reduction, { shapes: [[3, 5]], attrs: { axes: [1], correction: 0 } }],
  std: reduction,
  l2Norm: reduction,
  logsumexp: reduction,
  l1Loss: regressionLoss,
  huberLoss: [...regressionLoss, { shapes: [[3, 5], [3, 5]], attrs: { delta: 0.3, reduction: 'sum' } }], // prettier-ignore
  smoothL1Loss: [...regressionLoss, { shapes: [[3, 5], [3, 5]], attrs: { beta: 0.3, reduction: 'none' } }], // prettier-ignore
  layerNorm: [
    { shapes: [[3, 5], [5], [5]] },
    { shapes: [[2, 3, 8], [8], [8]], attrs: { eps: 0.1 } },
    { shapes: [[7], [7], [7]] },
  ], // prettier-ignore
  rmsNorm: [
    { shapes: [[3, 5], [5]] },
    { shapes: [[2, 3, 8], [8]], attrs: { eps: 0.1 } },
    { shapes: [[7], [7]] },
  ], // prettier-ignore
  matmul: [
    { shapes: [[3, 5], [5, 4]] },
    { shapes: [[8, 12], [12, 16]] },
    { shapes: [[2, 3, 5], [5, 4]] },
    { shapes: [[2, 1, 3, 5], [4, 5, 2]] },
    { shapes: [[1, 1], [1, 1]] },
    { shapes: [[3, 0], [0, 2]] },
    { shapes: [[65, 33], [33, 17]] },
    // Large enough for tiles in workgroup memory, whole and ragged.
    { shapes: [[64, 16], [16, 64]] },
    { shapes: [[2, 70, 36], [36, 40]] },
    { shapes: [[37, 19], [3, 19, 33]] },
  ], // prettier-ignore
  linear: [
    { shapes: [[3, 5], [4, 5], [4]] },
    { shapes: [[2, 3, 8], [4, 8], [4]] },
    { shapes: [[8], [4, 8], [4]] },
  ].slice(0, 2),
  reshape: [
    { shapes: [[3, 4]], attrs: { shape: [2, 6] } },
    { shapes: [[2, 3, 4]], attrs: { shape: [4, -1] } },
    { shapes: [[1]], attrs: { shape: [] } },
  ],
  permute: [
    { shapes: [[2, 3, 4]], attrs: { axes: [2, 0, 1] } },
    { shapes: [[2, 3, 4, 5]], attrs: { axes: [0, 2, 1, 3] } },
  ],
  transpose: [{ shapes: [[3, 5]] }, { shapes: [[2, 3, 4]] }],
  unsqueeze: [
    { shapes: [[3, 4]], attrs: { axis: 0 } },
    { shapes: [[3, 4]], attrs: { axis: -1 } },
    { shapes: [[]], attrs: { axis: 0 } },
  ],
  squeeze: [
    { shapes: [[3, 1, 4]], attrs: { axis: 1 } },
    { shapes: [[1]], attrs: { axis: -1 } },
  ],
  broadcastTo: [
    { shapes: [[3, 1]], attrs: { shape: [2, 3, 4] } },
    { shapes: [[]], attrs: { shape: [5] } },
  ],
  arange: [{ shapes: [], attrs: { count: 7 } }],
  softmax,
  logSoftmax: softmax,
  softmaxCrossEntropy: [
    { shapes: [[3, 5], [3]], dtypes: target, range: [0, 5] },
    {
      shapes: [
        [2, 3, 4],
        [2, 3],
      ],
      dtypes: target,
      range: [0, 4],
    },
  ],
  softmaxCrossEntropyGradient: [{ shapes: [[3, 5], [3], [3]], dtypes: ['f32', 'i32', 'f32'], range: [0, 5] }],
  crossEntropy: [
    { shapes: [[3, 5], [3]], dtypes: target, range: [0, 5] },
    { shapes: [[4, 1], [4]], dtypes: target, range: [0, 1] },
  ],
  mseLoss: [
    {
      shapes: [
        [3, 5],
        [3, 5],
      ],
    },
  ],
};
