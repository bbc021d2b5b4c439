/** What was not finite when a step's loss or gradients were not. */
import { buildSession } from '../session/build.js';
import { RUNNING } from '../session/halting.js';
import type { Session } from '../session/session.js';
import type { Batch } from './batches.js';
import { NonFiniteLossError, type NonFiniteCulprits, type NonFiniteStep } from './errors.js';

/** What one trains with. */
export interface NonFiniteSource<Feeds extends object> {
  /** The output that is the loss. */
  readonly loss: string;
  /** The batch of the step, where it can be had again. */
  batch(): Promise<Batch<Feeds> | undefined>;
}

/**
 * What to throw for a step whose loss or norm of gradients is not finite. It looks for parameters that are not; where the
 * session halted before the update of that step, and all are finite, it computes the gradients of its batch once more.
 */
export async function nonFinite<Feeds extends object>(
  session: Session<Feeds>,
  step: NonFiniteStep,
  source: NonFiniteSource<Feeds>,
): Promise<NonFiniteLossError> {
  const parameters: string[] = [];
  for (const name of session.trainedParameters) {
    const [values] = Object.values(await session.parameters([name]));
    if (values && !isFinite(values.data)) parameters.push(name);
  }
  const halted = session.held.all.has(RUNNING);
  const gradients = halted && parameters.length === 0 ? await badGradients(session, source) : [];
  return new NonFiniteLossError(step, { halted, parameters, gradients });
}

/** Lets a session that halted in an earlier training update again. */
export function resumeUpdates(session: Session): void {
  if (session.held.all.has(RUNNING)) session.held.restore(RUNNING, [1]);
}

/** Parameters whose gradients are not finite, from the loss backwards; none where the batch cannot be had again. */
async function badGradients<Feeds extends object>(
  session: Session<Feeds>,
  source: NonFiniteSource<Feeds>,
): Promise<NonFiniteCulprits['gradients']> {
  const again = await source.batch();
  if (!again) return [];
  // The step changes states of the model, such as running means, and it is not a step of the training.
  const states = await session.held.snapshot();
  const gradients = await buildSession(session.source, { gradients: true, loss: source.loss, weights: session });
  try {
    const needed = Object.entries(again.feeds).filter(([name]) => gradients.inputs.has(name));
    (gradients as Session<object>).step(Object.fromEntries(needed));
    const found: string[] = [];
    for (const name of session.trainedParameters) {
      if (!isFinite(await gradients.readGradient(name))) found.unshift(name);
    }
    return found;
  } finally {
    gradients.dispose();
    for (const { name, data } of states) session.held.restore(name, data);
  }
}

function isFinite(values: ArrayLike<number>): boolean {
  return Array.prototype.every.call(values, Number.isFinite);
}
