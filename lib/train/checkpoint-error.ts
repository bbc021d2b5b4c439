import { MeganeuraError } from '../ir/errors.js';

/** A checkpoint that cannot be written, found or read. */
export class CheckpointError extends MeganeuraError {
  /**
   * @param folder Where it is, or should be.
   * @param problem What was expected, what was got, and what to do.
   */
  constructor(
    readonly folder: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`checkpoint ${folder}: ${problem}`, options);
  }
}

/** A checkpoint of another model, optimizer or data set; nothing was loaded. */
export class CheckpointMismatchError extends CheckpointError {
  /** @param differences All of them, and so does the message list them. */
  constructor(
    folder: string,
    readonly differences: readonly string[],
  ) {
    super(folder, `it is of another training: ${differences.join(differences.length > 1 ? ';\n  ' : '')}`);
  }
}

/** Training was ended from outside and can go on from a checkpoint; `cause` is what ended it. */
export class TrainingInterruptedError extends MeganeuraError {
  /**
   * @param checkpoint The folder to resume from.
   * @param steps Steps that it has seen.
   * @param epoch The epoch to go on in; the first is 1.
   * @param cause The reason of the signal, or DeviceLostError.
   */
  constructor(
    readonly checkpoint: string,
    readonly steps: number,
    readonly epoch: number,
    cause: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `training was interrupted (${why}): the checkpoint of step ${steps}, in epoch ${epoch}, is ${checkpoint}; build the ` +
        `session anew and go on by fit(batches, { resume: ${JSON.stringify(checkpoint)} })`,
      { cause },
    );
  }
}

/** The error as one of checkpoints that says what to do. `verb`: `save` or `load`. */
export function checkpointError(folder: string, verb: 'save' | 'load', cause: unknown): CheckpointError {
  if (cause instanceof CheckpointError) return cause;
  const code = errorCode(cause);
  const known = code !== undefined && verb === 'save' ? unwritable[code] : undefined;
  const problem = known ?? (cause instanceof MeganeuraError ? cause.message : String(cause));
  const kept = verb === 'save' ? '; the checkpoints that were there are untouched' : '';
  return new CheckpointError(folder, `cannot ${verb}: ${problem}${kept}`, { cause });
}

const unwritable: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, or keep fewer checkpoints (ENOSPC)',
  EDQUOT: 'the quota of this user is used up: free some space, or keep fewer checkpoints (EDQUOT)',
  EFBIG: 'a file became larger than this file system or process may write (EFBIG)',
  EACCES: 'the folder cannot be written: allow it, or choose another one (EACCES)',
  EPERM: 'the folder cannot be written: allow it, or choose another one (EPERM)',
  EROFS: 'the file system is read-only: choose another folder (EROFS)',
  ENOTDIR: 'a part of the path is a file: choose another folder (ENOTDIR)',
  EEXIST: 'the path is a file: choose another folder (EEXIST)',
  ENOTEMPTY: 'another process saves in the same folder: give each a folder of its own (ENOTEMPTY)',
};

/** The code of a system error, such as ENOENT, also where others wrap it. */
export function errorCode(error: unknown): string | undefined {
  for (let at = error; typeof at === 'object' && at !== null; at = 'cause' in at ? at.cause : undefined) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
