import { EgglogError, memoryBytes, type EGraph } from 'egglog-wasm';
import { recorded, type Recorder } from '../ir/recorder.js';
import { ruleStatistics } from './phases.js';

/** Where saturation ends although something new could still be found. */
export interface RewriteLimits {
  /** Rows of the e-graph. Default 5,000 and 50 more for each node of the graph. */
  readonly rows?: number;
  /** Of saturation, without extraction. Default 20,000. */
  readonly milliseconds?: number;
  /** By which egglog's memory may grow. Default 2³⁰. */
  readonly bytes?: number;
  /** Default 16. */
  readonly rounds?: number;
}

/** What of an e-graph saturation needs. */
export type Saturated = Pick<EGraph, 'run' | 'size' | 'report'>;

/** How far saturation came. */
export interface Saturation {
  readonly rounds: number;
  /** Which limit ended it, in a sentence; undefined where nothing was left to find. */
  readonly stopped: string | undefined;
}

/** A round in which egglog ran out of memory: its e-graph is lost. */
export class RoundLost extends Error {
  constructor(
    /** From 1. */
    readonly round: number,
    cause: unknown,
  ) {
    super(`egglog failed in round ${round}`, { cause });
  }
}

/**
 * Calls `search` with `limits`, and again with fewer rounds where it loses one: what the last good round found is better
 * than nothing. Returns what it gives, and which round was lost.
 */
export async function untilLastGoodRound<T>(
  limits: RewriteLimits,
  search: (limits: RewriteLimits) => Promise<T>,
): Promise<{ result: T; stopped: string | undefined }> {
  let within = limits;
  let stopped: string | undefined;
  for (;;) {
    try {
      return { result: await search(within), stopped };
    } catch (error) {
      if (!(error instanceof RoundLost)) throw error;
      within = { ...limits, rounds: error.round - 1 };
      stopped = `stopped after ${error.round - 1} rounds: egglog ran out of memory in the next one`;
    }
  }
}

/** Rulesets that find what is new, in this order; before them comes what `settle` runs. */
const RULESETS = ['algebra', 'activations', 'views', 'products', 'broadcasts', 'composites'];

/** One more, where something is frozen. */
const FROZEN_RULESET = 'frozen';

/** A ruleset that fills this part of the rows that there may be in a single run has to wait: the others have room then. */
const MOST_AT_ONCE = 1 / 8;

/**
 * Runs rounds until nothing is added any more or a limit is reached. egglog has no limits inside a run, and a hostile rule
 * grows the e-graph by a factor in each: so a run is one ruleset once, and limits are looked at after each. A ruleset that
 * explodes is left out of the next round, the second time of the next two, and so on. What a run found stays, since every
 * equality holds by itself. `freezing`: whether rules about what does not change run as well. Throws RoundLost.
 */
export function saturate(
  egraph: Saturated,
  nodes: number,
  limits: RewriteLimits,
  recorder: Recorder | undefined,
  freezing = false,
): Saturation {
  const search = new Search(egraph, nodes, limits, freezing);
  const { rounds = 16 } = limits;
  for (let round = 1; round <= rounds; round++) {
    const before = egraph.size;
    const reached = inRecord(egraph, recorder, round, () => search.round(round));
    if (reached !== undefined) return { rounds: round, stopped: `stopped in round ${round}: ${reached}` };
    if (egraph.size === before && !search.isAnyoneWaiting(round)) return { rounds: round, stopped: undefined };
  }
  return { rounds, stopped: `stopped after ${rounds} rounds, the most there may be` };
}

/** Rows that an e-graph may have: rules that saturate stay far below. */
export function defaultRows(nodes: number): number {
  return 5000 + 50 * nodes;
}

class Search {
  private readonly start = performance.now();
  private readonly memory = memoryBytes();
  private readonly mostRows: number;
  /** How often each ruleset exploded, and the first round that it may run in again. */
  private readonly explosions = new Map<string, { count: number; until: number }>();
  private readonly grownBy = new Map<string, number>();

  constructor(
    private readonly egraph: Saturated,
    nodes: number,
    private readonly limits: RewriteLimits,
    private readonly freezing: boolean,
  ) {
    this.mostRows = limits.rows ?? defaultRows(nodes);
  }

  /** Runs each ruleset; returns the limit that was reached, in words. */
  round(round: number): string | undefined {
    const reached = this.settle(round);
    if (reached !== undefined) return reached;
    for (const ruleset of this.freezing ? [...RULESETS, FROZEN_RULESET] : RULESETS) {
      if ((this.explosions.get(ruleset)?.until ?? 0) > round) continue;
      const before = this.egraph.size;
      const reached = this.run(ruleset, round);
      if (reached !== undefined) return reached;
      if (this.egraph.size - before > MOST_AT_ONCE * this.mostRows) {
        const count = (this.explosions.get(ruleset)?.count ?? 0) + 1;
        this.explosions.set(ruleset, { count, until: round + 1 + count });
      }
    }
    return undefined;
  }

  /** Whether a ruleset was left out of a round. */
  isAnyoneWaiting(round: number): boolean {
    return [...this.explosions.values()].some(({ until }) => until > round);
  }

  /** What must hold before other rules look: types, arithmetic on constants, both orders of operands, what is frozen. */
  private settle(round: number): string | undefined {
    const repeated = (ruleset: string) => this.untilStable(() => this.run(ruleset, round));
    return (
      this.untilStable(() => repeated('types') ?? repeated('folding')) ??
      repeated('commutativity') ??
      repeated('types') ??
      (this.freezing ? repeated('freezing') : undefined)
    );
  }

  private untilStable(body: () => string | undefined): string | undefined {
    for (;;) {
      const before = this.egraph.size;
      const reached = body();
      if (reached !== undefined || this.egraph.size === before) return reached;
    }
  }

  private run(ruleset: string, round: number): string | undefined {
    const before = this.egraph.size;
    try {
      this.egraph.run(`(run-schedule (run ${ruleset}))`);
    } catch (error) {
      if (error instanceof EgglogError && error.kind === 'panic') throw new RoundLost(round, error);
      throw error;
    }
    this.grownBy.set(ruleset, (this.grownBy.get(ruleset) ?? 0) + this.egraph.size - before);
    return this.reachedLimit();
  }

  private reachedLimit(): string | undefined {
    const { milliseconds = 20_000, bytes = 2 ** 30 } = this.limits;
    const { size } = this.egraph;
    if (size > this.mostRows) {
      const [[most]] = [...this.grownBy].sort(([, a], [, b]) => b - a) as [[string, number]];
      return `the e-graph has ${size} rows, more than ${this.mostRows}, most of them from the rules of '${most}'`;
    }
    const elapsed = performance.now() - this.start;
    if (elapsed > milliseconds) return `it took ${elapsed.toFixed(0)} ms, more than ${milliseconds}`;
    const grown = memoryBytes() - this.memory;
    return grown > bytes ? `it took ${grown} bytes of memory, more than ${bytes}` : undefined;
  }
}

/** A round as a slice, in it what each ruleset took: its runs are mixed with those of others, so that only sums are known. */
function inRecord<T>(egraph: Saturated, recorder: Recorder | undefined, round: number, body: () => T): T {
  if (!recorder) return body();
  const statistics = ruleStatistics(egraph);
  return recorded(recorder, `rewrite: round ${round}`, () => {
    const result = body();
    recorder.parts(
      [...statistics().rulesetMilliseconds].map(([name, milliseconds]) => [`rules: ${name}`, milliseconds] as const),
    );
    return result;
  });
}
