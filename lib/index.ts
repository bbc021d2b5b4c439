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

export * from './layers/index.js';

export { Device } from './backend/device/device.js';
export { DeviceError, DeviceLimitError, DeviceLostError, NoAdapterError } from './backend/device/errors.js';
export { openDevice, type OpenDeviceOptions } from './backend/device/open.js';
export type { MemoryUse } from './backend/execution/executor.js';
export type { FeedValue } from './backend/execution/feed.js';
export { TensorTooLargeError } from './backend/planning/plan.js';
export { DisposedError } from './backend/execution/state.js';

export { buildInferenceSession, buildSession, type InferenceOptions, type SessionOptions } from './session/build.js';
export type { ClipByNorm, ClipByValue, ClipOptions } from './session/gradient-clipping.js';
export type { LossScaleOptions } from './session/loss-scaling.js';
export type { Optimizer, OptimizerStateOptions, UpdateContext } from './session/optimizer.js';
export type { NamePattern, ParameterGroup } from './session/parameter-groups.js';
export type { WeightAverageOptions } from './session/weight-average.js';
export type { CompileReport } from './session/report.js';
export { Session, type GivenParameter, type ParameterValues } from './session/session.js';

export { loadParameters, saveParameters, type LoadParametersOptions } from './hub/parameters.js';
export { HubError, type HubErrorReason } from './hub/hub-error.js';
export { openRepository, type HubOptions } from './hub/open-repository.js';
export type { DownloadProgress, Repository } from './hub/repository.js';
export { SafeTensorsModel, type DownloadOptions, type LoadOptions } from './hub/safetensors-model.js';
export { SafetensorsError } from './hub/safetensors-error.js';
export { loadSafetensors, SafetensorsFile, saveSafetensors } from './hub/safetensors-file.js';
export type { TensorData } from './hub/safetensors-layout.js';
export { encodeSafetensors, parseSafetensors, SafeTensors } from './hub/safetensors.js';

export {
  Batch,
  Batches,
  type BatchesOptions,
  type Column,
  type ColumnFeeds,
  type DataIdentity,
} from './train/batches.js';
export {
  loadCheckpoint,
  saveCheckpoint,
  type LoadCheckpointOptions,
  type LoadedCheckpoint,
  type SaveCheckpointOptions,
} from './train/checkpoint.js';
export { CheckpointError, CheckpointMismatchError, TrainingInterruptedError } from './train/checkpoint-error.js';
export type { CheckpointOptions } from './train/checkpoint-keeper.js';
export type { BestCheckpoint, TrainingPosition } from './train/checkpoint-record.js';
export { lineChart, type LineChart, type Panel, type Series } from './train/chart.js';
export { NonFiniteLossError } from './train/errors.js';
export { evaluate, type EvaluateOptions } from './train/evaluate.js';
export type { EpochRecord, History } from './train/history.js';
export { accuracy, indexOfMax, type Measure, type MeasuredStep, type Metric, type Scores } from './train/metrics.js';
export {
  loadLora,
  lora,
  Lora,
  LoraError,
  mergeLora,
  saveLora,
  type AdaptedLayer,
  type LoraOptions,
  type LoraValues,
  type SaveLoraOptions,
} from './train/lora/index.js';
export { adafactor, type AdafactorOptions } from './train/optimizers/adafactor.js';
export { adagrad, type AdagradOptions } from './train/optimizers/adagrad.js';
export { adam, adamW, type AdamOptions } from './train/optimizers/adam.js';
export { lion, type LionOptions } from './train/optimizers/lion.js';
export { rmsprop, type RmspropOptions } from './train/optimizers/rmsprop.js';
export { sgd, type SgdOptions } from './train/optimizers/sgd.js';
export { Progress, type ProgressOptions, type ProgressStream } from './train/progress.js';
export {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  stepSchedule,
  type EndingScheduleOptions,
} from './train/schedules/decay.js';
export { oneCycle, type OneCycleOptions } from './train/schedules/one-cycle.js';
export { inSequence, warmUp, type Schedule, type ScheduleOptions } from './train/schedules/schedule.js';
export type { BatchSource } from './train/source.js';
export { Trainer, type FitOptions, type TrainerOptions } from './train/trainer.js';

export { ExplainError } from './explain/errors.js';
export { explain, type Explanation } from './explain/explain.js';
export { graphPicture } from './explain/picture.js';
export { explanationText } from './explain/text.js';
export type { RewriteReport } from './rewrite/optimize.js';
export { RuleError } from './rewrite/rule-error.js';
export type { RewriteLimits } from './rewrite/saturate.js';

import './profile/register.js';
export { ProfileError } from './profile/errors.js';
export { Profiler, type ProfilerOptions } from './profile/profiler.js';
export type { Recorder } from './ir/recorder.js';

export * from './zoo/index.js';
