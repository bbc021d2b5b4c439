import type { FeedValue } from '../backend/execution/feed.js';
import { RandomStream } from '../dsl/random.js';
import { describeValue } from '../dsl/emit.js';
import { DTypeError, ShapeError, UsageError, ValueError } from '../ir/errors.js';
import { elementCount, showShape } from '../ir/shape.js';
import type { BitArrays, TypedArray } from '../ir/typed-array.js';
import { checkLast, fillFrom, padWith, type LastBatch } from './last-batch.js';

/** What is fed at one step. */
export class Batch<out Feeds extends object> {
  /**
   * @param size Samples the feeds hold.
   * @param samples How many of them count; those after them repeat the last one, to fill the batch.
   * @param padded Whether the feeds themselves say so, by labels that the loss ignores or weights of 0: the loss and all
   *   metrics of the batch are then those of its samples, and it can be trained on.
   */
  constructor(
    readonly feeds: Feeds,
    readonly size: number,
    readonly samples = size,
    readonly padded = false,
  ) {}
}

/** Values for one input: one number a sample, or row-major with the samples along the first axis of `shape`. */
export type Column = TypedArray | { readonly data: TypedArray; readonly shape: readonly number[] };

/** The array a batch holds of a column. */
type ColumnArray<C> = C extends { readonly data: infer Data }
  ? ColumnArray<Data>
  : C extends Float32Array
    ? Float32Array
    : C extends Int32Array
      ? Int32Array
      : C extends Uint32Array
        ? Uint32Array
        : Uint8Array;

/** What batches of columns feed, by name. */
export type ColumnFeeds<Columns> = { readonly [Name in keyof Columns]: ColumnArray<Columns[Name]> };

/** How {@link Batches} cuts arrays. */
export interface BatchesOptions<Feeds> {
  /** Samples a batch. */
  size: number;
  /** Another order in each epoch. Default false. */
  shuffle?: boolean;
  /**
   * What becomes of the last batch where samples do not suffice. By default it is filled up with copies of its last sample:
   * a `Trainer` leaves it out, and evaluation takes the copies off again, by a second step. `'drop'`: there is none.
   * `{ pad: { labels: -100 } }`: the copies have these values in these columns, so that the graph knows them: labels that
   * `crossEntropy` and `accuracy` are told to ignore, or weights of 0. Then it is trained on as well, and every sample
   * counts once; that loss and metrics leave the copies out is up to the graph.
   */
  last?: LastBatch<keyof Feeds>;
  /** Fixes the order and the numbers that `transform` gets. Default 0. */
  seed?: number;
  /**
   * Changes a batch before it is fed: augmentation, normalisation. The arrays are the batch's own and may be written
   * to. `random` depends on seed, epoch and batch only.
   */
  transform?: (feeds: Feeds, random: RandomStream) => Feeds;
}

/** What decides which samples come in which order. */
export interface DataIdentity {
  /** How many there are. */
  readonly samples: number;
  /** Samples a batch. */
  readonly size: number;
  /** Whether their order is drawn anew for each epoch. */
  readonly shuffle: boolean;
  /** What orders are drawn from. */
  readonly seed: number;
  /** What becomes of a last batch that is not full. */
  readonly last: 'fill' | 'drop' | 'pad';
}

/** Streams of random numbers below this are for the parameters of models with the same seed. */
const FIRST_STREAM = 2 ** 31;

/**
 * Cuts arrays into batches:
 *
 *     new Batches({ images: { data: pixels, shape: [9000, 784] }, labels }, { size: 64, shuffle: true, seed: 1 })
 *
 * Every batch has `size` samples, as graphs need it: the last one is filled up where the samples do not suffice, and its
 * `samples` says how many are real; see {@link BatchesOptions.last}.
 */
export class Batches<Columns extends { readonly [Name in keyof Columns]: Column }> {
  /** Samples in all. */
  readonly samples: number;
  private readonly columns: readonly { name: string; data: TypedArray; width: number }[];

  /**
   * Throws ShapeError for columns of different lengths, ValueError without samples, for a size or seed that is none and
   * where all samples would be dropped, NameError for a column to pad that is none, DTypeError for columns that are no
   * typed arrays.
   */
  constructor(
    columns: Columns,
    private readonly options: BatchesOptions<ColumnFeeds<Columns>>,
  ) {
    const { size, seed = 0 } = { ...options };
    if (!Number.isInteger(size) || size < 1)
      throw new ValueError(`Batches: size must be a whole number, at least 1, got ${size}`);
    if (!Number.isInteger(seed)) throw new ValueError(`Batches: seed must be a whole number, got ${String(seed)}`);
    const checked = Object.entries<Column>(columns).map(([name, column]) => checkedColumn(name, column));
    const [first, ...others] = checked;
    if (!first || first.samples === 0) throw new ValueError(`Batches: no samples${first ? ` in '${first.name}'` : ''}`);
    const other = others.find(({ samples }) => samples !== first.samples);
    if (other) {
      throw new ShapeError(
        `Batches: '${first.name}' has ${first.samples} samples but '${other.name}' has ${other.samples}`,
      );
    }
    this.samples = first.samples;
    this.columns = checked;
    checkLast(options.last, columns);
    if (this.length === 0) {
      throw new ValueError(`Batches: ${this.samples} samples are fewer than a batch of ${size}, and last is 'drop'`);
    }
  }

  /** Batches an epoch. */
  get length(): number {
    const { size, last } = this.options;
    return last === 'drop' ? Math.floor(this.samples / size) : Math.ceil(this.samples / size);
  }

  /** Batches an epoch that can be trained on. */
  get trainable(): number {
    return typeof this.options.last === 'object' ? this.length : Math.floor(this.samples / this.options.size);
  }

  /** Samples a batch. */
  get size(): number {
    return this.options.size;
  }

  /** What decides which samples come in which order: a training that is resumed must have the same. */
  get identity(): DataIdentity {
    const { size, shuffle = false, seed = 0, last = 'fill' } = this.options;
    return { samples: this.samples, size, shuffle, seed, last: typeof last === 'object' ? 'pad' : last };
  }

  /** The batches of one epoch; the first is 1. The same epoch gives the same batches. */
  *epoch(epoch: number): Generator<Batch<ColumnFeeds<Columns>>, void> {
    const { size, shuffle = false, seed = 0, transform, last } = this.options;
    const streams = FIRST_STREAM + epoch * (this.length + 1);
    const order = shuffle ? shuffled(this.samples, new RandomStream(seed, streams)) : undefined;
    for (let start = 0; start < this.length * size; start += size) {
      const samples = Math.min(size, this.samples - start);
      const row = (i: number) => {
        const position = start + Math.min(i, samples - 1);
        return order ? order[position]! : position;
      };
      const gathered = this.columns.map(({ name, data, width }) => [name, gather(data, width, size, row)] as const);
      let feeds = Object.fromEntries(gathered) as ColumnFeeds<Columns>;
      if (transform) {
        feeds = transform(feeds, new RandomStream(seed, streams + 1 + start / size));
        if (typeof (feeds as unknown) !== 'object') {
          throw new UsageError(`Batches: transform must return the feeds, got ${describeValue(feeds)}`);
        }
        // What was random differs from copy to copy.
        for (const array of Object.values<TypedArray>(feeds)) fillFrom(array, size, samples);
      }
      const padded = typeof last === 'object' && samples < size;
      if (padded) padWith(feeds, last.pad, size, samples);
      yield new Batch(feeds, size, samples, padded);
    }
  }

  /** The batches of the first epoch. */
  [Symbol.iterator](): Generator<Batch<ColumnFeeds<Columns>>, void> {
    return this.epoch(1);
  }
}

type FeedArray = TypedArray | BitArrays['f16'];

/** A batch of the same size that holds sample `at` of the given one over and over. Scalars stay. */
export function repeated<Feeds extends object>({ feeds, size }: Batch<Feeds>, at: number): Batch<Feeds> {
  const rows = Object.entries(feeds as Record<string, FeedValue>).map(([name, values]) => {
    if (typeof values !== 'object') return [name, values];
    const width = values.length / size;
    if (isTyped(values)) return [name, gather(values, width, size, () => at)];
    const sample: readonly (number | boolean)[] = values.slice(at * width, (at + 1) * width);
    return [name, Array.from({ length: size }, () => sample).flat()];
  });
  return new Batch(Object.fromEntries(rows) as Feeds, size);
}

function isTyped(values: unknown): values is FeedArray {
  return ArrayBuffer.isView(values);
}

function checkedColumn(name: string, column: Column) {
  const given: unknown = column;
  const values = typeof given === 'object' && given !== null && 'data' in given ? given.data : given;
  if (!isTyped(values)) {
    throw new DTypeError(
      `Batches: '${name}' must be a typed array such as Float32Array, or { data, shape } with one, got ` +
        describeValue(values),
    );
  }
  const { data, shape } = 'shape' in column ? column : { data: column, shape: [column.length] };
  const [samples, ...sample] = shape;
  if (samples === undefined) throw new ShapeError(`Batches: the shape of '${name}' is [], without an axis of samples`);
  if (elementCount(shape) !== data.length) {
    throw new ShapeError(`Batches: '${name}' has shape ${showShape(shape)} but ${data.length} values`);
  }
  return { name, data, samples, width: elementCount(sample) };
}

/** The numbers below `count` in random order (Fisher and Yates, as in Knuth 3.4.2 P). */
function shuffled(count: number, random: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    // Two numbers of 24 bits: one would not reach every position of a large data set.
    const j = Math.floor((random.uniform() + random.uniform() * 2 ** -24) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** `size` rows of `width` values each, row i from row `row(i)` of the source. */
function gather(source: FeedArray, width: number, size: number, row: (i: number) => number): TypedArray {
  const Class = source.constructor as new (length: number) => TypedArray;
  const result = new Class(size * width);
  for (let i = 0; i < size; i++) {
    const from = row(i) * width;
    result.set(source.subarray(from, from + width), i * width);
  }
  return result;
}
