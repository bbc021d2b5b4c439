/** The files of one checkpoint. Node only. */
import { describeValue } from '../dsl/emit.js';
import { UsageError } from '../ir/errors.js';
import { saveSafetensors, SafetensorsFile } from '../hub/safetensors-file.js';
import type { TensorData } from '../hub/safetensors-layout.js';
import { CheckpointError, checkpointError } from './checkpoint-error.js';
import {
  newestCheckpoint,
  nextName,
  node,
  putCheckpoint,
  RECORD_FILE,
  removeOld,
  writeSynced,
} from './checkpoint-folder.js';
import { decodeRecord, encodeRecord, type CheckpointRecord } from './checkpoint-record.js';

/** Parameters and buffers by their names in the state dict, as any other program's weights. */
const MODEL_FILE = 'model.safetensors';
/** The optimizer's states, counts of steps, averages, the scale of the loss, where random numbers are drawn. */
const TRAINING_FILE = 'training.safetensors';

export interface CheckpointTensors {
  readonly model: ReadonlyMap<string, TensorData>;
  readonly training: ReadonlyMap<string, TensorData>;
}

/** A checkpoint whose headers and record have been read and checked. */
export interface OpenCheckpoint {
  /** The folder of this one. */
  readonly folder: string;
  readonly record: CheckpointRecord;
  readonly model: SafetensorsFile;
  readonly training: SafetensorsFile;
}

/**
 * Writes a checkpoint into a folder of checkpoints, then removes all but the newest `keep` and the best. Returns its own
 * folder. `record` is made of the name that it gets. Rejects with CheckpointError;
 * UsageError for what is no path.
 */
export async function writeCheckpoint(
  folder: string,
  { model, training }: CheckpointTensors,
  record: (name: string) => CheckpointRecord,
  keep: number,
): Promise<string> {
  const { path } = requireFolder('saveCheckpoint', folder);
  try {
    const name = await nextName(folder);
    const written = record(name);
    const made = await putCheckpoint(folder, name, async (aside) => {
      await saveSafetensors(path.join(aside, MODEL_FILE), model, { format: 'pt' });
      await saveSafetensors(path.join(aside, TRAINING_FILE), training);
      await writeSynced(path.join(aside, RECORD_FILE), encodeRecord(written));
    });
    await removeOld(folder, keep, written.best?.name);
    return made;
  } catch (error) {
    throw checkpointError(folder, 'save', error);
  }
}

/**
 * Opens a checkpoint, or of a folder of checkpoints the newest or the best. Rejects with CheckpointError where there is
 * none, and where one of its files is missing, cut off or malformed; UsageError for what is no path.
 */
export async function openCheckpoint(folder: string, which: 'newest' | 'best'): Promise<OpenCheckpoint> {
  const { fs, path } = requireFolder('loadCheckpoint', folder);
  try {
    const newest = await newestCheckpoint(folder);
    if (newest === undefined) {
      throw new CheckpointError(folder, 'there is none: expected a folder that saveCheckpoint() or a Trainer wrote to');
    }
    const recordIn = async (one: string) => decodeRecord(await fs.readFile(path.join(one, RECORD_FILE), 'utf8'), one);
    let [chosen, record] = [newest, await recordIn(newest)];
    if (which === 'best') {
      if (!record.best) {
        throw new CheckpointError(chosen, 'it names no best one: train with checkpoint: { folder, best: { … } }');
      }
      chosen = path.join(path.dirname(path.resolve(newest)), record.best.name);
      record = await recordIn(chosen);
    }
    const [model, training] = await Promise.all(
      [MODEL_FILE, TRAINING_FILE].map((file) => SafetensorsFile.open(path.join(chosen, file))),
    );
    return { folder: chosen, record, model: model!, training: training! };
  } catch (error) {
    throw checkpointError(folder, 'load', error);
  }
}

function requireFolder(what: string, folder: unknown): ReturnType<typeof node> {
  if (typeof folder === 'string' && folder !== '') return node(folder);
  throw new UsageError(`${what}: the folder must be a path, got ${describeValue(folder)}`);
}
