import type { Executor } from '../backend/execution/executor.js';
import { isLeaf, type Graph } from '../ir/graph.js';
import type { RewriteReport } from '../rewrite/optimize.js';

/** What the compiler did with a graph. */
export interface CompileReport {
  /** Operations of the graph as differentiated, and after rewriting; leaves not counted. */
  readonly nodesBefore: number;
  readonly nodesAfter: number;
  /** What rewriting found; undefined when it was turned off. */
  readonly rewrite: RewriteReport | undefined;
  /** GPU dispatches of one step. */
  readonly dispatches: number;
  /** Operations that share a dispatch with another. */
  readonly fusedOperations: number;
}

/** Sums up a compilation: the graph before, what rewriting made of it, what was lowered. */
export function compileReport(
  before: Graph,
  rewritten: { graph: Graph; report: RewriteReport } | undefined,
  { plan, dispatchCount }: Executor,
): CompileReport {
  const count = (graph: Graph) => graph.nodes().filter((node) => !isLeaf(node)).length;
  return {
    nodesBefore: count(before),
    nodesAfter: count(rewritten?.graph ?? before),
    rewrite: rewritten?.report,
    dispatches: dispatchCount,
    fusedOperations: plan.kernels.reduce((sum, { operations }) => sum + operations - 1, 0),
  };
}
