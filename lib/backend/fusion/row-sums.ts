import type { Node } from '../../ir/graph.js';
import { isLeaf } from '../../ir/graph.js';
import { opOf, ops, reductionAxes } from '../../ir/ops/index.js';
import { elementCount, sameShape, type Shape } from '../../ir/shape.js';
import { affine, zero, type Affine } from './affine.js';
import { broadcastIndex, sameIndex, throughViews, type Space } from './space.js';

/**
 * Reductions over the rows of a product's left operand, or of tensors of its shape, that are found on the way through the
 * product, which has all of a row's elements at hand once; and maps of the results, which its epilogue computes.
 */
export class RowSums {
  readonly reductions: readonly Node[];

  /**
   * `members`: the reductions, what they reduce, and maps of the results, in the order they can be computed; `full`: the
   * shape that is reduced; `product`: the contraction; `space`: that of its results.
   */
  constructor(
    readonly members: readonly Node[],
    private readonly full: Shape,
    readonly product: Node,
    private readonly space: Space,
  ) {
    this.reductions = members.filter((member) => opOf(member).kind === 'reduction');
  }

  /** The index of what is reduced at `inner` of the row `outer` of the left operand. */
  at(outer: Affine, inner: Affine): readonly Affine[] {
    const { shape } = this.product.inputs[0]!;
    const batch = this.space.atoms.slice(0, -2).map((atom) => affine(atom));
    const index = [...broadcastIndex(shape.slice(0, -2), batch), outer, inner];
    return ops.reshape.source(this.space.algebra, index, this.full, shape, {});
  }

  /** The index of the own row in a tensor with one element for each row, undefined where it has another shape. */
  indexOf(shape: Shape): readonly Affine[] | undefined {
    const rows = this.full.slice(0, -1);
    const row = this.at(affine(this.space.atoms.at(-2)!), zero).slice(0, -1);
    return sameShape(shape, rows) ? row : sameShape(shape, [...rows, 1]) ? [...row, zero] : undefined;
  }

  /** Whether the left operand is, element by element, what a view of a tensor of the reduced shape has there. */
  isBeside(loaded: Node): boolean {
    const { shape } = this.product.inputs[0]!;
    const [outer, inner] = [
      { text: 'probe_outer', extent: shape.at(-2)! },
      { text: 'probe_inner', extent: shape.at(-1)! },
    ].map((atom) => affine(atom));
    const batch = this.space.atoms.slice(0, -2).map((atom) => affine(atom));
    const index = [...broadcastIndex(shape.slice(0, -2), batch), outer!, inner!];
    const source = throughViews(this.space.algebra, this.product.inputs[0]!, index);
    return sameShape(loaded.shape, this.full) && source.masks.length === 0 && sameIndex(source.index, this.at(outer!, inner!)); // prettier-ignore
  }

  /** Whether `node`, at an index of the space, uses the sums of no other row. `isLoaded`: whether a tensor is in a buffer. */
  areOwn(node: Node, index: readonly Affine[], isLoaded: (node: Node) => boolean): boolean {
    const source = throughViews(this.space.algebra, node, index);
    const { node: base } = source;
    if (this.members.includes(base)) {
      const own = this.indexOf(base.shape);
      return own !== undefined && source.masks.length === 0 && sameIndex(own, source.index);
    }
    if (isLeaf(base) || isLoaded(base)) return true;
    return base.inputs.every((input) => this.areOwn(input, broadcastIndex(input.shape, source.index), isLoaded));
  }
}

/** The shape that a list of members reduces by rows: reductions side by side of the last dimension, and maps. Undefined where they are something else. */
export function reducedRows(members: readonly Node[]): Shape | undefined {
  const reductions = members.filter((member) => opOf(member).kind === 'reduction');
  const [first] = reductions;
  if (!first || members.some((member) => !['reduction', 'map'].includes(opOf(member).kind))) return undefined;
  const full = first.inputs[0]!.shape;
  const areRows = reductions.every(
    (node) => node.dtype === 'f32' && reductionAxes(node).join() === '-1' && sameShape(node.inputs[0]!.shape, full),
  );
  const late = new Set<Node>();
  for (const node of members) {
    if (node.inputs.some((input) => reductions.includes(input) || late.has(input))) late.add(node);
  }
  return areRows && !reductions.some((node) => late.has(node)) ? full : undefined;
}

/** Whether rows of `full` are those of the left operand of a product, one after the other. */
export function areRowsOf(full: Shape, product: Node): boolean {
  const { shape } = product.inputs[0]!;
  return shape.at(-1) === full.at(-1) && elementCount(shape) === elementCount(full);
}
