import { isFloat } from '../../ir/dtype.js';
import type { Node } from '../../ir/graph.js';
import { elementCount, sameShape } from '../../ir/shape.js';
import type { Affine, Atom } from './affine.js';
import { AttentionSearch } from './attention-search.js';
import { baseOf, type Space } from './space.js';

/** An element of a tensor that no view stands before, by an index in a kernel's space. */
export interface Located {
  readonly node: Node;
  readonly index: readonly Affine[];
}

/** A product with an element for each row and column of what the outer product multiplies. */
export interface InnerProduct extends Located {
  /** Its rows are columns there. */
  readonly isTransposed: boolean;
}

/** The softmax: of `scores`, by the greatest of the row, e to the score less that, their sum, and the share in it. */
export interface Softmax {
  readonly scores: Located;
  readonly max: Located;
  readonly exp: Located;
  readonly sum: Located;
  readonly share: Located;
  /** Whether the greatest scores and the sums of all rows are each that of one row of the product. */
  readonly areAllOnce: boolean;
}

/**
 * What a product of weights and values computes besides itself where the weights are a softmax of scores, and the scores
 * maps of a product of queries and keys: all of it becomes one kernel, and neither scores nor weights are stored. Or what
 * a gradient of that computes, whose weights are maps of such products and of what is known of each row.
 * Elements are those of a row and a column `key` of the weights, in the space of the product.
 */
export interface Attention {
  /** The summed dimension: a column of the weights. */
  readonly key: Atom;
  /** Of queries and keys; in gradients also that of the result's gradient and values. */
  readonly products: readonly InnerProduct[];
  /** Where the weights are one. */
  readonly softmax: Softmax | undefined;
  /** What the values are multiplied by: of a softmax its share, or 0 in its place where something does not hold. */
  readonly weights: Located;
  /** Operations that only such products need, and that are nowhere stored, but for those in `kept`. */
  readonly inner: ReadonlySet<Node>;
  /** What is stored of the softmax: its greatest scores and sums, where gradients need them. */
  readonly kept: readonly Located[];
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

export function attentionShape(node: Node, { products }: Pick<Attention, 'products'>): AttentionShape {
  const [weights, values] = node.inputs as readonly [Node, Node];
  const [rows, width] = [node.shape.at(-2)!, values.shape.at(-1)!];
  return {
    batches: elementCount(node.shape) / (rows * width),
    rows,
    keys: weights.shape.at(-1)!,
    depth: products[0]!.node.inputs[0]!.shape.at(-1)!,
    width,
  };
}

/** Nodes, and what the graph returns, that use each tensor that no view stands before. */
export type Users = ReadonlyMap<Node, ReadonlySet<Node | 'root'>>;

/** The attention that a product is the last step of; undefined where it is none. `space`: that of the product. */
export function findAttention(node: Node, space: Space): Attention | undefined {
  const search = searchFrom(node, space, 1);
  const found = search?.softmax(node.inputs[0]!, search.leftIndex);
  return found && attentionOf(node, search!, found);
}

/** The gradient of an attention that a product is the last step of: one with weights that are maps of inner products. */
export function findGradient(node: Node, space: Space): Attention | undefined {
  const search = searchFrom(node, space, 2);
  const weights = search?.locate(node.inputs[0]!, search.leftIndex);
  if (!weights || !search?.dependsOnProduct(weights) || search.inner.has(baseOf(node.inputs[1]!))) return undefined;
  // A product itself is no map of one.
  if (search.products.some((product) => product.node === weights.node)) return undefined;
  return attentionOf(node, search, { weights, softmax: undefined });
}

/** Whether some operations serve each other and `homes` only. */
export function areOnlyFor(inner: ReadonlySet<Node>, homes: ReadonlySet<Node>, users: Users): boolean {
  const isInside = (user: Node | 'root') => user !== 'root' && (inner.has(user) || homes.has(user));
  return [...inner].every((each) => [...users.get(each)!].every(isInside));
}

function searchFrom(node: Node, space: Space, most: number): AttentionSearch | undefined {
  const [left] = node.inputs as readonly [Node, Node];
  if (!isFloat(node.dtype) || elementCount(node.shape) === 0 || elementCount(left.shape) === 0) return undefined;
  // Weights that serve several products would be computed for each of them.
  if (!sameShape(left.shape.slice(0, -1), node.shape.slice(0, -1))) return undefined;
  return new AttentionSearch(space, { text: 'key', extent: left.shape.at(-1)! }, most);
}

function attentionOf(
  node: Node,
  { inner, outside, products, key }: AttentionSearch,
  found: Pick<Attention, 'weights' | 'softmax'>,
): Attention | undefined {
  const values = baseOf(node.inputs[1]!);
  if ([...outside, values].some((base) => inner.has(base))) return undefined;
  const bases = [values, ...[...inner].flatMap((each) => each.inputs.map(baseOf))];
  const operands = new Set(bases.filter((base) => !inner.has(base)));
  return { ...found, key, products, inner, kept: [], operands };
}
