import { isFloat, type DType } from '../ir/dtype.js';
import { DTypeError, NameError, TraceError } from '../ir/errors.js';
import type { Node } from '../ir/graph.js';
import { ops, type OpName } from '../ir/ops/index.js';
import { showShape } from '../ir/shape.js';
import type { Signature } from '../ir/signature.js';
import type { BuildAttribute } from '../ir/symbolic.js';
import { currentTrace, type TraceContext } from './context.js';
import type { Dim } from './shapes/dim.js';
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
}

/**
 * Adds operation `op` to the running trace. The generated functions call it; their signatures say of what type the
 * result is. Numbers among the operands become scalars of the tensors' dtype.
 * Throws TraceError outside of a trace, NameError for an option that the operation does not have, and what
 * `GraphBuilder.add` throws.
 */
export function emit(op: OpName, operands: readonly unknown[], attributes: object = {}): Tensor {
  const trace = currentTrace(op);
  const { signature } = ops[op];
  try {
    const nodes = operandNodes(trace, op, signature, operands);
    const node = trace.builder.add(
      op,
      nodes,
      numericAttributes(trace, op, signature, checkedOptions(op, signature, attributes)),
    );
    return new TracedTensor(node, trace);
  } catch (error) {
    throw trace.builder.located(error);
  }
}

function operandNodes(
  trace: TraceContext,
  op: OpName,
  signature: Signature,
  operands: readonly unknown[],
): readonly Node[] {
  const nameOf = (position: number) => signature.operands[position]?.name ?? `operand ${position}`;
  const nodes = operands.map((operand, position) => {
    if (operand instanceof Tensor) return operand.nodeIn(trace);
    if (typeof operand === 'number') return operand;
    throw new TraceError(`${op}: ${nameOf(position)} must be a tensor, got ${describeValue(operand)}`);
  });
  const common = nodes.find(
    (node, position): node is Node => typeof node !== 'number' && signature.operands[position]?.dtype === undefined,
  )?.dtype;
  return nodes.map((node, position) => {
    if (typeof node !== 'number') return node;
    const dtype = signature.operands[position]?.dtype ?? common;
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

/** Plain JavaScript may give other options than an operation has; ignored, they would change the result unseen. */
function checkedOptions(op: OpName, signature: Signature, given: unknown): Readonly<Record<string, unknown>> {
  const names = signature.attributes.map(({ name }) => name);
  const known = `it takes { ${names.join(', ')} }`;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new NameError(`${op}: options are given by name, got ${describeValue(given)}; ${known}`);
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new NameError(`${op}: there is no option '${unknown}'; ${known}`);
  return given as Readonly<Record<string, unknown>>;
}

/** Names in sizes become the numbers that the trace bound. */
function numericAttributes(
  trace: TraceContext,
  op: OpName,
  signature: Signature,
  attributes: Readonly<Record<string, unknown>>,
): Record<string, BuildAttribute> {
  const numbers: Record<string, BuildAttribute> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const kind = signature.attributes.find((attribute) => attribute.name === name)?.kind;
    const isSize = kind === 'shape' || kind === 'int';
    if (isSize && Array.isArray(value)) numbers[name] = value.map((dim: Dim) => trace.size(dim, op));
    else if (isSize && typeof value === 'string') numbers[name] = trace.size(value, op);
    else numbers[name] = value as BuildAttribute;
  }
  return numbers;
}

/** `undefined`, `a Promise`, `3`: what a message says was given instead of a tensor. */
export function describeValue(value: unknown): string {
  if (value instanceof Promise) return 'a Promise: it cannot be async';
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? 'a function' : String(value);
  if (Array.isArray(value)) return 'an array';
  const { constructor } = value as { constructor?: unknown }; // Objects without prototype have none.
  return typeof constructor === 'function' && constructor !== Object ? `a ${constructor.name}` : 'an object';
}
