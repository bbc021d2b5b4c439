/** How training goes on from a checkpoint, and what it says when it ends so that it can. */
import { DeviceLostError } from '../backend/device/errors.js';
import type { Session } from '../session/session.js';
import type { DataIdentity } from './batches.js';
import { CheckpointError, TrainingInterruptedError } from './checkpoint-error.js';
import { openCheckpoint } from './checkpoint-files.js';
import type { CheckpointKeeper } from './checkpoint-keeper.js';
import type { TrainingPosition } from './checkpoint-record.js';
import { checkFits, randomKeys, restore } from './checkpoint.js';

/**
 * Gives the session the states of a checkpoint, and returns where to go on. Throws CheckpointMismatchError where the model,
 * the optimizer, the data, the seed of random numbers or, within an epoch, the metrics are others, CheckpointError for one of no training.
 */
export async function resumed(
  session: Session,
  folder: string,
  training: {
    readonly keeper: CheckpointKeeper | undefined;
    readonly data: DataIdentity | undefined;
    readonly metrics: readonly string[];
  },
): Promise<TrainingPosition> {
  const opened = await openCheckpoint(folder, 'newest');
  const { training: position, best } = opened.record;
  if (!position) {
    const problem =
      'it has no position in training, since a session was saved: use loadCheckpoint(), then fit() without resume';
    throw new CheckpointError(opened.folder, problem);
  }
  const metrics = position.epochSteps > 0 ? metricDifferences(position, training.metrics) : [];
  checkFits(session, opened, [
    ...dataDifferences(position.data, training.data),
    ...randomDifferences(opened.record.random, randomKeys(session)),
    ...metrics,
  ]);
  await restore(session, opened);
  training.keeper?.resume(opened.folder, position, best);
  return position;
}

/** What to throw in place of an error that training ended with: where it can go on, how. */
export async function interrupted(
  run: { collect(): Promise<void>; position(): TrainingPosition },
  keeper: CheckpointKeeper,
  signal: AbortSignal | undefined,
  error: unknown,
): Promise<unknown> {
  const isAbort = signal?.aborted === true && error === signal.reason;
  if (isAbort ? !keeper.savesOnAbort : !(error instanceof DeviceLostError)) return error;
  try {
    if (isAbort) {
      await run.collect();
      await keeper.save(run.position());
    }
  } catch (failure) {
    return failure;
  }
  if (!keeper.latest) return error;
  const { folder, position } = keeper.latest;
  return new TrainingInterruptedError(folder, position.steps, position.epoch, error);
}

function dataDifferences(expected: DataIdentity | undefined, got: DataIdentity | undefined): string[] {
  if (!expected || !got) return [];
  const names = ['samples', 'size', 'shuffle', 'seed'] as const;
  return names
    .filter((name) => expected[name] !== got[name])
    .map((name) => `Batches: ${name} was ${expected[name]}, is ${got[name]}`);
}

function randomDifferences(expected: readonly string[], got: readonly string[]): string[] {
  if (expected.join() === got.join()) return [];
  const show = (keys: readonly string[]) => (keys.length > 0 ? keys.join(', ') : 'none');
  return [
    `random numbers had seed:stream ${show(expected)}, have ${show(got)}: call manualSeed(${expected[0]?.split(':')[0] ?? 0}) ` +
      `before the model is constructed, as it was then`,
  ];
}

function metricDifferences({ totals }: TrainingPosition, metrics: readonly string[]): string[] {
  const [before, now] = [Object.keys(totals), ['loss', ...metrics]];
  return [
    ...before.filter((name) => !now.includes(name)).map((name) => `the metric '${name}' is missing within an epoch`),
    ...now.filter((name) => !before.includes(name)).map((name) => `the metric '${name}' is new within an epoch`),
  ];
}
