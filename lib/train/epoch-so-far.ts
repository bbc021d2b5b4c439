import type { TrainingPosition } from './checkpoint-record.js';
import { Totals, type EpochRecord } from './history.js';
import type { AnyMetric } from './metrics.js';

/** What an epoch has come to so far. */
export class EpochSoFar<Name extends string> {
  /** Batches that were gone through, those that were left out among them. */
  batches: number;
  steps: number;
  readonly totals: Totals;
  /** Of training before it was resumed. */
  private readonly secondsBefore: number;
  private start = performance.now();

  /** `from`: where it was when a checkpoint was saved. */
  constructor(
    readonly epoch: number,
    metrics: readonly AnyMetric<never, never>[],
    from?: TrainingPosition,
  ) {
    this.totals = new Totals(metrics);
    if (from) this.totals.add(from.totals);
    this.batches = from?.batches ?? 0;
    this.steps = from?.epochSteps ?? 0;
    this.secondsBefore = from?.epochSeconds ?? 0;
  }

  /** Its time is counted from now on. */
  begin(): void {
    this.start = performance.now();
  }

  get seconds(): number {
    return this.secondsBefore + (performance.now() - this.start) / 1000;
  }

  record(learningRate: number | undefined): EpochRecord<Name> {
    const { epoch, steps, seconds, totals } = this;
    return {
      epoch,
      steps,
      seconds,
      samplesPerSecond: (totals.sumsByName()['loss']?.count ?? 0) / seconds,
      ...(learningRate === undefined ? {} : { learningRate }),
      train: totals.means<Name>(),
    };
  }
}
