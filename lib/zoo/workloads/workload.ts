import type { TracedGraph } from '../../dsl/traced-graph.js';
import type { TypedArray } from '../../ir/typed-array.js';

/** A model of a size that people use, with what it takes to run and check one step of it. */
export interface Workload {
  readonly name: string;
  /** Traces it; the output `loss` is what training minimises. Parameters have the deterministic weights. */
  readonly trace: () => TracedGraph;
  /** Values of the inputs. */
  readonly feeds: () => Readonly<Record<string, TypedArray>>;
  /** The loss that PyTorch 2 gives for these inputs and weights, where it was run. */
  readonly loss?: number;
}

/** `count` values of a formula in f64, rounded to f32. */
export function values(count: number, at: (j: number) => number): Float32Array {
  return Float32Array.from({ length: count }, (_, j) => at(j));
}
