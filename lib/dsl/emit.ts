import { isFloat, type DType } from '../ir/dtype.js';
import { DTypeError, NameError, TraceError } from '../ir/errors.js';
import type { Node } from '../ir/graph.js';
import { operandPattern } from '../ir/operands.js';
import type { OpDefinition } from '../ir/ops/record.js';
import { ops, type OpName } from '../ir/ops/index.js';
import { showShape } from '../ir/shape.js';
import type { AttributeKind, Signature } from '../ir/signature.js';
import type { BuildAttribute } from '../ir/symbolic.js';
import { currentTrace, type TraceContext } from './context.js';
import type { Dim } from './shapes/dim.js';
import type { TensorMethods } from './generated/methods.js';
import { Tensor } from './tensor.js';

/** A tensor that an operation of the running trace made, or an input of it. */
export class TracedTensor extends Tensor {
  constructor(
    private readonly node: Node,
    private readonly trace: TraceContext,
  ) {
    super([...node.shape], node.dtype);
  }

  override nodeIn(trace: TraceContext): Node {
    if (trace === this.trace) return this.node;
    throw new TraceError(
      `a tensor of shape ${showShape(this.node.shape)} belongs to another trace: tensors live as long as the trace that ` +
        `made them; feed values as inputs, keep state in buffers`,
    );
  }

  override emit(
    op: keyof TensorMethods,
    operands: readonly unknown[],
    options: object | undefined,
    attributes: object,
  ): Tensor {
    return emit(op, operands, options, attributes);
  }
}

/**
 * Adds operation `op` to the running trace. The generated functions call it; their signatures say of what type the
 * result is. `options` holds what may be left out, attributes and operands, where undefined counts as left out;
 * `required` the attributes that may not. They come apart because spreading options that are no object would hide that.
 * Numbers among the operands become scalars of the tensors' dtype.
 * Throws TraceError outside of a trace and for operands that are no tensors, NameError for an option that the operation
 * does not have, and what `GraphBuilder.add` throws.
 */
export function emit(op: OpName, operands: unknown, options: object = {}, required: object = {}): Tensor {
  const trace = currentTrace(op);
  const { signature }: OpDefinition = ops[op];
  try {
    const optional = signature.operands.filter((operand) => operand.optional).map(({ name }) => name);
    const attributes = signature.attributes.filter((attribute) => attribute.optional).map(({ name }) => name);
    const given = { ...checkedOptions(op, [...optional, ...attributes], options), ...required };
    const node = trace.builder.add(
      op,
      operandNodes(trace, op, signature, [
        ...operandList(op, signature, operands),
        ...givenOperands(
          op,
          optional,
          optional.map((name) => given[name]),
        ),
      ]),
      numericAttributes(trace, op, signature, given),
    );
    return new TracedTensor(node, trace);
  } catch (error) {
    throw trace.builder.located(error);
  }
}

/** The operands by position, or the tensors of the one that is a list. */
function operandList(op: OpName, { operands: [first] }: Signature, given: unknown): readonly unknown[] {
  if (Array.isArray(given) && (given.length > 0 || !first?.list)) return given;
  const got = Array.isArray(given) ? 'an empty one' : describeValue(given);
  throw new TraceError(`${op}: ${first!.name} must be a list of one or more tensors, got ${got}`);
}

/** The operands that were given, of those that may be left out: the first ones. */
function givenOperands(op: OpName, names: readonly string[], values: readonly unknown[]): readonly unknown[] {
  const count = values.findLastIndex((value) => value !== undefined) + 1;
  const missing = values.slice(0, count).indexOf(undefined);
  if (missing >= 0) throw new TraceError(`${op}: ${names[count - 1]} is given without ${names[missing]} before it`);
  return values.slice(0, count);
}

function operandNodes(
  trace: TraceContext,
  op: OpName,
  signature: Signature,
  operands: readonly unknown[],
): readonly Node[] {
  const isList = signature.operands[0]?.list === true;
  const nameOf = (position: number) => {
    const { name } = operandPattern(signature, position);
    return isList ? `${name}[${position}]` : name;
  };
  /** `any` and those that share the common dtype take their own or that of the others. */
  const dtypeOf = (position: number) => {
    const { dtype } = operandPattern(signature, position);
    return dtype === 'any' ? undefined : dtype;
  };
  const nodes = operands.map((operand, position) => {
    if (operand instanceof Tensor) return operand.nodeIn(trace);
    if (typeof operand === 'number') return operand;
    throw new TraceError(`${op}: ${nameOf(position)} must be a tensor, got ${describeValue(operand)}`);
  });
  const common = nodes.find(
    (node, position): node is Node =>
      typeof node !== 'number' && operandPattern(signature, position).dtype === undefined,
  )?.dtype;
  return nodes.map((node, position) => {
    if (typeof node !== 'number') return node;
    const dtype = dtypeOf(position) ?? common;
    if (dtype === undefined) throw new DTypeError(`${op}: one operand must be a tensor, got only numbers`);
    return trace.builder.constant(representable(op, nameOf(position), node, dtype), dtype);
  });
}

/** The number, when the dtype has it. */
function representable(op: OpName, name: string, value: number, dtype: DType): number {
  const fits = isFloat(dtype)
    ? true
    : dtype === 'i32'
      ? value === (value | 0)
      : dtype === 'u32'
        ? value === value >>> 0
        : value === 0 || value === 1;
  if (!fits) throw new DTypeError(`${op}: ${name} is the number ${value}, which ${dtype} cannot hold; cast the tensor`);
  return value;
}

/** Plain JavaScript may give other options than there are; ignored, they would change the result unseen. Throws NameError. */
export function checkedOptions(
  op: string,
  names: readonly string[],
  given: unknown,
): Readonly<Record<string, unknown>> {
  const known = names.length > 0 ? `it takes { ${names.join(', ')} }` : 'it has none';
  if (typeof given !== 'object' || given === null || Array.isArray(given) || given instanceof Tensor) {
    throw new NameError(`${op}: options are given by name, got ${describeValue(given)}; ${known}`);
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new NameError(`${op}: there is no option '${unknown}'; ${known}`);
  return given as Readonly<Record<string, unknown>>;
}

/** Kinds of attributes whose numbers may be sizes with names. */
const sizeKinds: ReadonlySet<string> = new Set<AttributeKind>(['int', 'shape', 'ints', 'pair']);

/** The attributes among what was given; names in sizes become the numbers that the trace bound. */
function numericAttributes(
  trace: TraceContext,
  op: OpName,
  { attributes }: Signature,
  given: Readonly<Record<string, unknown>>,
): Record<string, BuildAttribute> {
  const numbers: Record<string, BuildAttribute> = {};
  for (const { name, kind } of attributes) {
    const value = given[name];
    const isSize = sizeKinds.has(kind);
    if (isSize && Array.isArray(value)) numbers[name] = value.map((dim: Dim) => trace.size(dim, op));
    else if (isSize && typeof value === 'string') numbers[name] = trace.size(value, op);
    else if (typeof value === 'object' && !Array.isArray(value)) {
      throw new TraceError(`${op}: ${name} must be a plain value (number, list or word), got ${describeValue(value)}`);
    } else if (value !== undefined) numbers[name] = value as BuildAttribute;
  }
  return numbers;
}

/** `undefined`, `a Promise`, `3`: what a message says was given instead of a tensor. */
export function describeValue(value: unknown): string {
  if (value instanceof Promise) return 'a Promise: it cannot be async';
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? 'a function' : String(value);
  if (Array.isArray(value)) return 'an array';
  if (value instanceof TracedTensor) return 'a tensor';
  const { constructor } = value as { constructor?: unknown }; // Objects without prototype have none.
  return typeof constructor === 'function' && constructor !== Object ? `a ${constructor.name}` : 'an object';
}
