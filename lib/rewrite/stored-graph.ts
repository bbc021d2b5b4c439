import { GraphError } from '../ir/errors.js';
import { isLeaf, type Attributes, type Graph, type Node } from '../ir/graph.js';
import type { DType } from '../ir/dtype.js';
import { verify } from '../ir/verify.js';

/** The index of a leaf of the graph that was rewritten, or a node with the indices of its operands in the list. */
type StoredNode =
  | number
  | readonly [
      op: string,
      inputs: readonly number[],
      attrs: Attributes,
      shape: readonly number[],
      dtype: DType,
      scope: string,
    ];

/** A rewritten graph as plain data, in terms of the one that it was made from. */
export interface StoredGraph {
  readonly nodes: readonly StoredNode[];
  readonly outputs: Readonly<Record<string, number>>;
  readonly updates: Readonly<Record<string, number>>;
}

/** A graph as text: two graphs with the same are rewritten alike. What is in literals is not in it: no rule sees it. */
export function graphText(graph: Graph): string {
  const { nodes, outputs, updates } = listed(graph, (node) => {
    if (node.op === 'constant') return undefined;
    return [node.op, [], { name: node.attrs['name'] ?? '' }, node.shape, node.dtype, ''];
  });
  return toText({ nodes, outputs: Object.entries(outputs), updates: Object.entries(updates) });
}

/** What `restoreGraph` makes `rewritten` of again. */
export function storeGraph(original: Graph, rewritten: Graph): StoredGraph {
  const indices = new Map(original.nodes().map((node, i) => [node, i]));
  // Literals may be new: macros are written out with tables.
  return listed(rewritten, (leaf) => indices.get(leaf));
}

/**
 * The rewritten graph, with the leaves of `original`, which has the text of the graph that was stored. Throws GraphError
 * for one that does not fit, and TypeError for what is no stored graph.
 */
export function restoreGraph(original: Graph, stored: StoredGraph): Graph {
  const originals = original.nodes();
  const nodes: Node[] = [];
  const nodeAt = (index: number): Node => {
    const node = nodes[index];
    if (!node) throw new GraphError(`a stored graph has no node ${index} before node ${nodes.length}`);
    return node;
  };
  for (const entry of stored.nodes) {
    if (typeof entry === 'number') {
      const leaf = originals[entry];
      if (!leaf || !isLeaf(leaf)) throw new GraphError(`a stored graph has ${entry} for a leaf`);
      nodes.push(leaf);
    } else {
      const [op, inputs, attrs, shape, dtype, scope] = entry;
      nodes.push({ op, inputs: inputs.map(nodeAt), attrs, shape, dtype, scope });
    }
  }
  const roots = (indices: Readonly<Record<string, number>>, names: Iterable<string>) =>
    new Map(Array.from(names, (name) => [name, nodeAt(indices[name]!)]));
  const restored = original.with({
    outputs: roots(stored.outputs, original.outputs.keys()),
    updates: roots(stored.updates, original.updates.keys()),
  });
  verify(restored);
  return restored;
}

/** As JSON, which has no -0, infinities and NaN: they become `{ "#": "-0" }`. */
export function toText(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => {
    const isSpecial = typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
    return isSpecial ? { '#': Object.is(value, -0) ? '-0' : String(value) } : value;
  });
}

/** What `toText` was given. Throws SyntaxError for other text. */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && '#' in value ? Number(value['#']) : value,
  );
}

/** `leafOf` gives what stands for a leaf, or undefined for one that is stored as it is. */
function listed(graph: Graph, leafOf: (leaf: Node) => StoredNode | undefined): StoredGraph {
  const indices = new Map<Node, number>();
  const nodes = graph.nodes().map((node, i): StoredNode => {
    indices.set(node, i);
    const inputs = node.inputs.map((input) => indices.get(input)!);
    return (
      (isLeaf(node) ? leafOf(node) : undefined) ?? [node.op, inputs, node.attrs, node.shape, node.dtype, node.scope]
    );
  });
  const roots = (named: ReadonlyMap<string, Node>) =>
    Object.fromEntries([...named].map(([name, node]) => [name, indices.get(node)!]));
  return { nodes, outputs: roots(graph.outputs), updates: roots(graph.updates) };
}
