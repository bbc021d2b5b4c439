import type { Measure, Scores } from './metrics.js';

/** What one epoch of training came to. */
export interface EpochRecord<Name extends string = string> {
  /** The first is 1. */
  readonly epoch: number;
  readonly steps: number;
  /** Of training, without validation. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Means over the epoch's samples, each as it was when its step was done. */
  readonly train: Scores<Name>;
  /** With the parameters at the end of the epoch, where there are validation batches. */
  readonly validation?: Scores<Name>;
}

/** What training came to. */
export interface History<Name extends string = string> {
  readonly epochs: readonly EpochRecord<Name>[];
  /** The loss of every step. */
  readonly losses: readonly number[];
  /** From the first step to the last, with validation. */
  readonly seconds: number;
}

/** Sums up measures by name. */
export class Totals {
  private readonly sums = new Map<string, Measure>();

  add(measures: Readonly<Record<string, Measure>>): void {
    for (const [name, { sum, count }] of Object.entries(measures)) {
      const total = this.sums.get(name) ?? { sum: 0, count: 0 };
      this.sums.set(name, { sum: total.sum + sum, count: total.count + count });
    }
  }

  /** The sums so far, from which another one can go on. */
  sumsByName(): Readonly<Record<string, Measure>> {
    return Object.fromEntries(this.sums);
  }

  /** Means so far, in the order in which names first came. */
  means<Name extends string>(): Scores<Name> {
    return Object.fromEntries([...this.sums].map(([name, { sum, count }]) => [name, sum / count])) as Scores<Name>;
  }
}
