import { UsageError, ValueError } from '../ir/errors.js';
import type { Session } from '../session/session.js';
import type { Batch } from './batches.js';
import type { Callback, StepRecord, Training } from './callback.js';
import type { TrainingPosition } from './checkpoint-record.js';
import { inBatch } from './errors.js';
import { batchSize } from './evaluate.js';
import { EpochSoFar } from './epoch-so-far.js';
import type { EpochRecord, History } from './history.js';
import type { AnyMetric } from './metrics.js';
import { nonFinite } from './non-finite.js';
import { ScheduledInputs } from './scheduled-inputs.js';
import type { Schedule } from './schedules/schedule.js';
import { batchesOf, identityOf, isRepeatable, stepsOf, type BatchSource } from './source.js';
import type { StepResult, StepRunner } from './step-runner.js';

export interface RunOptions<Feeds extends object, Name extends string> {
  readonly source: BatchSource<Feeds>;
  /** The output that is the loss. */
  readonly loss: string;
  readonly signal: AbortSignal | undefined;
  readonly epochs: number;
  readonly totalSteps: number;
  /** Inputs that are functions of the step, by name. */
  readonly scheduled: Readonly<Record<string, Schedule>>;
  readonly metrics: readonly AnyMetric<never, never>[];
  readonly callbacks: readonly Callback<Name>[];
  /** Where to go on. */
  readonly from: TrainingPosition | undefined;
}

/** One call of `fit`: epochs of steps, what they came to, and how far it is. */
export class TrainingRun<Feeds extends object, Values extends object, Name extends string> implements Training<Name> {
  readonly stepsPerEpoch: number | undefined;
  private readonly records: EpochRecord<Name>[];
  private readonly losses: number[];
  private readonly size: number;
  private readonly start = performance.now();
  private readonly secondsBefore: number;
  private readonly scheduled: ScheduledInputs;
  /** The learning rates of the steps that are under way. */
  private rates: (number | undefined)[] = [];
  private submitted: number;
  private at: EpochSoFar<Name>;
  /** The record of an epoch that was ended before its batches were: a resumption goes on within it. */
  private unfinished: EpochRecord<Name> | undefined;
  private stopped: string | undefined;

  constructor(
    readonly session: Session<Feeds, Values>,
    private readonly runner: StepRunner<Feeds, Values>,
    private readonly options: RunOptions<Feeds, Name>,
  ) {
    const { source, from } = options;
    this.size = batchSize(session);
    this.scheduled = new ScheduledInputs(session, options.scheduled);
    this.stepsPerEpoch = stepsOf(source);
    this.submitted = from?.steps ?? 0;
    this.records = [...(from?.history.epochs ?? [])] as EpochRecord<Name>[];
    this.losses = [...(from?.history.losses ?? [])];
    this.secondsBefore = from?.history.seconds ?? 0;
    this.at = new EpochSoFar(from?.epoch ?? 1, options.metrics, from);
  }

  get steps(): number {
    return this.submitted;
  }

  get epoch(): number {
    return this.at.epoch;
  }

  get epochs(): number {
    return this.options.epochs;
  }

  get totalSteps(): number {
    return this.options.totalSteps;
  }

  get metrics(): readonly Name[] {
    return this.options.metrics.map(({ name }) => name as Name);
  }

  /** Whether there is nothing left to do. */
  get isOver(): boolean {
    if (this.unfinished !== undefined || this.epoch > this.epochs) return true;
    return (this.stopped !== undefined || this.hasAllSteps) && this.at.steps === 0;
  }

  stop(reason: string): void {
    this.stopped ??= reason;
  }

  scores(): Readonly<Record<string, number>> {
    return this.at.totals.means();
  }

  history(): History<Name> {
    const seconds = this.secondsBefore + (performance.now() - this.start) / 1000;
    const epochs = this.unfinished ? [...this.records, this.unfinished] : this.records;
    const { losses, stopped } = this;
    return { epochs, losses, seconds, ...(stopped === undefined ? {} : { stopped }) };
  }

  /** Trains for one epoch, or for what is left of it. */
  async trainEpoch(): Promise<EpochRecord<Name>> {
    const { at, options } = this;
    const { epoch } = at;
    at.begin();
    const skipped = at.batches;
    let batches = 0;
    let isWhole = true;
    const { source, signal } = options;
    const all = batchesOf(source, { epoch, size: this.size, what: 'training', signal });
    for await (const batch of this.isEnding ? [] : all) {
      if (++batches <= skipped) continue;
      await this.train(batch, batches);
      isWhole = !this.isEnding || at.steps === this.stepsPerEpoch;
      if (this.isEnding) break;
    }
    if (batches < skipped && !this.isEnding) {
      throw new ValueError(
        `training: the checkpoint was saved after ${skipped} batches of epoch ${epoch}, but there are only ${batches}: ` +
          `resume with the same data`,
      );
    }
    if (at.steps === 0) {
      throw new ValueError(
        `training: there are fewer samples than one batch takes, ${this.size}: use a smaller batch, or ` +
          'Batches with last: { pad: … }',
      );
    }
    await this.settle();
    const record = at.record(this.session.given.scalar('learningRate'));
    if (!isWhole || (batches < skipped && this.isEnding)) this.unfinished = record;
    return record;
  }

  /** Keeps an epoch's record, and tells the callbacks. */
  async endEpoch(record: EpochRecord<Name>): Promise<void> {
    if (this.unfinished) this.unfinished = record;
    else {
      this.records.push(record);
      this.at = new EpochSoFar(record.epoch + 1, this.options.metrics);
    }
    for (const callback of this.options.callbacks) await callback.onEpoch?.(record, this);
  }

  position(): TrainingPosition {
    if (this.losses.length < this.submitted) {
      throw new UsageError(
        'saveCheckpoint: the trainer’s steps are under way: save in onEpoch, after fit(), or by the option checkpoint',
      );
    }
    const { epoch, batches, steps, seconds, totals } = this.at;
    const data = identityOf(this.options.source);
    return {
      steps: this.submitted,
      epoch,
      batches,
      epochSteps: steps,
      epochSeconds: seconds,
      totals: totals.sumsByName(),
      ...(data ? { data } : {}),
      history: { epochs: [...this.records], losses: [...this.losses], seconds: this.history().seconds },
    };
  }

  async settle(): Promise<void> {
    const results = await this.runner.collect();
    const rates = this.rates;
    this.rates = [];
    for (const [i, result] of results.entries()) await this.finish(result, rates[i]);
  }

  private get hasAllSteps(): boolean {
    return this.submitted >= this.totalSteps;
  }

  /** Whether no further step is to be submitted in this epoch. */
  private get isEnding(): boolean {
    return this.hasAllSteps || this.stopped !== undefined;
  }

  /** One batch: a step, unless it cannot be trained on. */
  private async train(batch: Batch<Feeds>, number: number): Promise<void> {
    const isUsed = isTrainable(batch);
    if (isUsed) this.submit(batch, `training batch ${number} of epoch ${this.epoch}`);
    this.at.batches = number;
    if (!isUsed) return;
    const waits = this.options.callbacks.some((callback) => callback.waitsAt?.(this.submitted));
    if (this.runner.isFull || waits || this.hasAllSteps) await this.settle();
  }

  private submit(batch: Batch<Feeds>, where: string): void {
    this.scheduled.set(this.submitted);
    try {
      this.runner.step(batch);
    } catch (error) {
      throw inBatch(where, error);
    }
    this.rates.push(this.session.given.scalar('learningRate'));
    this.submitted++;
    this.at.steps++;
  }

  /** What a step came to. */
  private async finish(result: StepResult, learningRate: number | undefined): Promise<void> {
    const { at } = this;
    const { samples, loss, extras, measures, seconds } = result;
    this.losses.push(loss);
    const step = this.losses.length;
    const stepOfEpoch = step - (this.submitted - at.steps);
    if (!isFiniteStep(loss, extras)) {
      const source = { loss: this.options.loss, batch: () => this.batchOf(stepOfEpoch) };
      throw await nonFinite<Feeds>(this.session, { step, epoch: at.epoch, stepOfEpoch, loss, ...extras }, source);
    }
    at.totals.add(measures);
    const record: StepRecord = {
      step,
      epoch: at.epoch,
      stepOfEpoch,
      samples,
      loss,
      samplesPerSecond: samples / seconds,
      ...(learningRate === undefined ? {} : { learningRate }),
      ...extras,
    };
    for (const callback of this.options.callbacks) await callback.onStep?.(record, this);
  }

  /** The batch of a step of this epoch, the first being 1, where the source gives it again. */
  private async batchOf(stepOfEpoch: number): Promise<Batch<Feeds> | undefined> {
    const { source } = this.options;
    if (!isRepeatable(source)) return undefined;
    let steps = 0;
    for await (const batch of batchesOf(source, { epoch: this.epoch, size: this.size, what: 'training' })) {
      if (isTrainable(batch) && ++steps === stepOfEpoch) return batch;
    }
    return undefined;
  }
}

/** Of a batch that is filled up with copies, these would count as well. */
function isTrainable({ samples, size, padded }: Batch<object>): boolean {
  return samples === size || padded;
}

/** The least scale of a loss: none that is of use is as small. */
const LEAST_SCALE = 2 ** -64;

/**
 * Where the loss is scaled, gradients may overflow: the step then updates nothing, and the scale shrinks. Where it shrinks
 * without end, they are not finite whatever the scale.
 */
function isFiniteStep(loss: number, { gradientNorm = 0, lossScale }: Readonly<Record<string, number>>): boolean {
  if (!Number.isFinite(loss)) return false;
  return lossScale === undefined ? Number.isFinite(gradientNorm) : lossScale >= LEAST_SCALE;
}
