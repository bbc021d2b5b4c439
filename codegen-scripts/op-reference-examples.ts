import { GraphBuilder } from '../lib/ir/build.js';
import type { Node } from '../lib/ir/graph.js';
import { leafName } from '../lib/ir/graph.js';
import { evaluateNodes } from '../lib/ir/interpret.js';
import type { OpDefinition } from '../lib/ir/ops/record.js';
import { elementCount, showShape, type Shape } from '../lib/ir/shape.js';
import type { DType } from '../lib/ir/dtype.js';
import { callAttributes } from './op-reference-formulas.js';
import { sampleOf, type Sample } from './op-reference-samples.js';

/** An operation called on small tensors. */
export interface Example {
  /** Operands, the call as a user writes it, and what comes out. */
  readonly lines: readonly string[];
  /** The result, with the call's operands below it. */
  readonly node: Node;
}

/** More elements than this are no example but a table. */
const MOST_ELEMENTS = 48;

/**
 * Runs the operation in the reference interpreter on its sample; where numbers below 0 give no number, on the sample
 * above 0. Throws when neither gives finite values, with what to write and where.
 */
export function exampleOf(op: OpDefinition): Example {
  const reasons: string[] = [];
  for (const positive of [false, true]) {
    try {
      const example = run(op, sampleOf(op, positive));
      if (example) return example;
      reasons.push('values that are not finite');
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `no example for '${op.name}' in the reference: a sample made from \`${op.signatureText}\` gives ` +
      `${[...new Set(reasons)].join('; ')}. Write one in writtenSamples of codegen-scripts/op-reference-written-samples.ts`,
  );
}

function run(op: OpDefinition, sample: Sample): Example | undefined {
  const builder = new GraphBuilder();
  const values = new Map(sample.operands.map((operand) => [operand.name, Float64Array.from(operand.values)]));
  const leaves = sample.operands.map(({ name, shape, dtype }) => builder.leaf('input', name, shape, dtype));
  for (const { name, shape, values: given } of sample.operands) {
    if (given.length !== elementCount(shape))
      throw new Error(`${given.length} values of ${name} for ${showShape(shape)}`);
  }
  const node = builder.add(op.name, leaves, sample.attrs);
  const result = evaluateNodes([node], (leaf) => values.get(leafName(leaf))!).get(node)!;
  if (!result.every(Number.isFinite)) return undefined;
  if (Math.max(result.length, ...sample.operands.map(({ shape }) => elementCount(shape))) > MOST_ELEMENTS) {
    throw new Error(`more than ${MOST_ELEMENTS} elements`);
  }
  const operands = sample.operands.map(
    (operand) => `// ${operand.name}: ${tensorText(operand.dtype, operand.shape, operand.values)}`,
  );
  return { lines: [...operands, callOf(op, sample), `// → ${tensorText(node.dtype, node.shape, result)}`], node };
}

/** Optional operands stand among the options, those of a list in an array. */
function callOf(op: OpDefinition, { operands, attrs }: Sample): string {
  const [first] = op.signature.operands;
  const names = operands.map(({ name }) => name);
  const isOptional = (name: string) =>
    op.signature.operands.some((operand) => operand.name === name && operand.optional);
  const positional = first?.list ? [`[${names.join(', ')}]`] : names.filter((name) => !isOptional(name));
  const optional = first?.list ? [] : names.filter(isOptional);
  return `${op.name}(${[...positional, ...callAttributes(op.name, attrs, optional)].join(', ')});`;
}

/** `f32[2, 2] = [[1, 2], [3, 4]]`. */
function tensorText(dtype: DType, shape: Shape, values: ArrayLike<number>): string {
  let position = 0;
  const write = (axis: number): string => {
    if (axis === shape.length)
      return dtype === 'bool' ? String(values[position++] !== 0) : shortNumber(values[position++]!);
    return `[${Array.from({ length: shape[axis]! }, () => write(axis + 1)).join(', ')}]`;
  };
  return `${dtype}${showShape(shape)} = ${write(0)}`;
}

/**
 * At most four digits, the same on every machine: rounded to ten digits first, so that what differs in the last digit
 * of f64 does not decide which way a half is rounded.
 */
export function shortNumber(value: number): string {
  const settled = Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(10));
  return String(Number.isInteger(settled) ? settled : Number(settled.toPrecision(4)));
}
