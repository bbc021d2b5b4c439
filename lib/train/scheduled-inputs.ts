import { ValueError } from '../ir/errors.js';
import type { Session } from '../session/session.js';
import type { Schedule } from './schedules/schedule.js';

/** Scalar inputs of a session that are functions of the step, such as the learning rate. */
export class ScheduledInputs {
  private readonly values = new Map<string, number>();

  constructor(
    private readonly session: Session,
    private readonly schedules: Readonly<Record<string, Schedule>>,
  ) {}

  /** Gives them their values for a step, the first being 0. Throws ValueError for one that is not finite. */
  set(step: number): void {
    for (const [name, schedule] of Object.entries(this.schedules)) {
      const value = schedule(step);
      if (value === this.values.get(name)) continue;
      if (!Number.isFinite(value)) {
        throw new ValueError(
          `Trainer: ${name} is ${value} in step ${step + 1}: a schedule must give a finite number for every step`,
        );
      }
      this.session.setInput(name, value);
      this.values.set(name, value);
    }
  }
}
