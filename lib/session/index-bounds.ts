import type { IndexBound } from '../backend/execution/feed.js';
import { isLeaf, leafName, type Graph, type Node } from '../ir/graph.js';
import { indexLimit } from '../ir/infer.js';
import { operandPattern } from '../ir/operands.js';
import { opOf } from '../ir/ops/index.js';

/**
 * What the values of inputs must stay within because operations index with them, straight or through views: labels,
 * token ids. Checked on the host: a GPU would read something else, and say nothing.
 */
export function indexBounds(graph: Graph): Map<string, IndexBound> {
  const bounds = new Map<string, IndexBound>();
  for (const node of graph.nodes()) {
    if (isLeaf(node)) continue;
    const { signature } = opOf(node);
    node.inputs.forEach((input, i) => {
      const bound = indexLimit(node.op, signature, node.inputs, node.attrs, i);
      const leaf = behindViews(input);
      if (bound === undefined || leaf.op !== 'input') return;
      const name = leafName(leaf);
      if (bound.limit >= (bounds.get(name)?.limit ?? Infinity)) return;
      const operand = operandPattern(signature, i).name;
      bounds.set(name, { ...bound, use: `${operand} of ${node.op}${node.scope ? ` (at ${node.scope})` : ''}` });
    });
  }
  return bounds;
}

function behindViews(node: Node): Node {
  let at = node;
  while (!isLeaf(at) && opOf(at).kind === 'view') at = at.inputs[0]!;
  return at;
}
