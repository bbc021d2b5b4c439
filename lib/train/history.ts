import type { Measure, Scores } from './metrics.js';

/** What one epoch of training came to. */
export interface EpochRecord<Name extends string = string> {
  /** The first is 1. */
  readonly epoch: number;
  /** How many it had. */
  readonly steps: number;
  /** Of training, without validation. */
  readonly seconds: number;
  /** Of training, without validation. */
  readonly samplesPerSecond: number;
  /** What the input `learningRate` was in the last step, where the optimizer has one. */
  readonly learningRate?: number;
  /** Means over what was counted in the epoch, each as it was when its step was done. */
  readonly train: Scores<Name>;
  /** With the parameters at the end of the epoch, where there are validation batches. */
  readonly validation?: Scores<Name>;
}

/** What training came to. */
export interface History<Name extends string = string> {
  /** In order; the last one may have ended before all its steps were done. */
  readonly epochs: readonly EpochRecord<Name>[];
  /** The loss of every step. */
  readonly losses: readonly number[];
  /** From the first step to the last, with validation. */
  readonly seconds: number;
  /** Why it ended early, where a callback stopped it. */
  readonly stopped?: string;
}

/** What is known of a metric besides its name, to sum it up. */
interface Finished {
  readonly name: string;
  finish?(mean: number): number;
}

/** Sums up measures by name. */
export class Totals {
  private readonly sums = new Map<string, Measure>();

  constructor(private readonly metrics: readonly Finished[]) {}

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

  /** Means so far, as each metric reports them, in the order in which names first came. */
  means<Name extends string>(): Scores<Name> {
    const entries = [...this.sums].map(([name, { sum, count }]) => {
      const metric = this.metrics.find((one) => one.name === name);
      return [name, metric?.finish?.(sum / count) ?? sum / count] as const;
    });
    return Object.fromEntries(entries) as Scores<Name>;
  }
}
