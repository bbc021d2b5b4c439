import { RangeError } from '../ir/errors.js';
import { Batch, type Batches } from './batches.js';

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

/**
 * The batches of one epoch; feeds without a count hold `size` samples each.
 * Throws RangeError when there are none; `what` names the source.
 */
export async function* batchesOf<Feeds extends object>(
  source: BatchSource<Feeds>,
  { epoch, size, what }: { epoch: number; size: number; what: string },
): AsyncGenerator<Batch<Feeds>, void> {
  let count = 0;
  for await (const item of itemsOf(source, epoch)) {
    count++;
    yield item instanceof Batch ? item : new Batch(item, size);
  }
  if (count > 0) return;
  const hint = epoch > 1 ? '; what can be iterated only once is at its end: pass a function that makes it anew' : '';
  throw new RangeError(`${what}: there are no batches in epoch ${epoch}${hint}`);
}

/** How many whole batches an epoch has, where that can be known. */
export function stepsOf<Feeds extends object>(source: BatchSource<Feeds>): number | undefined {
  if (isBatches(source)) return Math.floor(source.samples / source.size);
  return Array.isArray(source) ? source.length : undefined;
}

function itemsOf<Feeds extends object>(source: BatchSource<Feeds>, epoch: number): Items<Feeds> {
  if (typeof source === 'function') return source(epoch);
  return 'epoch' in source ? source.epoch(epoch) : source;
}

function isBatches(source: object): source is Pick<Batches<never>, 'samples' | 'size'> {
  return 'epoch' in source && 'samples' in source && 'size' in source;
}
