import { GraphBuilder } from '../../ir/build.js';
import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import { usesOf, type Use } from './uses.js';

/**
 * Products of which only the transpose is used give that: (a·b)ᵀ = bᵀ·aᵀ. Operands are transposed by the way they are
 * read; a result would have to be copied, and what follows it, such as the update of a weight by its gradient, could not
 * be part of the product's kernel.
 */
export function orientProducts(graph: Graph): Graph {
  const builder = new GraphBuilder();
  const copies = new Map<Node, Node>();
  const uses = usesOf(graph);
  for (const node of graph.nodes()) {
    if (isLeaf(node)) builder.adopt([node]);
    const product = node.op === 'transpose' ? onlyTransposed(node.inputs[0]!, uses) : undefined;
    const copy = isLeaf(node)
      ? node
      : builder.within(node.scope, () => {
          const { g } = builder;
          if (!product) return builder.over(node, node.inputs.map((input) => copies.get(input)!)); // prettier-ignore
          const [a, b] = product.inputs.map((input) => g.transpose(copies.get(input)!));
          return g.reshape(g.matmul(b!, a!), node.shape);
        });
    copies.set(node, copy);
  }
  const roots = (named: ReadonlyMap<string, Node>) =>
    new Map([...named].map(([name, node]) => [name, copies.get(node)!]));
  return graph.with({ outputs: roots(graph.outputs), updates: roots(graph.updates) });
}

/** The product behind a tensor that is used once, as are the reshapes between them, which leave its matrices whole. */
function onlyTransposed(node: Node, uses: ReadonlyMap<Node, readonly Use[]>): Node | undefined {
  if (isLeaf(node) || uses.get(node)!.length > 1) return undefined;
  if (opOf(node).kind === 'contraction') return node;
  const [x] = node.inputs;
  const isWhole = node.op === 'reshape' && [-1, -2].every((axis) => node.shape.at(axis) === x!.shape.at(axis));
  return isWhole ? onlyTransposed(x!, uses) : undefined;
}
