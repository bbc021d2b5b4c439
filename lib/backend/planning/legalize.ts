import { GraphBuilder } from '../../ir/build.js';
import { isLeaf, topologicalOrder, type Graph, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import { baseOf } from '../fusion/fuse.js';

/** The graph with every composite written out, so that kernels are made from maps, reductions, views and products. */
export function expandComposites(graph: Graph): Graph {
  const builder = new GraphBuilder();
  const expanded = new Map<Node, Node>();
  const expand = (root: Node): Node => {
    for (const node of topologicalOrder([root])) {
      if (expanded.has(node)) continue;
      if (isLeaf(node)) builder.adopt([node]);
      const result = isLeaf(node) ? node : builder.within(node.scope, () => expandNode(node));
      // What a decomposition made is expanded already: meeting it again must not make it anew.
      expanded.set(node, result).set(result, result);
    }
    return expanded.get(root)!;
  };
  const expandNode = (node: Node): Node => {
    const inputs = node.inputs.map((input) => expanded.get(input)!);
    const op = opOf(node);
    if (op.kind !== 'composite') return builder.add(node.op, inputs, node.attrs);
    return expand(op.decompose(builder.g, inputs, node.attrs as Record<string, number>));
  };
  const renamed = (roots: ReadonlyMap<string, Node>) => new Map([...roots].map(([name, node]) => [name, expand(node)]));
  return graph.with({ outputs: renamed(graph.outputs), updates: renamed(graph.updates) });
}

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
  const computed = (node: Node) => !isLeaf(node) && ['map', 'reduction', 'contraction'].includes(opOf(node).kind);
  const roots = (named: ReadonlyMap<string, Node>) =>
    new Map(
      [...named].map(([name, node]) => {
        const copy = copies.get(node)!;
        return [name, computed(copy) ? copy : builder.g.cast(copy, copy.dtype)];
      }),
    );
  return graph.with({ outputs: roots(graph.outputs), updates: roots(graph.updates) });
}
