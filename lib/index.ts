/**
 * The entry `meganeura`: modules, tensors, operations, tracing, devices and sessions. Layers, files, training, models and
 * tools have entries of their own: `meganeura/layers`, `/hub`, `/train`, `/zoo`, `/profile`, `/explain`.
 *
 * @module meganeura
 */
export type { DType } from './ir/dtype.js';
export {
  AxisError,
  DTypeError,
  GraphError,
  MeganeuraError,
  NameError,
  ShapeError,
  TraceError,
  UsageError,
  ValueError,
} from './ir/errors.js';
export { Graph } from './ir/graph.js';
export { printGraph } from './ir/print.js';
export { chunk, maxAlong, minAlong, sort, split, topk, type ValuesAndIndices } from './dsl/composed.js';
export { buffer, child, param } from './dsl/decorators.js';
export * from './dsl/generated/ops.js';
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
export { dropout, randomNormal, randomUniform } from './dsl/draw.js';
export { manualSeed, RandomStream } from './dsl/random.js';
export type { Dim } from './dsl/shapes/dim.js';
export { Parameter, ParameterOf, parameter, StateBuffer, type InitialValues } from './dsl/state.js';
export { Tensor } from './dsl/tensor.js';
export { StateDictError, type MatchOptions, type WeightSource } from './dsl/weights.js';
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
export { Device } from './backend/device/device.js';
export { DeviceError, DeviceLimitError, DeviceLostError, NoAdapterError } from './backend/device/errors.js';
export { openDevice, type OpenDeviceOptions } from './backend/device/open.js';
export type { MemoryUse } from './backend/execution/plan-buffers.js';
export type { FeedValue } from './backend/execution/feed.js';
export { TensorTooLargeError } from './backend/planning/plan.js';
export { DisposedError } from './backend/execution/state.js';
export { buildInferenceSession, buildSession } from './session/build.js';
export type { ClipByNorm, ClipByValue, ClipOptions } from './session/gradient-clipping.js';
export type { LossScaleOptions } from './session/loss-scaling.js';
export type { MixedPrecision } from './session/mixed-precision.js';
export type { Optimizer, OptimizerStateOptions, UpdateContext } from './session/optimizer.js';
export type { NamePattern, ParameterGroup } from './session/parameter-groups.js';
export type { ModulePatterns, RecomputeBudget } from './session/recompute.js';
export type { RecomputeReport } from './session/memory-budget.js';
export type { WeightAverageOptions } from './session/weight-average.js';
export type { CompileReport } from './session/report.js';
export { Session } from './session/session.js';
export type { InferenceOptions, SessionOptions } from './session/session-options.js';
export type { GivenParameter, ParameterValues } from './session/session-states.js';
export type { RewriteReport } from './rewrite/optimize.js';
export { RuleError } from './rewrite/rule-error.js';
export type { RewriteLimits } from './rewrite/saturate.js';
export type { Recorder } from './ir/recorder.js';

// Sessions write traces where the environment asks for them.
import './profile/register.js';
