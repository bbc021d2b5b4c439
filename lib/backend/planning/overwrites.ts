import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';

/** Whether a node is its first operand with some elements overwritten. */
export function isOverwrite(node: Node): boolean {
  return !isLeaf(node) && opOf(node).kind === 'overwrite';
}

/**
 * The nodes that overwrite elements of a state, one after the other, until it has the value that the step leaves in it:
 * their results can be kept where the state is. `except`: names of states that must keep their old value for longer.
 */
export function overwritesOfStates(graph: Graph, except: ReadonlySet<string>): Set<Node> {
  const found = new Set<Node>();
  for (const [name, value] of graph.updates) {
    if (except.has(name)) continue;
    const chain: Node[] = [];
    let at = value;
    while (isOverwrite(at)) {
      chain.push(at);
      at = at.inputs[0]!;
    }
    if (at === graph.state(name).node) for (const node of chain) found.add(node);
  }
  return found;
}
