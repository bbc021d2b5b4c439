/** What the compiler did with a graph. */
export interface CompileReport {
  /** Nodes of the graph as differentiated, and as handed to the backend; leaves not counted. */
  readonly nodesBefore: number;
  readonly nodesAfter: number;
  /** How often each rewrite rule matched. */
  readonly rules: Readonly<Record<string, number>>;
  /** Time for rewriting and extraction. */
  readonly rewriteMilliseconds: number;
  /** GPU dispatches of one step. */
  readonly dispatches: number;
  /** Operations that share a dispatch with another. */
  readonly fusedOperations: number;
}
