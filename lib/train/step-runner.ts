import { bytesPerElement } from '../ir/dtype.js';
import { NameError, ShapeError, UsageError } from '../ir/errors.js';
import type { TensorType } from '../ir/graph.js';
import { elementCount } from '../ir/shape.js';
import type { TypedArray } from '../ir/typed-array.js';
import type { Session } from '../session/session.js';
import type { Batch } from './batches.js';
import type { AnyMetric, Measure } from './metrics.js';

/** Bytes of feeds and results that may wait on the device. */
const IN_FLIGHT_BYTES = 2 ** 26;

/** Milliseconds of work between two waits: a wait costs a few at most, and progress is shown as often. */
const WINDOW_MS = 400;

export interface StepRunnerOptions<Feeds, Values> {
  /** The output that is the loss: the mean over a batch's samples. */
  readonly loss: string;
  readonly metrics: readonly AnyMetric<Feeds, Values>[];
  /** Other scalar outputs to report of each step. */
  readonly extras?: readonly string[];
  /** Steps at most that are submitted before waiting for the first of them. */
  readonly maxInFlight: number;
}

/** What one step came to. */
export interface StepResult {
  readonly samples: number;
  /** Its share of the time that it took until all those waited for together were done. */
  readonly seconds: number;
  /** As the graph gives it: of the whole batch. */
  readonly loss: number;
  /** Values of the other outputs that were asked for. */
  readonly extras: Readonly<Record<string, number>>;
  /** The loss and every metric. */
  readonly measures: Readonly<Record<string, Measure>>;
}

/** Sessions whose steps are being recorded: a second runner would take the first one's records. */
const busy = new WeakSet<object>();

/** Runs steps without waiting for each: what they give stays on the device and is read for many at once. */
export class StepRunner<Feeds extends object, Values extends object> {
  private readonly outputs: readonly (keyof Values & string)[];
  private readonly limit: number;
  /** What metrics need of the steps that are under way. */
  private pending: { batch: Batch<Feeds>; kept: Feeds }[] = [];
  private window = 1;
  private windowStart = 0;

  /**
   * Throws NameError for unknown outputs, ShapeError for a loss that is no scalar, UsageError while another one runs the
   * session. Until `close` it is this one's.
   */
  constructor(
    private readonly session: Session<Feeds, Values>,
    private readonly options: StepRunnerOptions<Feeds, Values>,
  ) {
    if (busy.has(session)) {
      throw new UsageError('the session is busy with another fit() or evaluate(): await that one first');
    }
    const { source } = session;
    const { metrics, extras = [] } = options;
    const names = new Set([options.loss, ...metrics.flatMap((metric) => metric.outputs), ...extras]);
    const loss = source.outputs.get(options.loss);
    if (loss && elementCount(loss.shape) !== 1) {
      throw new ShapeError(
        `the output '${options.loss}' is no loss: it must be a scalar, not [${loss.shape.join(', ')}]`,
      );
    }
    const results = [...names].flatMap((name) => source.outputs.get(name) ?? []);
    const bytes = [...session.inputs.values(), ...results].reduce((sum, tensor) => sum + bytesOf(tensor), 0);
    this.limit = Math.max(1, Math.min(options.maxInFlight, Math.floor(IN_FLIGHT_BYTES / bytes)));
    this.outputs = [...names] as (keyof Values & string)[];
    this.record();
    busy.add(session);
  }

  /** Submits a step. Feeds that only other outputs need are left out. Throws as `session.step` does. */
  step(batch: Batch<Feeds>): void {
    const kept = this.keep(batch.feeds);
    if (this.pending.length === 0) this.windowStart = performance.now();
    const { inputs, source } = this.session;
    const needed = Object.entries(batch.feeds).filter(([name]) => inputs.has(name) || !source.inputs.has(name));
    this.session.step(Object.fromEntries(needed) as Feeds);
    this.pending.push({ batch, kept });
  }

  /** Whether to `collect` before the next step. */
  get isFull(): boolean {
    return this.pending.length >= Math.min(this.window, this.limit);
  }

  /** Waits for the steps since the last call; what they came to, oldest first. */
  async collect(): Promise<StepResult[]> {
    const steps = this.pending;
    if (steps.length === 0) return [];
    this.pending = [];
    const records = await Promise.all(this.outputs.map((name) => this.session.readRecord(name)));
    const elapsed = Math.max(0.1, performance.now() - this.windowStart);
    this.window = Math.max(1, Math.min(4 * steps.length, Math.round((steps.length * WINDOW_MS) / elapsed)));
    return steps.map(({ batch, kept }, i) => {
      const values = Object.fromEntries(this.outputs.map((name, output) => [name, records[output]![i]!])) as Values;
      return { ...this.measure(batch, kept, values), seconds: elapsed / 1000 / steps.length };
    });
  }

  /** Stops recording and lets go of the session, which may have been disposed of meanwhile. */
  close(): void {
    this.pending = [];
    busy.delete(this.session);
    if (this.session.isDisposed) return;
    for (const name of this.outputs) this.session.record(name, 0);
  }

  /** All outputs or none. */
  private record(): void {
    const recorded: (keyof Values & string)[] = [];
    try {
      for (const name of this.outputs) {
        this.session.record(name, this.limit);
        recorded.push(name);
      }
    } catch (error) {
      for (const name of recorded) this.session.record(name, 0);
      throw error;
    }
  }

  private measure({ size, samples }: Batch<Feeds>, feeds: Feeds, values: Values): Omit<StepResult, 'seconds'> {
    const first = (name: string) => Number((values as Record<string, TypedArray>)[name]![0]);
    const loss = first(this.options.loss);
    const measured = this.options.metrics.map(
      (metric) => [metric.name, metric.measure({ feeds, values, size, samples })] as const,
    );
    const extras = Object.fromEntries((this.options.extras ?? []).map((name) => [name, first(name)]));
    const lossOfBatch: Measure = { sum: loss * samples, count: samples };
    return { samples, loss, extras, measures: Object.fromEntries([['loss', lossOfBatch], ...measured]) };
  }

  /** Copies of the feeds that metrics look at: whoever made the batch may write the next one into the same arrays. */
  private keep(feeds: Feeds): Feeds {
    const given = feeds as Readonly<Record<string, unknown>>;
    const names = new Set(this.options.metrics.flatMap((metric) => metric.inputs));
    const copies = [...names].map((name) => {
      const value = given[name];
      if (value === undefined) throw new NameError(`a metric looks at the input '${name}': feed it with every batch`);
      return [name, Array.isArray(value) || isTyped(value) ? value.slice() : value] as const;
    });
    return Object.fromEntries(copies) as Feeds;
  }
}

function isTyped(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value);
}

function bytesOf({ shape, dtype }: TensorType): number {
  return elementCount(shape) * bytesPerElement[dtype];
}
