import { GraphError } from './errors.js';
import { describeNode, isLeaf, type Graph, type Node } from './graph.js';
import { inferType } from './infer.js';
import { opOf } from './ops/index.js';
import { elementCount, sameShape, showShape } from './shape.js';

/**
 * Checks what every pass may rely on: operations are in the table and have the type their operands give, leaves are
 * those the graph declares, updates fit what they update. Throws GraphError naming the node.
 */
export function verify(graph: Graph): void {
  const declared = new Set<Node>([
    ...graph.inputs.values(),
    ...[...graph.parameters.values(), ...graph.buffers.values()].map((state) => state.node),
  ]);
  for (const node of graph.nodes()) {
    if (node.op === 'constant') {
      if (node.shape.length > 0) throw new GraphError(`${describeNode(node)}: constants are scalars`);
    } else if (node.op === 'literal') {
      const count = (node.attrs['values'] as readonly number[]).length;
      if (count !== elementCount(node.shape)) throw new GraphError(`${describeNode(node)} has ${count} values`);
    } else if (isLeaf(node)) {
      if (!declared.has(node)) throw new GraphError(`${describeNode(node)} is used but not declared by the graph`);
    } else {
      const expected = inferType(node.op, opOf(node).signature, node.inputs, node.attrs);
      if (!sameShape(expected.shape, node.shape) || expected.dtype !== node.dtype) {
        throw new GraphError(`${describeNode(node)}: its operands give ${expected.dtype}${showShape(expected.shape)}`);
      }
    }
  }
  for (const [name, value] of graph.updates) {
    const { node } = graph.state(name);
    if (!sameShape(node.shape, value.shape) || node.dtype !== value.dtype) {
      throw new GraphError(`update of ${describeNode(node)} with ${describeNode(value)}: types differ`);
    }
  }
}
