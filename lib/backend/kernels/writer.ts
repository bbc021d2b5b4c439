import { GraphError } from '../../ir/errors.js';
import { describeNode, isLeaf, type Node } from '../../ir/graph.js';
import { isFloat } from '../../ir/dtype.js';
import type { IndexCondition } from '../../ir/ops/define.js';
import { opOf } from '../../ir/ops/index.js';
import { foldScalar, type Scalar } from '../../ir/scalar.js';
import { contiguousStrides, elementCount } from '../../ir/shape.js';
import {
  addAffine,
  affineKey,
  affineText,
  coefficientOf,
  dependsOn,
  dependsOpaquely,
  rangeOf,
  scaleAffine,
  steppedText,
  zero,
} from '../fusion/affine.js';
import type { Affine, Atom } from '../fusion/affine.js';
import { broadcastIndex, throughViews, type Mask, type Space } from '../fusion/space.js';
import { callText, castText, literal, valueType, type Width } from './functions.js';
import { operationsIn } from '../../rewrite/operations.js';
import type { Program } from './program.js';
import { loadText, packedDType, storageType, storeLines, type BufferForm } from './storage.js';
import { Tally } from './tally.js';

const BARRIER = 'workgroupBarrier();';
/** Elements from which on neighbours are read one by one: what memory gives at once, 32 bytes. */
const FAR = 8;
/** Additions that taking apart or rounding an element of 16 bits is worth, where it has no type of its own. */
const HALF_OPERATIONS = 16;

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

export interface WriterOptions {
  readonly space: Space;
  /** Members of the group, computed here; all other tensors are loaded or recomputed. */
  readonly members: ReadonlySet<Node>;
  /** The dimension along which four elements are handled at once where nothing else is said. */
  readonly lane: Atom | undefined;
  /** The tensor whose storage a tensor is kept in: itself, or the parameter that it updates in place. */
  readonly storage: (node: Node) => Node;
  /** Tensors kept in buffers; what is neither this nor a member is recomputed. */
  readonly stored: ReadonlySet<Node>;
  /** See `KernelProfile`. */
  readonly nativeF16: boolean;
}

/** What a draft of a kernel finds out about the buffers. */
export interface DraftResult {
  /** Tensors that are accessed by whole vectors only. */
  readonly vectors: ReadonlySet<Node>;
  /** Those written by single elements. */
  readonly atomics: ReadonlySet<Node>;
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
  private readonly declare = (name: string, text: string) => void this.helpers.set(name, text);
  private counter = 0;
  /** What an invocation does, counted as it is written. */
  readonly tally = new Tally();
  /** The dimension along which four elements are handled at once. */
  private lane: Atom | undefined;

  /** `draft`: what an earlier draft found out. */
  constructor(
    readonly options: WriterOptions,
    private readonly draft: DraftResult | undefined,
  ) {
    this.lane = options.lane;
  }

  line(text: string): void {
    if (text === BARRIER) this.tally.barrier();
    this.lines.push(`${'  '.repeat(this.scopes.length)}${text}`);
  }

  /** A block with names of its own: `head {` … `}`; `times`: how often an invocation runs it, on average. */
  block(head: string, body: () => void, times = 1): void {
    this.line(`${head} {`.trimStart());
    this.scopes.push(new Map<string, Value>());
    this.tally.repeated(times, body);
    this.scopes.pop();
    this.line('}');
  }

  /** Handles four elements at once along another dimension, or one, while `body` writes. */
  along<T>(lane: Atom | undefined, body: () => T): T {
    const outer = this.lane;
    this.lane = lane;
    try {
      return body();
    } finally {
      this.lane = outer;
    }
  }

  name(prefix: string): string {
    return `${prefix}${this.counter++}`;
  }

  /** Makes `text` the value of `node` at `index` from here to the end of the block. */
  define(node: Node, index: readonly Affine[], value: Value): void {
    this.scopes[this.scopes.length - 1]!.set(this.key(node, index, []), value);
  }

  /** The element of `node` at `index`, through views, computed or loaded, as an expression. */
  value(node: Node, index: readonly Affine[]): Value {
    const { node: source, index: at, masks } = throughViews(this.options.space.algebra, node, index);
    const bare = this.named(this.key(source, at, []), () => this.compute(source, at));
    if (masks.length === 0) return bare;
    return this.named(this.key(source, at, masks), () => this.masked(bare, masks, source.dtype));
  }

  /** Tells values apart: also whether one is that of an element or of four. */
  private key(node: Node, index: readonly Affine[], masks: readonly Mask[]): string {
    const { lane } = this;
    const conditions = masks.map(
      ({ conditions, fill }) =>
        `${fill}?${conditions.map(({ value, step, extent }) => `${affineKey(value)}/${step}<${extent}`).join('&')}`,
    );
    const isVector = lane !== undefined && index.some((part) => dependsOn(part, lane));
    return [`${nodeId(node)}@${index.map(affineKey).join(',')}${isVector ? '×4' : ''}`, ...conditions].join('|');
  }

  /**
   * Declares a value, unless it is known in this block or around it. Constants as well: WGSL refuses constant
   * expressions that overflow or divide by zero.
   */
  private named(key: string, compute: () => Value): Value {
    for (let depth = this.scopes.length - 1; depth >= 0; depth--) {
      const known = this.scopes[depth]!.get(key);
      if (known) return known;
    }
    const value = compute();
    const name = this.name('v');
    this.line(`let ${name} = ${value.text};`);
    const named = { text: name, width: value.width };
    this.scopes[this.scopes.length - 1]!.set(key, named);
    return named;
  }

  /** The value where all conditions of the masks hold, else what the first mask that fails fills in. */
  masked(value: Value, masks: readonly Mask[], dtype: Node['dtype'], lane = this.lane): Value {
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

  /**
   * Stores what members compute, each at its own index. All values first: a store may overwrite in place what another
   * value reads.
   */
  storeAll(members: readonly Node[], indexOf: (member: Node) => readonly Affine[]): void {
    const stores = members.map((member) => {
      const index = indexOf(member);
      if (opOf(member).kind !== 'overwrite') return { member, index, value: this.value(member, index) };
      const [, values, position] = member.inputs;
      return { member, index, value: this.value(values!, index), position: this.value(position!, []) };
    });
    for (const { member, index, value, position } of stores) {
      if (position) this.overwrite(member, index, value, position);
      else this.store(member, index, value);
    }
  }

  /** Stores the value of a member at its own place. */
  store(node: Node, index: readonly Affine[], value: Value): void {
    const { lane } = this;
    const offset = offsetOf(node, index);
    const moves = lane !== undefined && dependsOn(offset, lane);
    if (!moves) {
      this.put(node, false, affineText(offset), value.text);
      return;
    }
    const whole = widened(value, node.dtype);
    if (isVectorOffset(offset, lane)) {
      this.access(node, true, true);
      if (this.isVectorTensor(node)) {
        this.put(node, true, vectorOffsetText(offset, lane), whole.text);
        return;
      }
    }
    const name = this.name('s');
    this.line(`let ${name} = ${whole.text};`);
    for (let i = 0; i < 4; i++) this.put(node, false, steppedText(offset, lane, i), `${name}[${i}]`);
  }

  /** Stores an element of what is written over `node` from `position` on, where there is such a place. */
  private overwrite(node: Node, index: readonly Affine[], value: Value, position: Value): void {
    const { lane } = this;
    const along = node.shape.length + (node.attrs['axis'] as number);
    const own = index[along]!;
    const extent = node.shape[along]!;
    const first = this.name('first');
    this.line(`let ${first} = u32(${position.text});`);
    /** What lies before the first place has wrapped around and is behind the last one. */
    const place = (text: string) => {
      const name = this.name('place');
      this.line(`let ${name} = ${first} + ${text};`);
      return { name, isInside: `if (${name} < ${extent}u)` };
    };
    const target = (atom: Atom) =>
      index.map((part, axis): Affine => (axis === along ? { constant: 0, terms: new Map([[atom, 1]]) } : part));
    if (!lane || !dependsOn(own, lane)) {
      const { name, isInside } = place(affineText(own));
      this.block(isInside, () => this.store(node, target({ text: name, extent }), value));
      return;
    }
    const whole = this.name('s');
    this.line(`let ${whole} = ${widened(value, node.dtype).text};`);
    for (let i = 0; i < 4; i++) {
      const { name, isInside } = place(steppedText(own, lane, i));
      const offset = offsetOf(node, target({ text: name, extent, computed: { from: [lane], at: () => name } }));
      this.block(isInside, () => this.put(node, false, steppedText(offset, lane, i), `${whole}[${i}]`));
    }
  }

  private put(node: Node, vector: boolean, at: string, text: string): void {
    const buffer = this.access(node, true, vector);
    const form = this.form(node, vector);
    this.tally.access(vector ? 4 : 1, false);
    if (packedDType(form)) this.tally.operations(HALF_OPERATIONS * (vector ? 4 : 1));
    for (const line of storeLines(form, buffer, this.place(form, at), text, this.declare)) this.line(line);
  }

  /** An element of a tensor in a buffer, or four along `lane`. */
  load(node: Node, offset: Affine, lane = this.lane): Value {
    const inside = isInside(node, offset);
    const neighbour = lane ?? this.options.space.atoms.at(-1);
    const isStrided = neighbour !== undefined && Math.abs(coefficientOf(offset, neighbour)) >= FAR;
    const get = (vector: boolean, at: string) => {
      const buffer = this.access(node, false, vector);
      const form = this.form(node, vector);
      this.tally.access(vector ? 4 : 1, isStrided);
      if (packedDType(form)) this.tally.operations(HALF_OPERATIONS * (vector ? 4 : 1));
      const last = Math.max(elementCount(node.shape), 1) - 1;
      // What a mask replaces may lie behind the buffer or, having wrapped around, before it: another element is read.
      const bounded = inside ? at : `min(${at}, ${vector ? Math.floor(last / 4) : last}u)`;
      return loadText(form, buffer, this.place(form, bounded), this.declare);
    };
    if (!lane || !dependsOn(offset, lane)) return { text: get(false, affineText(offset)), width: 1 };
    if (isVectorOffset(offset, lane)) {
      this.access(node, false, true);
      if (this.isVectorTensor(node)) return { text: get(true, vectorOffsetText(offset, lane)), width: 4 };
    }
    const elements = [0, 1, 2, 3].map((i) => get(false, steppedText(offset, lane, i)));
    return { text: `${valueType(node.dtype, 4)}(${elements.join(', ')})`, width: 4 };
  }

  /** How this kernel sees the buffer of a tensor. */
  private form(node: Node, vector: boolean): BufferForm {
    const atomic = this.draft?.atomics.has(this.options.storage(node)) ?? true;
    return { dtype: node.dtype, vector, atomic, nativeF16: this.options.nativeF16 };
  }

  /** The text of an index, as a name where it is used more than once. */
  private place(form: BufferForm, text: string): string {
    if (form.vector || !packedDType(form) || /^\w+$/.test(text)) return text;
    const name = this.name('at');
    this.line(`let ${name} = ${text};`);
    return name;
  }

  /** A scalar expression over values, splat to one width. */
  apply(expression: Scalar, operands: readonly Value[], dtypes: readonly Node['dtype'][], width: Width): string {
    const dtype = dtypes.at(-1)!;
    this.tally.operations(operationsIn(expression) * width);
    return foldScalar<string>(expression, {
      // A constant has the dtype of the operands it stands beside: those after a condition.
      constant: (value) => splat(literal(value, dtype), valueType(dtype, 1), width),
      variable: (i) =>
        operands[i]!.width === width ? operands[i]!.text : splat(operands[i]!.text, valueType(dtypes[i]!, 1), width),
      call: (fn, args) => callText(fn, args, dtype, width, this.declare),
    });
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
    return this.draft?.vectors.has(this.options.storage(node)) ?? true;
  }

  result(): DraftResult {
    const all = [...this.accesses];
    return {
      vectors: new Set(all.filter(([, { vector }]) => vector).map(([tensor]) => tensor)),
      atomics: new Set(all.filter(([, { vector, written }]) => written && !vector).map(([tensor]) => tensor)),
    };
  }

  bindings(): Binding[] {
    return [...this.accesses].map(([tensor, { written, nodes }]) => ({
      tensor,
      access: written ? 'read_write' : 'read',
      nodes,
    }));
  }

  /** Types of the buffers' elements, and the functions that the body calls. */
  declarations(): Pick<Program, 'elements' | 'helpers'> {
    const elements = [...this.accesses].map(([tensor, { vector }]) => storageType(this.form(tensor, vector)));
    return { elements, helpers: this.helpers };
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
      return { text: castText(operands[0]!.text, dtypes[0]!, node.dtype, width, this.declare), width };
    }
    if (op.kind === 'gather') return this.gathered(node, index);
    if (op.kind === 'source') return this.sourceValue(node, op.expression, index);
    throw new GraphError(`${describeNode(node)} is used before it is computed`);
  }

  /** The operand's element at an index that is itself a value. */
  private gathered(node: Node, index: readonly Affine[]): Value {
    const [operand, indices] = [node.inputs[0]!, node.inputs[1]!];
    const along = operand.shape.length + (node.attrs['axis'] as number);
    const extent = operand.shape[along]!;
    const { text, width } = this.value(indices, index);
    const { lane } = this;
    const declared = (value: string): Affine => {
      const name = this.name('j');
      this.line(`let ${name} = ${value};`);
      const computed =
        lane && width === 4 ? { from: [lane], at: (_: Atom, step: number) => `${name}[${step}]` } : undefined;
      return { constant: 0, terms: new Map([[{ text: name, extent, ...(computed ? { computed } : {}) }, 1]]) };
    };
    const type = valueType('u32', width);
    const given = declared(`${type}(${text})`);
    // What is read is within the buffer even where the value is not used: the software adapter checks no bounds.
    const at = declared(`min(${affineText(given)}, ${type}(${Math.max(0, extent - 1)}u))`);
    const element = this.value(
      operand,
      index.map((part, axis) => (axis === along ? at : part)),
    );
    // Outside of the operand, negative indices included: no number that could pass for a result.
    const inside = { value: given, step: 1, extent };
    return this.masked(element, [{ conditions: [inside], fill: isFloat(node.dtype) ? NaN : 0 }], node.dtype);
  }

  private sourceValue(node: Node, expression: Scalar, index: readonly Affine[]): Value {
    const { lane } = this;
    const last = index.at(-1) ?? zero;
    const type = valueType(node.dtype, 1);
    const width = lane && dependsOn(last, lane) ? 4 : 1;
    const at = [0, 1, 2, 3].map((step) => `${type}(${lane ? steppedText(last, lane, step) : affineText(last)})`);
    const text = width === 4 ? `${valueType(node.dtype, 4)}(${at.join(', ')})` : at[0]!;
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

/** Whether a condition holds, in each lane where they differ. */
function conditionOf({ value, step, extent }: IndexCondition<Affine>, lane: Atom | undefined): Value {
  // What is below 0 has wrapped around and is above every extent.
  const test = (text: string) =>
    step === 1 ? `((${text}) < ${extent}u)` : `(((${text}) % ${step}u == 0u) & ((${text}) / ${step}u < ${extent}u))`;
  if (!lane || !dependsOn(value, lane)) return { text: test(affineText(value)), width: 1 };
  return { text: `vec4<bool>(${[0, 1, 2, 3].map((i) => test(steppedText(value, lane, i))).join(', ')})`, width: 4 };
}

const nodeIds = new WeakMap<Node, number>();
let nextNodeId = 0;
function nodeId(node: Node): number {
  let id = nodeIds.get(node);
  if (id === undefined) nodeIds.set(node, (id = nextNodeId++));
  return id;
}

/** Whether an offset is one of the tensor's, whatever the indices are. */
function isInside(node: Node, offset: Affine): boolean {
  const [least, greatest] = rangeOf(offset);
  return least >= 0 && greatest < elementCount(node.shape);
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
    !dependsOpaquely(offset, lane) &&
    offset.constant % 4 === 0 &&
    others.every(([, coefficient]) => coefficient % 4 === 0)
  );
}

function vectorOffsetText(offset: Affine, lane: Atom): string {
  const others = new Map([...offset.terms].filter(([atom]) => atom !== lane).map(([atom, c]) => [atom, c / 4]));
  const rest = affineText({ constant: offset.constant / 4, terms: others });
  return rest === '0u' ? quarter(lane) : `${rest} + ${quarter(lane)}`;
}

/** The variable that holds a quarter of the lane's index: which vector it is. */
export function quarter(lane: Atom): string {
  return `${lane.text}q`;
}
