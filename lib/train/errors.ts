import { MeganeuraError } from '../ir/errors.js';
import { unwritableReason } from './unwritable.js';

/** A step whose loss or gradients are not finite. */
export interface NonFiniteStep {
  /** Of all since training began; the first is 1. */
  readonly step: number;
  /** The epoch it is in; the first is 1. */
  readonly epoch: number;
  /** Its number within the epoch; the first is 1. */
  readonly stepOfEpoch: number;
  readonly loss: number;
  /** Norm of all gradients, in sessions that clip by it. */
  readonly gradientNorm?: number;
}

/** The loss, or the norm of the gradients, became NaN or infinite, and training stopped. */
export class NonFiniteLossError extends MeganeuraError {
  /** What it was. */
  readonly loss: number;
  /** The first step with such a loss. */
  readonly step: number;
  readonly epoch: number;
  readonly stepOfEpoch: number;

  /** @param parameters Those that are no longer finite, by name. */
  constructor(
    step: NonFiniteStep,
    readonly parameters: readonly string[],
  ) {
    super(describeNonFinite(step, parameters));
    this.loss = step.loss;
    this.step = step.step;
    this.epoch = step.epoch;
    this.stepOfEpoch = step.stepOfEpoch;
  }
}

/** A file that a history could not be written to; `cause` is what the system says. */
export class HistoryFileError extends MeganeuraError {
  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    super(`historyFile ${file}: cannot be written: ${unwritableReason(cause) ?? String(cause)}`, { cause });
  }
}

/** Our errors say which batch they arose in: puts `where` in front of the message. */
export function inBatch(where: string, error: unknown): unknown {
  if (error instanceof MeganeuraError) error.message = `${where}: ${error.message}`;
  return error;
}

function describeNonFinite(step: NonFiniteStep, parameters: readonly string[]): string {
  const { loss, gradientNorm } = step;
  const what = Number.isFinite(loss) ? `the norm of the gradients is ${gradientNorm ?? NaN}` : `the loss is ${loss}`;
  const where = `${what} at step ${step.step} (step ${step.stepOfEpoch} of epoch ${step.epoch})`;
  const names = parameters.slice(0, SHOWN).map((name) => `'${name}'`);
  const more = parameters.length > SHOWN ? ` and ${parameters.length - SHOWN} more` : '';
  const found = names.length > 0 ? `no longer finite are ${names.join(', ')}${more}` : 'all parameters are finite';
  return (
    `${where}: training stopped; ${found}: lower the learning rate, look for NaN in that batch, and for log, sqrt or ` +
    'division of 0'
  );
}

const SHOWN = 8;
