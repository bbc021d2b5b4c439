import type { Node } from '../../ir/graph.js';
import { elementCount } from '../../ir/shape.js';
import { affineText, coefficientOf, dependsOn, steppedText, type Affine, type Atom } from '../fusion/affine.js';
import { valueType } from './functions.js';
import { isInside, isVectorOffset, vectorOffsetText } from './offsets.js';
import { loadText, packedDType, storageType, storeLines, type BufferForm } from './storage.js';
import type { KernelText } from './text.js';
import { widened, type Value } from './values.js';

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

/** What a draft of a kernel finds out about the buffers. */
export interface DraftResult {
  /** Tensors that are accessed by whole vectors only. */
  readonly vectors: ReadonlySet<Node>;
  /** Those written by single elements. */
  readonly atomics: ReadonlySet<Node>;
}

export interface BufferOptions {
  /** The tensor whose storage a tensor is kept in: itself, or the parameter that it updates in place. */
  readonly storage: (node: Node) => Node;
  /** See `KernelProfile`. */
  readonly nativeF16: boolean;
}

/** The buffers of a kernel: writes loads and stores, and notes how each is accessed. */
export class KernelBuffers {
  private readonly accesses = new Map<Node, { written: boolean; vector: boolean; nodes: Set<Node> }>();

  /** `draft`: what an earlier draft found out. */
  constructor(
    private readonly text: KernelText,
    private readonly options: BufferOptions,
    private readonly draft: DraftResult | undefined,
  ) {}

  /** An element of a tensor, or four along `lane`. `neighbour`: the dimension of neighbouring invocations. */
  load(node: Node, offset: Affine, lane: Atom | undefined, neighbour: Atom | undefined): Value {
    const inside = isInside(node, offset);
    const isStrided = neighbour !== undefined && Math.abs(coefficientOf(offset, neighbour)) >= FAR;
    const get = (vector: boolean, at: string) => {
      const buffer = this.access(node, false, vector);
      const form = this.form(node, vector);
      this.count(form, isStrided);
      const last = Math.max(elementCount(node.shape), 1) - 1;
      // What a mask replaces may lie behind the buffer or, having wrapped around, before it: another element is read.
      const bounded = inside ? at : `min(${at}, ${vector ? Math.floor(last / 4) : last}u)`;
      return loadText(form, buffer, this.place(form, bounded), this.text.declare);
    };
    if (!lane || !dependsOn(offset, lane)) return { text: get(false, affineText(offset)), width: 1 };
    if (isVectorOffset(offset, lane)) {
      this.access(node, false, true);
      if (this.isVectorTensor(node)) return { text: get(true, vectorOffsetText(offset, lane)), width: 4 };
    }
    const elements = [0, 1, 2, 3].map((i) => get(false, steppedText(offset, lane, i)));
    return { text: `${valueType(node.dtype, 4)}(${elements.join(', ')})`, width: 4 };
  }

  /** Stores an element of a tensor, or four along `lane`. */
  store(node: Node, offset: Affine, value: Value, lane: Atom | undefined): void {
    if (!lane || !dependsOn(offset, lane)) {
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
    const name = this.text.let('s', whole.text);
    for (let i = 0; i < 4; i++) this.storeLane(node, offset, lane, name, i);
  }

  /** Stores lane `i` of the vector of that name in its place. */
  storeLane(node: Node, offset: Affine, lane: Atom, name: string, i: number): void {
    this.put(node, false, steppedText(offset, lane, i), `${name}[${i}]`);
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

  /** WGSL types of the buffers' elements. */
  elements(): string[] {
    return [...this.accesses].map(([tensor, { vector }]) => storageType(this.form(tensor, vector)));
  }

  private put(node: Node, vector: boolean, at: string, value: string): void {
    const buffer = this.access(node, true, vector);
    const form = this.form(node, vector);
    this.count(form, false);
    for (const line of storeLines(form, buffer, this.place(form, at), value, this.text.declare)) this.text.line(line);
  }

  private count(form: BufferForm, isStrided: boolean): void {
    const { tally } = this.text;
    const elements = form.vector ? 4 : 1;
    tally.access(elements, isStrided);
    if (packedDType(form)) tally.operations(HALF_OPERATIONS * elements);
  }

  private isVectorTensor(node: Node): boolean {
    return this.draft?.vectors.has(this.options.storage(node)) ?? true;
  }

  /** How this kernel sees the buffer of a tensor. */
  private form(node: Node, vector: boolean): BufferForm {
    const atomic = this.draft?.atomics.has(this.options.storage(node)) ?? true;
    return { dtype: node.dtype, vector, atomic, nativeF16: this.options.nativeF16 };
  }

  /** The text of an index, as a name where it is used more than once. */
  private place(form: BufferForm, text: string): string {
    return form.vector || !packedDType(form) || /^\w+$/.test(text) ? text : this.text.let('at', text);
  }
}
