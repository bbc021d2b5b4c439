import type { Node } from '../../ir/graph.js';
import { isLeaf } from '../../ir/graph.js';
import { opOf, ops } from '../../ir/ops/index.js';
import { elementCount, sameShape, type Shape } from '../../ir/shape.js';
import type { IndexCondition } from '../../ir/ops/record.js';
import { affine, AffineAlgebra, affineKey, rangeOf, zero, type Affine, type Atom } from './affine.js';

/** Where the elements of a tensor really are: a view's operand and the index into it. */
export interface Source {
  readonly node: Node;
  readonly index: readonly Affine[];
  /** For elements that the operand may not have; the outermost view's first. */
  readonly masks: readonly Mask[];
}

/** `fill` in place of the element where not all conditions hold. */
export interface Mask {
  readonly conditions: readonly IndexCondition<Affine>[];
  readonly fill: number;
}

/** Follows views from an element of `node` to the tensor that holds it. */
export function throughViews(algebra: AffineAlgebra, node: Node, index: readonly Affine[]): Source {
  let at: Source = { node, index, masks: [] };
  while (!isLeaf(at.node)) {
    const op = opOf(at.node);
    if (op.kind !== 'view') break;
    const { shape, attrs } = at.node;
    const operand = at.node.inputs[0]!;
    const conditions = (op.mask?.conditions(algebra, at.index, operand.shape, shape, attrs) ?? []).filter(
      (condition) => !alwaysHolds(condition),
    );
    const masks = conditions.length > 0 ? [...at.masks, { conditions, fill: op.mask!.fill(attrs) }] : at.masks;
    at = { node: operand, index: op.source(algebra, at.index, operand.shape, shape, attrs), masks };
  }
  return at;
}

function alwaysHolds({ value, step, extent }: IndexCondition<Affine>): boolean {
  const [least, greatest] = rangeOf(value);
  const multiple = [value.constant, ...value.terms.values()].every((part) => part % step === 0);
  return multiple && least >= 0 && greatest / step < extent;
}

/** The tensor behind views. */
export function baseOf(node: Node): Node {
  let base = node;
  while (!isLeaf(base) && opOf(base).kind === 'view') base = base.inputs[0]!;
  return base;
}

/** The index of the element that broadcasting pairs with `index` of the result. */
export function broadcastIndex(shape: Shape, index: readonly Affine[]): Affine[] {
  return shape.map((size, axis) => (size === 1 ? zero : index[axis + index.length - shape.length]!));
}

/**
 * The space a group of fused operations iterates over: `full` without or with `reduced` dimensions. Members have
 * either the full shape, or that of the kept dimensions (with or without the reduced ones as size 1), or a reshape of
 * one of the two: the same elements in the same order.
 */
export class Space {
  readonly algebra = new AffineAlgebra();
  readonly atoms: readonly Atom[];
  private reducedAxes: readonly number[] | undefined;
  /** Indices that were asked for, by shape; each is asked for many times. */
  private readonly indices = new Map<string, readonly Affine[] | undefined>();

  constructor(readonly full: Shape) {
    this.atoms = full.map((extent, axis) => ({ text: `i${axis}`, extent }));
  }

  /** Dimensions that the group's reductions fold, counted from the start; undefined before the first reduction. */
  get reduced(): readonly number[] | undefined {
    return this.reducedAxes;
  }

  /** Whether a reduction of `axes` (from the end) fits, alone or beside those already here. */
  admits(axes: readonly number[]): boolean {
    return this.reducedAxes === undefined || sameShape(this.reducedAxes, this.fromStart(axes));
  }

  reduce(axes: readonly number[]): void {
    this.reducedAxes = this.fromStart(axes);
    this.indices.clear();
  }

  /** The index at which a tensor of `shape` is computed here, or undefined when its shape is none of the space's. */
  indexOf(shape: Shape): readonly Affine[] | undefined {
    const key = shape.join();
    if (!this.indices.has(key)) this.indices.set(key, this.findIndex(shape));
    return this.indices.get(key);
  }

  private findIndex(shape: Shape): readonly Affine[] | undefined {
    const all = this.full.map((_, axis) => axis);
    if (sameShape(shape, this.full)) return this.atoms.map((atom) => affine(atom));
    const reduced = new Set(this.reducedAxes ?? []);
    const kept = this.full.map((size, axis) => (reduced.has(axis) ? 1 : size));
    if (sameShape(shape, kept)) return this.atoms.map((atom, axis) => (reduced.has(axis) ? zero : affine(atom)));
    const axes = all.filter((axis) => !reduced.has(axis));
    const squeezed = axes.map((axis) => this.full[axis]!);
    if (sameShape(shape, squeezed)) return axes.map((axis) => affine(this.atoms[axis]!));
    const count = elementCount(shape);
    if (count === 0) return undefined;
    if (count === elementCount(this.full)) return this.reshaped(all, shape);
    return count === elementCount(squeezed) ? this.reshaped(axes, shape) : undefined;
  }

  /** The index in a tensor of `shape` of the element that comes as late as the one of these dimensions. */
  private reshaped(axes: readonly number[], shape: Shape): Affine[] {
    const from = axes.map((axis) => this.full[axis]!);
    const index = axes.map((axis) => affine(this.atoms[axis]!));
    return ops.reshape.source(this.algebra, index, shape, from, {});
  }

  private fromStart(axes: readonly number[]): number[] {
    return axes.map((axis) => axis + this.full.length);
  }
}

export function sameIndex(a: readonly Affine[], b: readonly Affine[]): boolean {
  return a.length === b.length && a.every((part, axis) => affineKey(part) === affineKey(b[axis]!));
}
