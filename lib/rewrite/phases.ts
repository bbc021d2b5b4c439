import type { EGraph, Report } from 'egglog-wasm';
import { recorded, type Recorder } from '../ir/recorder.js';

/** Times the phases of rewriting, and shows them to a recorder. */
export class Phases {
  private readonly sums: Record<string, number> = {};

  constructor(private readonly recorder: Recorder | undefined) {}

  /** Runs `body` as part of the phase `name`. */
  time<T>(name: string, body: () => T): T {
    const start = performance.now();
    try {
      return recorded(this.recorder, `rewrite: ${name}`, body);
    } finally {
      this.sums[name] = (this.sums[name] ?? 0) + performance.now() - start;
    }
  }

  /** Milliseconds by phase, in the order in which they began. */
  get milliseconds(): Readonly<Record<string, number>> {
    return { ...this.sums };
  }
}

/** What egglog did with its rules. */
export interface RuleStatistics {
  /** Matches of each rule that had any, most first, then by name. */
  readonly matches: ReadonlyMap<string, number>;
  /** Milliseconds by rule: search and application. */
  readonly ruleMilliseconds: ReadonlyMap<string, number>;
  /** Milliseconds by ruleset: search, application, and keeping the e-graph congruent. */
  readonly rulesetMilliseconds: ReadonlyMap<string, number>;
}

/** Begins to count; the result tells what was done since then. */
export function ruleStatistics(egraph: Pick<EGraph, 'report'>): () => RuleStatistics {
  const before = egraph.report();
  const rulesBefore = new Map(before.rules.map((rule) => [rule.name, rule]));
  const rulesetsBefore = new Map(before.rulesets.map((ruleset) => [ruleset.name, millisecondsOf(ruleset)]));
  return () => {
    const { rules, rulesets } = egraph.report();
    const since = rules
      .map(({ name, matches, milliseconds }) => ({
        name,
        matches: matches - (rulesBefore.get(name)?.matches ?? 0),
        milliseconds: milliseconds - (rulesBefore.get(name)?.milliseconds ?? 0),
      }))
      .filter(({ matches }) => matches > 0)
      .sort((a, b) => b.matches - a.matches || (a.name < b.name ? -1 : 1));
    return {
      matches: new Map(since.map(({ name, matches }) => [name, matches])),
      ruleMilliseconds: new Map(since.map(({ name, milliseconds }) => [name, milliseconds])),
      rulesetMilliseconds: new Map(
        rulesets
          .map(
            (ruleset) =>
              [ruleset.name || 'others', millisecondsOf(ruleset) - (rulesetsBefore.get(ruleset.name) ?? 0)] as const,
          )
          .filter(([, milliseconds]) => milliseconds > 0)
          .sort(([, a], [, b]) => b - a),
      ),
    };
  };
}

function millisecondsOf(ruleset: Report['rulesets'][number]): number {
  return ruleset.searchMilliseconds + ruleset.mergeMilliseconds + ruleset.rebuildMilliseconds;
}
