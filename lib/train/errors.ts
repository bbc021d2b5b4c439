import { MeganeuraError } from '../ir/errors.js';

/** The loss became NaN or infinite, and training stopped. */
export class NonFiniteLossError extends MeganeuraError {
  /**
   * @param loss What it was.
   * @param step The first step with such a loss, of all since training began; the first is 1.
   * @param epoch The epoch it is in; the first is 1.
   * @param stepOfEpoch Its number within the epoch; the first is 1.
   */
  constructor(
    readonly loss: number,
    readonly step: number,
    readonly epoch: number,
    readonly stepOfEpoch: number,
  ) {
    super(
      `the loss is ${loss} at step ${step} (step ${stepOfEpoch} of epoch ${epoch}): training stopped, and the parameters ` +
        `are those after it; lower the learning rate, look for NaN in that batch, and for log, sqrt or division of 0`,
    );
  }
}

/** Our errors say which batch they arose in: puts `where` in front of the message. */
export function inBatch(where: string, error: unknown): unknown {
  if (error instanceof MeganeuraError) error.message = `${where}: ${error.message}`;
  return error;
}
