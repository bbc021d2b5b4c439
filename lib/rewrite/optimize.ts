import type { EGraph, InsertEntry } from 'egglog-wasm';
import { expandComposites } from '../ir/expand.js';
import type { Graph, Node } from '../ir/graph.js';
import { isMacro } from '../ir/ops/index.js';
import { recorded, type Recorder } from '../ir/recorder.js';
import { blamedRule, isConflict } from './blame.js';
import { attributesOf, operationOf, readCandidates, type Candidate, type Candidates } from './candidates.js';
import { withCopies } from './copies.js';
import type { AdapterRates } from './cost.js';
import { encode, type Encoding } from './encode.js';
import { READING, withRules } from './engine.js';
import { extract } from './extract.js';
import { withFrozen } from './frozen-costs.js';
import { operationCost } from './operation-cost.js';
import { rebuild } from './rebuild.js';
import { Phases, ruleStatistics } from './phases.js';
import { regionsOf, type Region } from './regions.js';
import { replay } from './replay.js';
import { defaultRows, saturate, untilLastGoodRound, type RewriteLimits, type Saturation } from './saturate.js';

/** What rewriting did. */
export interface RewriteReport {
  /**
   * Matches of each rule, most first; bookkeeping rules (types, operand order) left out. Layers that are equal count once:
   * they are looked at once.
   */
  readonly rules: Readonly<Record<string, number>>;
  /** Whether it was done by an earlier run, from whose cache the graph comes: the times are those of reading it. */
  readonly cached: boolean;
  /** Predicted microseconds of the chosen program. */
  readonly predictedMicroseconds: number;
  /** Parts of the graph that differ from one another, and in how many places they are. */
  readonly regions: number;
  /** In how many places of the graph those parts are. */
  readonly places: number;
  /** Nodes of the parts that differ, with what of their neighbours rules may see: as many went into the e-graph. */
  readonly inserted: number;
  /** Rows of the e-graph at the end. */
  readonly size: number;
  /** How often all rules were tried. */
  readonly rounds: number;
  /** Which limit ended the search before it was complete, in a sentence; undefined where it was. */
  readonly stopped: string | undefined;
  /** Of all phases but the reading of rules, which is done once for a process. */
  readonly milliseconds: number;
  /** Milliseconds by phase, in the order in which they come. */
  readonly phaseMilliseconds: Readonly<Record<string, number>>;
  /** Milliseconds that egglog spent on each ruleset, most first. */
  readonly rulesetMilliseconds: Readonly<Record<string, number>>;
  /** Milliseconds that egglog spent on each rule in `rules`. */
  readonly ruleMilliseconds: Readonly<Record<string, number>>;
}

const bookkeeping = /^type of |^a [+*] b = |^max\(a, b\) = |^\(a = b\) = /;

/**
 * Rewrites a graph by equality saturation: all rules at once on an e-graph of the whole graph, in which layers that are
 * equal are one, then the cheapest program that computes the same outputs and updates. Leaves keep their identity, nodes
 * their scope. What follows from the leaves `frozen` and constants alone is taken to cost next to nothing, as it is computed
 * once. Where a limit ends the search, the program is the best one until then, and the report says so. Throws RuleError
 * naming a rule that makes tensors equal which are not.
 */
export async function optimize(
  original: Graph,
  rates: AdapterRates,
  recorder?: Recorder,
  limits: RewriteLimits = {},
  frozen: ReadonlySet<Node> = new Set(),
): Promise<{ graph: Graph; report: RewriteReport }> {
  const phases = new Phases(recorder);
  // Written out, a macro is the same graph as the computation spelled by hand.
  const graph = phases.time('write out macros', () => expandComposites(original, isMacro));
  const regions = phases.time('find equal layers', () => regionsOf(graph.nodes(), frozen));
  const encoding = phases.time('encode', () => encode(regions, frozen));
  const task: Task = { graph, regions, encoding, rates, frozen, phases, recorder };
  const search = (within: RewriteLimits) =>
    withRules(
      encoding.constructors,
      (egraph) => recorded(recorder, 'rewrite', () => rewritten(egraph, task, within)),
      phases,
    );
  const { result, stopped } = await untilLastGoodRound(limits, search);
  return stopped === undefined ? result : { ...result, report: { ...result.report, stopped } };
}

interface Task {
  readonly graph: Graph;
  readonly regions: readonly Region[];
  readonly encoding: Encoding;
  readonly rates: AdapterRates;
  readonly frozen: ReadonlySet<Node>;
  readonly phases: Phases;
  readonly recorder: Recorder | undefined;
}

function rewritten(
  egraph: EGraph,
  { graph, regions, encoding, rates, frozen, phases, recorder }: Task,
  limits: RewriteLimits,
): { graph: Graph; report: RewriteReport } {
  const statistics = ruleStatistics(egraph);
  const { entries, indices } = encoding;
  const inserted = indices.reduce((sum, { length }) => sum + length, 0);
  const values = phases.time('insert', () => egraph.insert(entries));
  const { rounds, stopped } = phases.time('run rules', () =>
    explored(egraph, entries, inserted, limits, frozen.size > 0, recorder),
  );
  const replayed = phases.time('replay', () => {
    const { found, classOf } = readCandidates(egraph);
    const classes = indices.map((region) => {
      const canonical = egraph.find('Tensor', region.map((index) => values[index]!)); // prettier-ignore
      return Array.from(canonical, classOf);
    });
    return replay(found, regions, classes, (candidate) => candidateCost(candidate, found, rates));
  });
  const roots = graph.roots().map((node) => replayed.classOf.get(node)!);
  const { picks, cost } = phases.time('extract', () => {
    const costs = withCopies(replayed.candidates, withFrozen(replayed, frozen, rates), roots, rates);
    return extract(replayed.candidates, costs, roots);
  });
  const optimized = phases.time('rebuild', () => rebuild(graph, replayed, picks));
  const { matches, ruleMilliseconds, rulesetMilliseconds } = statistics();
  const phaseMilliseconds = phases.milliseconds;
  const milliseconds = Object.entries(phaseMilliseconds).reduce(
    (sum, [phase, time]) => sum + (phase === READING ? 0 : time),
    0,
  );
  const rules = [...matches].filter(([name]) => !bookkeeping.test(name));
  return {
    graph: optimized,
    report: {
      rules: Object.fromEntries(rules),
      cached: false,
      predictedMicroseconds: cost,
      regions: regions.length,
      places: regions.reduce((sum, { places }) => sum + places.length, 0),
      inserted,
      size: egraph.size,
      rounds,
      stopped,
      milliseconds,
      phaseMilliseconds,
      rulesetMilliseconds: Object.fromEntries(rulesetMilliseconds),
      ruleMilliseconds: Object.fromEntries(rules.map(([name]) => [name, ruleMilliseconds.get(name)!])),
    },
  };
}

/** Saturates. Throws RuleError naming a rule that is wrong, RoundLost. */
function explored(
  egraph: EGraph,
  entries: readonly InsertEntry[],
  nodes: number,
  limits: RewriteLimits,
  freezing: boolean,
  recorder: Recorder | undefined,
): Saturation {
  try {
    return saturate(egraph, nodes, limits, recorder, freezing);
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
