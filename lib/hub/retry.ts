import { HubError } from './hub-error.js';

export interface RetryPolicy {
  /** How often a request is made again that failed for reasons that may pass. */
  readonly retries: number;
  /** Milliseconds before the first of them; twice as many before each further one. */
  readonly retryDelay: number;
}

/** Milliseconds that are waited at most, and for a server that asks for it. */
const LONGEST_DELAY = 10_000;
const LONGEST_REQUESTED_DELAY = 60_000;

/** Milliseconds that a server asked to wait before the next request, by the error that it answered with. */
const requested = new WeakMap<HubError, number>();

/** Notes what `Retry-After` says, in seconds or as a date. */
export function noteRetryAfter(error: HubError, header: string | null): HubError {
  if (header === null) return error;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  if (wait > 0) requested.set(error, Math.min(wait, LONGEST_REQUESTED_DELAY));
  return error;
}

/** Counts the failures of one request or file, and waits longer after each. */
export class Retry {
  #failures = 0;

  constructor(
    private readonly policy: RetryPolicy,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * Waits before the next try. Throws the error itself where it is not one that may pass, and when there were enough
   * tries; HubError `aborted` when the signal fires.
   */
  async after(error: unknown, mayPass = error instanceof HubError && error.reason === 'network'): Promise<void> {
    if (!(error instanceof HubError) || !mayPass) throw error;
    if (this.#failures >= this.policy.retries) {
      if (this.#failures > 0) error.message += ` (tried ${this.#failures + 1} times)`;
      throw error;
    }
    const longest = Math.min(this.policy.retryDelay * 2 ** this.#failures, LONGEST_DELAY);
    this.#failures++;
    // Spread, so that many clients of a server that comes back do not all ask at once.
    await sleep(Math.max(longest * (0.5 + Math.random() / 2), requested.get(error) ?? 0), this.signal);
  }

  /** There was progress: the tries are counted from here. */
  progressed(): void {
    this.#failures = 0;
  }
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new HubError('aborted', 'the download was aborted', { cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
