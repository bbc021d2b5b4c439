export type { DType } from './ir/dtype.js';
export { DTypeError, GraphError, MeganeuraError, NameError, RangeError, ShapeError, TraceError } from './ir/errors.js';
export { Graph } from './ir/graph.js';
export { printGraph } from './ir/print.js';

export { buffer, child, param } from './dsl/decorators.js';
export {
  abs,
  add,
  arange,
  broadcastTo,
  cast,
  crossEntropy,
  div,
  equal,
  exp,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  linear,
  log,
  logicalNot,
  logSoftmax,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mseLoss,
  mul,
  neg,
  notEqual,
  permute,
  pow,
  reciprocal,
  relu,
  reshape,
  rsqrt,
  sigmoid,
  sign,
  silu,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  sqrt,
  square,
  squeeze,
  sub,
  sum,
  tanh,
  transpose,
  unsqueeze,
  where,
} from './dsl/generated/ops.js';
export {
  calculateGain,
  constant,
  kaimingNormal,
  kaimingUniform,
  normal,
  ones,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
  type Initializer,
  type KaimingOptions,
  type Nonlinearity,
} from './dsl/init.js';
export { Input, input, type Inputs, type InputTensors } from './dsl/input.js';
export { Module, type StateEntry } from './dsl/module.js';
export { manualSeed, RandomStream } from './dsl/random.js';
export type { Dim } from './dsl/shapes/dim.js';
export { Parameter, parameter, StateBuffer, type InitialValues } from './dsl/state.js';
export { Tensor } from './dsl/tensor.js';
export { trace, type TraceOptions } from './dsl/trace.js';
export { namedParameter, update } from './dsl/trace-state.js';
export {
  TracedGraph,
  type Feed,
  type FeedsOf,
  type InputsOf,
  type Outputs,
  type OutputsOf,
  type ValuesOf,
} from './dsl/traced-graph.js';
export type { TypedArray, TypedArrays } from './ir/typed-array.js';

export { Linear } from './layers/linear.js';
