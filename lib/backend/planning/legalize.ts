import { GraphBuilder } from '../../ir/build.js';
import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import { baseOf } from '../fusion/fuse.js';

/**
 * Outputs, updates and operands of products are read from buffers: what is a view, a constant or a leaf there gets a
 * copy with storage of its own. (A product reads through views of stored tensors, so those stay.)
 */
export function materializeRoots(graph: Graph): Graph {
  const builder = new GraphBuilder();
  const copies = new Map<Node, Node>();
  const isUnstored = (base: Node) => base.op === 'constant' || (!isLeaf(base) && opOf(base).kind === 'source');
  for (const node of graph.nodes()) {
    if (isLeaf(node)) {
      builder.adopt([node]);
      copies.set(node, node);
      continue;
    }
    const inputs = node.inputs.map((input) => {
      const copy = copies.get(input)!;
      const needsStorage = opOf(node).kind === 'contraction' && isUnstored(baseOf(copy));
      return needsStorage ? builder.g.cast(copy, copy.dtype) : copy;
    });
    copies.set(
      node,
      builder.within(node.scope, () => builder.add(node.op, inputs, node.attrs)),
    );
  }
  const computed = (node: Node) =>
    !isLeaf(node) && ['map', 'gather', 'reduction', 'contraction'].includes(opOf(node).kind);
  const roots = (named: ReadonlyMap<string, Node>) =>
    new Map(
      [...named].map(([name, node]) => {
        const copy = copies.get(node)!;
        return [name, computed(copy) ? copy : builder.g.cast(copy, copy.dtype)];
      }),
    );
  return graph.with({ outputs: roots(graph.outputs), updates: roots(graph.updates) });
}
