import { EGraph, init } from 'egglog-wasm';
import { GraphBuilder } from '../ir/build.js';
import { GraphError } from '../ir/errors.js';
import { isLeaf, type Attributes, type AttributeValue, type Graph, type Node } from '../ir/graph.js';
import { opList } from '../ir/ops/index.js';
import type { OpDefinition } from '../ir/ops/define.js';
import { sameShape, showShape } from '../ir/shape.js';
import { readCandidates, type Candidate, type Candidates } from './candidates.js';
import { operationCost, type AdapterRates } from './cost.js';
import { encode } from './encode.js';
import { extract } from './extract.js';
import { broadcastRules, compositeRules, foldRules, ruleFiles, schema, typeRules } from './generated/program.js';
import { constructorName } from './names.js';
import { registerPrimitives } from './primitives.js';

/** What rewriting did. */
export interface RewriteReport {
  /** Matches of each rule, most first; bookkeeping rules (types, operand order) left out. */
  readonly rules: Readonly<Record<string, number>>;
  /** Predicted microseconds of the chosen program. */
  readonly predictedMicroseconds: number;
  /** Rows of the e-graph at the end. */
  readonly size: number;
  readonly rounds: number;
  readonly milliseconds: number;
}

/** One round: everything that must hold before the other rules look, then each of those once. */
const ROUND = `(run-schedule
  (saturate (seq (saturate (run types)) (saturate (run folding))))
  (saturate (run commutativity)) (saturate (run types))
  (run algebra) (run views) (run broadcasts) (run composites))`;
const MOST_ROUNDS = 16;
const bookkeeping = /^type of |^a [+*] b = |^max\(a, b\) = |^\(a = b\) = /;

const byConstructor = new Map(opList.map((op) => [constructorName(op.name), op]));

/**
 * Rewrites a graph by equality saturation: all rules at once on an e-graph of the whole graph, then the cheapest
 * program that computes the same outputs and updates. Leaves keep their identity, nodes their scope.
 */
export async function optimize(graph: Graph, rates: AdapterRates): Promise<{ graph: Graph; report: RewriteReport }> {
  await init();
  const start = performance.now();
  const egraph = new EGraph();
  try {
    const nodes = graph.nodes();
    egraph.run(schema);
    registerPrimitives(egraph);
    egraph.run([typeRules, foldRules, broadcastRules, ...Object.values(ruleFiles), compositeRules].join('\n'));
    const { entries, indices } = encode(nodes);
    const values = egraph.insert(entries);
    const rounds = saturate(egraph, mostRows(nodes.length));

    const canonical = egraph.find(
      'Tensor',
      nodes.map((node) => values[indices.get(node)!]!),
    );
    const candidates = readCandidates(egraph);
    const classOf = new Map(nodes.map((node, i) => [node, candidates.classOf(canonical[i]!)]));
    const costs = Float64Array.from(candidates.nodes, (candidate, i) =>
      candidates.usable[i] ? candidateCost(candidate, candidates, rates) : Infinity,
    );
    const roots = graph.roots().map((node) => classOf.get(node)!);
    const { picks, cost } = extract(candidates, costs, roots);
    const optimized = rebuild(graph, candidates, picks, classOf);
    const rules = egraph.report().rules.filter(({ name, matches }) => matches > 0 && !bookkeeping.test(name));
    return {
      graph: optimized,
      report: {
        rules: Object.fromEntries(
          rules.sort((a, b) => b.matches - a.matches).map(({ name, matches }) => [name, matches]),
        ),
        predictedMicroseconds: cost,
        size: egraph.size,
        rounds,
        milliseconds: performance.now() - start,
      },
    };
  } finally {
    egraph.free();
  }
}

/** Rows that an e-graph may have: rules that saturate stay far below, those that do not must end somewhere. */
function mostRows(nodes: number): number {
  return 5000 + 50 * nodes;
}

/** Rounds until nothing is added any more, or the e-graph is as large as it may get. */
function saturate(egraph: EGraph, mostRows: number): number {
  for (let round = 1; ; round++) {
    const before = egraph.size;
    egraph.run(ROUND);
    if (egraph.size === before || round === MOST_ROUNDS || egraph.size > mostRows) return round;
  }
}

function candidateCost(candidate: Candidate, { types }: Candidates, rates: AdapterRates): number {
  const op = byConstructor.get(candidate.constructor);
  if (!op) return 0;
  const operands = candidate.operands.map((index) => types[index]!);
  return operationCost(op, operands, types[candidate.result]!, attributesOf(op, candidate), rates);
}

function attributesOf(op: OpDefinition, { attributes }: Candidate): Attributes {
  return Object.fromEntries(op.signature.attributes.map(({ name }, i) => [name, attributes[i] as AttributeValue]));
}

/** The chosen candidates as a graph. */
function rebuild(graph: Graph, candidates: Candidates, picks: Int32Array, classOf: ReadonlyMap<Node, number>): Graph {
  const builder = new GraphBuilder();
  const made = new Map<number, Node>();
  const scopes = new Map<number, string>();
  for (const [node, index] of classOf) {
    if (isLeaf(node) && node.op !== 'constant') {
      builder.adopt([node]);
      made.set(index, node);
    }
    if (!scopes.has(index) && node.scope !== '') scopes.set(index, node.scope);
  }
  const make = (root: number): Node => {
    const stack: { index: number; scope: string }[] = [{ index: root, scope: '' }];
    while (stack.length > 0) {
      const { index, scope: userScope } = stack[stack.length - 1]!;
      const { constructor, operands } = candidates.nodes[picks[index]!]!;
      // A node that rules made belongs to the module of the node that uses it.
      const scope = scopes.get(index) ?? userScope;
      const missing = operands.filter((operand) => !made.has(operand));
      if (!made.has(index) && missing.length > 0) {
        stack.push(...missing.map((operand) => ({ index: operand, scope })));
        continue;
      }
      stack.pop();
      if (made.has(index)) continue;
      const inputs = operands.map((operand) => made.get(operand)!);
      made.set(
        index,
        builder.within(scope, () => makeNode(builder, candidates, picks[index]!, constructor, inputs)),
      );
    }
    return made.get(root)!;
  };
  const rebuilt = (named: ReadonlyMap<string, Node>) =>
    new Map([...named].map(([name, node]) => [name, make(classOf.get(node)!)]));
  return graph.with({ outputs: rebuilt(graph.outputs), updates: rebuilt(graph.updates) });
}

function makeNode(
  builder: GraphBuilder,
  { nodes, types }: Candidates,
  pick: number,
  constructor: string,
  inputs: readonly Node[],
): Node {
  const candidate = nodes[pick]!;
  const type = types[candidate.result]!;
  if (constructor === 'Constant') return builder.constant(candidate.attributes[0] as number, type.dtype);
  const op = byConstructor.get(constructor);
  if (!op) throw new GraphError(`rewriting: the leaf ${constructor} ${String(candidate.attributes[0])} is new`);
  const node = builder.add(op.name, inputs, attributesOf(op, candidate));
  if (!sameShape(node.shape, type.shape) || node.dtype !== type.dtype) {
    const expected = `${type.dtype}${showShape(type.shape)}`;
    throw new GraphError(`rewriting: ${op.name} gives ${node.dtype}${showShape(node.shape)} where ${expected} stood`);
  }
  return node;
}
