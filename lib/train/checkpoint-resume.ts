/** How training goes on from a checkpoint. */
import type { Session } from '../session/session.js';
import type { TrainingDescription } from '../session/training-description.js';
import type { DataIdentity } from './batches.js';
import { CheckpointError } from './checkpoint-error.js';
import { openCheckpoint } from './checkpoint-files.js';
import type { CheckpointKeeper } from './checkpoint-keeper.js';
import type { TrainingPosition } from './checkpoint-record.js';
import { checkFits, randomKeys, restore } from './checkpoint.js';

/**
 * Gives the session the states of a checkpoint, and returns where to go on. Throws CheckpointMismatchError where the model,
 * the optimizer with its constants, the data, the seed of random numbers or, within an epoch, the metrics are others, CheckpointError for one of no training.
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
    ...settingDifferences(opened.record.settings, session.training),
    ...dataDifferences(position.data, training.data),
    ...randomDifferences(opened.record.random, randomKeys(session)),
    ...metrics,
  ]);
  await restore(session, opened);
  training.keeper?.resume(opened.folder, position, best);
  return position;
}

/** Constants of the optimizer and options of the step: nothing in the states tells them apart. */
function settingDifferences(expected: TrainingDescription = {}, got: TrainingDescription = {}): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
  const show = (value: string | number | boolean | undefined) => (value === undefined ? 'not there' : String(value));
  return names
    .filter((name) => !Object.is(expected[name], got[name]))
    .map((name) => `buildSession: ${name} was ${show(expected[name])}, is ${show(got[name])}`);
}

function dataDifferences(expected: DataIdentity | undefined, got: DataIdentity | undefined): string[] {
  if (!expected || !got) return [];
  const names = ['samples', 'size', 'shuffle', 'seed', 'last'] as const;
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
