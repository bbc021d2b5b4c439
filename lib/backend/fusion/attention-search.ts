import { isFloat } from '../../ir/dtype.js';
import { isLeaf, type Node } from '../../ir/graph.js';
import { opOf, reductionAxes } from '../../ir/ops/index.js';
import { elementCount } from '../../ir/shape.js';
import { affine, dependsOn, type Affine, type Atom } from './affine.js';
import type { InnerProduct, Located, Softmax } from './attention.js';
import { baseOf, broadcastIndex, sameIndex, throughViews, type Space } from './space.js';

/** Operations between products and weights, at most: scale, masks and biases are few, and so is a softmax's gradient. */
const MOST_MAPS = 64;

/** Views that show each element once. */
const REARRANGING = new Set(['reshape', 'permute', 'transpose', 'unsqueeze', 'squeeze', 'broadcastTo', 'stopGradient']);

/** Follows what a product multiplies back to products of rows and columns, in the space of the outer one. */
export class AttentionSearch {
  /** What is computed from inner products, and these themselves. */
  readonly inner = new Set<Node>();
  /** Tensors that are read at other places than those of the element. */
  readonly outside = new Set<Node>();
  /** Each with an element for each row and column. */
  readonly products: InnerProduct[] = [];
  private readonly seen = new Map<Node, readonly Affine[]>();

  /** `key`: the summed dimension; `most`: inner products at most. */
  constructor(
    private readonly space: Space,
    readonly key: Atom,
    private readonly most: number,
  ) {}

  /** The index of the left operand's element in the own row at `key`. */
  get leftIndex(): readonly Affine[] {
    return [...this.space.atoms.slice(0, -1).map((atom) => affine(atom)), affine(this.key)];
  }

  softmax(node: Node, index: readonly Affine[]): { weights: Located; softmax: Softmax } | undefined {
    const weights = this.locate(node, index);
    let share = weights;
    while (share && isPartOfShare(share.node)) {
      this.inner.add(share.node);
      share = this.operand(share, share.node.op === 'where' ? 1 : 0);
    }
    if (share?.node.op !== 'div') return undefined;
    const [exp, sum] = [this.operand(share, 0), this.operand(share, 1)];
    if (exp?.node.op !== 'exp' || sum?.node.op !== 'sum' || !this.isOfRow(sum, exp)) return undefined;
    const difference = this.operand(exp, 0);
    if (difference?.node.op !== 'sub') return undefined;
    const [scores, max] = [this.operand(difference, 0), this.operand(difference, 1)];
    if (!scores || max?.node.op !== 'max' || !this.isOfRow(max, scores)) return undefined;
    for (const each of [share, exp, sum, difference, max]) this.inner.add(each.node);
    const rows = elementCount(node.shape) / this.key.extent;
    const path = [node, ...[...this.inner].flatMap(({ op, inputs }) => (op === 'where' ? inputs.slice(1) : inputs))];
    const areAllOnce =
      [max, sum].every((each) => elementCount(each.node.shape) === rows) && path.every(showsEachElementOnce);
    if (!this.dependsOnProduct(scores)) return undefined;
    return { weights: weights!, softmax: { scores, max, exp, sum, share, areAllOnce } };
  }

  /** Undefined where something is filled in for elements that are not there. */
  locate(node: Node, index: readonly Affine[]): Located | undefined {
    const { node: base, index: at, masks } = throughViews(this.space.algebra, node, index);
    if (masks.length === 0) return { node: base, index: at };
    this.outside.add(base);
    return undefined;
  }

  /**
   * Whether an element is an inner product's or computed from some by maps, all of which are inside then. These are the
   * first that have an element for each row and column.
   */
  dependsOnProduct(at: Located): boolean {
    const { node, index } = at;
    const known = this.seen.get(node);
    if (known) {
      // What is needed at two places is not there at both.
      if (!sameIndex(known, index)) this.outside.add(node);
      return this.inner.has(node);
    }
    if (isLeaf(node) || this.seen.size > MOST_MAPS) return false;
    this.seen.set(node, index);
    const { kind } = opOf(node);
    let depends = false;
    if (kind === 'contraction' && this.products.length < this.most) {
      const isTransposed = this.isOf(index, 'column');
      depends = isTransposed || this.isOf(index, 'row');
      if (depends) this.products.push({ ...at, isTransposed });
    } else if (kind === 'map') {
      const operands = node.inputs.map((_, i) => this.operand(at, i));
      depends = operands.filter((operand) => operand && this.dependsOnProduct(operand)).length > 0;
    }
    if (depends) this.inner.add(node);
    return depends;
  }

  private operand({ node, index }: Located, i: number): Located | undefined {
    const operand = node.inputs[i]!;
    return this.locate(operand, broadcastIndex(operand.shape, index));
  }

  /** Whether a reduction is that of the row of an element: of all columns. */
  private isOfRow({ node, index }: Located, element: Located): boolean {
    const [operand] = node.inputs as readonly [Node];
    const axes = reductionAxes(node);
    if (axes.length !== 1 || axes[0] !== -1 || operand.shape.at(-1) !== this.key.extent) return false;
    if (index.some((part) => dependsOn(part, this.key))) return false;
    const row = index.slice(0, operand.shape.length - 1);
    const at = this.locate(operand, [...row, affine(this.key)]);
    return at !== undefined && at.node === element.node && sameIndex(at.index, element.index);
  }

  /**
   * Whether the last dimensions are row and column of the left operand, or the other way round, and all others the same
   * for a whole tile of these. `first`: which of both comes first.
   */
  private isOf(index: readonly Affine[], first: 'row' | 'column'): boolean {
    const [row, column] = [this.space.atoms.at(-2)!, this.key];
    const last = (first === 'row' ? [row, column] : [column, row]).map((atom) => affine(atom));
    const rest = index.slice(0, -2);
    return sameIndex(index.slice(-2), last) && rest.every((part) => !dependsOn(part, row) && !dependsOn(part, column));
  }
}

/** Whether a map gives its operand (the second one of a choice) or 0: a sum of it can be divided later on. */
export function isPartOfShare(node: Node): boolean {
  if (isLeaf(node)) return false;
  if (node.op === 'cast') return isFloat(node.dtype) && isFloat(node.inputs[0]!.dtype);
  if (node.op !== 'where') return false;
  const otherwise = baseOf(node.inputs[2]!);
  return otherwise.op === 'constant' && otherwise.attrs['value'] === 0;
}

/** Whether the views in front of a tensor show all of its elements, each once or, by broadcasting, several times. */
function showsEachElementOnce(node: Node): boolean {
  for (let at = node; !isLeaf(at) && opOf(at).kind === 'view'; at = at.inputs[0]!) {
    if (!REARRANGING.has(at.op)) return false;
  }
  return true;
}
