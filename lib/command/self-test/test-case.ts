import { input, type Inputs, type InputTensors } from '../../dsl/input.js';
import { RandomStream } from '../../dsl/random.js';
import { trace } from '../../dsl/trace.js';
import type { Outputs, TracedGraph } from '../../dsl/traced-graph.js';
import { isFloat } from '../../ir/dtype.js';

/** One graph with what to feed it. */
export interface SelfTestCase {
  readonly graph: TracedGraph;
  /** Values of its inputs by name, row-major. */
  readonly feeds: Readonly<Record<string, number[]>>;
  /** Whether it has a `loss`, so that a step of training is compared as well. */
  readonly trains: boolean;
}

/** Least and greatest value of an input, the latter excluded. */
export type Range = readonly [low: number, high: number];

interface CaseOptions<Name extends string> {
  /** [-1, 1) for floats and [0, 8) for integers unless given. */
  readonly ranges?: { readonly [Key in Name]?: Range };
  readonly trains?: boolean;
}

/** Traces a case and draws values for its inputs, the same ones each time. */
export function testCase<I extends Inputs>(
  inputs: I,
  fn: (tensors: InputTensors<I>) => Outputs,
  { ranges = {}, trains = false }: CaseOptions<keyof I & string> = {},
): SelfTestCase {
  const given: Readonly<Record<string, Range | undefined>> = ranges;
  const feeds = Object.entries(inputs).map(([name, { shape, dtype }], at) => {
    const [low, high] = given[name] ?? (isFloat(dtype) ? [-1, 1] : [0, 8]);
    const stream = new RandomStream(7, at);
    const count = shape.reduce<number>((product, size) => product * Number(size), 1);
    const values = Array.from({ length: count }, () => low + stream.uniform() * (high - low));
    return [name, values.map(isFloat(dtype) ? Math.fround : Math.floor)] as const;
  });
  return { graph: trace(inputs, fn), feeds: Object.fromEntries(feeds), trains };
}

/** An input of integers. */
export function integers<const S extends number[]>(shape: readonly [...S]) {
  return input(shape, 'i32');
}
