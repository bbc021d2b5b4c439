import { GraphError } from '../../ir/errors.js';
import { describeNode, isLeaf, type Node } from '../../ir/graph.js';
import { isFloat } from '../../ir/dtype.js';
import { opOf } from '../../ir/ops/index.js';
import { foldScalar, type Scalar } from '../../ir/scalar.js';
import { affineKey, affineText, dependsOn, steppedText, zero, type Affine, type Atom } from '../fusion/affine.js';
import { broadcastIndex, throughViews, type Mask, type Space } from '../fusion/space.js';
import { operationsIn } from '../../rewrite/operations.js';
import { KernelBuffers, type BufferOptions, type DraftResult } from './buffers.js';
import { callText, castText, literal, valueType, type Width } from './functions.js';
import { offsetOf } from './offsets.js';
import { KernelText } from './text.js';
import { masked, splat, widened, type Value } from './values.js';

export interface WriterOptions extends BufferOptions {
  readonly space: Space;
  /** Members of the group, computed here; all other tensors are loaded or recomputed. */
  readonly members: ReadonlySet<Node>;
  /** The dimension along which four elements are handled at once where nothing else is said. */
  readonly lane: Atom | undefined;
  /** Tensors kept in buffers; what is neither this nor a member is recomputed. */
  readonly stored: ReadonlySet<Node>;
}

/**
 * Writes the body of one kernel: turns nodes into expressions, each once a block, loads what is kept in buffers, and stores
 * what members compute. Members with special ways of being computed (reductions, products) are put in by `define`.
 */
export class KernelWriter extends KernelText {
  readonly buffers: KernelBuffers;
  private readonly scopes = [new Map<string, Value>()];
  /** The dimension along which four elements are handled at once. */
  private lane: Atom | undefined;

  /** `draft`: what an earlier draft found out. */
  constructor(
    private readonly options: WriterOptions,
    draft: DraftResult | undefined,
  ) {
    super();
    this.buffers = new KernelBuffers(this, options, draft);
    this.lane = options.lane;
  }

  override block(head: string, body: () => void, times = 1): void {
    this.scopes.push(new Map<string, Value>());
    super.block(head, body, times);
    this.scopes.pop();
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

  /** Makes `text` the value of `node` at `index` from here to the end of the block. */
  define(node: Node, index: readonly Affine[], value: Value): void {
    this.scopes[this.scopes.length - 1]!.set(this.key(node, index, []), value);
  }

  /** The element of `node` at `index`, through views, computed or loaded, as an expression. */
  value(node: Node, index: readonly Affine[]): Value {
    const { node: source, index: at, masks } = throughViews(this.options.space.algebra, node, index);
    const bare = this.named(this.key(source, at, []), () => this.compute(source, at));
    if (masks.length === 0) return bare;
    return this.named(this.key(source, at, masks), () => masked(bare, masks, source.dtype, this.lane));
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
    const { text, width } = compute();
    const named = { text: this.let('v', text), width };
    this.scopes[this.scopes.length - 1]!.set(key, named);
    return named;
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
    this.buffers.store(node, offsetOf(node, index), value, this.lane);
  }

  /** Stores an element of what is written over `node` from `position` on, where there is such a place. */
  private overwrite(node: Node, index: readonly Affine[], value: Value, position: Value): void {
    const { lane } = this;
    const along = node.shape.length + (node.attrs['axis'] as number);
    const own = index[along]!;
    const extent = node.shape[along]!;
    const first = this.let('first', `u32(${position.text})`);
    /** What lies before the first place has wrapped around and is behind the last one. */
    const place = (text: string) => {
      const name = this.let('place', `${first} + ${text}`);
      return { name, isInside: `if (${name} < ${extent}u)` };
    };
    const target = (atom: Atom) =>
      index.map((part, axis): Affine => (axis === along ? { constant: 0, terms: new Map([[atom, 1]]) } : part));
    if (!lane || !dependsOn(own, lane)) {
      const { name, isInside } = place(affineText(own));
      this.block(isInside, () => this.store(node, target({ text: name, extent }), value));
      return;
    }
    const whole = this.let('s', widened(value, node.dtype).text);
    for (let i = 0; i < 4; i++) {
      const { name, isInside } = place(steppedText(own, lane, i));
      const offset = offsetOf(node, target({ text: name, extent, computed: { from: [lane], at: () => name } }));
      this.block(isInside, () => this.buffers.storeLane(node, offset, lane, whole, i));
    }
  }

  /** An element of a tensor in a buffer, or four along `lane`. */
  load(node: Node, offset: Affine, lane = this.lane): Value {
    return this.buffers.load(node, offset, lane, lane ?? this.options.space.atoms.at(-1));
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
      const name = this.let('j', value);
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
    return masked(element, [{ conditions: [inside], fill: isFloat(node.dtype) ? NaN : 0 }], node.dtype, lane);
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

const nodeIds = new WeakMap<Node, number>();
let nextNodeId = 0;
function nodeId(node: Node): number {
  let id = nodeIds.get(node);
  if (id === undefined) nodeIds.set(node, (id = nextNodeId++));
  return id;
}
