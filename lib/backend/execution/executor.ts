import { describeNode, isLeaf, leafName, type Node } from '../../ir/graph.js';
import { recordedWait, type Recorder } from '../../ir/recorder.js';
import { elementCount } from '../../ir/shape.js';
import type { TypedArray } from '../../ir/typed-array.js';
import { BufferUsage } from '../device/constants.js';
import type { Device } from '../device/device.js';
import { fromStorage, toStorage, type StoredArray } from './feed.js';
import type { Kernel } from '../kernels/kernel.js';
import type { KernelProfile } from '../kernels/profile.js';
import { devicePeak } from './peak.js';
import { pipelineFor } from './pipelines.js';
import { storageBytes, type Plan, type PlanLimits } from '../planning/plan.js';
import { Readback } from './readback.js';
import type { StateStore } from './state.js';
import { StepTimer } from './step-timer.js';

const STORAGE = BufferUsage.STORAGE | BufferUsage.COPY_SRC | BufferUsage.COPY_DST;

/** What plans need to know of a device. */
export function planLimits({ info, limits, features }: Device): PlanLimits {
  const profile: KernelProfile = {
    software: info.software,
    maxBindings: limits.maxStorageBuffersPerShaderStage,
    maxInvocations: Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
    workgroupMemory: limits.maxComputeWorkgroupStorageSize,
    maxWorkgroups: limits.maxComputeWorkgroupsPerDimension,
    nativeF16: features.has('shader-f16'),
  };
  return {
    ...profile,
    maxBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    offsetAlignment: limits.minStorageBufferOffsetAlignment,
  };
}

interface Dispatch {
  readonly kernel: Kernel;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/** Bytes by what they hold. */
export interface MemoryUse {
  readonly parameters: number;
  /** Other state: optimizer moments, running statistics. */
  readonly buffers: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly intermediates: number;
  /** What the intermediates would take if none shared its place with another. */
  readonly intermediatesWithoutReuse: number;
  readonly total: number;
}

/** A plan on a device: buffers, pipelines and bind groups, made once; a step is one submit of the same dispatches. */
export class Executor {
  private readonly owned = new Set<GPUBuffer>();
  private readonly buffers = new Map<Node, GPUBuffer>();
  private readonly records = new Map<Node, { ring: GPUBuffer; stride: number; capacity: number; count: number }>();
  private readonly dispatches: Dispatch[] = [];
  private arenas: GPUBuffer[] = [];
  private readonly readback: Readback;
  private timer: StepTimer | undefined;

  private constructor(
    readonly device: Device,
    readonly plan: Plan,
    readonly state: StateStore,
    /** Who records what it does, if anybody. */
    readonly recorder: Recorder | undefined,
  ) {
    this.readback = new Readback(device);
  }

  /**
   * Allocates and compiles. Takes over `state`; on failure lets go of it, and nothing stays allocated. Rejects with the
   * reason of `signal` when that aborts.
   */
  static async create(
    device: Device,
    plan: Plan,
    state: StateStore,
    signal?: AbortSignal,
    recorder?: Recorder,
  ): Promise<Executor> {
    const executor = new Executor(device, plan, state, recorder);
    try {
      await recordedWait(recorder, 'allocate', () => executor.allocate(signal));
      await recordedWait(recorder, 'create pipelines', () => executor.compile());
      await executor.startRecording();
      signal?.throwIfAborted();
      return executor;
    } catch (error) {
      executor.dispose();
      throw error;
    }
  }

  get dispatchCount(): number {
    return this.dispatches.length;
  }

  /** Writes an input, parameter, buffer or literal, as `toStorage` gives it; takes effect before the next step. */
  write(leaf: Node, values: StoredArray): void {
    const data = sharedSafe(values);
    this.device.gpu.queue.writeBuffer(this.buffers.get(leaf)!, 0, data.buffer, data.byteOffset, data.byteLength);
    if (this.timer && leaf.op === 'input') this.timer.input(leaf, values);
  }

  /** Submits one step, and does not wait for it. */
  step(): void {
    const encoder = this.device.gpu.createCommandEncoder();
    if (this.timer) {
      const { recorder } = this.timer;
      const slice = recorder.begin('encode');
      this.encode(encoder, this.timer.passes);
      recorder.end(slice);
      this.timer.submit(encoder);
    } else {
      this.encode(encoder);
      this.device.gpu.queue.submit([encoder.finish()]);
    }
  }

  /** `stamped`: a pass for each kernel, instead of one for all. */
  private encode(encoder: GPUCommandEncoder, stamped?: readonly GPUComputePassTimestampWrites[]): void {
    let pass = stamped ? undefined : encoder.beginComputePass();
    for (let i = 0; i < this.dispatches.length; i++) {
      const { pipeline, bindGroup, workgroups } = this.dispatches[i]!;
      if (stamped) pass = encoder.beginComputePass({ timestampWrites: stamped[i]! });
      pass!.setPipeline(pipeline);
      pass!.setBindGroup(0, bindGroup);
      pass!.dispatchWorkgroups(...workgroups);
      if (stamped) pass!.end();
    }
    if (!stamped) pass!.end();
    for (const { from, to } of this.plan.copies) {
      const source = this.place(from);
      encoder.copyBufferToBuffer(source.buffer, source.offset, this.place(to).buffer, 0, storageBytes(to));
    }
    for (const [node, record] of this.records) {
      const { buffer, offset } = this.place(node);
      const slot = (record.count++ % record.capacity) * record.stride;
      encoder.copyBufferToBuffer(buffer, offset, record.ring, slot, record.stride);
    }
  }

  /** Values of an output, parameter or buffer after the last step. */
  async read(node: Node): Promise<TypedArray> {
    const { buffer, offset } = this.place(node);
    const read = () => this.readback.read(buffer, offset, storageBytes(node));
    return fromStorage(node, await recordedWait(this.recorder, 'read back', read));
  }

  /** From now on keeps the values that an output had in the last `capacity` steps; with 0, of none. */
  record(node: Node, capacity: number): void {
    const stride = storageBytes(node);
    this.device.requireBuffer(stride * capacity, `a record of ${capacity} steps of ${describeNode(node)}`);
    const known = this.records.get(node);
    if (known) {
      this.records.delete(node);
      this.owned.delete(known.ring);
      known.ring.destroy();
    }
    if (capacity === 0) return;
    const ring = this.create(`record of ${node.op}`, stride * capacity, STORAGE);
    this.records.set(node, { ring, stride, capacity, count: 0 });
  }

  isRecorded(node: Node): boolean {
    return this.records.has(node);
  }

  /** Recorded values since the last call, oldest first. */
  async readRecord(node: Node): Promise<TypedArray[]> {
    const record = this.records.get(node)!;
    const { ring, stride, capacity } = record;
    const count = Math.min(record.count, capacity);
    const first = record.count - count;
    record.count = 0;
    if (count === 0) return [];
    const read = () => this.readback.read(ring, 0, count * stride, ring.size);
    const bytes = await recordedWait(this.recorder, 'read back', read);
    return Array.from({ length: count }, (_, i) => {
      const slot = ((first + i) % capacity) * stride;
      return fromStorage(node, bytes.slice(slot, slot + stride));
    });
  }

  memory(): MemoryUse {
    const parameters = this.state.bytes('parameter');
    const buffers = this.state.bytes('buffer');
    const sum = (nodes: Iterable<Node>) => [...nodes].reduce((total, node) => total + storageBytes(node), 0);
    const inputs = sum(this.plan.graph.inputs.values());
    const outputs = sum(this.ownOutputs());
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
    this.readback.dispose();
    this.timer?.dispose();
    for (const buffer of this.owned) buffer.destroy();
    this.owned.clear();
    this.state.release();
    this.recorder?.memory(this, { inputs: 0, outputs: 0, intermediates: 0 });
    this.recordState();
  }

  /** From here on steps are recorded, where somebody does. */
  private async startRecording(): Promise<void> {
    const { recorder } = this;
    if (!recorder) return;
    const scalars = [...this.plan.graph.outputs]
      .filter(([, { shape, dtype }]) => elementCount(shape) === 1 && dtype === 'f32')
      .map(([name, node]) => ({ name, place: this.place(node) }));
    const kernels = this.dispatches.map(({ kernel: { label, scope, operations, workgroups, work } }) => {
      return { label, scope, operations, workgroups: workgroups[0] * workgroups[1] * workgroups[2], ...work };
    });
    const peak = await recordedWait(recorder, 'measure peak', () => devicePeak(this.device));
    const timer = new StepTimer(this.device, recorder, peak, kernels, scalars);
    this.timer = timer;
    const { inputs, outputs, intermediates } = this.memory();
    recorder.memory(this, { inputs, outputs, intermediates });
    this.recordState();
    await timer.align();
  }

  /** Sessions that share it have it in common. */
  private recordState(): void {
    const { state } = this;
    this.recorder?.memory(state, { parameters: state.bytes('parameter'), buffers: state.bytes('buffer') });
  }

  private create(label: string, size: number, usage: number): GPUBuffer {
    const buffer = this.device.gpu.createBuffer({ label, size, usage });
    this.owned.add(buffer);
    return buffer;
  }

  private async allocate(signal: AbortSignal | undefined): Promise<void> {
    const { graph, memory } = this.plan;
    // One after the other: of weights that come from a file, the host holds one at a time.
    for (const state of [...graph.parameters.values(), ...graph.buffers.values()]) {
      signal?.throwIfAborted();
      this.buffers.set(state.node, await this.state.obtain(state));
    }
    for (const input of graph.inputs.values()) {
      this.buffers.set(input, this.create(leafName(input), storageBytes(input), STORAGE));
    }
    for (const literal of graph.nodes().filter((node) => node.op === 'literal')) {
      this.buffers.set(literal, this.create('literal', storageBytes(literal), STORAGE));
      this.write(literal, toStorage('literal', literal, literal.attrs['values'] as readonly number[]));
    }
    const own = this.ownOutputs();
    for (const [name, node] of graph.outputs) {
      if (own.has(node) && !this.buffers.has(node)) {
        this.buffers.set(node, this.create(name, storageBytes(node), STORAGE));
      }
    }
    this.arenas = memory.arenas.map((size) => this.create('intermediates', size, STORAGE));
  }

  /** Outputs with storage of their own; one that is also an update lives in the state it updates. */
  private ownOutputs(): Set<Node> {
    return new Set([...this.plan.graph.outputs.values()].filter((node) => !isLeaf(this.plan.storage(node))));
  }

  private place(node: Node): { buffer: GPUBuffer; offset: number } {
    const tensor = this.plan.storage(node);
    const own = this.buffers.get(tensor);
    if (own) return { buffer: own, offset: 0 };
    const { arena, offset } = this.plan.memory.places.get(tensor)!;
    return { buffer: this.arenas[arena]!, offset };
  }

  private async compile(): Promise<void> {
    const { gpu } = this.device;
    // Tensors without elements need no work.
    const kernels = this.plan.kernels.filter(({ workgroups }) => workgroups[0] > 0);
    const pipelines = kernels.map(({ bindings, wgsl, label }) => {
      // One buffer cannot be bound for reading and, elsewhere in it, for writing: then all its ranges are writable.
      const written = new Set(
        bindings.filter(({ access }) => access === 'read_write').map(({ tensor }) => this.place(tensor).buffer),
      );
      const text = wgsl((tensor) => written.has(this.place(tensor).buffer));
      return pipelineFor(this.device, text, label, this.recorder);
    });
    for (const [i, pipeline] of (await Promise.all(pipelines)).entries()) {
      const kernel = kernels[i]!;
      const { bindings, workgroups } = kernel;
      const entries = bindings.map(({ tensor }, binding) => ({
        binding,
        resource: { ...this.place(tensor), size: storageBytes(tensor) },
      }));
      const bindGroup = gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
      this.dispatches.push({ kernel, pipeline, bindGroup, workgroups });
    }
  }
}

/** Dawn reads the memory later than the call: a view of shared memory is copied first. */
function sharedSafe(values: StoredArray): StoredArray {
  return values.buffer instanceof ArrayBuffer ? values : values.slice();
}
