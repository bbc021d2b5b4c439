import type { GraphBuilder } from '../lib/ir/build.js';
import { isFloat, type DType } from '../lib/ir/dtype.js';
import { isHalf, roundToHalf } from '../lib/ir/half.js';
import { leafName, type Node } from '../lib/ir/graph.js';
import type { Values } from '../lib/ir/interpret.js';
import { elementCount, type Shape } from '../lib/ir/shape.js';
import type { OpCase } from './op-cases/op-case.js';
import { sampleValues } from './values.js';

/** `f32[3, 5] f32[5] {"axes":[0]}`: a case's name in test reports. */
export function describeCase({ shapes, attrs, dtypes }: OpCase): string {
  const operands = shapes.map((shape, i) => `${dtypes?.[i] ?? ''}[${shape.join(', ')}]`);
  return [...operands, ...(attrs ? [JSON.stringify(attrs)] : [])].join(' ');
}

/** The operands of a case, as inputs `x0`, `x1`, … */
export function caseLeaves(builder: GraphBuilder, entry: OpCase): Node[] {
  return entry.shapes.map((shape, i) => builder.leaf('input', `x${i}`, shape, caseDType(entry, i)));
}

function caseDType({ dtypes }: OpCase, operand: number): DType {
  return dtypes?.[operand] ?? dtypes?.[0] ?? 'f32';
}

/** Values for the operands, by name, within the case's range and rounded to what the dtype holds. */
export function caseValues(entry: OpCase, leaves: readonly Node[]): Map<string, Values> {
  const { range = [-1, 1], ranges, distinct, whole } = entry;
  return new Map(
    leaves.map((leaf, i) => {
      const [low, high] = ranges?.[i] ?? range;
      const count = elementCount(leaf.shape);
      const drawn = sampleValues(count, i + 1).map((value) => (value + 1) / 2);
      const integers = !isFloat(leaf.dtype);
      // Distinct values are equally far from each other, whole numbers by one.
      const unit = distinct ? ranks(drawn).map((rank) => (rank + 0.5) / (integers ? high - low : count)) : drawn;
      const values = unit.map((value) => low + value * (high - low));
      if (leaf.dtype === 'bool') return [leafName(leaf), values.map((value) => (value > (low + high) / 2 ? 1 : 0))];
      if (integers || whole) return [leafName(leaf), values.map(Math.floor)];
      const { dtype } = leaf;
      const rounded = isHalf(dtype) ? values.map((value) => roundToHalf(dtype, value)) : Float32Array.from(values);
      return [leafName(leaf), Float64Array.from(rounded)];
    }),
  );
}

/** The place of each value among all, from 0. */
function ranks(values: Values): Values {
  const result = new Float64Array(values.length);
  Array.from(values.keys())
    .sort((a, b) => values[a]! - values[b]!)
    .forEach((at, rank) => (result[at] = rank));
  return result;
}

/**
 * How operands reach an operation: as inputs; computed, in mid-graph; or as views of inputs, whose elements lie in
 * another order or are shared by several indices.
 */
export const placements = ['inputs', 'amid', 'views'] as const;
export type Placement = (typeof placements)[number];

/** Operands of a case in a graph, and values for the inputs that they are made from, by name. */
export interface PlacedCase {
  readonly operands: readonly Node[];
  readonly leaves: readonly Node[];
  readonly values: Map<string, Values>;
}

/** Puts the operands of a case into a graph, on inputs whose names begin with `prefix`. */
export function placeCase(builder: GraphBuilder, entry: OpCase, placement: Placement, prefix = ''): PlacedCase {
  const { g } = builder;
  const leaves: Node[] = [];
  const operands = entry.shapes.map((shape, i) => {
    const leaf = (of: Shape) => (leaves[i] = builder.leaf('input', `${prefix}x${i}`, of, caseDType(entry, i)));
    if (placement === 'views') return viewOfLeaf(builder, leaf, shape, entry.distinct ? 0 : shape.length + i);
    const x = leaf(shape);
    // Twice a half is exact.
    return placement === 'amid' && isFloat(x.dtype) ? g.mul(x, g.scalar(2, x)) : x;
  });
  const values = caseValues(entry, leaves);
  if (placement === 'amid') {
    for (const leaf of leaves) {
      if (isFloat(leaf.dtype)) values.set(leafName(leaf), values.get(leafName(leaf))!.map((value) => value / 2)); // prettier-ignore
    }
  }
  return { operands, leaves, values };
}

/** A tensor of that shape: an input with its dimensions reversed, repeated, or transposed and reshaped. */
function viewOfLeaf({ g }: GraphBuilder, leaf: (shape: Shape) => Node, shape: Shape, kind: number): Node {
  const repeated = shape.findIndex((size) => size > 1);
  if (kind % 3 === 1 && repeated >= 0) {
    return g.broadcastTo(leaf(shape.map((size, axis) => (axis === repeated ? 1 : size))), shape);
  }
  if (kind % 3 === 2 || shape.length < 2) {
    const count = elementCount(shape);
    const rows = [5, 3, 2].find((size) => count % size === 0) ?? 1;
    return g.reshape(g.transpose(leaf([rows, count / rows])), shape);
  }
  return g.permute(
    leaf([...shape].reverse()),
    shape.map((_, axis) => shape.length - 1 - axis),
  );
}
