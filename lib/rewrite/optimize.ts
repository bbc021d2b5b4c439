import type { EGraph, InsertEntry } from 'egglog-wasm';
import { expandComposites } from '../ir/expand.js';
import type { Graph } from '../ir/graph.js';
import { isMacro } from '../ir/ops/index.js';
import { recorded, type Recorder } from '../ir/recorder.js';
import { blamedRule, isConflict } from './blame.js';
import { attributesOf, operationOf, readCandidates, type Candidate, type Candidates } from './candidates.js';
import { operationCost, type AdapterRates } from './cost.js';
import { encode } from './encode.js';
import { withRules } from './engine.js';
import { extract } from './extract.js';
import { rebuild } from './rebuild.js';
import { regionsOf } from './regions.js';
import { replay } from './replay.js';
import { defaultRows, saturate, untilLastGoodRound, type RewriteLimits, type Saturation } from './saturate.js';

/** What rewriting did. */
export interface RewriteReport {
  /** Matches of each rule, most first; bookkeeping rules (types, operand order) left out. */
  readonly rules: Readonly<Record<string, number>>;
  /** Predicted microseconds of the chosen program. */
  readonly predictedMicroseconds: number;
  /** Rows of the e-graph at the end. */
  readonly size: number;
  readonly rounds: number;
  /** Which limit ended the search before it was complete, in a sentence; undefined where it was. */
  readonly stopped: string | undefined;
  readonly milliseconds: number;
  /** Milliseconds that egglog spent on each rule in `rules`. */
  readonly ruleMilliseconds: Readonly<Record<string, number>>;
}

const bookkeeping = /^type of |^a [+*] b = |^max\(a, b\) = |^\(a = b\) = /;

/**
 * Rewrites a graph by equality saturation: all rules at once on an e-graph of the whole graph, then the cheapest
 * program that computes the same outputs and updates. Leaves keep their identity, nodes their scope. Where a limit ends
 * the search, the program is the best one until then, and the report says so. Throws RuleError naming a rule that makes
 * tensors equal which are not.
 */
export async function optimize(
  original: Graph,
  rates: AdapterRates,
  recorder?: Recorder,
  limits: RewriteLimits = {},
): Promise<{ graph: Graph; report: RewriteReport }> {
  // Written out, a macro is the same graph as the computation spelled by hand.
  const graph = expandComposites(original, isMacro);
  const search = (within: RewriteLimits) => {
    const body = (egraph: EGraph) =>
      recorded(recorder, 'rewrite', () => rewritten(egraph, graph, rates, within, recorder));
    return withRules(body, recorder);
  };
  const { result, stopped } = await untilLastGoodRound(limits, search);
  return stopped === undefined ? result : { ...result, report: { ...result.report, stopped } };
}

function rewritten(
  egraph: EGraph,
  graph: Graph,
  rates: AdapterRates,
  limits: RewriteLimits,
  recorder: Recorder | undefined,
) {
  const start = performance.now();
  const before = new Map(egraph.report().rules.map((rule) => [rule.name, rule]));
  const nodes = graph.nodes();
  const regions = recorded(recorder, 'rewrite: regions', () => regionsOf(nodes));
  const { entries, indices } = recorded(recorder, 'rewrite: encode', () => encode(regions));
  const { values, rounds, stopped } = explored(egraph, entries, entries.length / 3, limits, recorder);
  const { found, classOf: classOfValue } = recorded(recorder, 'rewrite: read', () => readCandidates(egraph));
  const classes = indices.map((inserted) =>
    Array.from(
      egraph.find(
        'Tensor',
        inserted.map((index) => values[index]!),
      ),
      classOfValue,
    ),
  );
  const replayed = recorded(recorder, 'rewrite: replay', () => replay(found, regions, classes));
  const { candidates, origins, classOf } = replayed;
  const foundCosts = recorded(recorder, 'rewrite: costs', () =>
    found.nodes.map((candidate) => candidateCost(candidate, found, rates)),
  );
  const costs = Float64Array.from(origins, (origin) => (origin < 0 ? 0 : foundCosts[origin]!));
  const roots = graph.roots().map((node) => classOf.get(node)!);
  const { picks, cost } = recorded(recorder, 'rewrite: extract', () => extract(candidates, costs, roots));
  const optimized = recorded(recorder, 'rewrite: rebuild', () => rebuild(graph, replayed, picks));
  const rules = egraph
    .report()
    .rules.map(({ name, matches, milliseconds }) => ({
      name,
      matches: matches - (before.get(name)?.matches ?? 0),
      milliseconds: milliseconds - (before.get(name)?.milliseconds ?? 0),
    }))
    .filter(({ name, matches }) => matches > 0 && !bookkeeping.test(name))
    .sort((a, b) => b.matches - a.matches);
  return {
    graph: optimized,
    report: {
      rules: Object.fromEntries(rules.map(({ name, matches }) => [name, matches])),
      predictedMicroseconds: cost,
      size: egraph.size,
      rounds,
      stopped,
      milliseconds: performance.now() - start,
      ruleMilliseconds: Object.fromEntries(rules.map(({ name, milliseconds }) => [name, milliseconds])),
    },
  };
}

/** Inserts a graph and saturates. Throws RuleError naming a rule that is wrong, RoundLost. */
function explored(
  egraph: EGraph,
  entries: readonly InsertEntry[],
  nodes: number,
  limits: RewriteLimits,
  recorder: Recorder | undefined,
): Saturation & { values: Uint32Array } {
  const values = recorded(recorder, 'rewrite: insert', () => egraph.insert(entries));
  try {
    return { values, ...saturate(egraph, nodes, limits, recorder) };
  } catch (error) {
    if (!isConflict(error)) throw error;
    throw blamedRule(entries, error, limits.rows ?? defaultRows(nodes));
  }
}

function candidateCost(candidate: Candidate, { types }: Candidates, rates: AdapterRates): number {
  const op = operationOf(candidate);
  if (!op) return 0;
  const operands = candidate.operands.map((index) => types[index]!);
  return operationCost(op, operands, types[candidate.result]!, attributesOf(op, candidate), rates);
}
