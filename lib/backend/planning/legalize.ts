import { GraphBuilder } from '../../ir/build.js';
import { isHalf } from '../../ir/half.js';
import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import { baseOf } from '../fusion/space.js';

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
      builder.within(node.scope, () => written(builder, node, inputs)),
    );
  }
  const computed = (node: Node) =>
    !isLeaf(node) && ['map', 'gather', 'scatter', 'overwrite', 'reduction', 'contraction'].includes(opOf(node).kind);
  const roots = (named: ReadonlyMap<string, Node>) =>
    new Map(
      [...named].map(([name, node]) => {
        const copy = copies.get(node)!;
        return [name, computed(copy) ? copy : builder.g.cast(copy, copy.dtype)];
      }),
    );
  return graph.with({ outputs: roots(graph.outputs), updates: roots(graph.updates) });
}

/** The node over other operands. Sums in 16 bits are carried in f32. */
function written(builder: GraphBuilder, node: Node, inputs: readonly Node[]): Node {
  const { g } = builder;
  if (opOf(node).kind !== 'scatter' || !isHalf(node.dtype)) return builder.over(node, inputs);
  const whole = inputs.map((input) => (isHalf(input.dtype) ? g.cast(input, 'f32') : input));
  return g.cast(builder.add(node.op, whole, node.attrs), node.dtype);
}
