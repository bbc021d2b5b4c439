import type { GraphBuilder } from '../../ir/build.js';
import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { mapGraph } from '../../ir/map-graph.js';
import { isContraction, opOf, reductionAxes } from '../../ir/ops/index.js';
import { usesOf, type Use } from './uses.js';

/**
 * Moves factors of whole rows from before products to behind them: (r·x)·W = r·(x·W). A product by normalised rows then
 * needs the rows' norms only when it is done, and can find them on its way (`RowSums`): RMSNorm (Zhang and Sennrich 2019,
 * arXiv:1910.07467) needs no kernel of its own. Only where nothing else needs the scaled rows, and in f32, whose range
 * has room for what is not scaled yet.
 */
export function delayRowScales(graph: Graph): Graph {
  const uses = usesOf(graph);
  return mapGraph(graph, (builder, node, copyOf) => {
    const scale = isContraction(node) ? rowScale(node.inputs[0]!, uses) : undefined;
    return scale
      ? delayed(builder, scale, copyOf(node.inputs[1]!), copyOf)
      : builder.over(node, node.inputs.map(copyOf));
  });
}

/** A left operand as rows·scales, seen through views that leave the rows whole, the outermost first. */
interface RowScale {
  readonly views: readonly Node[];
  readonly rows: readonly Node[];
  readonly scales: readonly Node[];
}

function rowScale(left: Node, uses: ReadonlyMap<Node, readonly Use[]>): RowScale | undefined {
  const views: Node[] = [];
  let base = left;
  while (isRowView(base)) {
    views.push(base);
    base = base.inputs[0]!;
  }
  const rowSize = base.shape.at(-1);
  if (base.dtype !== 'f32' || rowSize === 1 || !isMultiplication(base) || !isLeftOnly(base, uses)) return undefined;
  const factors = factorsOf(base, base, uses);
  const isScale = (factor: Node) => factor.shape.at(-1) === 1 && isOfRows(factor, base);
  const [scales, rows] = [factors.filter(isScale), factors.filter((factor) => !isScale(factor))];
  return scales.length > 0 && rows.length > 0 ? { views, rows, scales } : undefined;
}

function delayed(builder: GraphBuilder, scale: RowScale, right: Node, copyOf: (node: Node) => Node): Node {
  const { g } = builder;
  const product = (factors: readonly Node[]) => factors.map(copyOf).reduce((a, b) => g.mul(a, b)); // prettier-ignore
  const seen = (node: Node, rowSize: number) =>
    [...scale.views].reverse().reduce((x, view) => g.reshape(x, [...view.shape.slice(0, -1), rowSize]), node);
  const rows = product(scale.rows);
  return g.mul(g.matmul(seen(rows, rows.shape.at(-1)!), right), seen(product(scale.scales), 1));
}

/** A reshape of whole rows. */
function isRowView(node: Node): boolean {
  return node.op === 'reshape' && node.shape.at(-1) === node.inputs[0]!.shape.at(-1);
}

function isMultiplication(node: Node): boolean {
  const op = isLeaf(node) ? undefined : opOf(node);
  return op?.kind === 'map' && op.expression.kind === 'call' && op.expression.fn === 'mul' && op.expression.args.every(({ kind }) => kind === 'variable'); // prettier-ignore
}

/** Whether all that is made of a tensor are products whose left operand it is. */
function isLeftOnly(node: Node, uses: ReadonlyMap<Node, readonly Use[]>): boolean {
  return uses.get(node)!.every(({ user, operand }) => {
    if (user === 'root') return false;
    return isContraction(user) ? operand === 0 && user.inputs[1] !== node : isRowView(user) && isLeftOnly(user, uses);
  });
}

/** What a product of elements multiplies, those of its operands that serve nothing else taken apart too. */
function factorsOf(node: Node, whole: Node, uses: ReadonlyMap<Node, readonly Use[]>): Node[] {
  const isInner = node !== whole && uses.get(node)!.length > 1;
  if (!isMultiplication(node) || isInner || node.shape.length !== whole.shape.length) return [node];
  return node.inputs.flatMap((input) => factorsOf(input, whole, uses));
}

/** Whether maps of reductions of rows, such as those of `rows`, give it, all in one pass. */
function isOfRows(node: Node, rows: Node): boolean {
  if (isLeaf(node)) return false;
  const op = opOf(node);
  if (op.kind === 'reduction') {
    const [x] = node.inputs;
    return reductionAxes(node).join() === '-1' && x!.shape.join() === rows.shape.join() && !needsSums(x!);
  }
  return op.kind === 'map' && node.inputs.some((input) => isOfRows(input, rows));
}

/** Whether a sum must be there before these elements, as the mean of a LayerNorm before the squares. */
function needsSums(node: Node, depth = 2): boolean {
  if (isLeaf(node) || depth < 0) return false;
  const { kind } = opOf(node);
  return kind === 'reduction' || (kind === 'map' && node.inputs.some((input) => needsSums(input, depth - 1)));
}
