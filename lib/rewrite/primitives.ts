import type { EGraph, Literal } from 'egglog-wasm';
import { isFloat, type DType } from '../ir/dtype.js';
import { MeganeuraError } from '../ir/errors.js';
import type { AttributeValue } from '../ir/graph.js';
import { isHalf, roundToHalf } from '../ir/half.js';
import { normalizeAttributes } from '../ir/attributes.js';
import { inferType } from '../ir/infer.js';
import type { OpDefinition } from '../ir/ops/record.js';
import { evaluateScalar } from '../ir/scalar.js';
import { toDType } from '../ir/scalar-numerics.js';
import { attributeSorts, foldPrimitive, shapePrimitive, encodedOps } from './names.js';
import { RuleError } from './rule-error.js';
import { shapeListFunctions } from './shape-lists.js';

/** How far apart two constants may be that rules make equal, results of f32 arithmetic in another order: |a − b|, and that by the larger. */
const MOST_APART = { absolute: 1e-7, relative: 1e-5 };

/** Constants that stand for a real number: rounded to f32, also more than once. By the number's size. */
const NEAR = 2 ** -22;

/**
 * Gives rules what is defined in TypeScript: shape inference, arithmetic on constants, and the check that constants which
 * become equal are.
 */
export function registerPrimitives(egraph: EGraph): void {
  for (const [name, { takes, gives, apply }] of Object.entries(shapeListFunctions)) {
    egraph.primitive(name, [...takes], gives, apply);
  }
  egraph.primitive('near', ['f64', 'f64'], 'f64', (value: number, wanted: number) =>
    Math.abs(value - wanted) <= NEAR * Math.abs(wanted) ? wanted : undefined,
  );
  egraph.primitive('same-value', ['f64', 'f64'], 'f64', (a: number, b: number) => {
    const most = MOST_APART.absolute + MOST_APART.relative * Math.max(Math.abs(a), Math.abs(b));
    if (Object.is(a, b) || Math.abs(a - b) <= most) return a;
    throw new RuleError(`the constants ${a} and ${b} become equal`);
  });
  for (const op of encodedOps) {
    registerShape(egraph, op);
    if (op.kind === 'map') registerFold(egraph, op);
  }
}

/** How many results of inference are kept for each operation. */
const MOST_KNOWN = 1000;

/** Does not apply to shapes that do not fit: a rule that asks for the shape then does not match. */
function registerShape(egraph: EGraph, { name, signature }: OpDefinition): void {
  const { operands, attributes } = signature;
  const sorts = [...operands.map(() => 'Ints'), ...attributes.map(({ kind }) => attributeSorts[kind])];
  const infer = (args: readonly Literal[]): readonly number[] | undefined => {
    const types = operands.map(
      ({ dtype }, i) =>
        ({
          shape: args[i] as readonly number[],
          dtype: dtype === undefined || dtype === 'any' ? 'f32' : dtype,
        }) as const,
    );
    const attrs = Object.fromEntries(
      attributes.map((attribute, i) => [attribute.name, args[operands.length + i] as AttributeValue]),
    );
    try {
      return [...inferType(name, signature, types, normalizeAttributes(name, signature, types, attrs)).shape];
    } catch (error) {
      if (error instanceof MeganeuraError) return undefined;
      throw error;
    }
  };
  // Graphs have few different shapes, and each is asked for often.
  const known = new Map<string, readonly number[] | undefined>();
  egraph.primitive(shapePrimitive(name), sorts, 'Ints', (...args: Literal[]): Literal | undefined => {
    const key = args.join('|');
    let shape = known.get(key);
    if (shape === undefined && !known.has(key)) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, (shape = infer(args)));
    }
    return shape;
  });
}

/** The value as the dtype holds it; does not apply to infinities and NaN, which text would not carry. */
function registerFold(egraph: EGraph, op: Extract<OpDefinition, { kind: 'map' }>): void {
  const sorts = [...op.signature.operands.map(() => 'f64'), 'String'];
  egraph.primitive(foldPrimitive(op.name), sorts, 'f64', (...args: Literal[]): number | undefined => {
    const dtype = args.pop() as DType;
    const result = evaluateScalar(op.expression, args as number[], dtype);
    const exact = toDType(result, dtype);
    // Whether a cast wraps or saturates depends on the dtype it comes from, which the rule does not tell.
    if (op.name === 'cast' && (dtype === 'i32' || dtype === 'u32') && exact !== Math.trunc(result)) return undefined;
    // Floats of 16 bits are f32 as long as they are computed with; a cast rounds.
    const rounded = isFloat(dtype) ? Math.fround(exact) : exact;
    const value = op.name === 'cast' && isHalf(dtype) ? roundToHalf(dtype, rounded) : rounded;
    return Number.isFinite(value) ? value : undefined;
  });
}
