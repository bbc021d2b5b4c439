/** The last batch of an epoch, where samples do not suffice for it. */
import { describeValue } from '../dsl/emit.js';
import { NameError, UsageError, ValueError } from '../ir/errors.js';
import type { TypedArray } from '../ir/typed-array.js';

/** What becomes of it: see `BatchesOptions.last`. */
export type LastBatch<Name extends PropertyKey> = 'drop' | { readonly pad: { readonly [Column in Name]?: number } };

/** Throws ValueError for what is none, NameError for columns that there are not. */
export function checkLast(last: unknown, columns: object): void {
  if (last === undefined || last === 'drop') return;
  const pad: unknown = typeof last === 'object' && last !== null && 'pad' in last ? last.pad : undefined;
  if (typeof pad !== 'object' || pad === null || Object.keys(pad).length === 0) {
    throw new ValueError(
      `Batches: last must be 'drop' or { pad: { column: value } }, such as { pad: { labels: -100 } }, got ` +
        describeValue(last),
    );
  }
  for (const [name, value] of Object.entries<unknown>({ ...pad })) {
    if (!(name in columns)) {
      throw new NameError(`Batches: last.pad: there is no column '${name}', only ${Object.keys(columns).join(', ')}`);
    }
    if (typeof value === 'number') continue;
    throw new ValueError(`Batches: last.pad: the value of '${name}' must be a number, got ${describeValue(value)}`);
  }
}

/** Gives the rows from `samples` on these values, by column. Throws UsageError for a column that a transform left out. */
export function padWith(feeds: object, pad: object, size: number, samples: number): void {
  const arrays = feeds as Readonly<Record<string, TypedArray>>;
  for (const [name, value] of Object.entries<number>({ ...pad })) {
    const array = arrays[name];
    if (!array) throw new UsageError(`Batches: transform must keep the column '${name}', which is padded`);
    array.fill(value, (array.length / size) * samples);
  }
}

/** Makes the rows from `samples` on copies of the one before. */
export function fillFrom(array: TypedArray, size: number, samples: number): void {
  const width = array.length / size;
  for (let i = samples; i < size; i++) array.copyWithin(i * width, (samples - 1) * width, samples * width);
}
