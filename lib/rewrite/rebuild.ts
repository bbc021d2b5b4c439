import { GraphBuilder } from '../ir/build.js';
import { GraphError } from '../ir/errors.js';
import { isLeaf, type Graph, type Node } from '../ir/graph.js';
import { sameShape, showShape } from '../ir/shape.js';
import { attributesOf, operationOf, type Candidates } from './candidates.js';
import type { Replayed } from './replay.js';

/**
 * The chosen candidates as a graph. Leaves stay what they were; a node keeps the scope of the node it replaces.
 * Throws GraphError for a candidate whose type is not its class's: a rule that is wrong.
 */
export function rebuild(graph: Graph, { candidates, origins, classOf }: Replayed, picks: Int32Array): Graph {
  const builder = new GraphBuilder();
  // A candidate that is repeated is inferred and checked once.
  const patterns = new Map<number, Node>();
  const made = new Map<number, Node>();
  const scopes = new Map<number, string>();
  for (const [node, index] of classOf) {
    if (isLeaf(node) && node.op !== 'constant') {
      builder.adopt([node]);
      made.set(index, node);
    }
    if (!scopes.has(index) && node.scope !== '') scopes.set(index, node.scope);
  }
  const make = (root: number): Node => {
    const stack: { index: number; scope: string }[] = [{ index: root, scope: '' }];
    while (stack.length > 0) {
      const { index, scope: userScope } = stack[stack.length - 1]!;
      const pick = picks[index]!;
      const { operands } = candidates.nodes[pick]!;
      // A node that rules made belongs to the module of the node that uses it.
      const scope = scopes.get(index) ?? userScope;
      const missing = operands.filter((operand) => !made.has(operand));
      if (!made.has(index) && missing.length > 0) {
        stack.push(...missing.map((operand) => ({ index: operand, scope })));
        continue;
      }
      stack.pop();
      if (made.has(index)) continue;
      const inputs = operands.map((operand) => made.get(operand)!);
      const origin = origins[pick]!;
      const pattern = patterns.get(origin);
      const node = builder.within(scope, () =>
        pattern ? builder.over(pattern, inputs) : makeNode(builder, candidates, pick, inputs),
      );
      patterns.set(origin, node);
      made.set(index, node);
    }
    return made.get(root)!;
  };
  const rebuilt = (named: ReadonlyMap<string, Node>) =>
    new Map([...named].map(([name, node]) => [name, make(classOf.get(node)!)]));
  return graph.with({ outputs: rebuilt(graph.outputs), updates: rebuilt(graph.updates) });
}

function makeNode(builder: GraphBuilder, { nodes, types }: Candidates, pick: number, inputs: readonly Node[]): Node {
  const candidate = nodes[pick]!;
  const { constructor } = candidate;
  const type = types[candidate.result]!;
  if (constructor === 'Constant') return builder.constant(candidate.attributes[0] as number, type.dtype);
  const op = operationOf(candidate);
  if (!op) throw new GraphError(`rewriting: the leaf ${constructor} ${String(candidate.attributes[0])} is new`);
  const node = builder.add(op.name, inputs, attributesOf(op, candidate));
  if (!sameShape(node.shape, type.shape) || node.dtype !== type.dtype) {
    const expected = `${type.dtype}${showShape(type.shape)}`;
    throw new GraphError(`rewriting: ${op.name} gives ${node.dtype}${showShape(node.shape)} where ${expected} stood`);
  }
  return node;
}
