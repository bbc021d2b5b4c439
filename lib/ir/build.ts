import { GraphError, MeganeuraError, ShapeError, ValueError } from './errors.js';
import type { DType } from './dtype.js';
import { opMethods, type Builder } from './generated/builder.js';
import type { Attributes, AttributeValue, LeafKind, Node, TensorType } from './graph.js';
import { inferType } from './infer.js';
import { normalizeAttributes } from './attributes.js';
import { findOp } from './ops/index.js';
import { toDType } from './scalar-numerics.js';
import { elementCount, sameShape, type Shape } from './shape.js';
import type { BuildAttribute } from './symbolic.js';

/**
 * Makes nodes, each once: the same operation on the same operands is the same node. Keeps the path of the module that
 * is being traced and puts it into every node it makes, and into every error.
 */
export class GraphBuilder {
  /** One method an operation: `builder.g.matmul(a, b)`. */
  readonly g: Builder<Node> = {
    ...opMethods<Node>((op, operands, attrs) => this.add(op, operands, attrs)),
    scalar: (value, like) => this.constant(numeric(value), like.dtype),
    literal: (values, shape, dtype) => this.literal(values, shape, dtype),
    dim: (x, axis) => {
      const size = x.shape.at(axis);
      if (size === undefined) throw new GraphError(`dim: ${axis} is out of range for [${x.shape.join(', ')}]`);
      return size;
    },
  };

  private readonly known = new Map<string, Node>();
  private readonly ids = new Map<Node, number>();
  private path = '';

  /** Path of the module being traced, '' outside of every module. */
  get scope(): string {
    return this.path;
  }

  /** Runs `body` with `path` as the module path, from the model's root. */
  within<T>(path: string, body: () => T): T {
    const outer = this.path;
    this.path = path;
    try {
      return body();
    } finally {
      this.path = outer;
    }
  }

  /**
   * The node of operation `op`. Throws ShapeError, DTypeError or ValueError, with the module path, when the operands do
   * not fit.
   */
  add(op: string, operands: readonly Node[], attrs: Readonly<Record<string, BuildAttribute>> = {}): Node {
    const record = findOp(op);
    if (!record) throw new GraphError(`'${op}' is not an operation of the op table`);
    try {
      let normal = normalizeAttributes(op, record.signature, operands, numericAttributes(attrs));
      const type = inferType(op, record.signature, operands, normal, record);
      if (record.kind === 'view' && record.canonical) normal = record.canonical(normal, operands[0]!.shape, type.shape);
      if (record.kind === 'reduction' && !record.hasIdentity && elementCount(operands[0]!.shape) === 0) {
        throw new ValueError(
          `${op}: nothing to reduce in a tensor without elements, and ${op} of nothing is undefined`,
        );
      }
      return this.intern({
        op,
        inputs: operands,
        attrs: normal,
        shape: type.shape,
        dtype: type.dtype,
        scope: this.scope,
      });
    } catch (error) {
      throw this.located(error);
    }
  }

  /**
   * The node over other operands, which have the types of its own: what every pass that copies a graph does. Neither
   * attributes nor the type are inferred again, unless a type is another one after all.
   */
  over(node: Node, operands: readonly Node[]): Node {
    const isAlike = operands.every((operand, i) => sameType(operand, node.inputs[i]!));
    if (!isAlike) return this.add(node.op, operands, node.attrs);
    const isSame = node.scope === this.scope && operands.every((operand, i) => operand === node.inputs[i]);
    if (isSame) return this.intern(node);
    const { op, attrs, shape, dtype } = node;
    return this.intern({ op, inputs: operands, attrs, shape, dtype, scope: this.scope });
  }

  /** A scalar constant; integers are held within the range of the dtype, so that a bound may be infinite. */
  constant(number: number, dtype: DType): Node {
    const value = toDType(number, dtype, 'f32');
    return this.intern({ op: 'constant', inputs: [], attrs: { value }, shape: [], dtype, scope: '' });
  }

  /** A tensor of constants, row-major: a table that a composite computed on the host. */
  literal(values: readonly number[], shape: Shape, dtype: DType): Node {
    if (values.length !== elementCount(shape)) {
      throw new ShapeError(`literal: ${values.length} values for the shape [${shape.join(', ')}]`);
    }
    return this.intern({ op: 'literal', inputs: [], attrs: { values }, shape, dtype, scope: '' });
  }

  /** An input, parameter or buffer. */
  leaf(kind: Exclude<LeafKind, 'constant' | 'literal'>, name: string, shape: Shape, dtype: DType): Node {
    return this.intern({ op: kind, inputs: [], attrs: { name }, shape, dtype, scope: '' });
  }

  /** Makes nodes of another builder known here, so that equal ones are shared. */
  adopt(nodes: Iterable<Node>): void {
    for (const node of nodes) this.intern(node);
  }

  private intern(node: Node): Node {
    const key = `${node.op}|${node.inputs.map((input) => this.id(input)).join()}|${attributeKey(node.attrs)}|${node.dtype}|${node.inputs.length === 0 ? node.shape.join() : ''}`;
    const known = this.known.get(key);
    if (known) return known;
    this.known.set(key, node);
    return node;
  }

  private id(node: Node): number {
    let id = this.ids.get(node);
    if (id === undefined) this.ids.set(node, (id = this.ids.size));
    return id;
  }

  /** Our errors say where in the model they arose: puts the module path into one that lacks it. */
  located(error: unknown): unknown {
    if (error instanceof MeganeuraError && this.scope !== '' && !error.message.includes(' (at ')) {
      error.message += ` (at ${this.scope})`;
    }
    return error;
  }
}

function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

/** Copies of a node share their attributes, which are never written to. */
const attributeKeys = new WeakMap<Attributes, string>();

function attributeKey(attrs: Attributes): string {
  let key = attributeKeys.get(attrs);
  if (key !== undefined) return key;
  key = '';
  for (const name in attrs) key += `${name}:${valueKey(attrs[name]!)};`;
  attributeKeys.set(attrs, key);
  return key;
}

function valueKey(value: AttributeValue): string {
  if (typeof value === 'object') return value.map(valueKey).join();
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

function numeric(value: BuildAttribute): number {
  if (typeof value !== 'number') throw new GraphError('a symbolic number cannot stand in a graph');
  return value;
}

function numericAttributes(attrs: Readonly<Record<string, BuildAttribute>>) {
  return Object.fromEntries(
    Object.entries(attrs).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(numeric) : typeof value === 'object' ? numeric(value as BuildAttribute) : value,
    ]),
  );
}
