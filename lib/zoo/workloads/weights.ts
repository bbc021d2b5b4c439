import { TracedGraph } from '../../dsl/traced-graph.js';
import type { State } from '../../ir/graph.js';
import { elementCount, type Shape } from '../../ir/shape.js';

/** How the parameter of a name starts, where that is not by the rule. */
export type Exceptions = (name: string) => 'ones' | 'zeros' | 'transposed' | undefined;

export interface WeightRule {
  /** Largest magnitude. */
  readonly amplitude?: number;
  readonly exceptions?: Exceptions;
}

/**
 * The same graph with deterministic weights: element j (row-major) of the parameter *name* is
 * amplitude·sin(0.01·j + seed) in f32, where seed follows from the name. `transposed` numbers the elements of a matrix
 * column by column. What the public Inferena benchmark fills its models with, so that losses can be compared.
 */
export function withDeterministicWeights(graph: TracedGraph, rule: WeightRule = {}): TracedGraph {
  const { amplitude = 0.02, exceptions = () => undefined } = rule;
  const parameters = new Map(
    [...graph.parameters].map(([name, { node }]): [string, State] => {
      const exception = exceptions(name);
      return [name, { node, initial: () => initialValues(node.shape, seedOf(name), amplitude, exception) }];
    }),
  );
  const { inputs, buffers, outputs, updates, inputDefaults } = graph;
  const parts = { inputs, parameters, buffers, outputs, updates, inputDefaults };
  return new TracedGraph(parts, graph.inputTypes, graph.outputTypes);
}

function initialValues(shape: Shape, seed: number, amplitude: number, exception: ReturnType<Exceptions>): Float32Array {
  const result = new Float32Array(elementCount(shape));
  if (exception === 'zeros') return result;
  if (exception === 'ones') return result.fill(1);
  const [scale, step] = [Math.fround(amplitude), Math.fround(0.01)];
  const element = (j: number) => scale * Math.fround(Math.sin(Math.fround(Math.fround(j * step) + seed)));
  if (exception !== 'transposed') {
    for (let j = 0; j < result.length; j++) result[j] = element(j);
    return result;
  }
  const [rows, columns] = shape as [number, number];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[row * columns + column] = element(column * rows + row);
  }
  return result;
}

/** h mod 10000 with h ← (31 h + byte) mod 2³² over the name's bytes. */
function seedOf(name: string): number {
  return new TextEncoder().encode(name).reduce((h, byte) => (Math.imul(h, 31) + byte) >>> 0, 0) % 10000;
}
