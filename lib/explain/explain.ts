import { adapterProfiles, type AdapterName } from '../backend/planning/adapters.js';
import { planGraph, type Plan } from '../backend/planning/plan.js';
import { planCost, type PlanCost } from '../backend/planning/predict.js';
import type { Graph, Node } from '../ir/graph.js';
import { expandComposites } from '../ir/expand.js';
import { isMacro } from '../ir/ops/index.js';
import { optimize } from '../rewrite/optimize.js';
import { folded, frozenLeaves } from '../session/folding.js';
import { ExplainError } from './errors.js';
import { compileReport, type CompileReport } from '../session/report.js';

/** A graph before and after rewriting, with what both would cost. */
export interface Explanation {
  /** The kind of GPU that costs are predicted for. */
  readonly adapter: AdapterName;
  /** Macros are written out. */
  readonly before: Graph;
  /** What rewriting made of it. */
  readonly after: Graph;
  /** Dispatches and memory of the graph after rewriting. */
  readonly plan: Plan;
  /** What the graph would cost as it was traced. */
  readonly unoptimized: PlanCost;
  /** What the compiler did, in figures. */
  readonly report: CompileReport;
}

/**
 * Rewrites and plans a graph for an adapter that need not be there. Needs no GPU, and allocates no tensor. `freeze`: as an
 * inference session with that option does. Throws what rewriting and planning throw: RuleError, TensorTooLargeError.
 */
export async function explain(
  graph: Graph,
  adapter: AdapterName = 'discrete',
  { freeze = false }: { readonly freeze?: boolean } = {},
): Promise<Explanation> {
  const { limits, rates } = adapterProfiles[adapter];
  const frozen = freeze ? frozenLeaves(graph) : new Set<Node>();
  const rewritten = await optimize(graph, rates, undefined, {}, frozen);
  const folding = freeze ? folded(rewritten.graph, frozen, withoutDevice) : undefined;
  const plan = planGraph(folding?.graph ?? rewritten.graph, limits);
  return {
    adapter,
    before: expandComposites(graph, isMacro),
    after: rewritten.graph,
    plan,
    unoptimized: planCost(planGraph(graph, limits), rates),
    report: compileReport({ graph, rewritten, folding, plan }, rates),
  };
}

function withoutDevice(): Promise<never> {
  return Promise.reject(new ExplainError('explain computes no weights'));
}
