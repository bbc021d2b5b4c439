import { checkedOptions, describeValue } from '../dsl/emit.js';
import { NameError, UsageError, ValueError } from '../ir/errors.js';
import type { Session } from '../session/session.js';
import { checkKeep, DEFAULT_KEEP, writeSession } from './checkpoint.js';
import { node } from './checkpoint-folder.js';
import type { BestCheckpoint, TrainingPosition } from './checkpoint-record.js';
import type { EpochRecord } from './history.js';

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
   * large where their name contains `accuracy`; for others say it by `{ metric, mode }`.
   */
  readonly best?: Name | 'loss' | { readonly metric: Name | 'loss'; readonly mode: 'min' | 'max' };
  /**
   * When the signal of `fit` aborts, saves, and throws TrainingInterruptedError, which says how to go on, in place of the
   * signal's reason. Default true.
   */
  readonly onAbort?: boolean;
}

/** Saves one training. */
export class CheckpointKeeper {
  /** The newest checkpoint there is of this training, and how far it had come. */
  latest: { readonly folder: string; readonly position: TrainingPosition } | undefined;
  readonly savesOnAbort: boolean;
  private readonly every: { readonly steps?: number; readonly epochs?: number };
  private readonly keep: number;
  private readonly measure: { readonly metric: string; readonly mode: 'min' | 'max' } | undefined;
  private best: BestCheckpoint | undefined;

  /** Throws NameError for an unknown option or metric, ValueError for a number that is none, UsageError without a folder. */
  constructor(
    private readonly session: Session,
    private readonly options: CheckpointOptions,
    metrics: readonly string[],
  ) {
    checkedOptions(WHAT, ['folder', 'every', 'keep', 'best', 'onAbort'], options);
    const { folder, every = { epochs: 1 }, keep = DEFAULT_KEEP, best, onAbort = true } = options;
    if (typeof (folder as unknown) !== 'string' || folder === '') {
      throw new UsageError(`${WHAT}: folder must be the path of a folder, got ${describeValue(folder)}`);
    }
    checkKeep(WHAT, keep);
    this.every = checkedEvery(every);
    this.keep = keep;
    this.measure = best === undefined ? undefined : checkedMeasure(best, metrics);
    this.savesOnAbort = onAbort;
  }

  /** Goes on from a checkpoint. Its best is the best so far where it is in the same folder and by the same metric. */
  resume(folder: string, position: TrainingPosition, best: BestCheckpoint | undefined): void {
    this.latest = { folder, position };
    const { path } = node(folder);
    const isHere = path.resolve(path.dirname(folder)) === path.resolve(this.options.folder);
    if (isHere && best?.metric === this.measure?.metric) this.best = best;
  }

  /** Whether to save after this many steps. */
  isDueAt(steps: number): boolean {
    return this.every.steps !== undefined && steps % this.every.steps === 0;
  }

  async save(position: TrainingPosition, score?: number): Promise<string> {
    const best = (name: string): BestCheckpoint | undefined =>
      score === undefined ? this.best : { name, metric: this.measure!.metric, value: score };
    let saved: BestCheckpoint | undefined;
    const folder = await writeSession(this.session, this.options.folder, {
      keep: this.keep,
      training: position,
      best: (name) => (saved = best(name)),
    });
    this.best = saved;
    this.latest = { folder, position };
    return folder;
  }

  /** Saves at the end of an epoch, where that is due, the best so far, or the last. */
  async endEpoch(record: EpochRecord, position: TrainingPosition, isLast: boolean): Promise<void> {
    const score = this.improved(record);
    const isDue = this.every.epochs !== undefined && record.epoch % this.every.epochs === 0;
    if (isDue || isLast || score !== undefined) await this.save(position, score);
  }

  /** The value of the metric that decides, where it is the best so far. */
  private improved({ train, validation }: EpochRecord): number | undefined {
    if (!this.measure) return undefined;
    const { metric, mode } = this.measure;
    const value: number | undefined = ({ ...train, ...validation } as Readonly<Record<string, number>>)[metric];
    if (value === undefined || Number.isNaN(value)) return undefined;
    if (!this.best) return value;
    return (mode === 'min' ? value < this.best.value : value > this.best.value) ? value : undefined;
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

function checkedMeasure(best: NonNullable<CheckpointOptions['best']>, metrics: readonly string[]) {
  const metric = typeof best === 'string' ? best : best.metric;
  if (metric !== 'loss' && !metrics.includes(metric)) {
    throw new NameError(`${WHAT}.best: there is no metric '${metric}', only ${['loss', ...metrics].join(', ')}`);
  }
  const known = metric === 'loss' ? 'min' : metric.includes('accuracy') ? 'max' : undefined;
  const mode = typeof best === 'string' ? known : best.mode;
  if (mode === 'min' || mode === 'max') return { metric, mode };
  throw new ValueError(
    `${WHAT}.best: say whether '${metric}' is to be small or large: { metric, mode: 'min' or 'max' }`,
  );
}
