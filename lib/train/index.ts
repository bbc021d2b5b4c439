/** The entry `meganeura/train`: optimizers, batches, the training loop, checkpoints, LoRA. */
export { Batch, Batches, type BatchesOptions, type Column, type ColumnFeeds, type DataIdentity } from './batches.js';
export type { Callback, StepRecord, Training } from './callback.js';
export { earlyStopping, type EarlyStoppingOptions } from './callbacks/early-stopping.js';
export { historyFile, type HistoryFileOptions } from './callbacks/history-file.js';
export {
  loadCheckpoint,
  saveCheckpoint,
  type LoadCheckpointOptions,
  type LoadedCheckpoint,
  type SaveCheckpointOptions,
} from './checkpoint.js';
export { CheckpointError, CheckpointMismatchError, TrainingInterruptedError } from './checkpoint-error.js';
export type { CheckpointOptions } from './checkpoint-keeper.js';
export type { BestCheckpoint, TrainingPosition } from './checkpoint-record.js';
export { lineChart, type LineChart, type Panel, type Series } from './chart.js';
export { HistoryFileError, NonFiniteLossError, type NonFiniteCulprits, type NonFiniteStep } from './errors.js';
export { evaluate, type EvaluateOptions } from './evaluate.js';
export type { EpochRecord, History } from './history.js';
export {
  accuracy,
  meanAbsoluteError,
  meanSquaredError,
  measured,
  topKAccuracy,
  weightedMean,
  type AccuracyOptions,
  type MetricTensor,
  type WeightOptions,
} from './graph-metrics.js';
export { historyChart, historyCsv, historyJsonLines } from './history-text.js';
export { indexOfMax, type Measure, type MeasuredStep, type Metric, type MetricList, type Scores } from './metrics.js';
export type { MonitorOption } from './monitor.js';
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
} from './lora/index.js';
export { adafactor, type AdafactorOptions } from './optimizers/adafactor.js';
export { adagrad, type AdagradOptions } from './optimizers/adagrad.js';
export { adam, adamW, type AdamOptions } from './optimizers/adam.js';
export { lion, type LionOptions } from './optimizers/lion.js';
export { rmsprop, type RmspropOptions } from './optimizers/rmsprop.js';
export { sgd, type SgdOptions } from './optimizers/sgd.js';
export { Progress, type ProgressOptions, type ProgressStream } from './progress.js';
export {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  stepSchedule,
  type EndingScheduleOptions,
} from './schedules/decay.js';
export { oneCycle, type OneCycleOptions } from './schedules/one-cycle.js';
export { inSequence, warmUp, type Schedule, type ScheduleOptions } from './schedules/schedule.js';
export type { BatchSource } from './source.js';
export { Trainer, type FitOptions, type TrainerOptions } from './trainer.js';
