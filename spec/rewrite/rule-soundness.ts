import type { EGraph } from 'egglog-wasm';
import { GraphBuilder } from '../../lib/ir/build.js';
import { MeganeuraError } from '../../lib/ir/errors.js';
import { leafName, topologicalOrder, type Node } from '../../lib/ir/graph.js';
import { evaluateNodes, type Values } from '../../lib/ir/interpret.js';
import { attributesOf, operationOf, readCandidates } from '../../lib/rewrite/candidates.js';
import { encode } from '../../lib/rewrite/encode.js';
import { wholeGraph } from '../../lib/rewrite/regions.js';
import { worstError } from '../values.js';
import { InstanceMaker, isOfType } from './rule-instances.js';
import { Random } from './random.js';
import type { RuleText } from './rule-text.js';

/** Graphs in one e-graph at a time. */
const BATCH = 60;

/** How often a rule was tried, how often it applied, and to how many graphs that differ from what it looks for. */
export interface Trial {
  readonly fired: number;
  readonly made: number;
  readonly firedAltered: number;
  readonly madeAltered: number;
}

/**
 * Applies a rule alone to random graphs that look like its left side until it applied to `count` of them, and compares
 * every two ways to compute a tensor that it made equal, in f64. Throws where they differ in type or value by more than
 * `tolerance`.
 */
export function tryRule(egraph: EGraph, rule: RuleText, count: number, tolerance: number): Trial {
  const maker = new InstanceMaker(rule);
  const trial = { fired: 0, made: 0, firedAltered: 0, madeAltered: 0 };
  const random = new Random(1);
  const mostMade = 2000 + 100 * count;
  const mostDrawn = 20 * mostMade;
  for (let drawn = 0; trial.fired < count && trial.made < mostMade && drawn < mostDrawn;) {
    const builder = new GraphBuilder();
    const values = new Map<string, Float64Array>();
    const roots: Node[] = [];
    for (; roots.length < Math.min(BATCH, 3 * count) && drawn < mostDrawn; drawn++) {
      const root = maker.make(builder, random, `${drawn} `, values);
      if (root && hasValues(root, values)) roots.push(root);
    }
    trial.made += roots.length;
    if (roots.length > 0) trial.fired += applied(egraph, rule, roots, values, tolerance);
  }
  const builder = new GraphBuilder();
  const roots: Node[] = [];
  for (let drawn = 0; roots.length < Math.min(BATCH, count) && drawn < mostDrawn; drawn++) {
    const root = maker.make(builder, random, `${drawn} `, new Map(), maker.altered(random));
    if (root) roots.push(root);
  }
  trial.madeAltered = roots.length;
  if (roots.length > 0) trial.firedAltered = matches(egraph, rule, roots);
  return trial;
}

/** To how many of the graphs the rule applied. */
function applied(
  egraph: EGraph,
  rule: RuleText,
  roots: readonly Node[],
  leafValues: ReadonlyMap<string, Float64Array>,
  tolerance: number,
): number {
  return alone(egraph, rule, roots, (nodes, values) => {
    const { found: candidates, classOf } = readCandidates(egraph);
    const canonical = egraph.find('Tensor', values);
    const known = new Map<number, Values>();
    const exact = evaluateNodes(roots, (leaf) => leafValues.get(leafName(leaf))!);
    nodes.forEach((node, i) => known.set(classOf(canonical[i]!), exact.get(node)!));
    const valueOf = (index: number): Values => {
      const value = known.get(index) ?? evaluate(candidates.classes[index]![0]!)!;
      known.set(index, value);
      return value;
    };
    const evaluate = (at: number): Values | undefined => {
      const candidate = candidates.nodes[at]!;
      const { shape, dtype } = candidates.types[candidate.result]!;
      const builder = new GraphBuilder();
      if (candidate.constructor === 'Constant') return Float64Array.of(candidate.attributes[0] as number);
      const op = operationOf(candidate);
      if (!op) return undefined;
      const operands = candidate.operands.map((operand, i) => {
        const type = candidates.types[operand]!;
        return builder.leaf('input', `${i}`, type.shape, type.dtype);
      });
      const node = builder.add(op.name, operands, attributesOf(op, candidate));
      if (!isOfType(node, shape, dtype)) throw new Error(`${op.name} gives ${node.dtype}[${node.shape.join()}]`);
      return evaluateNodes([node], (leaf) => valueOf(candidate.operands[Number(leafName(leaf))]!)).get(node)!;
    };
    candidates.classes.forEach((alternatives, index) => {
      if (alternatives.length < 2) return;
      for (const at of alternatives) {
        const actual = evaluate(at);
        if (!actual) continue;
        const { error } = worstError(actual, valueOf(index));
        if (error <= tolerance) continue;
        const { constructor, operands } = candidates.nodes[at]!;
        const given = operands.map((operand) => `${candidates.types[operand]!.dtype}[${candidates.types[operand]!.shape.join()}] ${show(valueOf(operand))}`); // prettier-ignore
        throw new Error(`${constructor}(${given.join('; ')}) is ${show(actual)}, not ${show(valueOf(index))}`);
      }
    });
    return firedRoots(egraph, roots, nodes, values);
  });
}

function matches(egraph: EGraph, rule: RuleText, roots: readonly Node[]): number {
  return alone(egraph, rule, roots, (nodes, values) => firedRoots(egraph, roots, nodes, values));
}

/** Whether the interpreter can compute it: the maximum of nothing has no value. */
function hasValues(root: Node, values: ReadonlyMap<string, Float64Array>): boolean {
  try {
    evaluateNodes([root], (leaf) => values.get(leafName(leaf))!);
    return true;
  } catch (error) {
    if (error instanceof MeganeuraError) return false;
    throw error;
  }
}

/** Roots that can be computed in another way than before. */
function firedRoots(egraph: EGraph, roots: readonly Node[], nodes: readonly Node[], values: readonly number[]): number {
  const { found: candidates, classOf } = readCandidates(egraph);
  const found = egraph.find('Tensor', values);
  const canonical = new Map(nodes.map((node, i) => [node, found[i]!]));
  return roots.filter((root) => candidates.classes[classOf(canonical.get(root)!)]!.length > 1).length;
}

function alone<T>(
  egraph: EGraph,
  { text, ruleset }: RuleText,
  roots: readonly Node[],
  body: (nodes: readonly Node[], values: readonly number[]) => T,
): T {
  egraph.run('(push)');
  try {
    egraph.run(ruleset === 'types' ? text : `(ruleset ${ruleset})\n${text}`);
    const nodes = topologicalOrder(roots);
    const { entries, indices } = encode([wholeGraph(nodes)]);
    // What a rule says of frozen tensors holds for any.
    const facts = entries.flatMap(({ 0: head }, i) => (head === 'set' ? [] : [['Frozen', i], ['Weighed', i]] as const)); // prettier-ignore
    const inserted = egraph.insert([...entries, ...facts]);
    egraph.run(`(run-schedule (run ${ruleset}) (saturate (run types)))`);
    return body(
      nodes,
      indices[0]!.map((index) => inserted[index]!),
    );
  } finally {
    egraph.run('(pop)');
  }
}

function show(values: Values): string {
  return `[${Array.from(values.slice(0, 6)).join(', ')}${values.length > 6 ? ', …' : ''}]`;
}
