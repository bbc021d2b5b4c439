import type { Session } from '../session/session.js';
import { NonFiniteLossError, type NonFiniteStep } from './errors.js';

/** What to throw for a step whose loss or gradients are not finite: it names the parameters that are not. */
export async function nonFinite(session: Session, step: NonFiniteStep): Promise<NonFiniteLossError> {
  const found: string[] = [];
  for (const name of session.trainedParameters) {
    const values = Object.values(await session.parameters([name]))[0];
    if (values?.data.some((value) => !Number.isFinite(value))) found.push(name);
  }
  return new NonFiniteLossError(step, found);
}
