import type { DType } from '../lib/ir/dtype.js';
import type { OpDefinition } from '../lib/ir/ops/define.js';
import type { AttributeKind, AttributePattern, DimExpression, OperandPattern } from '../lib/ir/signature.js';
import { elementCount, type Shape } from '../lib/ir/shape.js';

/** A tensor of an example. */
export interface SampleOperand {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: readonly number[];
}

/** What an example calls its operation with. */
export interface Sample {
  /** As the operation takes them; those of a list one after the other. */
  readonly operands: readonly SampleOperand[];
  /** Attributes that the call gives. */
  readonly attrs: Readonly<Record<string, SampleAttribute>>;
}

type SampleAttribute = number | boolean | string | readonly number[];

/** What is written by hand of a sample; the signature gives the rest. */
interface WrittenSample {
  /** By name of the operand. An optional operand is given when it is named here; `{}` leaves its values to the rest. */
  readonly operands?: Readonly<Record<string, Partial<Omit<SampleOperand, 'name'>>>>;
  /** Operands of an operation that takes a list of them. */
  readonly list?: readonly Shape[];
  readonly attrs?: Readonly<Record<string, SampleAttribute>>;
  /** Sizes of dimensions by their names in the signature. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** Samples of operations that what follows from their signatures does not suit. */
export const writtenSamples: Readonly<Record<string, WrittenSample>> = {
  reshape: { attrs: { shape: [3, -1] } },
  squeeze: { operands: { x: { shape: [2, 1] } }, attrs: { axis: 1 } },
  broadcastTo: { operands: { x: { shape: [3] } }, attrs: { shape: [2, 3] } },
  cast: { operands: { x: { values: [-1.5, 0, 0.5, 2.75] } }, attrs: { dtype: 'i32' } },
  expm1: { operands: { x: { values: [-1, 0, 1e-5, 1] } } },
  log1p: { operands: { x: { values: [-0.5, 0, 1e-5, 1] } } },
  round: { operands: { x: { values: [-1.5, 0.5, 1.5, 2.6] } } },
  equal: { operands: { b: { values: [-1.5, 2, 2] } } },
  notEqual: { operands: { b: { values: [-1.5, 2, 2] } } },
  isNan: { operands: { x: { values: [-1.5, NaN, Infinity, 0] } } },
  isInf: { operands: { x: { values: [-1.5, NaN, Infinity, -Infinity] } } },
  isFinite: { operands: { x: { values: [-1.5, NaN, Infinity, 0] } } },
  all: { operands: { x: { values: [1, 1, 1, 1, 0, 1] } } },
  any: { operands: { x: { values: [0, 0, 1, 0, 0, 0] } } },
  relu6: { operands: { x: { values: [-1.5, 0.5, 2, 7] } } },
  hardsigmoid: { operands: { x: { values: [-4, -1.5, 0.5, 4] } } },
  pow: { operands: { b: { values: [2, 1, 3] } } },
  clamp: { attrs: { min: -1, max: 1 } },
  gather: { operands: { index: { shape: [2, 2], values: [2, 0, 1, 1] } } },
  scatterAdd: {
    operands: { index: { shape: [2, 2], values: [2, 0, 1, 1] }, source: { shape: [2, 2], values: [10, 20, 30, 40] } },
  },
  embedding: { sizes: { v: 3, d: 2 } },
  indexSelect: { operands: { index: { values: [2, 0] } } },
  oneHot: { attrs: { classes: 4 } },
  slice: { operands: { x: { shape: [5] } }, attrs: { start: 1, step: 2 } },
  flip: { operands: { x: { shape: [4] } } },
  padAxis: { operands: { x: { shape: [3] } }, attrs: { low: 1, high: 2, interior: 1 } },
  slide: {
    operands: { x: { shape: [4, 2], values: [1, 1, 2, 2, 3, 3, 4, 4] } },
    attrs: { axis: 0, taps: 1, size: 3 },
  },
  unslide: {
    operands: { x: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } },
    attrs: { axis: 0, taps: 1, size: 4 },
  },
  hardswish: { operands: { x: { values: [-4, -1.5, 0.5, 4] } } },
};

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

type WrittenOperand = Partial<Omit<SampleOperand, 'name'>>;

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
