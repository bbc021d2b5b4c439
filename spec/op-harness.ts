import type { GraphBuilder } from '../lib/ir/build.js';
import { isFloat } from '../lib/ir/dtype.js';
import { leafName, type Node } from '../lib/ir/graph.js';
import type { Values } from '../lib/ir/interpret.js';
import { elementCount } from '../lib/ir/shape.js';
import type { OpCase } from './op-cases/op-case.js';
import { sampleValues } from './values.js';

/** `[3, 5] [5] {"axes":[0]}`: a case's name in test reports. */
export function describeCase({ shapes, attrs, dtypes }: OpCase): string {
  const operands = shapes.map((shape, i) => `${dtypes?.[i] ?? ''}[${shape.join(', ')}]`);
  return [...operands, ...(attrs ? [JSON.stringify(attrs)] : [])].join(' ');
}

/** The operands of a case, as inputs. */
export function caseLeaves(builder: GraphBuilder, { shapes, dtypes }: OpCase): Node[] {
  return shapes.map((shape, i) => builder.leaf('input', `x${i}`, shape, dtypes?.[i] ?? dtypes?.[0] ?? 'f32'));
}

/** Values for the operands, by name, within the case's range and rounded to what the dtype holds. */
export function caseValues(
  { range = [-1, 1], ranges, distinct }: OpCase,
  leaves: readonly Node[],
): Map<string, Values> {
  return new Map(
    leaves.map((leaf, i) => {
      const [low, high] = ranges?.[i] ?? range;
      const count = elementCount(leaf.shape);
      const drawn = sampleValues(count, i + 1).map((value) => (value + 1) / 2);
      const whole = !isFloat(leaf.dtype);
      // Distinct values are equally far from each other, whole numbers by one.
      const unit = distinct ? ranks(drawn).map((rank) => (rank + 0.5) / (whole ? high - low : count)) : drawn;
      const values = unit.map((value) => low + value * (high - low));
      if (leaf.dtype === 'bool') return [leafName(leaf), values.map((value) => (value > (low + high) / 2 ? 1 : 0))];
      if (whole) return [leafName(leaf), values.map(Math.floor)];
      return [leafName(leaf), Float64Array.from(Float32Array.from(values))];
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
