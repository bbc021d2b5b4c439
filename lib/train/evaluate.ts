import { UsageError } from '../ir/errors.js';
import { requireSession, type Session } from '../session/session.js';
import { repeated, type Batch } from './batches.js';
import { inBatch } from './errors.js';
import { Totals } from './history.js';
import { defaultMetrics, type DefaultMetrics, type Metrics, type Scores } from './metrics.js';
import { batchesOf, type BatchSource } from './source.js';
import { StepRunner } from './step-runner.js';

export interface EvaluateOptions<Feeds, Values, Name extends string> {
  /** The output that is the loss: the mean over a batch's samples. Default `'loss'`. */
  loss?: string;
  /** Accuracy by default, where the graph has an output `logits` and an input `labels`. */
  metrics?: Metrics<Name, Feeds, Values>;
  /** Which epoch of the batches. Default 1. */
  epoch?: number;
  /** What messages call the batches. Default `'evaluation'`. */
  what?: string;
  /** Aborts between two steps, with its reason. */
  signal?: AbortSignal | undefined;
}

/**
 * The mean loss and metrics of a session over batches, for sessions that train nothing. Feeds that the session does not
 * need are left out. Batches that are filled up count with their real samples only.
 *
 * Throws UsageError for a session that trains, ValueError without batches, and what `Session.step` throws, with the number of the batch.
 */
export async function evaluate<
  Feeds extends object,
  Values extends object,
  Name extends string = DefaultMetrics<Feeds, Values>,
>(
  session: Session<Feeds, Values>,
  source: BatchSource<Feeds>,
  options: EvaluateOptions<Feeds, Values, Name> = {},
): Promise<Scores<Name>> {
  const { loss = 'loss', epoch = 1, what = 'evaluation', signal } = options;
  requireSession('evaluate: the first argument', session);
  if (session.trains) {
    throw new UsageError(
      'evaluate: every step of this session trains it; evaluate the session that ' +
        'buildInferenceSession(graph, { weights: session }) gives',
    );
  }
  const metrics: Metrics<string, Feeds, Values> = options.metrics ?? defaultMetrics(session.source);
  const runner = new StepRunner(session, { loss, metrics, maxInFlight: 64 });
  const totals = new Totals();
  try {
    let count = 0;
    for await (const batch of batchesOf(source, { epoch, size: batchSize(session), what })) {
      signal?.throwIfAborted();
      count++;
      try {
        await add(runner, totals, batch);
      } catch (error) {
        throw inBatch(`${what} batch ${count}`, error);
      }
    }
    await collect(runner, totals);
    return totals.means();
  } finally {
    runner.close();
  }
}

/** Samples a batch: the first size of the first input that has any. */
export function batchSize(session: Session): number {
  return [...session.inputs.values()].find(({ shape }) => shape.length > 0)?.shape[0] ?? 1;
}

type Runner<Feeds extends object> = Pick<StepRunner<Feeds, object>, 'step' | 'collect' | 'isFull'>;

async function add<Feeds extends object>(runner: Runner<Feeds>, totals: Totals, batch: Batch<Feeds>) {
  if (batch.samples < batch.size) {
    await collect(runner, totals);
    totals.add(await filledUp(runner, batch));
    return;
  }
  runner.step(batch);
  if (runner.isFull) await collect(runner, totals);
}

async function collect(runner: Runner<never>, totals: Totals): Promise<void> {
  for (const { measures } of await runner.collect()) totals.add(measures);
}

/**
 * A batch of n samples of which r are real and the others copies of sample r has the mean loss
 * L = (Σ real + (n − r)·l) / n, where l, the loss of that sample, is what a batch of nothing else gives.
 */
async function filledUp<Feeds extends object>(runner: Runner<Feeds>, batch: Batch<Feeds>) {
  const { size, samples } = batch;
  const only = async (step: Batch<Feeds>) => {
    runner.step(step);
    const [result] = await runner.collect();
    return result!;
  };
  const whole = await only(batch);
  const last = await only(repeated(batch, samples - 1));
  const sum = size * whole.loss - (size - samples) * last.loss;
  return { ...whole.measures, loss: { sum, count: samples } };
}
