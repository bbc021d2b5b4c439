import type { DType } from '../ir/dtype.js';
import { Graph } from '../ir/graph.js';
import type { Input, Inputs } from './input.js';
import type { Dim } from './shapes/dim.js';
import type { Tensor } from './tensor.js';
import type { BitArrays, TypedArrays } from '../ir/typed-array.js';

/** Tensors by name: what a traced function returns. */
export type Outputs = Readonly<Record<string, Tensor>>;

/** A graph that knows the types of its inputs and outputs, so that sessions made from it are typed by name. */
export class TracedGraph<out I extends Inputs = Inputs, out O extends Outputs = Outputs> extends Graph {
  constructor(
    parts: ConstructorParameters<typeof Graph>[0],
    /** As given to `trace`. */
    readonly inputTypes: I,
    /** Shape and dtype of each output. */
    readonly outputTypes: { readonly [Name in keyof O]: Pick<O[Name], 'shape' | 'dtype'> },
  ) {
    super(parts);
  }
}

/** The inputs of a traced graph: `{ images: Input<[64, 784], 'f32'> }`. */
export type InputsOf<G extends TracedGraph> = G extends TracedGraph<infer I> ? I : never;

/** The outputs of a traced graph: `{ loss: Tensor<[], 'f32'> }`. */
export type OutputsOf<G extends TracedGraph> = G extends TracedGraph<Inputs, infer O> ? O : never;

/** What may be fed to an input of that shape and dtype, row-major; a scalar may be a plain number. */
export type Feed<S extends Dim[], D extends DType> =
  | TypedArrays[D]
  | BitArrays[D]
  | readonly number[]
  | (D extends 'bool' ? readonly boolean[] : never)
  | ([] extends S ? number | (D extends 'bool' ? boolean : never) : never);

/** What a step takes: values for every input, by name. */
export type FeedsOf<G extends TracedGraph> = {
  readonly [Name in keyof InputsOf<G>]: InputsOf<G>[Name] extends Input<infer S, infer D> ? Feed<S, D> : never;
};

/** What reading an output gives, by name. */
export type ValuesOf<G extends TracedGraph> = {
  readonly [Name in keyof OutputsOf<G>]: OutputsOf<G>[Name] extends Tensor<Dim[], infer D> ? TypedArrays[D] : never;
};
