import type { GraphBuilder } from '../lib/ir/build.js';
import { leafName, type Node } from '../lib/ir/graph.js';
import type { Values } from '../lib/ir/interpret.js';
import { elementCount } from '../lib/ir/shape.js';
import type { OpCase } from './op-cases.js';
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
export function caseValues({ range = [-1, 1] }: OpCase, leaves: readonly Node[]): Map<string, Values> {
  const [low, high] = range;
  return new Map(
    leaves.map((leaf, i) => {
      const unit = sampleValues(elementCount(leaf.shape), i + 1).map((value) => low + ((value + 1) / 2) * (high - low));
      if (leaf.dtype === 'bool') return [leafName(leaf), unit.map((value) => (value > (low + high) / 2 ? 1 : 0))];
      if (leaf.dtype === 'i32') return [leafName(leaf), unit.map(Math.floor)];
      return [leafName(leaf), Float64Array.from(Float32Array.from(unit))];
    }),
  );
}
