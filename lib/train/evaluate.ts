import { UsageError } from '../ir/errors.js';
import { requireSession, type Session } from '../session/session.js';
import { Batch, repeated } from './batches.js';
import { inBatch } from './errors.js';
import { Totals } from './history.js';
import { resolvedMetrics, type DefaultMetrics, type Measure, type MetricList, type Scores } from './metrics.js';
import { batchesOf, type BatchSource } from './source.js';
import { StepRunner } from './step-runner.js';

/** Options of {@link evaluate}. */
export interface EvaluateOptions<Feeds, Values, Name extends string> {
  /** The output that is the loss: the mean over a batch's samples. Default `'loss'`. */
  loss?: string;
  /** By name, or what the host measures: see {@link MetricList}. By default accuracy, where the graph has it. */
  metrics?: MetricList<Name, Feeds, Values>;
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
 * Throws UsageError for a session that trains, NameError and ShapeError for metrics that the graph does not have, ValueError without batches, and what `Session.step` throws, with the number of the batch.
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
  const metrics = resolvedMetrics<Feeds, Values>(session.source, loss, options.metrics);
  const runner = new StepRunner(session, { loss, metrics, maxInFlight: 64 });
  const totals = new Totals(metrics);
  try {
    let count = 0;
    for await (const batch of batchesOf(source, { epoch, size: batchSize(session), what, signal })) {
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
  if (batch.samples < batch.size && !batch.padded) {
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
 * Of a batch of n samples of which r are real and the others copies of sample r, a sum over the real ones is that over the
 * whole batch, less (n − r)/n of that over a batch of nothing but the copied sample.
 */
async function filledUp<Feeds extends object>(
  runner: Runner<Feeds>,
  batch: Batch<Feeds>,
): Promise<Readonly<Record<string, Measure>>> {
  const { feeds, size, samples } = batch;
  const measured = async (all: Batch<Feeds>) => {
    runner.step(all);
    const [result] = await runner.collect();
    return result!.measures;
  };
  const whole = await measured(new Batch(feeds, size));
  const copies = await measured(repeated(batch, samples - 1));
  const share = (size - samples) / size;
  const entries = Object.entries(whole).map(([name, { sum, count }]) => {
    const copied = copies[name]!;
    return [name, { sum: sum - share * copied.sum, count: count - share * copied.count }] as const;
  });
  return Object.fromEntries(entries);
}
