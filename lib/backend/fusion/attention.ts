import { isFloat } from '../../ir/dtype.js';
import { isLeaf, type Node } from '../../ir/graph.js';
import { opOf, reductionAxes } from '../../ir/ops/index.js';
import { elementCount, sameShape } from '../../ir/shape.js';
import { affine, dependsOn, type Affine, type Atom } from './affine.js';
import { baseOf, broadcastIndex, sameIndex, throughViews, type Space } from './space.js';

/** An element of a tensor that no view stands before, by an index in a kernel's space. */
export interface Located {
  readonly node: Node;
  readonly index: readonly Affine[];
}

/**
 * What a product of weights and values computes besides itself where the weights are a softmax of scores, and the scores
 * maps of a product of queries and keys: all of it becomes one kernel, and neither scores nor weights are stored.
 * Elements are those of a row and a column `key` of the weights, in the space of the product.
 */
export interface Attention {
  /** The summed dimension: a column of the scores. */
  readonly key: Atom;
  /** The product of queries and keys. */
  readonly product: Located;
  /** What the softmax is of: maps of the product and of other tensors. */
  readonly scores: Located;
  /** The softmax: the greatest score of the row, e to the score less that, and its share in the sum of the row. */
  readonly max: Located;
  readonly exp: Located;
  readonly share: Located;
  /** What the values are multiplied by: the share itself, or 0 in its place where something does not hold. */
  readonly weights: Located;
  /** Operations that only the product needs, and that are nowhere stored. */
  readonly inner: ReadonlySet<Node>;
  /** Tensors that these and the product read, behind views. */
  readonly operands: ReadonlySet<Node>;
}

/** How much there is of each dimension. */
export interface AttentionShape {
  readonly batches: number;
  readonly rows: number;
  readonly keys: number;
  /** Of the vectors whose products are the scores, and of the values. */
  readonly depth: number;
  readonly width: number;
}

/** Operations between the product of queries and keys and the softmax, at most: scale, masks and biases are few. */
const MOST_MAPS = 64;

export function attentionShape(node: Node, { product }: Pick<Attention, 'product'>): AttentionShape {
  const [weights, values] = node.inputs as readonly [Node, Node];
  const [rows, width] = [node.shape.at(-2)!, values.shape.at(-1)!];
  return {
    batches: elementCount(node.shape) / (rows * width),
    rows,
    keys: weights.shape.at(-1)!,
    depth: product.node.inputs[0]!.shape.at(-1)!,
    width,
  };
}

/**
 * The attention that a product is the last step of; undefined where it is none, or where something else needs what
 * happens inside. `space`: that of the product; `users`: those of each tensor that no view stands before.
 */
export function findAttention(
  node: Node,
  space: Space,
  users: ReadonlyMap<Node, ReadonlySet<Node | 'root'>>,
): Attention | undefined {
  const [left, values] = node.inputs as readonly [Node, Node];
  if (!isFloat(node.dtype) || elementCount(node.shape) === 0 || elementCount(left.shape) === 0) return undefined;
  // Weights that serve several products would be computed for each of them.
  if (!sameShape(left.shape.slice(0, -1), node.shape.slice(0, -1))) return undefined;
  const key: Atom = { text: 'key', extent: left.shape.at(-1)! };
  const search = new Search(space, key);
  const found = search.softmax(left, [...space.atoms.slice(0, -1).map((atom) => affine(atom)), affine(key)]);
  const { inner, outside } = search;
  if (!found || [...outside, baseOf(values)].some((base) => inner.has(base))) return undefined;
  const isInside = (user: Node | 'root') => user !== 'root' && (inner.has(user) || user === node);
  if (![...inner].every((each) => [...users.get(each)!].every(isInside))) return undefined;
  const bases = [baseOf(values), ...[...inner].flatMap((each) => each.inputs.map(baseOf))];
  return { ...found, key, inner, operands: new Set(bases.filter((base) => !inner.has(base))) };
}

class Search {
  /** What is computed from the product of queries and keys, and that itself. */
  readonly inner = new Set<Node>();
  /** Tensors that are read at other places than those of the element. */
  readonly outside = new Set<Node>();
  private readonly seen = new Map<Node, readonly Affine[]>();
  private product: Located | undefined;

  constructor(
    private readonly space: Space,
    private readonly key: Atom,
  ) {}

  softmax(node: Node, index: readonly Affine[]): Omit<Attention, 'key' | 'inner' | 'operands'> | undefined {
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
    if (!this.dependsOnProduct(scores) || !this.product) return undefined;
    return { product: this.product, scores, max, exp, share, weights: weights! };
  }

  /** Undefined where something is filled in for elements that are not there. */
  private locate(node: Node, index: readonly Affine[]): Located | undefined {
    const { node: base, index: at, masks } = throughViews(this.space.algebra, node, index);
    if (masks.length === 0) return { node: base, index: at };
    this.outside.add(base);
    return undefined;
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
   * Whether an element is the product's or computed from it by maps, all of which are inside then. The product is the
   * first that has an element for each row and column.
   */
  private dependsOnProduct(at: Located): boolean {
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
    if (kind === 'contraction' && !this.product && this.isOfRowAndKey(index)) {
      this.product = at;
      depends = true;
    } else if (kind === 'map') {
      const operands = node.inputs.map((_, i) => this.operand(at, i));
      depends = operands.filter((operand) => operand && this.dependsOnProduct(operand)).length > 0;
    }
    if (depends) this.inner.add(node);
    return depends;
  }

  /** Whether the last dimensions are row and column, and all others the same for a whole tile of these. */
  private isOfRowAndKey(index: readonly Affine[]): boolean {
    const row = this.space.atoms.at(-2)!;
    const rest = index.slice(0, -2);
    return (
      sameIndex(index.slice(-2), [affine(row), affine(this.key)]) &&
      rest.every((part) => !dependsOn(part, row) && !dependsOn(part, this.key))
    );
  }
}

/** Whether a map gives its operand (the second one of a choice) or 0: a sum of it can be divided later on. */
function isPartOfShare(node: Node): boolean {
  if (isLeaf(node)) return false;
  if (node.op === 'cast') return isFloat(node.dtype) && isFloat(node.inputs[0]!.dtype);
  if (node.op !== 'where') return false;
  const otherwise = baseOf(node.inputs[2]!);
  return otherwise.op === 'constant' && otherwise.attrs['value'] === 0;
}
