import type { FeedValue } from '../../backend/execution/feed.js';
import type { Inputs } from '../../dsl/input.js';
import type { Tensor } from '../../dsl/tensor.js';
import { UsageError, ValueError } from '../../ir/errors.js';
import type { TracedGraph, ValuesOf } from '../../dsl/traced-graph.js';
import { buildSession } from '../../session/build.js';
import type { Session } from '../../session/session.js';
import type { RunOptions } from '../session-pool.js';
import type { DecoderCache } from './decoder-cache.js';

/** Some tokens of one sequence: inputs `ids` [1, rows], `position` [] and `last` [1] i32; the output `logits` [1, V]. */
export type DecoderGraph = TracedGraph<Inputs, { logits: Tensor<[1, number], 'f32'> }>;

type Feeds = Readonly<Record<string, FeedValue>>;

export interface DecoderProgram {
  /** Traces it for that many tokens a step. Logits are those behind the token at the place `last`. */
  trace(rows: number, cache: DecoderCache): DecoderGraph;
  /** An empty cache for that many tokens. */
  cache(length: number): DecoderCache;
  /** What further inputs are fed in a step of that many rows for which nothing else is given. */
  idle?(rows: number): Feeds;
}

/** More inputs of the program than the ids, for the `count` tokens from `start` on of those appended, in `rows` rows. */
export type MoreFeeds = (start: number, count: number, rows: number) => Feeds;

/** Tokens of a step: one, or a part of a prompt; shorter parts are padded. */
const ROWS = [1, 16, 64, 256];

/**
 * A decoder with the keys and values of the sequence so far. Sessions for one token and for parts of prompts share
 * weights and cache; each is built when it is first needed, and then nothing is compiled any more.
 */
export class CachedDecoder {
  private readonly sessions = new Map<number, Session<Feeds, ValuesOf<DecoderGraph>>>();
  private readonly cache: DecoderCache;
  private used = 0;

  constructor(
    private readonly program: DecoderProgram,
    /** The most tokens there may be. */
    readonly capacity: number,
    private readonly options: RunOptions = {},
  ) {
    this.cache = program.cache(capacity);
  }

  /** How many tokens the sequence has. */
  get length(): number {
    return this.used;
  }

  /** Starts a new sequence. */
  reset(): void {
    this.used = 0;
  }

  /**
   * Appends tokens to the sequence and gives the logits [V] behind the last. Throws UsageError for none, ValueError for
   * more than there is room for and for ids that are none, and the reason of `signal` when that aborts.
   */
  async append(ids: readonly number[], signal?: AbortSignal, more?: MoreFeeds): Promise<Float32Array> {
    if (ids.length === 0) throw new UsageError('append: give one token or more');
    if (this.used + ids.length > this.capacity) {
      throw new ValueError(
        `${ids.length} tokens behind ${this.used} are more than the ${this.capacity} that there is room for`,
      );
    }
    for (let start = 0; ;) {
      signal?.throwIfAborted();
      const rows = this.rowsFor(ids.length - start);
      const count = Math.min(rows, ids.length - start);
      const session = await this.sessionFor(rows, signal);
      const given = more?.(start, count, rows) ?? this.program.idle?.(rows);
      const part = Int32Array.from({ length: rows }, (_, i) => (i < count ? ids[start + i]! : 0));
      session.step({ ids: part, position: this.used, last: [count - 1], ...given });
      this.used += count;
      start += count;
      if (start === ids.length) return session.read('logits');
    }
  }

  /** Frees everything that no other session shares. Harmless when repeated. */
  dispose(): void {
    for (const session of this.sessions.values()) session.dispose();
    this.sessions.clear();
  }

  /** The session for so many tokens a step, built when it is first asked for. Throws as `buildSession` does. */
  async sessionFor(tokens: number, signal?: AbortSignal): Promise<Session<Feeds, ValuesOf<DecoderGraph>>> {
    const rows = this.rowsFor(tokens);
    const known = this.sessions.get(rows);
    if (known) return known;
    const { device, weights = this.sessions.values().next().value } = this.options;
    const graph = this.program.trace(rows, this.cache);
    const session = await buildSession(graph, {
      ...(device && { device }),
      ...(weights && { weights }),
      ...(signal && { signal }),
    });
    this.sessions.set(rows, session);
    return session;
  }

  /** The smallest number of rows that holds them, or the largest there is. No step takes more than the cache holds. */
  private rowsFor(tokens: number): number {
    const rows = ROWS.find((candidate) => candidate >= tokens) ?? ROWS.at(-1)!;
    return Math.min(rows, this.capacity);
  }
}
