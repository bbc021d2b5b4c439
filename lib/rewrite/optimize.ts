import type { EGraph, Report } from 'egglog-wasm';
import { expandComposites } from '../ir/expand.js';
import type { Graph } from '../ir/graph.js';
import { isMacro } from '../ir/ops/index.js';
import { recorded, type Recorder } from '../ir/recorder.js';
import { attributesOf, operationOf, readCandidates, type Candidate, type Candidates } from './candidates.js';
import { operationCost, type AdapterRates } from './cost.js';
import { encode } from './encode.js';
import { withRules } from './engine.js';
import { extract } from './extract.js';
import { rebuild } from './rebuild.js';

/** What rewriting did. */
export interface RewriteReport {
  /** Matches of each rule, most first; bookkeeping rules (types, operand order) left out. */
  readonly rules: Readonly<Record<string, number>>;
  /** Predicted microseconds of the chosen program. */
  readonly predictedMicroseconds: number;
  /** Rows of the e-graph at the end. */
  readonly size: number;
  readonly rounds: number;
  readonly milliseconds: number;
}

/** One round: everything that must hold before the other rules look, then each of those once. */
const ROUND = `(run-schedule
  (saturate (seq (saturate (run types)) (saturate (run folding))))
  (saturate (run commutativity)) (saturate (run types))
  (run algebra) (run views) (run broadcasts) (run composites))`;
const MOST_ROUNDS = 16;
const bookkeeping = /^type of |^a [+*] b = |^max\(a, b\) = |^\(a = b\) = /;

/**
 * Rewrites a graph by equality saturation: all rules at once on an e-graph of the whole graph, then the cheapest
 * program that computes the same outputs and updates. Leaves keep their identity, nodes their scope.
 */
export function optimize(
  original: Graph,
  rates: AdapterRates,
  recorder?: Recorder,
): Promise<{ graph: Graph; report: RewriteReport }> {
  const body = (egraph: EGraph) => recorded(recorder, 'rewrite', () => rewritten(egraph, original, rates, recorder));
  return withRules(body, recorder);
}

function rewritten(egraph: EGraph, original: Graph, rates: AdapterRates, recorder: Recorder | undefined) {
  const start = performance.now();
  // Written out, a macro is the same graph as the computation spelled by hand.
  const graph = expandComposites(original, isMacro);
  const matchesBefore = new Map(egraph.report().rules.map(({ name, matches }) => [name, matches]));
  const nodes = graph.nodes();
  const { entries, indices } = encode(nodes);
  const values = recorded(recorder, 'rewrite: insert', () => egraph.insert(entries));
  const rounds = saturate(egraph, mostRows(nodes.length), recorder);

  const inserted = nodes.map((node) => values[indices.get(node)!]!);
  const canonical = egraph.find('Tensor', inserted);
  const candidates = recorded(recorder, 'rewrite: read', () => readCandidates(egraph));
  const classOf = new Map(nodes.map((node, i) => [node, candidates.classOf(canonical[i]!)]));
  const costs = Float64Array.from(candidates.nodes, (candidate, i) =>
    candidates.usable[i] ? candidateCost(candidate, candidates, rates) : Infinity,
  );
  const roots = graph.roots().map((node) => classOf.get(node)!);
  const { picks, cost } = recorded(recorder, 'rewrite: extract', () => extract(candidates, costs, roots));
  const optimized = rebuild(graph, candidates, picks, classOf);
  const rules = egraph
    .report()
    .rules.map(({ name, matches }) => ({ name, matches: matches - (matchesBefore.get(name) ?? 0) }))
    .filter(({ name, matches }) => matches > 0 && !bookkeeping.test(name))
    .sort((a, b) => b.matches - a.matches);
  return {
    graph: optimized,
    report: {
      rules: Object.fromEntries(rules.map(({ name, matches }) => [name, matches])),
      predictedMicroseconds: cost,
      size: egraph.size,
      rounds,
      milliseconds: performance.now() - start,
    },
  };
}

/** Rows that an e-graph may have: rules that saturate stay far below, those that do not must end somewhere. */
function mostRows(nodes: number): number {
  return 5000 + 50 * nodes;
}

/** Rounds until nothing is added any more, or the e-graph is as large as it may get. */
function saturate(egraph: EGraph, mostRows: number, recorder: Recorder | undefined): number {
  for (let round = 1; ; round++) {
    const before = egraph.size;
    if (recorder) recordedRound(egraph, recorder, round);
    else egraph.run(ROUND);
    if (egraph.size === before || round === MOST_ROUNDS || egraph.size > mostRows) return round;
  }
}

/** A round as a slice, in it what each ruleset took: its runs are mixed with those of others, so that only sums are known. */
function recordedRound(egraph: EGraph, recorder: Recorder, round: number): void {
  const rulesets = () => egraph.report().rulesets;
  const before = new Map(rulesets().map((ruleset) => [ruleset.name, millisecondsOf(ruleset)]));
  recorded(recorder, `rewrite: round ${round}`, () => {
    egraph.run(ROUND);
    const took = rulesets()
      .map((ruleset) => [ruleset.name, millisecondsOf(ruleset) - (before.get(ruleset.name) ?? 0)] as const)
      .filter(([, milliseconds]) => milliseconds > 0);
    recorder.parts(took.map(([name, milliseconds]) => [`rules: ${name || 'others'}`, milliseconds] as const));
  });
}

function millisecondsOf(ruleset: Report['rulesets'][number]): number {
  return ruleset.searchMilliseconds + ruleset.mergeMilliseconds + ruleset.rebuildMilliseconds;
}

function candidateCost(candidate: Candidate, { types }: Candidates, rates: AdapterRates): number {
  const op = operationOf(candidate);
  if (!op) return 0;
  const operands = candidate.operands.map((index) => types[index]!);
  return operationCost(op, operands, types[candidate.result]!, attributesOf(op, candidate), rates);
}
