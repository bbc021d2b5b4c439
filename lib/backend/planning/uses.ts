import type { Graph, Node } from '../../ir/graph.js';

/** Where a node is used: by which other, as which operand, or as what the graph returns. */
export interface Use {
  readonly user: Node | 'root';
  readonly operand: number;
}

/** Every node's uses. */
export function usesOf(graph: Graph): ReadonlyMap<Node, readonly Use[]> {
  const uses = new Map<Node, Use[]>();
  const use = (node: Node, one: Use) => {
    const known = uses.get(node);
    if (known) known.push(one);
    else uses.set(node, [one]);
  };
  for (const user of graph.nodes()) user.inputs.forEach((input, operand) => use(input, { user, operand }));
  for (const root of graph.roots()) use(root, { user: 'root', operand: 0 });
  return uses;
}
