import { HubError } from './hub-error.js';

/**
 * Ends a request when its signal fires, and when nothing comes for too long. Time in which nobody waits for the server
 * is not counted.
 */
export class Watch {
  private readonly controller = new AbortController();
  private failure: HubError | undefined;
  private reject: ((error: HubError) => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param what What messages say was being done.
   * @param timeout Milliseconds without an answer or data.
   */
  constructor(
    private readonly what: string,
    private readonly timeout: number,
    private readonly user: AbortSignal | undefined,
  ) {
    if (user?.aborted) this.onAbort();
    else user?.addEventListener('abort', this.onAbort);
  }

  /** For `fetch`. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What a promise comes to, unless the watch ends first: also for what does not heed signals. */
  wait<T>(promise: Promise<T>): Promise<T> {
    if (this.failure) {
      // Nobody waits for it any more, whatever it ends in.
      promise.catch(() => undefined);
      return Promise.reject(this.failure);
    }
    return new Promise<T>((resolve, reject) => {
      this.timer = setTimeout(() => {
        this.fail(new HubError('network', `${this.what}: nothing came for ${this.timeout / 1000} s`));
      }, this.timeout);
      this.reject = reject;
      promise
        .finally(() => {
          clearTimeout(this.timer);
          this.reject = undefined;
        })
        // Engines reject with the signal's reason, or with errors of their own.
        .then(resolve, (error: unknown) => reject(this.failure ?? (error as Error)));
    });
  }

  /** Stops watching. */
  end(): void {
    this.user?.removeEventListener('abort', this.onAbort);
  }

  private readonly onAbort = (): void => {
    const cause: unknown = this.user?.reason;
    this.fail(new HubError('aborted', `${this.what} was aborted`, { cause }));
  };

  private fail(error: HubError): void {
    clearTimeout(this.timer);
    this.failure ??= error;
    this.reject?.(this.failure);
    this.controller.abort(this.failure);
  }
}
