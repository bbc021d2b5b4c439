import { rowsOf, type EGraph, type Literal } from 'egglog-wasm';
import type { DType } from '../ir/dtype.js';
import type { Attributes, AttributeValue, TensorType } from '../ir/graph.js';
import type { OpDefinition } from '../ir/ops/record.js';
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

/** What there is to choose from: classes of equal tensors, each with its type and the ways to compute it. */
export interface Candidates {
  readonly nodes: readonly Candidate[];
  /** For each class the indices of its candidates. */
  readonly classes: readonly (readonly number[])[];
  readonly types: readonly TensorType[];
}

/** Copies the e-graph out; `classOf` gives the class of a canonical value of egglog. */
export function readCandidates(egraph: EGraph): { found: Candidates; classOf: (value: number) => number } {
  const snapshot = egraph.snapshot();
  const indices = new Map<number, number>();
  const all: Candidate[] = [];
  const shapes: (readonly number[])[] = [];
  const dtypes: DType[] = [];
  const classOf = (value: number): number => {
    let index = indices.get(value);
    if (index === undefined) indices.set(value, (index = indices.size));
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
      all.push({ constructor: name, result: classOf(row.output), operands, attributes });
    }
  }
  const types = Array.from(indices, ([, index]) => ({ shape: shapes[index]!, dtype: dtypes[index]! }));
  // Where saturation was cut short, the newest nodes have no types yet: they are no candidates.
  const isTyped = (index: number) => shapes[index] !== undefined && dtypes[index] !== undefined;
  const nodes = all.filter(({ result, operands }) => isTyped(result) && operands.every(isTyped));
  const classes: number[][] = types.map(() => []);
  nodes.forEach(({ result }, i) => classes[result]!.push(i));
  return { found: { nodes, classes, types }, classOf };
}

/** For each class the candidates that have it as an operand. */
export function usersOf(classes: number, nodes: readonly Candidate[]): number[][] {
  const users = Array.from({ length: classes }, (): number[] => []);
  nodes.forEach(({ operands }, i) => new Set(operands).forEach((operand) => users[operand]!.push(i)));
  return users;
}

const byConstructor = new Map(encodedOps.map((op) => [constructorName(op.name), op]));

/** The operation of a candidate; undefined for leaves. */
export function operationOf({ constructor }: Candidate): OpDefinition | undefined {
  return byConstructor.get(constructor);
}

const leafConstructors: ReadonlySet<string> = new Set(['input', 'parameter', 'buffer', 'literal'].map(constructorName));

/** Whether a candidate is a leaf that is no constant. */
export function isLeafCandidate({ constructor }: Candidate): boolean {
  return leafConstructors.has(constructor);
}

/** Whether each class has a term in it whose leaves are constants, or stand for the classes `from`. */
export function classesOver({ nodes, classes }: Candidates, from: Iterable<number> = []): boolean[] {
  const isOver = classes.map(() => false);
  const users = usersOf(classes.length, nodes);
  const open = nodes.map(({ operands }) => new Set(operands).size);
  const todo = nodes.flatMap((node, i) => (open[i] === 0 && !isLeafCandidate(node) ? [node.result] : []));
  todo.push(...from);
  for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
    if (isOver[index]) continue;
    isOver[index] = true;
    for (const user of users[index]!) if (--open[user]! === 0) todo.push(nodes[user]!.result);
  }
  return isOver;
}

/** A candidate's attributes as the IR has them. */
export function attributesOf(op: OpDefinition, { attributes }: Candidate): Attributes {
  return Object.fromEntries(op.signature.attributes.map(({ name }, i) => [name, attributes[i] as AttributeValue]));
}
