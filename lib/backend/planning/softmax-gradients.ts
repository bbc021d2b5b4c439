import type { GraphBuilder } from '../../ir/build.js';
import { isHalf } from '../../ir/half.js';
import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { mapGraph } from '../../ir/map-graph.js';
import { isContraction, opOf, ops, reductionAxes } from '../../ir/ops/index.js';
import { elementCount, sameShape, type Shape } from '../../ir/shape.js';
import { affine, affineKey, dependsOn, type Affine } from '../fusion/affine.js';
import { isPartOfShare } from '../fusion/attention-search.js';
import { baseOf, broadcastIndex, sameIndex, Space, throughViews } from '../fusion/space.js';

/**
 * Writes the sums over rows that the gradient of a softmax subtracts as sums over the width of what the softmax weighs:
 * with weights w = P or a choice of P and 0, O = w·V and dP = dO·Vᵀ under the same choice,
 *
 *     Σₖ Pᵢₖ dPᵢₖ = Σₖ wᵢₖ Σₑ dOᵢₑ Vₖₑ = Σₑ dOᵢₑ Oᵢₑ
 *
 * (Dao et al. 2022, arXiv:2205.14135, appendix B.2). The gradient is then a map of dP's product, whose kernel computes it,
 * and rows have as many elements as the values are wide: where these are fewer. Products of what becomes of dP have it as their left operand.
 */
export function shortenSoftmaxGradients(graph: Graph): Graph {
  const nodes = graph.nodes();
  const weighed = weighedBy(nodes);
  if (weighed.size === 0) return graph;
  const positions = new Map(nodes.map((node, i) => [node, i]));
  const rows = new Map<Node, GradientRow>();
  for (const node of nodes) {
    const row = gradientRow(node, weighed);
    // What comes later is not copied yet.
    if (row && [row.upstream, row.output].every((each) => positions.get(each)! < positions.get(node)!)) {
      rows.set(node, row);
    }
  }
  if (rows.size === 0) return graph;
  const changes = new Set([...rows.values()].map(({ change }) => change));
  const weights = new Set([...rows.values()].map((row) => row.weights));
  return mapGraph(graph, (builder, node, copyOf) => {
    const row = rows.get(node);
    if (row) return inDType(builder, shortened(builder, node, row, copyOf), node.dtype);
    const taken = node.op === 'sub' && isHalf(node.dtype) ? rows.get(node.inputs[1]!) : undefined;
    if (taken) {
      // Of 16 bits, D would be rounded to be stored, and may be larger than all that is summed.
      const change = inDType(builder, copyOf(node.inputs[0]!), 'f32');
      const difference = builder.g.sub(change, shortened(builder, node.inputs[1]!, taken, copyOf));
      return inDType(builder, difference, node.dtype);
    }
    if (weights.has(node) && isHalf(node.dtype) && isSoftmax(node)) return widened(builder, node, copyOf);
    const inputs = node.inputs.map(copyOf);
    return isContraction(node) && isMapOf(node.inputs[1]!, changes)
      ? turned(builder, inputs)
      : builder.over(node, inputs);
  });
}

/** Whether a quotient is a softmax of rows as it is written out. */
function isSoftmax({ inputs: [exp, sum] }: Node): boolean {
  const [difference] = exp!.inputs;
  if (exp!.op !== 'exp' || difference!.op !== 'sub' || sum!.inputs[0] !== exp) return false;
  const [scores, max] = difference!.inputs;
  const isOfRows = (node: Node, op: string) =>
    node.op === op && reductionAxes(node).join() === '-1' && node.attrs['keepdims'] === true;
  return max!.inputs[0] === scores && isOfRows(max!, 'max') && isOfRows(sum!, 'sum');
}

/**
 * A softmax of 16 bits by way of f32, in which kernels compute it anyway: so that its greatest scores and sums, where
 * they are stored, are not rounded.
 */
function widened({ g }: GraphBuilder, node: Node, copyOf: (node: Node) => Node): Node {
  const scores = g.cast(copyOf(node.inputs[0]!.inputs[0]!.inputs[0]!), 'f32');
  const ofRows = { axes: -1, keepdims: true };
  const exp = g.exp(g.sub(scores, g.max(scores, ofRows)));
  return g.cast(g.div(exp, g.sum(exp, ofRows)), node.dtype);
}

/** A·B as (Bᵀ·Aᵀ)ᵀ: what changes scores becomes the left operand, which kernels compute while they multiply. */
function turned({ g }: GraphBuilder, [left, right]: readonly Node[]): Node {
  return g.transpose(g.matmul(g.transpose(right!), g.transpose(left!)));
}

/** Whether an operand is one of some products, or computed from it by a few maps of as many elements. */
function isMapOf(operand: Node, products: ReadonlySet<Node>, most = MOST_MAPS): boolean {
  const base = baseOf(operand);
  if (products.has(base)) return true;
  if (most === 0 || isLeaf(base) || opOf(base).kind !== 'map') return false;
  const isWhole = (input: Node) => elementCount(input.shape) === elementCount(base.shape);
  return base.inputs.some((input) => isWhole(input) && isMapOf(input, products, most - 1));
}

/** Operations between dP and what a product of the gradient multiplies: choices, the softmax, and scales. */
const MOST_MAPS = 8;

/** Operands of Σ dO·O, [...rows, width]. */
interface GradientRow {
  /** The softmax. */
  readonly weights: Node;
  /** The product dP. */
  readonly change: Node;
  readonly upstream: Node;
  readonly output: Node;
}

/** D of the shape of what it takes the place of; in f32 where that has 16 bits. */
function shortened(builder: GraphBuilder, node: Node, row: GradientRow, copyOf: (node: Node) => Node): Node {
  const { g } = builder;
  const [upstream, output] = [row.upstream, row.output].map((each) => {
    const copy = copyOf(each);
    return isHalf(copy.dtype) ? inDType(builder, copy, 'f32') : copy;
  });
  return g.reshape(g.sum(g.mul(upstream!, output!), { axes: -1 }), node.shape);
}

function inDType({ g }: GraphBuilder, node: Node, dtype: Node['dtype']): Node {
  return node.dtype === dtype ? node : g.cast(node, dtype);
}

/** Products by what is a quotient behind choices and views, by the quotient. */
function weighedBy(nodes: readonly Node[]): ReadonlyMap<Node, readonly Node[]> {
  const found = new Map<Node, Node[]>();
  for (const node of nodes) {
    if (!isContraction(node)) continue;
    let base = baseOf(node.inputs[0]!);
    while (isPartOfShare(base)) base = baseOf(passedOperand(base));
    if (base.op === 'div') found.set(base, [...(found.get(base) ?? []), node]);
  }
  return found;
}

function gradientRow(sum: Node, weighed: ReadonlyMap<Node, readonly Node[]>): GradientRow | undefined {
  if (sum.op !== 'sum' || reductionAxes(sum).join() !== '-1') return undefined;
  const product = sum.inputs[0]!;
  if (product.op !== 'mul' || !product.inputs.every(({ shape }) => sameShape(shape, product.shape))) return undefined;
  const space = new Space(product.shape);
  const index = space.atoms.map((atom) => affine(atom));
  const parts = product.inputs.map((input) => behindChoices(space, input, index));
  const weights = parts.find((part) => part && weighed.has(part.node));
  const change = parts.find((part) => part && part !== weights);
  if (!weights || !change || !isContraction(change.node)) return undefined;
  const key = space.atoms.at(-1)!;
  const row = change.index.slice(0, -1);
  if (!sameIndex(change.index.slice(-1), [affine(key)]) || row.some((part) => dependsOn(part, key))) return undefined;
  const [upstream, values] = change.node.inputs as readonly [Node, Node];
  // To go through dO and O takes as long then as through dP.
  if (upstream.shape.at(-1)! >= key.extent) return undefined;
  const rows = change.node.shape.slice(0, -1);
  if (!areReshaped(space, rows, row) || !sameShape(upstream.shape.slice(0, -1), rows)) return undefined;
  const choices = [...weights.choices, ...change.choices];
  const output = weighed.get(weights.node)!.find((candidate) => {
    const [left, right] = candidate.inputs as readonly [Node, Node];
    if (!sameShape(candidate.shape, upstream.shape) || !sameShape(left.shape, change.node.shape)) return false;
    const own = behindChoices(space, left, change.index);
    const isSame = own && own.node === weights.node && sameIndex(own.index, weights.index);
    return isSame && areSameChoices(own.choices, choices) && areTransposed(space, values, right, row.slice(0, -1));
  });
  return output && { weights: weights.node, change: change.node, upstream, output };
}

/** Whether rows of a product are those of the space, one after the other. `row`: the index of the product's. */
function areReshaped(space: Space, rows: Shape, row: readonly Affine[]): boolean {
  const own = space.full.slice(0, -1);
  if (elementCount(rows) !== elementCount(own)) return false;
  const index = space.atoms.slice(0, -1).map((atom) => affine(atom));
  return sameIndex(ops.reshape.source(space.algebra, index, rows, own, {}), row);
}

/** Whether the matrices [width, keys] of `a` are those [keys, width] of `b`. */
function areTransposed({ algebra, atoms }: Space, a: Node, b: Node, batch: readonly Affine[]): boolean {
  const [width, keys] = a.shape.slice(-2);
  if (b.shape.at(-1) !== width || b.shape.at(-2) !== keys) return false;
  const [column, key] = [affine({ text: 'column', extent: width! }), affine(atoms.at(-1)!)];
  const [x, y] = [
    throughViews(algebra, a, [...broadcastIndex(a.shape.slice(0, -2), batch), column, key]),
    throughViews(algebra, b, [...broadcastIndex(b.shape.slice(0, -2), batch), key, column]),
  ];
  return x.node === y.node && sameIndex(x.index, y.index) && x.masks.length + y.masks.length === 0;
}

interface Chosen {
  readonly node: Node;
  readonly index: readonly Affine[];
  /** What must hold for the element not to be 0 in its place, each with its index as text. */
  readonly choices: readonly (readonly [Node, string])[];
}

/** Follows views, choices of an element or 0, and roundings; undefined where a view fills something in. */
function behindChoices(space: Space, node: Node, index: readonly Affine[]): Chosen | undefined {
  const choices: (readonly [Node, string])[] = [];
  let at = throughViews(space.algebra, node, index);
  while (at.masks.length === 0 && isPartOfShare(at.node)) {
    if (at.node.op === 'where') {
      const condition = at.node.inputs[0]!;
      const source = throughViews(space.algebra, condition, broadcastIndex(condition.shape, at.index));
      if (source.masks.length > 0) return undefined;
      choices.push([source.node, source.index.map(affineKey).join()]);
    }
    const operand = passedOperand(at.node);
    at = throughViews(space.algebra, operand, broadcastIndex(operand.shape, at.index));
  }
  return at.masks.length === 0 ? { node: at.node, index: at.index, choices } : undefined;
}

const passedOperand = (node: Node) => node.inputs[node.op === 'where' ? 1 : 0]!;

/** Whether the same must hold, in whatever order and however often it is asked. */
function areSameChoices(a: Chosen['choices'], b: Chosen['choices']): boolean {
  const isAmong = (others: Chosen['choices']) => (choice: Chosen['choices'][number]) =>
    others.some(([node, index]) => node === choice[0] && index === choice[1]);
  return a.every(isAmong(b)) && b.every(isAmong(a));
}
