import fs from 'node:fs/promises';
import { UsageError } from 'meganeura';

/** The text of a file. Throws UsageError where there is none. */
export async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await fs.readFile(file));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as text in UTF-8: ${String(error)}`);
  }
}

export interface SampleOptions {
  /** Tokens a sample. */
  readonly length: number;
  /** Samples a batch, at least so many are needed. */
  readonly batch: number;
  /** The longest sequence that the model takes. */
  readonly most: number;
}

/**
 * Cuts tokens into samples [count, length], one behind the other; what is left over at the end is not used.
 * Throws UsageError where a sample is too long for the model, or the text too short for a batch.
 */
export function samplesOf(ids: readonly number[], { length, batch, most }: SampleOptions) {
  if (!Number.isInteger(length) || length < 2 || length > most) {
    throw new UsageError(`--length must be a number of tokens from 2 to ${most}, got ${length}`);
  }
  if (!Number.isInteger(batch) || batch < 1) {
    throw new UsageError(`--batch must be a number of samples, at least 1, got ${batch}`);
  }
  const count = Math.floor(ids.length / length);
  if (count < batch) {
    throw new UsageError(
      `the text has ${ids.length} tokens, fewer than the ${batch} × ${length} of one batch: take a longer one, or lower ` +
        `--batch or --length`,
    );
  }
  return { data: Int32Array.from(ids.slice(0, count * length)), shape: [count, length] as const };
}
