import { checkedOptions, describeValue } from '../dsl/emit.js';
import { UsageError, ValueError } from '../ir/errors.js';
import { requireSession, type Session } from '../session/session.js';
import type { Callback } from './callback.js';
import { CheckpointKeeper, type CheckpointOptions } from './checkpoint-keeper.js';
import type { TrainingPosition } from './checkpoint-record.js';
import { resumed } from './checkpoint-resume.js';
import type { History } from './history.js';
import { listenForInterrupt } from './interrupt.js';
import { resolvedMetrics, type AnyMetric, type DefaultMetrics, type MetricList } from './metrics.js';
import { resumeUpdates } from './non-finite.js';
import { progressCallback } from './progress-callback.js';
import type { ProgressOptions } from './progress.js';
import type { Schedule } from './schedules/schedule.js';
import { identityOf, type BatchSource } from './source.js';
import { StepRunner } from './step-runner.js';
import { TrainingRun } from './training-run.js';
import { Validator } from './validator.js';

/** The methods of a {@link Callback} among the options are one more callback, the last. */
export interface TrainerOptions<Feeds, Values, Name extends string> extends Callback<Name> {
  /** How often to go through the batches. Without it `steps` ends training. */
  epochs?: number;
  /** Steps in all: training ends after them, within an epoch too, or after `epochs` where those are fewer. */
  steps?: number;
  /** The output that is minimised, a mean over a batch's samples. Default `'loss'`. */
  loss?: string;
  /** By name, or what the host measures: see {@link MetricList}. By default accuracy, where the graph has it. */
  metrics?: MetricList<Name, Feeds, Values>;
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
  /** What happens beside training, in this order: `earlyStopping(…)`, `historyFile(…)`, objects of your own. */
  callbacks?: readonly Callback[];
  /** Steps at most that are submitted before waiting for the first of them; slow steps are waited for sooner. Default 256. */
  maxStepsInFlight?: number;
  /** Saves training while it runs, and on Ctrl-C. */
  checkpoint?: CheckpointOptions<Name>;
}

/** Options of {@link Trainer.fit}. */
export interface FitOptions<Feeds extends object> {
  /** Batches the model is not trained on, to evaluate it after each epoch. */
  validation?: BatchSource<Feeds>;
  /** Validates the moving averages of the weights, which the session keeps by its option `average`. Default false. */
  validateAverage?: boolean;
  /** Stops training between two steps, or while a batch is waited for; `fit` then throws the signal's reason. */
  signal?: AbortSignal;
  /**
   * Goes on from a checkpoint, or from the newest in a folder of them, with parameters, states and scalar inputs of the
   * optimizer, schedules, data and history where they were. Sources other than `Batches` must give the same batches again.
   * To go on with another optimizer, other constants or other data, `loadCheckpoint` and fit without it.
   */
  resume?: string;
}

const callbackMethods = ['onStart', 'waitsAt', 'onStep', 'onEpoch', 'onEnd', 'onError'] as const;
const trainerOptions = [
  'epochs',
  'steps',
  'loss',
  'metrics',
  'learningRate',
  'momentum',
  'progress',
  'callbacks',
  'maxStepsInFlight',
  'checkpoint',
  ...callbackMethods,
];

/**
 * Trains the parameters of a session built with an optimizer:
 *
 *     const history = await new Trainer(session, { epochs: 30 }).fit(batches, { validation });
 */
export class Trainer<Feeds extends object, Values extends object, Name extends string = DefaultMetrics<Feeds, Values>> {
  private readonly metrics: readonly AnyMetric<Feeds, Values>[];
  private readonly loss: string;
  private run: TrainingRun<Feeds, Values, Name> | undefined;

  /**
   * Throws ValueError for a number of epochs or of steps that is none, NameError for options and metrics that there are
   * not, ShapeError for outputs that are no metric, UsageError for a session that was built without an optimizer and for
   * callbacks that are none.
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
    checkedOptions('Trainer', trainerOptions, options);
    checkOptions(options);
    this.loss = options.loss ?? 'loss';
    this.metrics = resolvedMetrics<Feeds, Values>(session.source, this.loss, options.metrics);
  }

  /**
   * Goes through the batches `epochs` times, or until there were `steps` steps. Batches that `Batches` had to fill up are
   * left out, since copies would count twice, unless it pads them so that the graph knows. With `resume` the result is that
   * of training that was never interrupted, bit by bit on the same adapter.
   *
   * Throws NonFiniteLossError at the first step whose loss, or norm of gradients, is NaN or infinite; ValueError without a
   * whole batch; what `Session.step` throws, with the epoch and the number of the batch; the signal's reason; what callbacks
   * throw. With checkpoints: TrainingInterruptedError when the signal aborts, on Ctrl-C, or when the device is lost,
   * CheckpointError where one cannot be saved or loaded, and CheckpointMismatchError, listing all differences, for one of
   * another model, optimizer or data set.
   */
  async fit(batches: BatchSource<Feeds>, options: FitOptions<Feeds> = {}): Promise<History<Name>> {
    checkedOptions('fit', ['validation', 'validateAverage', 'signal', 'resume'], options);
    const { validation, validateAverage: average = false, resume } = options;
    const { loss } = this;
    const { checkpoint, epochs = Infinity, steps: totalSteps = Infinity, momentum, learningRate } = this.options;
    const metrics = this.metrics.map(({ name }) => name);
    const interrupt = checkpoint && (checkpoint.onAbort ?? true) ? listenForInterrupt() : undefined;
    const signals = [options.signal, interrupt?.signal].filter((one) => one !== undefined);
    const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    let runner: StepRunner<Feeds, Values> | undefined;
    let validator: Validator<Feeds, Values> | undefined;
    try {
      const keeper = checkpoint && new CheckpointKeeper(this.session, checkpoint, { metrics, signal });
      runner = new StepRunner(this.session, {
        loss,
        metrics: this.metrics,
        // Those of the step, and not outputs of the model that have these names.
        extras: ['gradientNorm', 'lossScale'].filter(
          (name) => this.session.outputs.has(name) && !this.session.source.outputs.has(name),
        ),
        maxInFlight: this.options.maxStepsInFlight ?? 256,
      });
      const data = identityOf(batches);
      const from = resume === undefined ? undefined : await resumed(this.session, resume, { keeper, data, metrics });
      resumeUpdates(this.session);
      const momentumInput = this.session.inputs.has('beta1') ? 'beta1' : 'momentum';
      const callbacks = this.callbacks(keeper);
      const run = new TrainingRun<Feeds, Values, Name>(this.session, runner, {
        source: batches,
        loss,
        signal,
        epochs,
        totalSteps,
        scheduled: { ...(learningRate && { learningRate }), ...(momentum && { [momentumInput]: momentum }) },
        metrics: this.metrics,
        callbacks,
        from,
      });
      this.run = run;
      try {
        if (validation) {
          validator = await Validator.create(this.session, validation, { loss, metrics: this.metrics, average });
        }
        for (const callback of callbacks) await callback.onStart?.(run);
        while (!run.isOver) {
          const record = await run.trainEpoch();
          const scores = await validator?.scores<Name>(record.epoch, { signal, isWhole: checkpoint !== undefined });
          await run.endEpoch(scores ? { ...record, validation: scores } : record);
        }
        for (const callback of callbacks) await callback.onEnd?.(run.history(), run);
        return run.history();
      } catch (error) {
        let thrown = error;
        for (const callback of callbacks) thrown = (await callback.onError?.(thrown, run)) ?? thrown;
        throw thrown;
      }
    } finally {
      interrupt?.dispose();
      validator?.dispose();
      runner?.close();
    }
  }

  /** @internal How far the last `fit` has come; undefined before it. Throws UsageError while steps are under way. */
  position(): TrainingPosition | undefined {
    return this.run?.position();
  }

  /** Progress is shown before anything is printed, and all that callbacks have set is part of what is saved. */
  private callbacks(keeper: CheckpointKeeper | undefined): readonly Callback<Name>[] {
    const { progress = true, callbacks = [] } = this.options;
    return [
      ...(progress === false ? [] : [progressCallback(progress === true ? {} : progress)]),
      ...callbacks,
      this.options,
      ...(keeper ? [keeper] : []),
    ];
  }
}

function checkOptions(
  options: Pick<
    TrainerOptions<never, never, never>,
    'epochs' | 'steps' | 'maxStepsInFlight' | 'learningRate' | 'momentum' | 'callbacks'
  >,
): void {
  const { epochs, steps, maxStepsInFlight = 1, learningRate, momentum, callbacks = [] } = options;
  if (epochs === undefined && steps === undefined) {
    throw new ValueError('Trainer: say how long: { epochs: 10 }, { steps: 1000 }, or both');
  }
  for (const [name, value] of Object.entries({ epochs, steps, maxStepsInFlight })) {
    if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
      throw new ValueError(`Trainer: ${name} must be a whole number, at least 1, got ${describeValue(value)}`);
    }
  }
  for (const [name, schedule] of Object.entries({ learningRate, momentum })) {
    if (schedule === undefined || typeof schedule === 'function') continue;
    throw new UsageError(`Trainer: ${name} must be a function of the step; a fixed one is the optimizer’s`);
  }
  const given: unknown = callbacks;
  if (!Array.isArray(given)) {
    throw new UsageError(`Trainer: callbacks must be a list, got ${describeValue(given)}`);
  }
  const wrong: unknown = given.find((one) => typeof one !== 'object' || one === null);
  if (wrong !== undefined) {
    throw new UsageError(`Trainer: a callback is an object with methods such as onEpoch, got ${describeValue(wrong)}`);
  }
}
