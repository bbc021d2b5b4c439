import { AxisError, GraphError, ShapeError } from './errors.js';
import type { Attributes, AttributeValue, TensorType } from './graph.js';
import { checkOperandCount } from './operands.js';
import { axisFromEnd, showShape, type Shape } from './shape.js';
import type { AttributePattern, Signature } from './signature.js';

/**
 * The attributes as the IR keeps them: defaults filled in, axes counted from the end and in order.
 * Throws AxisError for an axis out of range, DTypeError and GraphError for values of another kind, GraphError for a
 * wrong number of operands.
 */
export function normalizeAttributes(
  op: string,
  signature: Signature,
  operands: readonly TensorType[],
  attrs: Readonly<Record<string, AttributeValue | undefined>>,
): Attributes {
  // First, since axes are counted in an operand.
  checkOperandCount(op, signature, operands);
  const result: Record<string, AttributeValue> = {};
  for (const pattern of signature.attributes) {
    const value = attrs[pattern.name] ?? pattern.default;
    // Left out and without default: absent, except for axes, of which all are meant.
    if (value === undefined && pattern.optional && pattern.kind !== 'axes') continue;
    result[pattern.name] = normalizeAttribute(op, pattern, operands[0]?.shape ?? [], value);
  }
  return result;
}

function normalizeAttribute(
  op: string,
  pattern: AttributePattern,
  shape: Shape,
  value: AttributeValue | undefined,
): AttributeValue {
  const wrong = (expected: string) =>
    new GraphError(`${op}: attribute '${pattern.name}' must be ${expected}, got ${JSON.stringify(value)}`);
  const axis = (given: number, rank = shape.length): number => {
    const normal = axisFromEnd(given, rank);
    if (normal === undefined) throw new AxisError(`${op}: axis ${given} is out of range for ${showShape(shape)}`);
    return normal;
  };
  const distinctAxes = (given: readonly number[]): number[] => {
    const axes = given.map((a) => axis(a));
    if (new Set(axes).size !== axes.length) throw new AxisError(`${op}: axes ${showShape(given)} repeat an axis`);
    return axes;
  };
  const integers = (given: AttributeValue | undefined): readonly number[] => {
    if (!Array.isArray(given) || !given.every(Number.isInteger)) throw wrong('a list of integers');
    return given as readonly number[];
  };
  switch (pattern.kind) {
    case 'bool':
      if (typeof value !== 'boolean') throw wrong('true or false');
      return value;
    case 'word':
      if (!pattern.words!.includes(value as string)) throw wrong(`one of ${pattern.words!.join(', ')}`);
      return value as string;
    case 'dtype':
      if (typeof value !== 'string') throw wrong('a dtype');
      return value;
    case 'float':
      if (typeof value !== 'number') throw wrong('a number');
      return value;
    case 'int':
      if (!Number.isInteger(value)) throw wrong('an integer');
      return value as number;
    case 'axis':
      if (typeof value !== 'number') throw wrong('an integer');
      return axis(value);
    case 'newAxis':
      if (typeof value !== 'number') throw wrong('an integer');
      return axis(value, shape.length + 1);
    case 'axes': {
      if (value === undefined) return shape.map((_, i) => i - shape.length);
      return distinctAxes(typeof value === 'number' ? [value] : integers(value)).sort((a, b) => a - b);
    }
    case 'permutation': {
      const given = integers(value);
      if (given.length !== shape.length) {
        throw new ShapeError(`${op}: axes ${showShape(given)} do not fit the rank of ${showShape(shape)}`);
      }
      return distinctAxes(given);
    }
    case 'shape':
    case 'ints':
      return integers(value);
    case 'pair': {
      const both = typeof value === 'number' ? [value, value] : integers(value);
      if (both.length !== 2 || !both.every(Number.isInteger)) throw wrong('an integer or a pair of integers');
      return both;
    }
    case 'text':
      if (typeof value !== 'string') throw wrong('a text');
      return value;
  }
}
