import { UsageError, ValueError } from '../ir/errors.js';
import type { Session } from '../session/session.js';
import type { Batch } from './batches.js';
import type { CheckpointKeeper } from './checkpoint-keeper.js';
import type { TrainingPosition } from './checkpoint-record.js';
import { inBatch, NonFiniteLossError } from './errors.js';
import { batchSize } from './evaluate.js';
import { Totals, type EpochRecord, type History } from './history.js';
import { Progress } from './progress.js';
import { batchesOf, identityOf, stepsOf, type BatchSource } from './source.js';
import type { StepRunner } from './step-runner.js';
import type { TrainerOptions } from './trainer.js';

/** What an epoch has come to so far. */
interface EpochSoFar {
  readonly epoch: number;
  batches: number;
  steps: number;
  /** Of training before it was resumed, and when it was: `performance.now()`. */
  readonly secondsBefore: number;
  start: number;
  readonly totals: Totals;
}

export interface RunOptions<Feeds extends object> {
  readonly source: BatchSource<Feeds>;
  readonly signal: AbortSignal | undefined;
  readonly keeper: CheckpointKeeper | undefined;
  /** Where to go on. */
  readonly from: TrainingPosition | undefined;
}

/** One call of `fit`: epochs of steps, what they came to, and how far it is. */
export class TrainingRun<Feeds extends object, Values extends object, Name extends string> {
  readonly progress: Progress | undefined;
  private readonly records: EpochRecord<Name>[];
  private readonly losses: number[];
  private readonly size: number;
  private readonly start = performance.now();
  private readonly secondsBefore: number;
  /** What scheduled inputs are. */
  private readonly scalars = new Map<string, number>();
  private submitted: number;
  private at: EpochSoFar;

  constructor(
    private readonly session: Session<Feeds, Values>,
    private readonly options: TrainerOptions<Feeds, Values, Name>,
    private readonly runner: StepRunner<Feeds, Values>,
    private readonly run: RunOptions<Feeds>,
  ) {
    const { source, from } = run;
    const { progress = true, epochs } = options;
    this.size = batchSize(session);
    this.submitted = from?.steps ?? 0;
    this.records = [...(from?.history.epochs ?? [])] as EpochRecord<Name>[];
    this.losses = [...(from?.history.losses ?? [])];
    this.secondsBefore = from?.history.seconds ?? 0;
    this.at = begun(from?.epoch ?? 1, from);
    const shown = typeof progress === 'object' ? progress : {};
    const done = { epochs: this.at.epoch - 1, steps: this.at.steps };
    this.progress = progress ? new Progress({ epochs, stepsPerEpoch: stepsOf(source), done, ...shown }) : undefined;
  }

  /** The epoch that is under way, or is to be next; the first is 1. */
  get epochNumber(): number {
    return this.at.epoch;
  }

  /** Trains for one epoch, or for what is left of it. */
  async epoch(): Promise<EpochRecord<Name>> {
    const { at, run, runner } = this;
    const { epoch } = at;
    at.start = performance.now();
    const skipped = at.batches;
    let batches = 0;
    for await (const batch of batchesOf(run.source, { epoch, size: this.size, what: 'training' })) {
      if (++batches <= skipped) continue;
      run.signal?.throwIfAborted();
      const isWhole = batch.samples === batch.size;
      if (isWhole) this.submit(batch, `training batch ${batches} of epoch ${epoch}`);
      at.batches = batches;
      if (!isWhole) continue;
      const saves = run.keeper?.isDueAt(this.submitted) ? run.keeper : undefined;
      if (runner.isFull || saves) await this.collect();
      await saves?.save(this.position());
    }
    if (batches < skipped) {
      throw new ValueError(
        `training: the checkpoint was saved after ${skipped} batches of epoch ${epoch}, but there are only ${batches}: ` +
          `resume with the same data`,
      );
    }
    if (at.steps === 0) {
      throw new ValueError(`training: there are fewer samples than one batch takes, ${this.size}: use a smaller batch`);
    }
    await this.collect();
    const seconds = secondsOf(at);
    return {
      epoch,
      steps: at.steps,
      seconds,
      samplesPerSecond: (at.steps * this.size) / seconds,
      train: at.totals.means(),
    };
  }

  /** Keeps an epoch's record, shows it, and saves where that is due. */
  async endEpoch(record: EpochRecord<Name>): Promise<void> {
    this.records.push(record);
    this.at = begun(record.epoch + 1);
    const validation = Object.entries<number>(record.validation ?? {});
    this.progress?.endEpoch({
      ...record.train,
      ...Object.fromEntries(validation.map(([name, value]) => [`validation ${name}`, value])),
    });
    await this.options.onEpoch?.(record);
    // After it: what it has set is part of what is saved.
    await this.run.keeper?.endEpoch(record, this.position(), record.epoch === this.options.epochs);
  }

  history(): History<Name> {
    const seconds = this.secondsBefore + (performance.now() - this.start) / 1000;
    return { epochs: this.records, losses: this.losses, seconds };
  }

  /** How far training is. Throws UsageError while steps are under way. */
  position(): TrainingPosition {
    if (this.losses.length < this.submitted) {
      throw new UsageError(
        'saveCheckpoint: the trainer’s steps are under way: save in onEpoch, after fit(), or by the option checkpoint',
      );
    }
    const { epoch, batches, steps, totals } = this.at;
    const data = identityOf(this.run.source);
    const { epochs, losses, seconds } = this.history();
    return {
      steps: this.submitted,
      epoch,
      batches,
      epochSteps: steps,
      epochSeconds: secondsOf(this.at),
      totals: totals.sumsByName(),
      ...(data ? { data } : {}),
      history: { epochs: [...epochs], losses: [...losses], seconds },
    };
  }

  /** Waits for the steps that were submitted. */
  async collect(): Promise<void> {
    const { at } = this;
    for (const { samples, loss, measures } of await this.runner.collect()) {
      this.losses.push(loss);
      if (!Number.isFinite(loss)) throw this.nonFinite(loss);
      at.totals.add(measures);
      this.progress?.step(samples, at.totals.means());
    }
  }

  private nonFinite(loss: number): NonFiniteLossError {
    const step = this.losses.length;
    return new NonFiniteLossError(loss, step, this.at.epoch, step - (this.submitted - this.at.steps));
  }

  private submit(batch: Batch<Feeds>, where: string): void {
    this.setScheduled(this.submitted);
    try {
      this.runner.step(batch);
    } catch (error) {
      throw inBatch(where, error);
    }
    this.submitted++;
    this.at.steps++;
  }

  /** Feeds what is scheduled for a step, the first being 0. */
  private setScheduled(step: number): void {
    const { learningRate, momentum } = this.options;
    if (learningRate) this.setScalar('learningRate', learningRate(step), step);
    if (momentum) this.setScalar(this.session.inputs.has('beta1') ? 'beta1' : 'momentum', momentum(step), step);
  }

  private setScalar(name: string, value: number, step: number): void {
    if (value === this.scalars.get(name)) return;
    if (!Number.isFinite(value)) throw new ValueError(`Trainer: ${name} is ${value} in step ${step + 1}`);
    this.session.setInput(name, value);
    this.scalars.set(name, value);
  }
}

function begun(epoch: number, from?: TrainingPosition): EpochSoFar {
  const totals = new Totals();
  if (from) totals.add(from.totals);
  return {
    epoch,
    batches: from?.batches ?? 0,
    steps: from?.epochSteps ?? 0,
    secondsBefore: from?.epochSeconds ?? 0,
    start: performance.now(),
    totals,
  };
}

function secondsOf({ secondsBefore, start }: EpochSoFar): number {
  return secondsBefore + (performance.now() - start) / 1000;
}
