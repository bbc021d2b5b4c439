import { describeValue } from '../dsl/emit.js';
import { UsageError, ValueError } from '../ir/errors.js';
import { Batch, Batches, type DataIdentity } from './batches.js';

/** Feeds, or feeds that know how many of their samples are real. */
type Item<Feeds extends object> = Feeds | Batch<Feeds>;
type Items<Feeds extends object> = Iterable<Item<Feeds>> | AsyncIterable<Item<Feeds>>;

/**
 * Where batches come from: `Batches`, an array or other iterable of feeds, which may be asynchronous, or a function
 * that gives such an iterable for each epoch (the first is 1). What can be iterated only once, as generators, lasts for
 * one epoch.
 */
export type BatchSource<Feeds extends object> =
  Items<Feeds> | { epoch(epoch: number): Items<Feeds> } | ((epoch: number) => Items<Feeds>);

export interface EpochOptions {
  /** The first is 1. */
  readonly epoch: number;
  /** Samples that feeds without a count hold. */
  readonly size: number;
  /** What messages call the source. */
  readonly what: string;
  /** Aborts with its reason, also while a batch is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** The batches of one epoch. Throws ValueError when there are none, UsageError for what is no source, the signal's reason. */
export async function* batchesOf<Feeds extends object>(
  source: BatchSource<Feeds>,
  { epoch, size, what, signal }: EpochOptions,
): AsyncGenerator<Batch<Feeds>, void> {
  let count = 0;
  for await (const item of abortable(itemsOf(source, epoch, what), signal)) {
    signal?.throwIfAborted();
    count++;
    yield item instanceof Batch ? item : new Batch(item, size);
  }
  if (count > 0) return;
  const hint = epoch > 1 ? '; what can be iterated only once is at its end: pass a function that makes it anew' : '';
  throw new ValueError(`${what}: there are no batches in epoch ${epoch}${hint}`);
}

/** How many batches of an epoch can be trained on, where that can be known. */
export function stepsOf<Feeds extends object>(source: BatchSource<Feeds>): number | undefined {
  if (source instanceof Batches) return source.trainable;
  return Array.isArray(source) ? source.length : undefined;
}

/** What decides the order of the samples, where the source says it. */
export function identityOf<Feeds extends object>(source: BatchSource<Feeds>): DataIdentity | undefined {
  return source instanceof Batches ? source.identity : undefined;
}

/** The same items; a source that never gives the next one must not outlast an abort. */
function abortable<T>(items: Iterable<T> | AsyncIterable<T>, signal: AbortSignal | undefined) {
  return signal && Symbol.asyncIterator in items ? abortableItems(items, signal) : items;
}

async function* abortableItems<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  const iterator = items[Symbol.asyncIterator]();
  let isAtEnd = false;
  try {
    while (!isAtEnd) {
      const next = iterator.next();
      // What throws has ended.
      next.catch(() => (isAtEnd = true));
      const result = await unlessAborted(next, signal);
      if (result.done === true) isAtEnd = true;
      else yield result.value;
    }
  } finally {
    const ending = isAtEnd ? undefined : Promise.resolve(iterator.return?.());
    // It may still be waiting for what never comes.
    if (signal.aborted) ending?.catch(() => undefined);
    else await ending;
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}

function itemsOf<Feeds extends object>(source: BatchSource<Feeds>, epoch: number, what: string): Items<Feeds> {
  const items: unknown = typeof source === 'function' ? source(epoch) : isEpochs(source) ? source.epoch(epoch) : source;
  if (typeof items === 'object' && items !== null && (Symbol.iterator in items || Symbol.asyncIterator in items)) {
    return items as Items<Feeds>;
  }
  throw new UsageError(
    `${what}: batches are Batches, an iterable such as an array of feeds, or a function that gives one, got ` +
      describeValue(items),
  );
}

function isEpochs<Feeds extends object>(source: unknown): source is { epoch(epoch: number): Items<Feeds> } {
  return typeof source === 'object' && source !== null && 'epoch' in source && typeof source.epoch === 'function';
}

/** Whether it gives its batches again when it is asked again. */
export function isRepeatable<Feeds extends object>(source: BatchSource<Feeds>): boolean {
  if (typeof source === 'function' || isEpochs(source)) return true;
  const once: unknown = Symbol.iterator in source ? source[Symbol.iterator]() : source;
  return once !== source;
}
