import { RANDOM_STEP } from '../dsl/context.js';
import { UsageError, ValueError } from '../ir/errors.js';
import { buildInferenceSession } from '../session/build.js';
import { requireSession, type Session } from '../session/session.js';
import { CheckpointKeeper, type CheckpointOptions } from './checkpoint-keeper.js';
import type { TrainingPosition } from './checkpoint-record.js';
import { interrupted, resumed } from './checkpoint-resume.js';
import { evaluate } from './evaluate.js';
import type { EpochRecord, History } from './history.js';
import { defaultMetrics, type DefaultMetrics, type Metrics, type Scores } from './metrics.js';
import type { ProgressOptions } from './progress.js';
import type { Schedule } from './schedules/schedule.js';
import { identityOf, type BatchSource } from './source.js';
import { StepRunner } from './step-runner.js';
import { TrainingRun } from './training-run.js';

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
  /** Saves training while it runs. */
  checkpoint?: CheckpointOptions<Name>;
}

export interface FitOptions<Feeds extends object> {
  /** Batches the model is not trained on, to evaluate it after each epoch. */
  validation?: BatchSource<Feeds>;
  /** Stops training between two steps; `fit` then throws the signal's reason. */
  signal?: AbortSignal;
  /**
   * Goes on from a checkpoint, or from the newest in a folder of them, with parameters, states and scalar inputs of the
   * optimizer, schedules, data and history where they were. Sources other than `Batches` must give the same batches again.
   */
  resume?: string;
}

/**
 * Trains the parameters of a session built with an optimizer:
 *
 *     const history = await new Trainer(session, { epochs: 30 }).fit(batches, { validation });
 */
export class Trainer<Feeds extends object, Values extends object, Name extends string = DefaultMetrics<Feeds, Values>> {
  private readonly metrics: Metrics<string, Feeds, Values>;
  private readonly loss: string;
  private run: TrainingRun<Feeds, Values, Name> | undefined;

  /**
   * Throws ValueError for a number of epochs or of steps in flight that is none, UsageError for a session that was built
   * without an optimizer.
   */
  constructor(
    readonly session: Session<Feeds, Values>,
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
   * is fixed, and copies would count twice. With `resume` the result is that of training that was never interrupted, bit by
   * bit on the same adapter.
   *
   * Throws NonFiniteLossError at the first step whose loss is NaN or infinite; ValueError without a whole batch; what
   * `Session.step` throws, with the epoch and the number of the batch; the signal's reason. With checkpoints:
   * TrainingInterruptedError when the signal aborts or the device is lost, CheckpointError where one cannot be saved or
   * loaded, and CheckpointMismatchError, listing all differences, for one of another model, optimizer or data set.
   */
  async fit(batches: BatchSource<Feeds>, options: FitOptions<Feeds> = {}): Promise<History<Name>> {
    const { validation, signal, resume } = options;
    const { checkpoint, epochs } = this.options;
    const metrics = Object.keys(this.metrics);
    const keeper = checkpoint && new CheckpointKeeper(this.session, checkpoint, metrics);
    const runner = new StepRunner(this.session, {
      loss: this.loss,
      metrics: this.metrics,
      maxInFlight: this.options.maxStepsInFlight ?? 256,
    });
    let run: TrainingRun<Feeds, Values, Name> | undefined;
    let validator: Session<Feeds, Values> | undefined;
    try {
      const data = identityOf(batches);
      const from = resume === undefined ? undefined : await resumed(this.session, resume, { keeper, data, metrics });
      this.run = run = new TrainingRun(this.session, this.options, runner, { source: batches, signal, keeper, from });
      if (validation) validator = await this.validationSession();
      while (run.epochNumber <= epochs) {
        const record = await run.epoch();
        const scores = validator && validation && (await this.validate(validator, validation, record.epoch, signal));
        await run.endEpoch(scores ? { ...record, validation: scores } : record);
      }
      return run.history();
    } catch (error) {
      run?.progress?.abort();
      throw run && keeper ? await interrupted(run, keeper, signal, error) : error;
    } finally {
      validator?.dispose();
      runner.close();
    }
  }

  /** @internal How far the last `fit` has come; undefined before it. Throws UsageError while steps are under way. */
  position(): TrainingPosition | undefined {
    return this.run?.position();
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
    // Half an evaluation would leave random numbers drawn that one after resuming draws again.
    const ending = session.states.has(RANDOM_STEP) && this.options.checkpoint ? undefined : signal;
    return evaluate<Feeds, Values, string>(session, source, {
      loss,
      metrics,
      epoch,
      what: 'validation',
      signal: ending,
    });
  }
}
