import { rowsOf, type EGraph, type Literal } from 'egglog-wasm';
import type { DType } from '../ir/dtype.js';
import type { Attributes, AttributeValue, TensorType } from '../ir/graph.js';
import type { OpDefinition } from '../ir/ops/define.js';
import { constructorName, encodedOps } from './names.js';

/** One way to compute an e-class: an operation or leaf over other classes. */
export interface Candidate {
  /** Constructor's name. */
  readonly constructor: string;
  /** Index of the class that it computes. */
  readonly result: number;
  /** Indices of operand classes. */
  readonly operands: readonly number[];
  readonly attributes: readonly Literal[];
}

/** The e-graph as data: classes of equal tensors, each with its type and the ways to compute it. */
export interface Candidates {
  readonly nodes: readonly Candidate[];
  /** Whether a node's type, and those of its operands, are known. */
  readonly usable: readonly boolean[];
  /** For each class the indices of its candidates. */
  readonly classes: readonly (readonly number[])[];
  readonly types: readonly TensorType[];
  /** Class of a canonical value of egglog. */
  readonly classOf: (value: number) => number;
}

/** Copies the e-graph out. */
export function readCandidates(egraph: EGraph): Candidates {
  const snapshot = egraph.snapshot();
  const indices = new Map<number, number>();
  const nodes: Candidate[] = [];
  const classes: number[][] = [];
  const shapes: (readonly number[])[] = [];
  const dtypes: DType[] = [];
  const classOf = (value: number): number => {
    let index = indices.get(value);
    if (index === undefined) {
      index = classes.push([]) - 1;
      indices.set(value, index);
    }
    return index;
  };
  const literal = (sort: string, value: number) => snapshot.literals.get(sort)!.get(value)!;
  for (const row of rowsOf(snapshot)) {
    const { name, inputs, output, constructor } = row.function;
    if (name === 'shape') shapes[classOf(row.arguments[0]!)] = literal(output, row.output) as readonly number[];
    else if (name === 'dtype') dtypes[classOf(row.arguments[0]!)] = literal(output, row.output) as DType;
    else if (constructor && output === 'Tensor' && !row.subsumed) {
      const operands: number[] = [];
      const attributes: Literal[] = [];
      inputs.forEach((sort, i) => {
        const value = row.arguments[i]!;
        if (sort === 'Tensor') operands.push(classOf(value));
        else attributes.push(literal(sort, value));
      });
      const result = classOf(row.output);
      classes[result]!.push(nodes.push({ constructor: name, result, operands, attributes }) - 1);
    }
  }
  const types = classes.map((_, index) => ({ shape: shapes[index]!, dtype: dtypes[index]! }));
  // Where saturation was cut short, the newest nodes have no types yet: they are no candidates.
  const isTyped = (index: number) => shapes[index] !== undefined && dtypes[index] !== undefined;
  const usable = nodes.map(({ result, operands }) => [result, ...operands].every(isTyped));
  return { nodes, classes: classes.map((all) => all.filter((node) => usable[node])), types, usable, classOf };
}

const byConstructor = new Map(encodedOps.map((op) => [constructorName(op.name), op]));

/** The operation of a candidate; undefined for leaves. */
export function operationOf({ constructor }: Candidate): OpDefinition | undefined {
  return byConstructor.get(constructor);
}

/** A candidate's attributes as the IR has them. */
export function attributesOf(op: OpDefinition, { attributes }: Candidate): Attributes {
  return Object.fromEntries(op.signature.attributes.map(({ name }, i) => [name, attributes[i] as AttributeValue]));
}
