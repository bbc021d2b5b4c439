import { UsageError, ValueError } from '../ir/errors.js';
import { buildInferenceSession } from '../session/build.js';
import { requireSession, type Session } from '../session/session.js';
import type { Batch } from './batches.js';
import { inBatch, NonFiniteLossError } from './errors.js';
import { batchSize, evaluate } from './evaluate.js';
import { Totals, type EpochRecord, type History } from './history.js';
import { defaultMetrics, type DefaultMetrics, type Metrics, type Scores } from './metrics.js';
import { Progress, type ProgressOptions } from './progress.js';
import type { Schedule } from './schedules/schedule.js';
import { batchesOf, stepsOf, type BatchSource } from './source.js';
import { StepRunner } from './step-runner.js';

export interface TrainerOptions<Feeds, Values, Name extends string> {
  /** How often to go through the batches. */
  epochs: number;
  /** The output that is minimised, a mean over a batch's samples. Default `'loss'`. */
  loss?: string;
  /** Accuracy by default, where the graph has an output `logits` and an input `labels`. */
  metrics?: Metrics<Name, Feeds, Values>;
  /**
   * The input `learningRate` as a function of the steps of this `fit` so far, such as `cosineSchedule({ … })`: that of the
   * first step is learningRate(0). By default the optimizer's own value stays. Where a session accumulates over k batches,
   * each of them is a step.
   */
  learningRate?: Schedule;
  /** The same for the momentum of `sgd` and `rmsprop`, and β₁ of the others: the second of the schedules of `oneCycle`. */
  momentum?: Schedule;
  /** Whether to show progress on the terminal, or how. Default true; nothing is shown where there is no terminal. */
  progress?: boolean | Pick<ProgressOptions, 'stream' | 'clock' | 'lines'>;
  /** Called after each epoch; training waits for what it returns. */
  onEpoch?: (record: EpochRecord<Name>) => void | Promise<void>;
  /** Steps at most that are submitted before waiting for the first of them; slow steps are waited for sooner. Default 256. */
  maxStepsInFlight?: number;
}

export interface FitOptions<Feeds extends object> {
  /** Batches the model is not trained on, to evaluate it after each epoch. */
  validation?: BatchSource<Feeds>;
  /** Stops training between two steps; `fit` then throws the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Trains the parameters of a session built with an optimizer:
 *
 *     const history = await new Trainer(session, { epochs: 30 }).fit(batches, { validation });
 */
export class Trainer<Feeds extends object, Values extends object, Name extends string = DefaultMetrics<Feeds, Values>> {
  private readonly metrics: Metrics<string, Feeds, Values>;
  private readonly loss: string;

  /**
   * Throws ValueError for a number of epochs or of steps in flight that is none, UsageError for a session that was built
   * without an optimizer.
   */
  constructor(
    private readonly session: Session<Feeds, Values>,
    private readonly options: TrainerOptions<Feeds, Values, Name>,
  ) {
    requireSession('Trainer: the first argument', session);
    if (!session.trains) {
      throw new UsageError(
        'Trainer: the steps of this session train nothing: build it by buildSession(graph, { optimizer: sgd(…) })',
      );
    }
    const { epochs, maxStepsInFlight = 1, learningRate, momentum } = { ...options };
    for (const [name, schedule] of Object.entries({ learningRate, momentum })) {
      if (schedule === undefined || typeof schedule === 'function') continue;
      throw new UsageError(`Trainer: ${name} must be a function of the step; a fixed one is the optimizer’s`);
    }
    for (const [name, value] of Object.entries({ epochs, maxStepsInFlight })) {
      if (!Number.isInteger(value) || value < 1)
        throw new ValueError(`Trainer: ${name} must be a whole number, at least 1, got ${value}`);
    }
    this.metrics = options.metrics ?? defaultMetrics(session.source);
    this.loss = options.loss ?? 'loss';
  }

  /**
   * Goes through the batches `epochs` times. Batches that `Batches` had to fill up are left out: the graph's batch size
   * is fixed, and copies would count twice.
   *
   * Throws NonFiniteLossError at the first step whose loss is NaN or infinite; ValueError without a whole batch; what
   * `Session.step` throws, with the epoch and the number of the batch; the signal's reason.
   */
  async fit(batches: BatchSource<Feeds>, { validation, signal }: FitOptions<Feeds> = {}): Promise<History<Name>> {
    const runner = new StepRunner(this.session, {
      loss: this.loss,
      metrics: this.metrics,
      maxInFlight: this.options.maxStepsInFlight ?? 256,
    });
    let run: Run<Feeds, Values, Name> | undefined;
    let validator: Session<Feeds, Values> | undefined;
    try {
      run = new Run(this.session, this.options, runner, batches, signal);
      if (validation) validator = await this.validationSession();
      for (let epoch = 1; epoch <= this.options.epochs; epoch++) {
        const record = await run.epoch(epoch);
        const scores = validator && validation && (await this.validate(validator, validation, epoch, signal));
        await run.endEpoch(scores ? { ...record, validation: scores } : record);
      }
      return run.history();
    } catch (error) {
      run?.progress?.abort();
      throw error;
    } finally {
      validator?.dispose();
      runner.close();
    }
  }

  /** Only what the scores need, with the weights of the session that trains. */
  private async validationSession(): Promise<Session<Feeds, Values>> {
    const outputs = new Set([this.loss, ...Object.values(this.metrics).flatMap((metric) => metric.outputs)]);
    const session: Session = await buildInferenceSession(this.session.source, {
      outputs: [...outputs],
      weights: this.session,
    });
    return session as Session<Feeds, Values>;
  }

  private async validate(
    session: Session<Feeds, Values>,
    source: BatchSource<Feeds>,
    epoch: number,
    signal: AbortSignal | undefined,
  ): Promise<Scores<Name>> {
    const { loss, metrics } = this;
    return evaluate<Feeds, Values, string>(session, source, { loss, metrics, epoch, what: 'validation', signal });
  }
}

/** One call of `fit`. */
class Run<Feeds extends object, Values extends object, Name extends string> {
  readonly progress: Progress | undefined;
  private readonly records: EpochRecord<Name>[] = [];
  private readonly losses: number[] = [];
  private readonly size: number;
  private readonly stepsPerEpoch: number | undefined;
  private readonly start = performance.now();
  /** What scheduled inputs are. */
  private readonly scalars = new Map<string, number>();
  private submitted = 0;

  constructor(
    private readonly session: Session<Feeds, Values>,
    private readonly options: TrainerOptions<Feeds, Values, Name>,
    private readonly runner: StepRunner<Feeds, Values>,
    private readonly source: BatchSource<Feeds>,
    private readonly signal: AbortSignal | undefined,
  ) {
    const { progress = true, epochs } = options;
    this.size = batchSize(session);
    this.stepsPerEpoch = stepsOf(source);
    const shown = typeof progress === 'object' ? progress : {};
    this.progress = progress ? new Progress({ epochs, stepsPerEpoch: this.stepsPerEpoch, ...shown }) : undefined;
  }

  /** Trains for one epoch. */
  async epoch(epoch: number): Promise<EpochRecord<Name>> {
    const start = performance.now();
    const totals = new Totals();
    const first = this.losses.length;
    let batches = 0;
    let steps = 0;
    for await (const batch of batchesOf(this.source, { epoch, size: this.size, what: 'training' })) {
      this.signal?.throwIfAborted();
      batches++;
      if (batch.samples < batch.size) continue;
      this.setScheduled(this.submitted++);
      this.submit(batch, `training batch ${batches} of epoch ${epoch}`);
      steps++;
      if (this.runner.isFull) await this.collect(totals, epoch, first);
    }
    if (steps === 0) {
      throw new ValueError(`training: there are fewer samples than one batch takes, ${this.size}: use a smaller batch`);
    }
    await this.collect(totals, epoch, first);
    const seconds = (performance.now() - start) / 1000;
    return { epoch, steps, seconds, samplesPerSecond: (steps * this.size) / seconds, train: totals.means() };
  }

  /** Keeps an epoch's record and shows it. */
  async endEpoch(record: EpochRecord<Name>): Promise<void> {
    this.records.push(record);
    const validation = Object.entries<number>(record.validation ?? {});
    this.progress?.endEpoch({
      ...record.train,
      ...Object.fromEntries(validation.map(([name, value]) => [`validation ${name}`, value])),
    });
    await this.options.onEpoch?.(record);
  }

  history(): History<Name> {
    return { epochs: this.records, losses: this.losses, seconds: (performance.now() - this.start) / 1000 };
  }

  private submit(batch: Batch<Feeds>, where: string): void {
    try {
      this.runner.step(batch);
    } catch (error) {
      throw inBatch(where, error);
    }
  }

  /** Waits for the steps that were submitted. `first`: how many steps there were before this epoch. */
  private async collect(totals: Totals, epoch: number, first: number): Promise<void> {
    for (const { samples, loss, measures } of await this.runner.collect()) {
      this.losses.push(loss);
      const step = this.losses.length;
      if (!Number.isFinite(loss)) throw new NonFiniteLossError(loss, step, epoch, step - first);
      totals.add(measures);
      this.progress?.step(samples, totals.means());
    }
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
