import { GraphError } from '../../ir/errors.js';
import { describeNode, isLeaf, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import { foldScalar, type Scalar, type ScalarFunction } from '../../ir/scalar.js';
import { contiguousStrides } from '../../ir/shape.js';
import {
  addAffine,
  affineKey,
  affineText,
  coefficientOf,
  dependsOpaquely,
  scaleAffine,
  zero,
} from '../fusion/affine.js';
import type { Affine, Atom } from '../fusion/affine.js';
import { broadcastIndex, throughViews, type Space } from '../fusion/space.js';
import {
  helperFunctions,
  integerFunctions,
  literal,
  scalarFunctions,
  storageType,
  valueType,
  type Width,
} from './functions.js';

/** A tensor a kernel binds. `tensor` stands for its storage: an updated parameter and its new value share one. */
export interface Binding {
  readonly tensor: Node;
  readonly access: 'read' | 'read_write';
  /** The values read or written through it: the storage's own, or the one that replaces it. */
  readonly nodes: ReadonlySet<Node>;
}

/** An expression in registers. */
export interface Value {
  readonly text: string;
  readonly width: Width;
}

/** Thrown inside when an index cannot be vectorised; the kernel is then written with one lane. */
export class NotVectorizable extends Error {}

export interface WriterOptions {
  readonly space: Space;
  /** Members of the group, computed here; all other tensors are loaded or recomputed. */
  readonly members: ReadonlySet<Node>;
  /** The dimension along which four elements are handled at once. */
  readonly lane: Atom | undefined;
  /** The tensor whose storage a tensor is kept in: itself, or the parameter that it updates in place. */
  readonly storage: (node: Node) => Node;
  /** Tensors kept in buffers; what is neither this nor a member is recomputed. */
  readonly stored: ReadonlySet<Node>;
}

/**
 * Writes the body of one kernel: declares what is loaded and stored, and turns nodes into expressions, each once a
 * block. Members with special ways of being computed (reductions, products) are put in by `define`.
 */
export class KernelWriter {
  private readonly lines: string[] = [];
  private readonly scopes = [new Map<string, Value>()];
  private readonly accesses = new Map<Node, { written: boolean; vector: boolean; nodes: Set<Node> }>();
  private readonly helpers = new Map<string, string>();
  private counter = 0;

  /** `vectorTensors`: what an earlier draft found to be accessed by whole vectors only. */
  constructor(
    readonly options: WriterOptions,
    private readonly vectorTensors: ReadonlySet<Node> | undefined,
  ) {}

  line(text: string): void {
    this.lines.push(`${'  '.repeat(this.scopes.length)}${text}`);
  }

  /** A block with names of its own: `head {` … `}`. */
  block(head: string, body: () => void): void {
    this.line(`${head} {`.trimStart());
    this.scopes.push(new Map<string, Value>());
    body();
    this.scopes.pop();
    this.line('}');
  }

  name(prefix: string): string {
    return `${prefix}${this.counter++}`;
  }

  /** Makes `text` the value of `node` at `index` from here to the end of the block. */
  define(node: Node, index: readonly Affine[], value: Value): void {
    this.scopes[this.scopes.length - 1]!.set(valueKey(node, index), value);
  }

  /** The element of `node` at `index`, through views, computed or loaded, as an expression. */
  value(node: Node, index: readonly Affine[]): Value {
    const source = throughViews(this.options.space.algebra, node, index);
    const key = valueKey(source.node, source.index);
    for (let depth = this.scopes.length - 1; depth >= 0; depth--) {
      const known = this.scopes[depth]!.get(key);
      if (known) return known;
    }
    const value = this.compute(source.node, source.index);
    if (source.node.op === 'constant') return value;
    const name = this.name('v');
    this.line(`let ${name} = ${value.text};`);
    const named = { text: name, width: value.width };
    this.define(source.node, source.index, named);
    return named;
  }

  /** Stores the value of a member at its own place. */
  store(node: Node, index: readonly Affine[], value: Value): void {
    const { lane } = this.options;
    const offset = offsetOf(node, index);
    const convert = (text: string, width: Width) =>
      node.dtype === 'bool' ? `select(${splat('0u', 'u32', width)}, ${splat('1u', 'u32', width)}, ${text})` : text;
    const moves = lane !== undefined && coefficientOf(offset, lane) > 0;
    if (!moves) {
      this.line(`${this.access(node, true, false)}[${affineText(offset)}] = ${convert(value.text, 1)};`);
      return;
    }
    const whole = widened(value, node.dtype);
    if (isVectorOffset(offset, lane)) {
      const buffer = this.access(node, true, true);
      if (this.isVectorTensor(node)) {
        this.line(`${buffer}[${vectorOffsetText(offset, lane)}] = ${convert(whole.text, 4)};`);
        return;
      }
    }
    const buffer = this.access(node, true, false);
    const name = this.name('s');
    this.line(`let ${name} = ${convert(whole.text, 4)};`);
    for (let i = 0; i < 4; i++) this.line(`${buffer}[${laneOffsetText(offset, lane, i)}] = ${name}[${i}];`);
  }

  /** An element of a tensor in a buffer, or four along `lane`. */
  load(node: Node, offset: Affine, lane = this.options.lane): Value {
    if (lane && dependsOpaquely(offset, lane)) throw new NotVectorizable();
    const fromStorage = (text: string, width: Width) =>
      node.dtype === 'bool' ? `(${text} != ${splat('0u', 'u32', width)})` : text;
    const step = lane ? coefficientOf(offset, lane) : 0;
    if (!lane || step === 0) {
      return { text: fromStorage(`${this.access(node, false, false)}[${affineText(offset)}]`, 1), width: 1 };
    }
    if (isVectorOffset(offset, lane)) {
      const buffer = this.access(node, false, true);
      if (this.isVectorTensor(node)) {
        return { text: fromStorage(`${buffer}[${vectorOffsetText(offset, lane)}]`, 4), width: 4 };
      }
    }
    const buffer = this.access(node, false, false);
    const elements = [0, 1, 2, 3].map((i) => `${buffer}[${laneOffsetText(offset, lane, i)}]`);
    return { text: fromStorage(`${storageType(node.dtype, 4)}(${elements.join(', ')})`, 4), width: 4 };
  }

  /** A scalar expression over values, splat to one width. */
  apply(expression: Scalar, operands: readonly Value[], dtypes: readonly Node['dtype'][], width: Width): string {
    const integer = dtypes.at(-1) === 'i32' || dtypes.at(-1) === 'u32';
    const textOf = (fn: ScalarFunction) => (integer && integerFunctions[fn]) || scalarFunctions[fn];
    return foldScalar<string>(expression, {
      // A constant has the dtype of the operands it stands beside: those after a condition.
      constant: (value) => splat(literal(value, dtypes.at(-1)!), valueType(dtypes.at(-1)!, 1), width),
      variable: (i) =>
        operands[i]!.width === width ? operands[i]!.text : splat(operands[i]!.text, valueType(dtypes[i]!, 1), width),
      call: (fn, args) => this.withHelper(fn, width, textOf(fn)(...args)),
    });
  }

  /** Declares what a call needs that WGSL does not have. */
  private withHelper(fn: ScalarFunction, width: Width, call: string): string {
    const helper = helperFunctions[fn];
    if (!helper) return call;
    const name = `${fn}_${width}`;
    this.helpers.set(name, helper(name, valueType('f32', width)));
    return call.replace(`${fn}_(`, `${name}(`);
  }

  /** Name of the buffer of a tensor, noting how it is used. */
  access(node: Node, written: boolean, vector: boolean): string {
    const tensor = this.options.storage(node);
    const known = this.accesses.get(tensor);
    if (known) {
      known.written ||= written;
      known.vector &&= vector;
      known.nodes.add(node);
    } else this.accesses.set(tensor, { written, vector, nodes: new Set([node]) });
    return `t${[...this.accesses.keys()].indexOf(tensor)}`;
  }

  isVectorTensor(node: Node): boolean {
    return this.vectorTensors?.has(this.options.storage(node)) ?? true;
  }

  /** Tensors that were accessed by whole vectors only. */
  vectors(): Set<Node> {
    return new Set([...this.accesses].filter(([, { vector }]) => vector).map(([tensor]) => tensor));
  }

  bindings(): Binding[] {
    return [...this.accesses].map(([tensor, { written, nodes }]) => ({
      tensor,
      access: written ? 'read_write' : 'read',
      nodes,
    }));
  }

  /** Declarations of buffers and helper functions; `writable` tells which are bound for writing, whatever this kernel does with them. */
  declarations(writable: (tensor: Node) => boolean): string[] {
    const buffers = [...this.accesses].map(([tensor, { written, vector }], i) => {
      const type = storageType(tensor.dtype, vector ? 4 : 1);
      const mode = written || writable(tensor) ? 'read_write' : 'read';
      return `@group(0) @binding(${i}) var<storage, ${mode}> t${i}: array<${type}>;`;
    });
    return [...buffers, ...this.helpers.values()];
  }

  body(): string[] {
    return this.lines;
  }

  private compute(node: Node, index: readonly Affine[]): Value {
    if (node.op === 'constant') return { text: literal(node.attrs['value'] as number, node.dtype), width: 1 };
    if (isLeaf(node) || (this.options.stored.has(node) && !this.options.members.has(node))) {
      return this.load(node, offsetOf(node, index));
    }
    const op = opOf(node);
    if (op.kind === 'map') {
      const operands = node.inputs.map((input) => this.value(input, broadcastIndex(input.shape, index)));
      const width = operands.some((operand) => operand.width === 4) ? 4 : 1;
      const dtypes = node.inputs.map((input) => input.dtype);
      if (node.op !== 'cast') return { text: this.apply(op.expression, operands, dtypes, width), width };
      return { text: castText(operands[0]!.text, dtypes[0]!, node.dtype, width), width };
    }
    if (op.kind === 'source') return this.sourceValue(node, op.expression, index);
    throw new GraphError(`${describeNode(node)} is used before it is computed`);
  }

  private sourceValue(node: Node, expression: Scalar, index: readonly Affine[]): Value {
    const { lane } = this.options;
    const last = index.at(-1) ?? zero;
    if (lane && dependsOpaquely(last, lane)) throw new NotVectorizable();
    const step = lane ? coefficientOf(last, lane) : 0;
    const width = step > 0 ? 4 : 1;
    const base = `${valueType(node.dtype, 1)}(${affineText(last)})`;
    const lanes = [0, step, 2 * step, 3 * step].join(', ');
    const text =
      width === 4 ? `(${splat(base, valueType(node.dtype, 1), 4)} + ${valueType(node.dtype, 4)}(${lanes}))` : base;
    return { text: this.apply(expression, [{ text, width }], [node.dtype], width), width };
  }
}

/** The value with four lanes. */
export function widened(value: Value, dtype: Node['dtype']): Value {
  return value.width === 4 ? value : { text: splat(value.text, valueType(dtype, 1), 4), width: 4 };
}

function splat(text: string, type: string, width: Width): string {
  return width === 1 ? text : `vec4<${type}>(${text})`;
}

function castText(text: string, from: Node['dtype'], to: Node['dtype'], width: Width): string {
  return valueType(from, width) === valueType(to, width) ? text : `${valueType(to, width)}(${text})`;
}

function valueKey(node: Node, index: readonly Affine[]): string {
  return `${nodeId(node)}@${index.map(affineKey).join(',')}`;
}

const nodeIds = new WeakMap<Node, number>();
let nextNodeId = 0;
function nodeId(node: Node): number {
  let id = nodeIds.get(node);
  if (id === undefined) nodeIds.set(node, (id = nextNodeId++));
  return id;
}

/** Offset in elements of the element at `index` of a contiguous tensor. */
export function offsetOf(node: Node, index: readonly Affine[]): Affine {
  const strides = contiguousStrides(node.shape);
  return index.reduce((sum, part, axis) => addAffine(sum, scaleAffine(part, strides[axis]!)), zero);
}

/** Whether four neighbouring lanes are one aligned vector of the buffer. */
export function isVectorOffset(offset: Affine, lane: Atom): boolean {
  const others = [...offset.terms].filter(([atom]) => atom !== lane);
  return (
    coefficientOf(offset, lane) === 1 &&
    offset.constant % 4 === 0 &&
    others.every(([, coefficient]) => coefficient % 4 === 0)
  );
}

function vectorOffsetText(offset: Affine, lane: Atom): string {
  const others = new Map([...offset.terms].filter(([atom]) => atom !== lane).map(([atom, c]) => [atom, c / 4]));
  const rest = affineText({ constant: offset.constant / 4, terms: others });
  return rest === '0u' ? quarter(lane) : `${rest} + ${quarter(lane)}`;
}

function laneOffsetText(offset: Affine, lane: Atom, i: number): string {
  return affineText({ ...offset, constant: offset.constant + i * coefficientOf(offset, lane) });
}

/** The variable that holds a quarter of the lane's index: which vector it is. */
export function quarter(lane: Atom): string {
  return `${lane.text}q`;
}
