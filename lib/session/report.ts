import { planCost } from '../backend/planning/predict.js';
import { expandComposites } from '../ir/expand.js';
import { isLeaf, type Graph } from '../ir/graph.js';
import { isMacro } from '../ir/ops/index.js';
import type { AdapterRates } from '../rewrite/cost.js';
import type { RewriteReport } from '../rewrite/optimize.js';
import type { Lowered, RecomputeReport } from './memory-budget.js';

/** What the compiler did with a graph. */
export interface CompileReport {
  /** Operations of the graph as differentiated, macros written out, and after rewriting; leaves not counted. */
  readonly nodesBefore: number;
  /** Operations that are left after rewriting. */
  readonly nodesAfter: number;
  /** GPU dispatches of one step. */
  readonly dispatches: number;
  /** Operations that share a dispatch with another. */
  readonly fusedOperations: number;
  /** Bytes that the kernels of one step read and write, each element once a kernel. */
  readonly bytes: number;
  /** What a step should take by the rates of the kind of adapter: a guess, and there to compare graphs by. */
  readonly predictedMilliseconds: number;
  /** Seconds that rewriting and extraction took; 0 when it was turned off. */
  readonly rewriteSeconds: number;
  /** How often each rewrite rule found something, most first. */
  readonly rules: Readonly<Record<string, number>>;
  /** What else is known of rewriting; undefined when it was turned off. */
  readonly rewrite: RewriteReport | undefined;
  /** The modules chosen by `recompute: { memory }`; undefined without that option. */
  readonly recomputed: RecomputeReport | undefined;
  /** What the option `freeze` took out of steps: operations, and bytes of their results. Undefined without that option. */
  readonly folded: { readonly operations: number; readonly bytes: number } | undefined;
}

/** Sums up a compilation: the graph before, what rewriting made of it, what was lowered. */
export function compileReport(
  { graph: before, rewritten, folding, plan }: Lowered,
  rates: AdapterRates,
  recomputed?: RecomputeReport,
): CompileReport {
  const count = (graph: Graph) => graph.nodes().filter((node) => !isLeaf(node)).length;
  const traced = expandComposites(before, isMacro);
  const { dispatches, bytes, microseconds } = planCost(plan, rates);
  return {
    nodesBefore: count(traced),
    nodesAfter: count(folding?.graph ?? rewritten?.graph ?? traced),
    dispatches,
    fusedOperations: plan.kernels.reduce((sum, { operations }) => sum + operations - 1, 0),
    bytes,
    predictedMilliseconds: microseconds / 1000,
    rewriteSeconds: (rewritten?.report.milliseconds ?? 0) / 1000,
    rules: rewritten?.report.rules ?? {},
    rewrite: rewritten?.report,
    recomputed,
    folded: folding && { operations: folding.operations, bytes: folding.bytes },
  };
}
