import type { Node } from '../../ir/graph.js';
import { contiguousStrides, elementCount } from '../../ir/shape.js';
import {
  addAffine,
  affineText,
  coefficientOf,
  dependsOpaquely,
  rangeOf,
  scaleAffine,
  zero,
  type Affine,
  type Atom,
} from '../fusion/affine.js';

/** Offset in elements of the element at `index` of a contiguous tensor. */
export function offsetOf(node: Node, index: readonly Affine[]): Affine {
  const strides = contiguousStrides(node.shape);
  return index.reduce((sum, part, axis) => addAffine(sum, scaleAffine(part, strides[axis]!)), zero);
}

/** Whether an offset is one of the tensor's, whatever the indices are. */
export function isInside(node: Node, offset: Affine): boolean {
  const [least, greatest] = rangeOf(offset);
  return least >= 0 && greatest < elementCount(node.shape);
}

/** Whether four neighbouring lanes are one aligned vector of the buffer. */
export function isVectorOffset(offset: Affine, lane: Atom): boolean {
  const others = [...offset.terms].filter(([atom]) => atom !== lane);
  return (
    coefficientOf(offset, lane) === 1 &&
    !dependsOpaquely(offset, lane) &&
    offset.constant % 4 === 0 &&
    others.every(([, coefficient]) => coefficient % 4 === 0)
  );
}

/** The index of that vector among the buffer's. */
export function vectorOffsetText(offset: Affine, lane: Atom): string {
  const others = new Map([...offset.terms].filter(([atom]) => atom !== lane).map(([atom, c]) => [atom, c / 4]));
  const rest = affineText({ constant: offset.constant / 4, terms: others });
  return rest === '0u' ? quarter(lane) : `${rest} + ${quarter(lane)}`;
}

/** The variable that holds a quarter of the lane's index: which vector it is. */
export function quarter(lane: Atom): string {
  return `${lane.text}q`;
}
