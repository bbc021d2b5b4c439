import { GraphBuilder } from '../ir/build.js';
import { expandComposites } from '../ir/expand.js';
import { isLeaf, leafName, topologicalOrder, type Graph, type Node, type State } from '../ir/graph.js';
import { isHalf } from '../ir/half.js';
import { mapGraph } from '../ir/map-graph.js';
import { isMacro, opOf } from '../ir/ops/index.js';
import type { TypedArray } from '../ir/typed-array.js';
import { toText } from '../rewrite/stored-graph.js';
import { UnionFind } from '../rewrite/union-find.js';
import { storageBytes } from '../backend/planning/plan.js';

/** Computes the outputs of a graph without inputs, by name. */
export type Compute = (graph: Graph) => Promise<ReadonlyMap<string, TypedArray>>;

/** What of a graph is computed once, and what is left for every step. */
export interface Folding {
  /** It reads the results as parameters, whose values are computed when they are asked for. */
  readonly graph: Graph;
  /** Names of the states that results are made of, and of the results. */
  readonly sources: ReadonlySet<string>;
  readonly results: ReadonlySet<string>;
  /** Operations that steps have no more, and bytes of the results. */
  readonly operations: number;
  readonly bytes: number;
}

/**
 * The leaves of which others may be made once: parameters, and buffers that steps do not change. Not those that several
 * operations read, which would have to stay beside what is made of them; and not those of 16 bits, since what is made of
 * them would be rounded to 16 bits once more, or take twice the memory.
 */
export function frozenLeaves(graph: Graph): ReadonlySet<Node> {
  const written = expandComposites(graph, isMacro);
  const uses = new Map<Node, number>();
  const use = (node: Node) => uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of written.nodes()) for (const input of new Set(node.inputs)) use(input);
  written.roots().forEach(use);
  const states = [...written.parameters.values(), ...written.buffers.values()];
  return new Set(
    states
      .map(({ node }) => node)
      .filter((node) => uses.get(node) === 1 && !isHalf(node.dtype) && !written.updates.has(leafName(node))),
  );
}

/**
 * Splits off what follows from the leaves `frozen` and constants alone, macros written out. Views stay where they are: they cost nothing. What
 * has a leaf in common is computed together, so that each is read once.
 */
export function folded(chosen: Graph, frozen: ReadonlySet<Node>, compute: Compute): Folding {
  const graph = expandComposites(chosen, isMacro);
  const builder = new GraphBuilder();
  const results = new Map<Node, Node>(foldedNodes(graph, frozen).map((node) => [node, asParameter(builder, node)]));
  const sourcesOf = (node: Node) => topologicalOrder([node]).filter((leaf) => frozen.has(leaf));
  const states = partsOf([...results.keys()], sourcesOf).flatMap((nodes) => {
    const named = new Map(nodes.map((node) => [leafName(results.get(node)!), node]));
    const part = new Part(onlyOutputs(graph, named), compute);
    return nodes.map((node): State => {
      const leaf = results.get(node)!;
      return { node: leaf, initial: () => part.take(leafName(leaf)) };
    });
  });
  const left = withLeaves(graph, results);
  const operations = (nodes: Iterable<Node>) => topologicalOrder(nodes).filter((node) => !isLeaf(node)).length;
  return {
    graph: left.with({ parameters: new Map([...left.parameters, ...states.map(named)]) }).pruned(),
    sources: new Set([...results.keys()].flatMap(sourcesOf).map(leafName)),
    results: new Set(states.map(({ node }) => leafName(node))),
    operations: operations(graph.roots()) - operations(left.roots()),
    bytes: states.reduce((sum, { node }) => sum + storageBytes(node), 0),
  };
}

const named = (state: State): [string, State] => [leafName(state.node), state];

/** Computed together, when one of them is asked for first; each is kept until then. */
class Part {
  private values = new Map<string, TypedArray>();

  constructor(
    private readonly graph: Graph,
    private readonly compute: Compute,
  ) {}

  async take(name: string): Promise<TypedArray> {
    if (!this.values.has(name)) this.values = new Map(await this.compute(this.graph));
    const values = this.values.get(name)!;
    this.values.delete(name);
    return values;
  }
}

/** The last nodes that follow from frozen leaves, without the views behind them. */
function foldedNodes(graph: Graph, frozen: ReadonlySet<Node>): Node[] {
  const fixed = new Set<Node>();
  const weighed = new Set<Node>();
  const found = new Set<Node>();
  const find = (node: Node) => {
    let at = node;
    while (!isLeaf(at) && opOf(at).kind === 'view') at = at.inputs[0]!;
    if (weighed.has(at) && !isLeaf(at)) found.add(at);
  };
  for (const node of graph.nodes()) {
    const isFixed = isLeaf(node)
      ? frozen.has(node) || node.op === 'constant' || node.op === 'literal'
      : node.inputs.every((input) => fixed.has(input));
    if (isFixed) fixed.add(node);
    else node.inputs.forEach(find);
    if (isFixed && (frozen.has(node) || node.inputs.some((input) => weighed.has(input)))) weighed.add(node);
  }
  graph.roots().forEach(find);
  return [...found];
}

/** Named by what it is, so that sessions which share weights share what is made of them. */
function asParameter(builder: GraphBuilder, node: Node): Node {
  const order = topologicalOrder([node]);
  const places = new Map(order.map((part, i) => [part, i]));
  const text = order.map(({ op, inputs, attrs, shape, dtype }) => {
    const operands = inputs.map((input) => places.get(input)!);
    return `${op}(${operands.join()}) ${toText(attrs)} ${dtype}[${shape.join()}]`;
  });
  return builder.leaf('parameter', `folded: ${text.join('; ')}`, node.shape, node.dtype);
}

/** Nodes that have a source in common, directly or by way of others, are in one part. */
function partsOf(nodes: readonly Node[], sourcesOf: (node: Node) => readonly Node[]): Node[][] {
  const union = new UnionFind();
  const elements = new Map<Node, number>();
  const elementOf = (source: Node): number => {
    const known = elements.get(source) ?? union.add();
    elements.set(source, known);
    return known;
  };
  const first = nodes.map((node) => {
    const [one, ...others] = sourcesOf(node).map(elementOf) as [number, ...number[]];
    for (const other of others) union.unite(one, other);
    return one;
  });
  const parts = new Map<number, Node[]>();
  nodes.forEach((node, i) => {
    const part = union.find(first[i]!);
    parts.set(part, [...(parts.get(part) ?? []), node]);
  });
  return [...parts.values()];
}

function onlyOutputs(graph: Graph, outputs: ReadonlyMap<string, Node>): Graph {
  return graph.with({ outputs, updates: new Map(), inputDefaults: new Map() }).pruned();
}

/** The graph with leaves in place of some nodes. */
function withLeaves(graph: Graph, leaves: ReadonlyMap<Node, Node>): Graph {
  return mapGraph(graph, (builder, node, copyOf) => leaves.get(node) ?? builder.over(node, node.inputs.map(copyOf)));
}
