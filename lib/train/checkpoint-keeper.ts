import { checkedOptions, describeValue } from '../dsl/emit.js';
import { UsageError, ValueError } from '../ir/errors.js';
import { DeviceLostError } from '../backend/device/errors.js';
import type { Session } from '../session/session.js';
import type { Callback, StepRecord, Training } from './callback.js';
import { checkKeep, DEFAULT_KEEP, writeSession } from './checkpoint.js';
import { TrainingInterruptedError } from './checkpoint-error.js';
import { node } from './checkpoint-folder.js';
import type { BestCheckpoint, TrainingPosition } from './checkpoint-record.js';
import type { EpochRecord, History } from './history.js';
import { checkedMonitor, isBetter, monitored, type Monitor, type MonitorOption } from './monitor.js';

/** When a `Trainer` saves, and what stays of it. */
export interface CheckpointOptions<Name extends string = string> {
  /** Where; made when it is missing. Each training needs a folder of its own. */
  readonly folder: string;
  /** Steps or epochs between two checkpoints; the end of training is always saved. Default `{ epochs: 1 }`. */
  readonly every?: { readonly steps: number } | { readonly epochs: number };
  /** How many of the newest stay. Default 3. */
  readonly keep?: number;
  /**
   * Also keeps the epoch that was best by the loss or a metric: of the validation where there is one. Metrics are to be
   * large where their name contains `accuracy`, small with `loss`, `error` or `perplexity`; for others say it by
   * `{ metric, mode }`.
   */
  readonly best?: MonitorOption<Name>;
  /**
   * When the signal of `fit` aborts, and on Ctrl-C, saves and throws TrainingInterruptedError, which says how to go on, in
   * place of the signal's reason. Default true.
   */
  readonly onAbort?: boolean;
}

/** Saves one training. */
export class CheckpointKeeper implements Callback {
  /** The newest checkpoint there is of this training, and how far it had come. */
  private latest: { readonly folder: string; readonly position: TrainingPosition } | undefined;
  readonly savesOnAbort: boolean;
  private readonly every: { readonly steps?: number; readonly epochs?: number };
  private readonly keep: number;
  private readonly monitor: Monitor | undefined;
  private best: BestCheckpoint | undefined;

  /** Throws NameError for an unknown option or metric, ValueError for a number that is none, UsageError without a folder. */
  constructor(
    private readonly session: Session,
    private readonly options: CheckpointOptions,
    private readonly run: { readonly metrics: readonly string[]; readonly signal: AbortSignal | undefined },
  ) {
    checkedOptions(WHAT, ['folder', 'every', 'keep', 'best', 'onAbort'], options);
    const { folder, every = { epochs: 1 }, keep = DEFAULT_KEEP, best, onAbort = true } = options;
    if (typeof (folder as unknown) !== 'string' || folder === '') {
      throw new UsageError(`${WHAT}: folder must be the path of a folder, got ${describeValue(folder)}`);
    }
    checkKeep(WHAT, keep);
    this.every = checkedEvery(every);
    this.keep = keep;
    this.monitor = best === undefined ? undefined : checkedMonitor(`${WHAT}.best`, best, run.metrics);
    this.savesOnAbort = onAbort;
  }

  /** Goes on from a checkpoint. Its best is the best so far where it is in the same folder and by the same metric. */
  resume(folder: string, position: TrainingPosition, best: BestCheckpoint | undefined): void {
    this.latest = { folder, position };
    const { path } = node(folder);
    const isHere = path.resolve(path.dirname(folder)) === path.resolve(this.options.folder);
    if (isHere && best?.metric === this.monitor?.metric) this.best = best;
  }

  waitsAt(step: number): boolean {
    return this.every.steps !== undefined && step % this.every.steps === 0;
  }

  async onStep({ step }: StepRecord, training: Training): Promise<void> {
    if (this.waitsAt(step)) await this.save(training.position());
  }

  async onEpoch(record: EpochRecord, training: Training): Promise<void> {
    const value = this.monitor && monitored(this.monitor, record);
    const isBest = this.monitor && value !== undefined && isBetter(this.monitor, value, this.best?.value);
    const isDue = this.every.epochs !== undefined && record.epoch % this.every.epochs === 0;
    if (isDue || isBest) await this.save(training.position(), isBest ? value : undefined);
  }

  async onEnd(_history: History, training: Training): Promise<void> {
    const position = training.position();
    const { steps, epoch } = this.latest?.position ?? {};
    if (steps !== position.steps || epoch !== position.epoch) await this.save(position);
  }

  /** What to throw in place of an error that training ended with: where it can go on, how. */
  async onError(error: unknown, training: Training): Promise<unknown> {
    const { signal } = this.run;
    const isAbort = signal?.aborted === true && error === signal.reason;
    if (isAbort ? !this.savesOnAbort : !(error instanceof DeviceLostError)) return undefined;
    if (isAbort) {
      await training.settle();
      await this.save(training.position());
    }
    if (!this.latest) return undefined;
    const { folder, position } = this.latest;
    return new TrainingInterruptedError(folder, position.steps, position.epoch, error);
  }

  private async save(position: TrainingPosition, score?: number): Promise<void> {
    const best = (name: string): BestCheckpoint | undefined =>
      score === undefined ? this.best : { name, metric: this.monitor!.metric, value: score };
    let saved: BestCheckpoint | undefined;
    const folder = await writeSession(this.session, this.options.folder, {
      keep: this.keep,
      training: position,
      best: (name) => (saved = best(name)),
    });
    this.best = saved;
    this.latest = { folder, position };
  }
}

const WHAT = 'Trainer: checkpoint';

function checkedEvery(every: NonNullable<CheckpointOptions['every']>): { steps?: number; epochs?: number } {
  const entries = Object.entries<unknown>(checkedOptions(`${WHAT}.every`, ['steps', 'epochs'], every));
  const [name, value] = entries[0] ?? [];
  if (entries.length === 1 && typeof value === 'number' && Number.isInteger(value) && value >= 1) {
    return name === 'steps' ? { steps: value } : { epochs: value };
  }
  throw new ValueError(
    `${WHAT}.every must be { steps } or { epochs }, a whole number of at least 1, got ` +
      (entries.map(([key, entry]) => `${key} ${describeValue(entry)}`).join(', ') || 'neither'),
  );
}
