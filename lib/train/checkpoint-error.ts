import { MeganeuraError } from '../ir/errors.js';
import { unwritableReason } from './unwritable.js';

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
  const known = verb === 'save' ? unwritableReason(cause) : undefined;
  const problem = known ?? (cause instanceof MeganeuraError ? cause.message : String(cause));
  const kept = verb === 'save' ? '; the checkpoints that were there are untouched' : '';
  return new CheckpointError(folder, `cannot ${verb}: ${problem}${kept}`, { cause });
}
