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
  /** NaN, infinite, or finite where the gradients alone were not. */
  readonly loss: number;
  /** Norm of all gradients, in sessions that clip by it. */
  readonly gradientNorm?: number;
  /** What the loss is multiplied by, in sessions that scale it. */
  readonly lossScale?: number;
}

/** What was found not to be finite. */
export interface NonFiniteCulprits {
  /** Whether the session was built with `haltOnNonFinite`: then nothing was updated from that step on. */
  readonly halted: boolean;
  /** Parameters, by name. */
  readonly parameters: readonly string[];
  /**
   * Parameters whose gradients in that step were not, the one nearest to the loss first; none where parameters are not, in
   * sessions that do not halt, and where its batch could not be had again.
   */
  readonly gradients: readonly string[];
}

/** The loss, or the norm of the gradients, became NaN or infinite, and training stopped. */
export class NonFiniteLossError extends MeganeuraError {
  /** What it was. */
  readonly loss: number;
  /** The first step with such a loss. */
  readonly step: number;
  /** The epoch of that step; the first is 1. */
  readonly epoch: number;
  /** The number of that step within the epoch; the first is 1. */
  readonly stepOfEpoch: number;
  /** Names of the parameters that are not finite themselves. */
  readonly parameters: readonly string[];
  /** Names of the parameters whose gradients were not finite, the one nearest to the loss first. */
  readonly gradients: readonly string[];

  constructor(step: NonFiniteStep, culprits: NonFiniteCulprits) {
    super(describeNonFinite(step, culprits));
    this.loss = step.loss;
    this.step = step.step;
    this.epoch = step.epoch;
    this.stepOfEpoch = step.stepOfEpoch;
    this.parameters = culprits.parameters;
    this.gradients = culprits.gradients;
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

function describeNonFinite(step: NonFiniteStep, culprits: NonFiniteCulprits): string {
  const { loss, gradientNorm, lossScale } = step;
  let what = `the loss is ${loss}`;
  if (Number.isFinite(loss)) {
    what =
      lossScale === undefined
        ? `the norm of the gradients is ${gradientNorm ?? NaN}`
        : `the gradients are not finite, however small the scale of the loss, which is ${lossScale} now,`;
  }
  return (
    `${what} at step ${step.step} (step ${step.stepOfEpoch} of epoch ${step.epoch}): training stopped; ` +
    `${describeCulprits(culprits)}: lower the learning rate, look for NaN in that batch, and for log, sqrt or division of 0`
  );
}

function describeCulprits({ halted, parameters, gradients }: NonFiniteCulprits): string {
  if (!halted) {
    const found = parameters.length > 0 ? `no longer finite are ${listed(parameters)}` : 'all parameters are finite';
    return `${found} (buildSession(graph, { haltOnNonFinite: true, … }) stops in time to say whose gradient it was)`;
  }
  if (parameters.length > 0) {
    return `no longer finite are ${listed(parameters)}, whose gradients in the step before were not`;
  }
  const kept = 'all parameters are finite, and those of before that step';
  return gradients.length > 0 ? `${kept}; not finite are its gradients of ${listed(gradients)}` : kept;
}

function listed(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return (
    names
      .slice(0, SHOWN)
      .map((name) => `'${name}'`)
      .join(', ') + more
  );
}

const SHOWN = 8;
