import { describeNode, type Node } from '../../ir/graph.js';
import type { TypedArray } from '../../ir/typed-array.js';
import type { Device } from '../device/device.js';
import { storageBytes } from '../planning/plan.js';
import { fromStorage } from './feed.js';
import type { PlanBuffers } from './plan-buffers.js';
import type { Readback } from './readback.js';

/** The last values of an output, `stride` bytes each; `count`: steps since they were last read. */
interface Ring {
  readonly buffer: GPUBuffer;
  readonly stride: number;
  readonly capacity: number;
  count: number;
}

/** Keeps the values that outputs had in the last steps on the device. */
export class OutputRecords {
  private readonly rings = new Map<Node, Ring>();

  constructor(
    private readonly device: Device,
    private readonly buffers: PlanBuffers,
  ) {}

  /** From now on keeps the values that an output had in the last `capacity` steps; with 0, of none. */
  start(node: Node, capacity: number): void {
    const stride = storageBytes(node);
    this.device.requireBuffer(stride * capacity, `a record of ${capacity} steps of ${describeNode(node)}`);
    const known = this.rings.get(node);
    if (known) {
      this.rings.delete(node);
      this.buffers.destroy(known.buffer);
    }
    if (capacity === 0) return;
    const buffer = this.buffers.create(`record of ${node.op}`, stride * capacity);
    this.rings.set(node, { buffer, stride, capacity, count: 0 });
  }

  has(node: Node): boolean {
    return this.rings.has(node);
  }

  /** Copies the outputs of the step that was encoded. */
  encode(encoder: GPUCommandEncoder): void {
    for (const [node, ring] of this.rings) {
      const { buffer, offset } = this.buffers.place(node);
      const slot = (ring.count++ % ring.capacity) * ring.stride;
      encoder.copyBufferToBuffer(buffer, offset, ring.buffer, slot, ring.stride);
    }
  }

  /** Values of an output that is recorded since the last call, oldest first. */
  async read(node: Node, readback: Readback): Promise<TypedArray[]> {
    const ring = this.rings.get(node)!;
    const { buffer, stride, capacity } = ring;
    const count = Math.min(ring.count, capacity);
    const first = ring.count - count;
    ring.count = 0;
    if (count === 0) return [];
    const bytes = await readback.read(buffer, 0, count * stride, buffer.size);
    return Array.from({ length: count }, (_, i) => {
      const slot = ((first + i) % capacity) * stride;
      return fromStorage(node, bytes.slice(slot, slot + stride));
    });
  }
}
