import type { Session } from '../session/session.js';
import type { TrainingPosition } from './checkpoint-record.js';
import type { EpochRecord, History } from './history.js';

type Awaitable<T> = T | Promise<T>;

/** What one step came to. */
export interface StepRecord {
  /** Of all since training began; the first is 1. */
  readonly step: number;
  /** The first is 1. */
  readonly epoch: number;
  /** Its number within the epoch; the first is 1. */
  readonly stepOfEpoch: number;
  /** How many it was trained on: the real ones of its batch. */
  readonly samples: number;
  /** As it was when the step was done: the mean over its samples. */
  readonly loss: number;
  /** Of the steps that were waited for together with it. */
  readonly samplesPerSecond: number;
  /** What the input `learningRate` was, where the optimizer has one. */
  readonly learningRate?: number;
  /** Norm of all gradients before clipping, in sessions that clip by it. */
  readonly gradientNorm?: number;
  /** What the next loss is multiplied by, in sessions that scale it. */
  readonly lossScale?: number;
}

/** A training that is under way, as callbacks see it. */
export interface Training<Name extends string = string> {
  /** What trains: it can be read, saved or asked for its report meanwhile. */
  readonly session: Session;
  /** Steps that were submitted. */
  readonly steps: number;
  /** The epoch that is under way, or is to be next; the first is 1. */
  readonly epoch: number;
  /** The epochs there are to be; Infinity where only steps are counted. */
  readonly epochs: number;
  /** The steps there are to be; Infinity where only epochs are counted. */
  readonly totalSteps: number;
  /** How many steps an epoch has, where that can be known. */
  readonly stepsPerEpoch: number | undefined;
  /** Names of what is reported besides the loss. */
  readonly metrics: readonly Name[];
  /** Means over the steps of this epoch that were waited for. */
  scores(): Readonly<Record<string, number>>;
  /** What has been so far; of an epoch that is not complete what there is of it. */
  history(): History<Name>;
  /**
   * Ends training without an error: at the end of the epoch when called in `onEpoch`, else after the steps that are under
   * way. `History.stopped` is the reason, the first where there are several.
   */
  stop(reason: string): void;
  /** Waits for all steps that were submitted. */
  settle(): Promise<void>;
  /** @internal How far it has come, for checkpoints. Throws UsageError while steps are under way. */
  position(): TrainingPosition;
}

/**
 * What happens beside training: all methods may be left out, and training waits for what they return. Several are called
 * in the order in which they are given; progress comes before them, checkpoints come after. What one throws ends training.
 */
export interface Callback<Name extends string = string> {
  /** Before the first step, and before the first one after a resumption: `training.history()` has what was before. */
  onStart?(training: Training<Name>): Awaitable<void>;
  /**
   * Steps are submitted ahead, and many are waited for at once: `onStep` comes later than its step. Where this is true, no
   * step is submitted between step `step` and its `onStep`. Default: never.
   */
  waitsAt?(step: number): boolean;
  /** After each step, in order. */
  onStep?(step: StepRecord, training: Training<Name>): Awaitable<void>;
  /** After each epoch, with the scores of validation where there is one. */
  onEpoch?(record: EpochRecord<Name>, training: Training<Name>): Awaitable<void>;
  /** After the last epoch, also when `training.stop` was called. */
  onEnd?(history: History<Name>, training: Training<Name>): Awaitable<void>;
  /** When `fit` is about to reject, also after an abort. What it gives, other than undefined, is thrown in place of the error. */
  onError?(error: unknown, training: Training<Name>): Awaitable<unknown>;
}
