/* Type tests of batches and the trainer. Nothing runs: `tsc` checks them. */
import type { Session } from '../../lib/index.js';
import {
  Batches,
  evaluate,
  Trainer,
  type BatchSource,
  type ColumnFeeds,
  type History,
  type Metric,
} from '../../lib/train/index.js';
import type { All, Equal as Is } from './expect.js';

interface Feeds {
  readonly images: Float32Array | readonly number[];
  readonly labels: Int32Array | readonly number[];
}

declare const classifier: Session<Feeds, { logits: Float32Array; loss: Float32Array }>;
declare const regression: Session<{ readonly x: Float32Array }, { loss: Float32Array }>;
declare const feeds: readonly Feeds[];
declare const errorRate: Metric<'errorRate', object, { readonly loss: Float32Array }>;
declare const measured: Session<Feeds, { logits: Float32Array; top5: Float32Array; loss: Float32Array }>;

const digits = { images: { data: new Float32Array(8), shape: [2, 4] }, labels: new Int32Array(2) };
const batches = new Batches(digits, { size: 2 });
const trainer = new Trainer(classifier, { epochs: 1 });

export const fits = {
  batches: trainer.fit(batches, { validation: batches }),
  arrays: trainer.fit(feeds),
  functions: trainer.fit((epoch) => (epoch > 1 ? feeds : batches)),
  none: new Trainer(regression, { epochs: 1 }).fit([{ x: new Float32Array(1) }]),
  own: new Trainer(measured, { epochs: 1, metrics: ['top5', 'perplexity', errorRate] }).fit(batches),
  evaluation: evaluate(classifier, batches, { metrics: [] }),
};

// @ts-expect-error labels are missing
export const missing = trainer.fit(new Batches({ images: digits.images }, { size: 2 }));
// @ts-expect-error labels are integers
export const wrongClass = trainer.fit(new Batches({ ...digits, labels: new Float32Array(2) }, { size: 2 }));
// @ts-expect-error there is no such output
export const wrongOutput = new Trainer(classifier, { epochs: 1, metrics: ['scores'] });
// @ts-expect-error a weight of 0 is for a column
export const wrongPad = new Batches(digits, { size: 2, last: { pad: { label: -100 } } });
// @ts-expect-error a transform keeps the columns
export const wrongTransform = new Batches(digits, { size: 2, transform: ({ images }) => ({ images }) });

export type Tests = All<
  [
    Is<ColumnFeeds<typeof digits>, { readonly images: Float32Array; readonly labels: Int32Array }>,
    Is<Awaited<typeof fits.batches>, History<'accuracy'>>,
    Is<Awaited<typeof fits.none>, History<never>>,
    Is<Awaited<typeof fits.own>, History<'top5' | 'perplexity' | 'errorRate'>>,
    Is<Awaited<typeof fits.evaluation>, { readonly loss: number }>,
    Is<Awaited<typeof fits.batches>['epochs'][number]['train'], { readonly accuracy: number; readonly loss: number }>,
    typeof batches extends BatchSource<Feeds> ? true : false,
  ]
>;
