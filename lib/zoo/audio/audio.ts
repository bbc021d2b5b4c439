import { MeganeuraError, ValueError } from '../../ir/errors.js';

/** Bytes or a file that are no sound, or not one that can be read. */
export class AudioError extends MeganeuraError {}

/** A sound of one channel. */
export interface Audio {
  /** In [−1, 1], one after the other. */
  readonly samples: Float32Array;
  /** Samples a second. */
  readonly sampleRate: number;
}

/** @throws {ValueError} For a rate that is no whole number of at least 1. */
export function checkRate(what: string, sampleRate: number): void {
  if (Number.isSafeInteger(sampleRate) && sampleRate >= 1) return;
  throw new ValueError(`${what}: the sampling rate must be a whole number of hertz, at least 1, got ${sampleRate}`);
}
