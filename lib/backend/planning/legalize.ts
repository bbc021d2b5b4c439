import type { GraphBuilder } from '../../ir/build.js';
import { isHalf } from '../../ir/half.js';
import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { mapGraph } from '../../ir/map-graph.js';
import { opOf } from '../../ir/ops/index.js';
import { baseOf } from '../fusion/space.js';

/**
 * Outputs, updates and operands of products are read from buffers: what is a view, a constant or a leaf there gets a
 * copy with storage of its own. (A product reads through views of stored tensors, so those stay.)
 */
export function materializeRoots(graph: Graph): Graph {
  const isUnstored = (base: Node) => base.op === 'constant' || (!isLeaf(base) && opOf(base).kind === 'source');
  const isComputed = (node: Node) =>
    !isLeaf(node) && ['map', 'gather', 'scatter', 'overwrite', 'reduction', 'contraction'].includes(opOf(node).kind);
  return mapGraph(
    graph,
    (builder, node, copyOf) => {
      const inputs = node.inputs.map((input) => {
        const copy = copyOf(input);
        const needsStorage = opOf(node).kind === 'contraction' && isUnstored(baseOf(copy));
        return needsStorage ? builder.g.cast(copy, copy.dtype) : copy;
      });
      return written(builder, node, inputs);
    },
    (builder, node, copyOf) => {
      const copy = copyOf(node);
      return isComputed(copy) ? copy : builder.g.cast(copy, copy.dtype);
    },
  );
}

/** The node over other operands. Sums in 16 bits are carried in f32. */
function written(builder: GraphBuilder, node: Node, inputs: readonly Node[]): Node {
  const { g } = builder;
  if (opOf(node).kind !== 'scatter' || !isHalf(node.dtype)) return builder.over(node, inputs);
  const whole = inputs.map((input) => (isHalf(input.dtype) ? g.cast(input, 'f32') : input));
  return g.cast(builder.add(node.op, whole, node.attrs), node.dtype);
}
