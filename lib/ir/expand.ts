import { GraphBuilder } from './build.js';
import { isLeaf, topologicalOrder, type Graph, type Node } from './graph.js';
import type { OpDefinition } from './ops/record.js';
import { opOf } from './ops/index.js';

/**
 * The graph with every composite that `which` accepts written out, and those inside of them; what overwrites elements as
 * well. `which` gets nodes of this graph and of what they are written out as.
 */
export function expandComposites(graph: Graph, which: (op: OpDefinition, node: Node) => boolean = () => true): Graph {
  const builder = new GraphBuilder();
  const expanded = new Map<Node, Node>();
  // What is behind these was visited already: looking there again, for each composite, would be quadratic.
  const visited = new Set<Node>();
  const expand = (root: Node): Node => {
    for (const node of topologicalOrder([root], visited)) {
      if (expanded.has(node)) continue;
      if (isLeaf(node)) builder.adopt([node]);
      const result = isLeaf(node) ? node : builder.within(node.scope, () => expandNode(node));
      // What a decomposition made is expanded already: meeting it again must not make it anew.
      expanded.set(node, result).set(result, result);
      visited.add(node).add(result);
    }
    return expanded.get(root)!;
  };
  const expandNode = (node: Node): Node => {
    const inputs = node.inputs.map((input) => expanded.get(input)!);
    const op = opOf(node);
    if ((op.kind !== 'composite' && op.kind !== 'overwrite') || !which(op, node)) return builder.over(node, inputs);
    return expand(op.decompose(builder.g, inputs, node.attrs as Record<string, number>));
  };
  const renamed = (roots: ReadonlyMap<string, Node>) => new Map([...roots].map(([name, node]) => [name, expand(node)]));
  return graph.with({ outputs: renamed(graph.outputs), updates: renamed(graph.updates) });
}
