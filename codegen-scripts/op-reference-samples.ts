import type { DType } from '../lib/ir/dtype.js';
import type { OpDefinition } from '../lib/ir/ops/record.js';
import type { AttributeKind, AttributePattern, DimExpression, OperandPattern } from '../lib/ir/signature.js';
import { elementCount, type Shape } from '../lib/ir/shape.js';
import {
  writtenSamples,
  type SampleAttribute,
  type SampleOperand,
  type WrittenOperand,
  type WrittenSample,
} from './op-reference-written-samples.js';

/** What an example calls its operation with. */
export interface Sample {
  /** As the operation takes them; those of a list one after the other. */
  readonly operands: readonly SampleOperand[];
  /** Attributes that the call gives. */
  readonly attrs: Readonly<Record<string, SampleAttribute>>;
}

const floats = [-1.5, 0.5, 2, -1, 1.5, 3, -0.5, 0.25, -2, 1];
const integers = [3, -1, 2, 0, 5, 1, -2, 4];
const truths = [1, 0, 0, 1, 1, 0];

/** Values of attributes without a default; those with one keep it. */
const requiredAttributes: Record<AttributeKind, (attribute: AttributePattern) => SampleAttribute> = {
  int: () => 3,
  float: () => 0.5,
  bool: () => true,
  word: ({ words }) => words![0]!,
  dtype: () => 'f32',
  axis: () => -1,
  newAxis: () => 0,
  axes: () => [-1],
  permutation: () => [1, 0],
  shape: () => [3, 2],
  ints: () => [1, 2],
  pair: () => [1, 2],
  text: () => 'text',
};

/**
 * An example's operands and attributes: from the signature, with what {@link writtenSamples} says put over it. With
 * `positive`, numbers are above 0, for functions that are defined there only. Throws where a size cannot be found.
 */
export function sampleOf(op: OpDefinition, positive: boolean): Sample {
  const written: WrittenSample = Object.hasOwn(writtenSamples, op.name) ? writtenSamples[op.name]! : {};
  const { operands, attributes } = op.signature;
  const attrs: Record<string, SampleAttribute> = { ...written.attrs };
  for (const attribute of attributes) {
    if (attribute.name in attrs) continue;
    // Of reductions, one dimension shows more than all.
    if (attribute.kind === 'axes') attrs[attribute.name] = -1;
    else if (!attribute.optional) attrs[attribute.name] = requiredAttributes[attribute.kind](attribute);
  }
  const sizes = new Sizes(op, { ...defaults(attributes), ...attrs }, written.sizes ?? {});
  const values = (operand: OperandPattern, position: number, shape: Shape, given: WrittenOperand): SampleOperand => {
    const dtype = given.dtype ?? (operand.dtype === 'any' ? 'f32' : (operand.dtype ?? 'f32'));
    const count = elementCount(shape);
    const limit = operand.indexes === undefined ? undefined : sizes.ofName(operand.indexes);
    const drawn = Array.from({ length: count }, (_, i) => draw(dtype, i + 2 * position, positive, limit));
    return { name: operand.name, shape, dtype, values: given.values ?? drawn };
  };
  if (operands[0]?.list) {
    const list = written.list ?? [[2, 2], [2, 2]]; // prettier-ignore
    const [pattern] = operands;
    return {
      operands: list.map((shape, i) => ({ ...values(pattern, i, shape, {}), name: 'abcdef'[i]! })),
      attrs,
    };
  }
  const present = operands.filter(({ name, optional }) => !optional || written.operands?.[name]);
  return {
    operands: present.map((operand, position) => {
      const given = written.operands?.[operand.name] ?? {};
      return values(operand, position, given.shape ?? sizes.shapeOf(operand, position), given);
    }),
    attrs,
  };
}

function defaults(attributes: readonly AttributePattern[]): Record<string, SampleAttribute> {
  return Object.fromEntries(
    attributes.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
  );
}

function draw(dtype: DType, i: number, positive: boolean, limit: number | undefined): number {
  if (limit !== undefined) return (i + 1) % limit;
  if (dtype === 'bool') return truths[i % truths.length]!;
  const pool = dtype === 'i32' || dtype === 'u32' ? integers : floats;
  const value = pool[i % pool.length]!;
  return positive || dtype === 'u32' ? Math.abs(value) : value;
}

/** Small sizes for the dimensions of a signature, each name the same wherever it stands. */
class Sizes {
  private readonly known = new Map<string, number>();
  private readonly first: number;

  constructor(
    private readonly op: OpDefinition,
    private readonly attrs: Readonly<Record<string, SampleAttribute>>,
    given: Readonly<Record<string, number>>,
  ) {
    for (const [name, size] of Object.entries(given)) this.known.set(name, size);
    // Two rows are of three elements rather than of two.
    this.first = op.signature.operands.some((_, i) => this.hasRows(i)) ? 3 : 2;
  }

  shapeOf({ dims }: OperandPattern, position: number): Shape {
    return dims.flatMap((dim) => {
      if (dim.kind === 'spread') return this.spread(dim.name, dims.length - 1, position);
      if (dim.kind === 'expression') return [this.size(dim.expression)];
      throw new Error(`${this.op.name}: an operand has no shape functions`);
    });
  }

  ofName(name: string): number {
    const [attribute, element] = name.split('.');
    const value = this.attrs[attribute!];
    if (typeof value === 'number') return value;
    if (Array.isArray(value) && element !== undefined) return value[Number(element)] as number;
    let size = this.known.get(name);
    if (size === undefined) this.known.set(name, (size = this.known.size % 2 === 0 ? this.first : 5 - this.first));
    return size;
  }

  /** `[...b n]`. */
  private hasRows(position: number): boolean {
    const { dims } = this.op.signature.operands[position]!;
    return dims.length === 2 && dims[0]!.kind === 'spread';
  }

  /** One dimension where it shows enough: elementwise operations; none for batches of matrices. */
  private spread(name: string, others: number, position: number): Shape {
    if (name === '') return position === 0 ? [2, 3] : [3];
    const occurrences = this.op.signature.operands.flatMap(({ dims }) =>
      dims.some((dim) => dim.kind === 'spread' && dim.name === name) ? [dims.length - 1] : [],
    );
    const most = Math.max(others, ...occurrences);
    if (most > 0) return most === 1 ? [2] : [];
    const elementwise = this.op.kind === 'map' || this.op.signature.attributes.every(({ kind }) => kind === 'float');
    return elementwise && this.op.kind !== 'view' ? [4] : [2, 3];
  }

  private size(expression: DimExpression): number {
    if (expression.kind === 'integer') return expression.value;
    if (expression.kind === 'name') return this.ofName(expression.name);
    const [a, b] = [this.size(expression.a), this.size(expression.b)];
    const value = { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[expression.operator];
    return Math.max(1, Math.floor(value));
  }
}
