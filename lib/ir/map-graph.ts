import { GraphBuilder } from './build.js';
import { isLeaf, type Graph, type Node } from './graph.js';

/** Writes a node of the new graph: `copyOf` gives what became of the operands, which come first. */
export type Rewrite = (builder: GraphBuilder, node: Node, copyOf: (node: Node) => Node) => Node;

/**
 * The graph written anew, node by node, each under its own scope. Leaves stay. `root` writes what the graph returns, and
 * updates states with, from what became of it.
 */
export function mapGraph(graph: Graph, write: Rewrite, root: Rewrite = (_, node, copyOf) => copyOf(node)): Graph {
  const builder = new GraphBuilder();
  const copies = new Map<Node, Node>();
  const copyOf = (node: Node) => copies.get(node)!;
  for (const node of graph.nodes()) {
    if (isLeaf(node)) builder.adopt([node]);
    copies.set(node, isLeaf(node) ? node : builder.within(node.scope, () => write(builder, node, copyOf)));
  }
  const roots = (named: ReadonlyMap<string, Node>) =>
    new Map([...named].map(([name, node]) => [name, builder.within(node.scope, () => root(builder, node, copyOf))]));
  return graph.with({ outputs: roots(graph.outputs), updates: roots(graph.updates) });
}
