import type { DType } from '../../ir/dtype.js';
import type { IndexCondition } from '../../ir/ops/record.js';
import { affineText, dependsOn, steppedText, type Affine, type Atom } from '../fusion/affine.js';
import type { Mask } from '../fusion/space.js';
import { literal, valueType, type Width } from './functions.js';

/** An expression in registers. */
export interface Value {
  readonly text: string;
  readonly width: Width;
}

/** The value with four lanes. */
export function widened(value: Value, dtype: DType): Value {
  return value.width === 4 ? value : { text: splat(value.text, valueType(dtype, 1), 4), width: 4 };
}

/** One value of a WGSL type in each of the lanes. */
export function splat(text: string, type: string, width: Width): string {
  return width === 1 ? text : `vec4<${type}>(${text})`;
}

/** The value where all conditions of the masks hold, else what the first mask that fails fills in. */
export function masked(value: Value, masks: readonly Mask[], dtype: DType, lane: Atom | undefined): Value {
  return [...masks].reverse().reduce<Value>((inner, { conditions, fill }) => {
    const tests = conditions.map((condition) => conditionOf(condition, lane));
    const perLane = tests.some(({ width }) => width === 4);
    const width = perLane || inner.width === 4 ? 4 : 1;
    const test = tests
      .map((part) => (perLane && part.width === 1 ? splat(part.text, 'bool', 4) : part.text))
      .join(' & ');
    const whole = width === 4 ? widened(inner, dtype) : inner;
    const otherwise = splat(literal(fill, dtype), valueType(dtype, 1), width);
    return { text: `select(${otherwise}, ${whole.text}, ${test})`, width };
  }, value);
}

/** Whether a condition holds, in each lane where they differ. */
function conditionOf({ value, step, extent }: IndexCondition<Affine>, lane: Atom | undefined): Value {
  // What is below 0 has wrapped around and is above every extent.
  const test = (text: string) =>
    step === 1 ? `((${text}) < ${extent}u)` : `(((${text}) % ${step}u == 0u) & ((${text}) / ${step}u < ${extent}u))`;
  if (!lane || !dependsOn(value, lane)) return { text: test(affineText(value)), width: 1 };
  return { text: `vec4<bool>(${[0, 1, 2, 3].map((i) => test(steppedText(value, lane, i))).join(', ')})`, width: 4 };
}
