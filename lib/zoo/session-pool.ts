import type { Device } from '../backend/device/device.js';
import type { FeedsOf, TracedGraph, ValuesOf } from '../dsl/traced-graph.js';
import { buildInferenceSession } from '../session/build.js';
import type { Session } from '../session/session.js';

/** Where the sessions of a model run, and on which weights. */
export interface RunOptions {
  /** Where to run; the shared default device otherwise. */
  readonly device?: Device | GPUDevice | undefined;
  /** A session whose weights to use, such as one that trains them; otherwise those of the model. */
  readonly weights?: Session | undefined;
}

/** The names of these options. */
export const RUN_OPTIONS = ['device', 'weights'] as const satisfies readonly (keyof RunOptions)[];

type PooledSession<G extends TracedGraph> = Session<Partial<FeedsOf<G>>, Pick<ValuesOf<G>, keyof ValuesOf<G> & string>>;

/**
 * Inference sessions of one model for inputs of several sizes, over one set of weights; each is built when it is first
 * asked for. All are freed when another device or other weights are asked for.
 */
export class SessionPool<G extends TracedGraph> {
  readonly #sessions = new Map<string, Promise<PooledSession<G>>>();
  #options: RunOptions = {};

  /** @param trace The graph for inputs of those sizes. */
  constructor(private readonly trace: (...sizes: number[]) => G) {}

  /** The session for those sizes. Throws what `buildInferenceSession` throws; then the pool is as before. */
  async get(
    sizes: readonly number[],
    { device, weights }: RunOptions = {},
    signal?: AbortSignal,
  ): Promise<PooledSession<G>> {
    signal?.throwIfAborted();
    if (device !== this.#options.device || weights !== this.#options.weights) this.dispose();
    this.#options = { device, weights };
    const key = sizes.join('×');
    const known = this.#sessions.get(key);
    if (known) return known;
    const made = this.#build(sizes, this.#sessions.values().next().value, signal);
    this.#sessions.set(key, made);
    made.catch(() => {
      if (this.#sessions.get(key) === made) this.#sessions.delete(key);
    });
    return made;
  }

  /** Whether there is a session for those sizes already, or one that is being built. */
  has(sizes: readonly number[]): boolean {
    return this.#sessions.has(sizes.join('×'));
  }

  /** Frees the session for those sizes, where there is one. */
  async free(sizes: readonly number[]): Promise<void> {
    const key = sizes.join('×');
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    await session?.then(
      (built) => built.dispose(),
      () => undefined,
    );
  }

  /**
   * Runs what uses sessions of the pool. Where `signal` ends it, those that it made are freed: memory is then what it was
   * before.
   */
  async use<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    const before = new Set(this.#sessions.keys());
    try {
      return await run();
    } catch (error) {
      if (signal?.aborted === true) {
        for (const key of this.#sessions.keys()) if (!before.has(key)) this.#free(key);
      }
      throw error;
    }
  }

  /** Frees every session. Harmless when repeated. */
  dispose(): void {
    for (const key of this.#sessions.keys()) this.#free(key);
  }

  #free(key: string): void {
    this.#sessions.get(key)?.then(
      (built) => built.dispose(),
      () => undefined,
    );
    this.#sessions.delete(key);
  }

  async #build(
    sizes: readonly number[],
    first: Promise<PooledSession<G>> | undefined,
    signal: AbortSignal | undefined,
  ): Promise<PooledSession<G>> {
    const { device } = this.#options;
    const weights = this.#options.weights ?? (await first);
    return buildInferenceSession(this.trace(...sizes), {
      ...(device && { device }),
      ...(weights && { weights }),
      ...(signal && { signal }),
    });
  }
}
