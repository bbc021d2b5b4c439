import { leafName, type Node } from '../../ir/graph.js';
import { BufferUsage } from '../device/constants.js';
import type { Device } from '../device/device.js';
import { ownOutputs, storageBytes, type Plan } from '../planning/plan.js';
import { toStorage, type StoredArray } from './feed.js';
import type { StateStore } from './state.js';

const STORAGE = BufferUsage.STORAGE | BufferUsage.COPY_SRC | BufferUsage.COPY_DST;

/** Bytes by what they hold. */
export interface MemoryUse {
  /** What training changes. */
  readonly parameters: number;
  /** Other state: optimizer moments, running statistics. */
  readonly buffers: number;
  /** What a step is fed. */
  readonly inputs: number;
  /** What a step computes for `read`. */
  readonly outputs: number;
  /** What a step computes on the way; what is no longer needed makes room for what comes later. */
  readonly intermediates: number;
  /** What the intermediates would take if none shared its place with another. */
  readonly intermediatesWithoutReuse: number;
  /** The sum of parameters, buffers, inputs, outputs and intermediates. */
  readonly total: number;
}

/** The buffers of a plan on a device: its own, and those of states, which other plans may share. */
export class PlanBuffers {
  private readonly owned = new Set<GPUBuffer>();
  private readonly byTensor = new Map<Node, GPUBuffer>();
  private arenas: GPUBuffer[] = [];

  /** Takes over `state`: lets go of it in the end. */
  constructor(
    private readonly device: Device,
    private readonly plan: Plan,
    readonly state: StateStore,
  ) {}

  /** Rejects with the reason of `signal` when that aborts, and with what reading the initial values throws. */
  async allocate(signal: AbortSignal | undefined): Promise<void> {
    const { graph, memory } = this.plan;
    // One after the other: of weights that come from a file, the host holds one at a time.
    for (const state of [...graph.parameters.values(), ...graph.buffers.values()]) {
      signal?.throwIfAborted();
      this.byTensor.set(state.node, await this.state.obtain(state));
    }
    for (const input of graph.inputs.values()) {
      this.byTensor.set(input, this.create(leafName(input), storageBytes(input)));
    }
    for (const literal of graph.nodes().filter((node) => node.op === 'literal')) {
      this.byTensor.set(literal, this.create('literal', storageBytes(literal)));
      this.write(literal, toStorage('literal', literal, literal.attrs['values'] as readonly number[]));
    }
    const own = ownOutputs(this.plan);
    for (const [name, node] of graph.outputs) {
      if (own.has(node) && !this.byTensor.has(node)) this.byTensor.set(node, this.create(name, storageBytes(node)));
    }
    this.arenas = memory.arenas.map((size) => this.create('intermediates', size));
  }

  /** A buffer of `size` bytes, which lives until `destroy` or `dispose`. */
  create(label: string, size: number): GPUBuffer {
    const buffer = this.device.gpu.createBuffer({ label, size, usage: STORAGE });
    this.owned.add(buffer);
    return buffer;
  }

  destroy(buffer: GPUBuffer): void {
    this.owned.delete(buffer);
    buffer.destroy();
  }

  /** Where a tensor lies; `offset` in bytes. */
  place(node: Node): { buffer: GPUBuffer; offset: number } {
    const tensor = this.plan.storage(node);
    const own = this.byTensor.get(tensor);
    if (own) return { buffer: own, offset: 0 };
    const { arena, offset } = this.plan.memory.places.get(tensor)!;
    return { buffer: this.arenas[arena]!, offset };
  }

  /** Writes an input, parameter, buffer or literal, as `toStorage` gives it; takes effect before the next submit. */
  write(leaf: Node, values: StoredArray): void {
    const data = sharedSafe(values);
    this.device.gpu.queue.writeBuffer(this.byTensor.get(leaf)!, 0, data.buffer, data.byteOffset, data.byteLength);
  }

  memory(): MemoryUse {
    const parameters = this.state.bytes('parameter');
    const buffers = this.state.bytes('buffer');
    const sum = (nodes: Iterable<Node>) => [...nodes].reduce((total, node) => total + storageBytes(node), 0);
    const inputs = sum(this.plan.graph.inputs.values());
    const outputs = sum(ownOutputs(this.plan));
    const intermediates = this.arenas.reduce((total, { size }) => total + size, 0);
    return {
      parameters,
      buffers,
      inputs,
      outputs,
      intermediates,
      intermediatesWithoutReuse: this.plan.bytesWithoutReuse,
      total: parameters + buffers + inputs + outputs + intermediates,
    };
  }

  dispose(): void {
    for (const buffer of this.owned) buffer.destroy();
    this.owned.clear();
    this.state.release();
  }
}

/** Dawn reads the memory later than the call: a view of shared memory is copied first. */
function sharedSafe(values: StoredArray): StoredArray {
  return values.buffer instanceof ArrayBuffer ? values : values.slice();
}
