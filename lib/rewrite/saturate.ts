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

/** The steps of a round: what must hold before the other rules look, then each ruleset once. */
const STEPS = [
  '(seq (saturate (seq (saturate (run types)) (saturate (run folding)))) (saturate (run commutativity)) (saturate (run types)))',
  ...['algebra', 'activations', 'views', 'products', 'broadcasts', 'composites'].map((ruleset) => `(run ${ruleset})`),
];

/**
 * Runs rounds until nothing is added any more or a limit is reached. Limits are looked at between the steps of a round:
 * egglog has none inside a run. What a step found stays, since every equality holds by itself. Throws RoundLost.
 */
export function saturate(
  egraph: Saturated,
  nodes: number,
  limits: RewriteLimits,
  recorder: Recorder | undefined,
): Saturation {
  const { rows = defaultRows(nodes), milliseconds = 20_000, bytes = 2 ** 30, rounds = 16 } = limits;
  const [start, memory] = [performance.now(), memoryBytes()];
  const limit = (): string | undefined => {
    if (egraph.size > rows) return `the e-graph has ${egraph.size} rows, more than ${rows}`;
    const elapsed = performance.now() - start;
    if (elapsed > milliseconds) return `it took ${elapsed.toFixed(0)} ms, more than ${milliseconds}`;
    const grown = memoryBytes() - memory;
    return grown > bytes ? `it took ${grown} bytes of memory, more than ${bytes}` : undefined;
  };
  for (let round = 1; round <= rounds; round++) {
    const before = egraph.size;
    const reached = inRecord(egraph, recorder, round, () => runRound(egraph, round, limit));
    if (reached !== undefined) return { rounds: round, stopped: `stopped in round ${round}: ${reached}` };
    if (egraph.size === before) return { rounds: round, stopped: undefined };
  }
  return { rounds, stopped: `stopped after ${rounds} rounds, the most there may be` };
}

/** Rows that an e-graph may have: rules that saturate stay far below. */
export function defaultRows(nodes: number): number {
  return 5000 + 50 * nodes;
}

function runRound(egraph: Saturated, round: number, limit: () => string | undefined): string | undefined {
  for (const step of STEPS) {
    try {
      egraph.run(`(run-schedule ${step})`);
    } catch (error) {
      if (error instanceof EgglogError && error.kind === 'panic') throw new RoundLost(round, error);
      throw error;
    }
    const reached = limit();
    if (reached !== undefined) return reached;
  }
  return undefined;
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
