import type { GraphBuilder } from '../ir/build.js';
import { isLeaf, topologicalOrder, type Node } from '../ir/graph.js';

/**
 * Gradients that compute again what they need of the inside of some modules, instead of keeping it from the forward pass:
 * a module's activations then live only while its own gradients are computed, and only its inputs are kept (Chen et al.
 * 2016, arXiv:1604.06174). Values are the same, but for what kernels that differ round otherwise; it costs the arithmetic of
 * a second forward pass through these modules.
 *
 * `forward`: nodes of the forward pass, operands first; `kept`: those that are kept in any case; `moduleOf`: the module that a node is inside of, if it is one of those, by the
 * node's scope. What other modules use of a module is kept.
 */
export function recomputing(
  builder: GraphBuilder,
  found: readonly Node[],
  forward: readonly Node[],
  kept: readonly Node[],
  moduleOf: (scope: string) => string | undefined,
): Node[] {
  const isForward = new Set(forward);
  const inside = insideOf(forward, kept, moduleOf);
  const again = new Map<Node, Node>();
  /** What a node of the forward pass is inside of the module that is computed again. */
  const repeated = (node: Node, module: string): Node => {
    if (inside.get(node) === module) return again.get(node)!;
    if (isLeaf(node) && node.op !== 'input' && node.op !== 'buffer') return node;
    // Rewriting does not see through this, so that it does not find the forward pass in its repetition.
    return builder.g.stopGradient(node);
  };
  for (const node of forward) {
    const module = inside.get(node);
    if (module === undefined) continue;
    const inputs = node.inputs.map((input) => repeated(input, module));
    again.set(
      node,
      builder.within(node.scope, () => builder.over(node, inputs)),
    );
  }
  const copies = new Map<Node, Node>();
  for (const node of topologicalOrder(found)) {
    if (isForward.has(node)) copies.set(node, again.get(node) ?? node);
    else {
      const inputs = node.inputs.map((input) => copies.get(input)!);
      copies.set(
        node,
        builder.within(node.scope, () => builder.over(node, inputs)),
      );
    }
  }
  return found.map((node) => copies.get(node)!);
}

/**
 * The nodes that only their own module uses in the forward pass, with that module: what need not be kept for others.
 * Arguments are those of `recomputing`.
 */
export function insideOf(
  forward: readonly Node[],
  kept: readonly Node[],
  moduleOf: (scope: string) => string | undefined,
): ReadonlyMap<Node, string> {
  const modules = new Map<Node, string>();
  for (const node of forward) {
    const module = isLeaf(node) ? undefined : moduleOf(node.scope);
    if (module !== undefined) modules.set(node, module);
  }
  const inside = new Map(modules);
  for (const node of kept) inside.delete(node);
  for (const node of forward) {
    for (const input of node.inputs) if (modules.get(input) !== modules.get(node)) inside.delete(input);
  }
  return inside;
}
