import { checkedOptions, describeValue } from '../dsl/emit.js';
import { ValueError } from '../ir/errors.js';
import type { State } from '../ir/graph.js';
import { isHalf, toHalfBits } from '../ir/half.js';
import { sameShape, showShape } from '../ir/shape.js';
import type { TypedArray } from '../ir/typed-array.js';
import type { SafetensorsFile } from '../hub/safetensors-file.js';
import type { SafetensorsDType } from '../hub/safetensors-dtype.js';
import type { TensorData } from '../hub/safetensors-layout.js';
import { stateName, type StateValues } from '../session/session-states.js';
import { requireSession, type Session } from '../session/session.js';
import { CheckpointMismatchError, checkpointError } from './checkpoint-error.js';
import { openCheckpoint, writeCheckpoint, type CheckpointTensors, type OpenCheckpoint } from './checkpoint-files.js';
import type { BestCheckpoint, TrainingPosition } from './checkpoint-record.js';

/** A `Trainer`, as far as checkpoints need it. */
export interface CheckpointedTraining {
  readonly session: Session;
  /** Where training is; undefined before `fit`. Throws UsageError while steps are under way. */
  position(): TrainingPosition | undefined;
}

/** Options of {@link saveCheckpoint}. */
export interface SaveCheckpointOptions {
  /** How many of the newest to keep in the folder. Default 3. */
  readonly keep?: number;
}

/** Options of {@link loadCheckpoint}. */
export interface LoadCheckpointOptions {
  /** Of a folder of checkpoints, which. Default 'newest'. */
  readonly which?: 'newest' | 'best';
}

/** What was loaded. */
export interface LoadedCheckpoint {
  /** The checkpoint's own folder. */
  readonly folder: string;
  /** How far training had come, where a `Trainer` was saved. */
  readonly training?: TrainingPosition;
  /** The best of its folder, where the trainer kept it. */
  readonly best?: BestCheckpoint;
}

export const DEFAULT_KEEP = 3;

/**
 * Saves all that a session needs to go on as if it had never ended: parameters, the model's buffers, states of the optimizer
 * and its scalar inputs, counts of steps; and of a `Trainer` (in `onEpoch`, or after `fit`) how far it has come. Returns the
 * path of the checkpoint, a new folder in `folder`: it is there as a whole or not at all, also after a crash.
 * `model.safetensors` in it has the weights as any other checkpoint.
 *
 * Rejects with CheckpointError where the folder cannot be written or the disk is full, and then those that were there are
 * untouched; ValueError for a number to keep that is none, UsageError for what is no session and while steps of a `Trainer`
 * are under way.
 */
export async function saveCheckpoint(
  what: Session | CheckpointedTraining,
  folder: string,
  options: SaveCheckpointOptions = {},
): Promise<string> {
  checkedOptions('saveCheckpoint', ['keep'], options);
  const { keep = DEFAULT_KEEP } = options;
  checkKeep('saveCheckpoint', keep);
  if (isTraining(what)) return writeSession(what.session, folder, { keep, training: what.position() });
  requireSession('saveCheckpoint: the first argument', what);
  return writeSession(what, folder, { keep, training: undefined });
}

function isTraining(what: unknown): what is CheckpointedTraining {
  return typeof what === 'object' && what !== null && 'position' in what && 'session' in what;
}

/** Throws ValueError for a number of checkpoints that is none. */
export function checkKeep(what: string, keep: number): void {
  if (Number.isInteger(keep) && keep >= 1) return;
  throw new ValueError(`${what}: keep must be a whole number, at least 1, got ${describeValue(keep)}`);
}

/** What `saveCheckpoint` does; `best` says which is the best one, where this is called by that name. */
export async function writeSession(
  session: Session,
  folder: string,
  options: {
    readonly keep: number;
    readonly training: TrainingPosition | undefined;
    readonly best?: (name: string) => BestCheckpoint | undefined;
  },
): Promise<string> {
  const { keep, training, best } = options;
  const scalars = session.given.scalars();
  const states = await session.held.snapshot();
  const record = (name: string) => {
    const found = best?.(name);
    const inputs = Object.fromEntries(scalars);
    const random = randomKeys(session);
    const { training: settings } = session;
    return {
      inputs,
      random,
      ...(settings ? { settings } : {}),
      ...(training ? { training } : {}),
      ...(found ? { best: found } : {}),
    };
  };
  return writeCheckpoint(folder, tensorsOf(states), record, keep);
}

/**
 * Gives a session the states of a checkpoint, bit by bit: of a folder that `saveCheckpoint` wrote to the newest, or the
 * folder of one. `fit(batches, { resume: folder })` does this and goes on training.
 *
 * Rejects with CheckpointMismatchError, listing all differences, where it is of another model or optimizer, and
 * CheckpointError where there is none or a file is broken: then nothing has changed.
 */
export async function loadCheckpoint(
  session: Session,
  folder: string,
  options: LoadCheckpointOptions = {},
): Promise<LoadedCheckpoint> {
  checkedOptions('loadCheckpoint', ['which'], options);
  const { which = 'newest' } = options;
  requireSession('loadCheckpoint: the first argument', session);
  if (!['newest', 'best'].includes(which)) {
    throw new ValueError(`loadCheckpoint: which must be 'newest' or 'best', got ${describeValue(which)}`);
  }
  const opened = await openCheckpoint(folder, which);
  checkFits(session, opened);
  return restore(session, opened);
}

/** Throws CheckpointMismatchError with every difference; `more` are those that the caller found. */
export function checkFits(session: Session, opened: OpenCheckpoint, more: readonly string[] = []): void {
  const states = [...session.held.all.values()];
  const differences = [
    ...fileDifferences(states.filter(isOfModel), opened.model),
    ...fileDifferences(
      states.filter((state) => !isOfModel(state)),
      opened.training,
    ),
    ...nameDifferences('input', [...session.given.scalars().keys()], Object.keys(opened.record.inputs)),
    ...more,
  ];
  if (differences.length > 0) throw new CheckpointMismatchError(opened.folder, differences);
}

/** Overwrites the session's states with those of a checkpoint that fits. */
export async function restore(
  session: Session,
  { folder, record, model, training }: OpenCheckpoint,
): Promise<LoadedCheckpoint> {
  try {
    for (const [name, state] of session.held.all) {
      const values = await (isOfModel(state) ? model : training).readValues(stateName(state), state.node.dtype);
      session.held.restore(name, values);
    }
  } catch (error) {
    throw checkpointError(folder, 'load', error);
  }
  for (const [name, value] of Object.entries(record.inputs)) session.setInput(name, value);
  const { best, training: position } = record;
  return { folder, ...(position ? { training: position } : {}), ...(best ? { best } : {}) };
}

/**
 * Where the graph's random numbers come from besides the number of the step, which is a state: seed and stream of each draw
 * are part of the graph.
 */
export function randomKeys(session: Session): string[] {
  return session.source.nodes().flatMap(({ attrs: { seed, stream } }) => {
    return typeof seed === 'number' && typeof stream === 'number' ? [`${seed}:${stream}`] : [];
  });
}

function tensorsOf(states: readonly StateValues[]): CheckpointTensors {
  const model = new Map<string, TensorData>();
  const training = new Map<string, TensorData>();
  for (const { state, data } of states)
    (isOfModel(state) ? model : training).set(stateName(state), tensor(state, data));
  return { model, training };
}

function tensor({ node: { shape, dtype } }: State, data: TypedArray): TensorData {
  return { shape, dtype: FORMAT_DTYPES[dtype], data: isHalf(dtype) ? toHalfBits(dtype, data) : data };
}

const FORMAT_DTYPES = {
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  i32: 'I32',
  u32: 'U32',
  bool: 'BOOL',
} as const satisfies Record<State['node']['dtype'], SafetensorsDType>;

/** Whether it is a weight or in a state dict: the others are those of training. */
export function isOfModel({ node, names = [] }: State): boolean {
  return node.op === 'parameter' || names.length > 0;
}

function fileDifferences(states: readonly State[], file: SafetensorsFile): string[] {
  const names = nameDifferences('tensor', states.map(stateName), [...file.entries.keys()]);
  const types = states.flatMap((state) => {
    const [name, { shape, dtype }] = [stateName(state), state.node];
    const entry = file.entries.get(name);
    if (!entry || (sameShape(entry.shape, shape) && entry.dtype === FORMAT_DTYPES[dtype])) return [];
    const expected = `${FORMAT_DTYPES[dtype]} ${showShape(shape)}`;
    return [`'${name}' must be ${expected}, got ${entry.dtype} ${showShape(entry.shape)}`];
  });
  return [...names, ...types];
}

function nameDifferences(kind: string, expected: readonly string[], got: readonly string[]): string[] {
  const [wanted, given] = [new Set(expected), new Set(got)];
  return [
    ...expected.filter((name) => !given.has(name)).map((name) => `missing ${kind} '${name}'`),
    ...got.filter((name) => !wanted.has(name)).map((name) => `unexpected ${kind} '${name}'`),
  ];
}
