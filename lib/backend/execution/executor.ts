import type { Node } from '../../ir/graph.js';
import { recordedWait, type Recorder } from '../../ir/recorder.js';
import { elementCount } from '../../ir/shape.js';
import type { TypedArray } from '../../ir/typed-array.js';
import type { Device } from '../device/device.js';
import type { Kernel } from '../kernels/kernel.js';
import type { KernelProfile } from '../kernels/profile.js';
import { storageBytes, type Plan, type PlanLimits } from '../planning/plan.js';
import { fromStorage, type StoredArray } from './feed.js';
import { OutputRecords } from './output-records.js';
import { devicePeak } from './peak.js';
import { pipelineFor } from './pipelines.js';
import { PlanBuffers, type MemoryUse } from './plan-buffers.js';
import { Readback } from './readback.js';
import type { FrozenStates, StateStore } from './state.js';
import { StepTimer } from './step-timer.js';

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

/** A plan on a device: buffers, pipelines and bind groups, made once; a step is one submit of the same dispatches. */
export class Executor {
  private readonly buffers: PlanBuffers;
  private readonly records: OutputRecords;
  private readonly dispatches: Dispatch[] = [];
  private readonly readback: Readback;
  private timer: StepTimer | undefined;
  private unclaim: (() => void) | undefined;

  private constructor(
    readonly device: Device,
    readonly plan: Plan,
    state: StateStore,
    /** Who records what it does, if anybody. */
    readonly recorder: Recorder | undefined,
    /** What of its states was made of others. */
    readonly frozen: FrozenStates | undefined,
  ) {
    this.buffers = new PlanBuffers(device, plan, state);
    this.records = new OutputRecords(device, this.buffers);
    this.readback = new Readback(device);
  }

  /**
   * Allocates and compiles. Takes over `state`; on failure lets go of it, and nothing stays allocated. Rejects with
   * UsageError where steps would change what must not change, and with the reason of `signal` when that aborts.
   */
  static async create(
    device: Device,
    plan: Plan,
    state: StateStore,
    signal?: AbortSignal,
    recorder?: Recorder,
    frozen?: FrozenStates,
  ): Promise<Executor> {
    const executor = new Executor(device, plan, state, recorder, frozen);
    try {
      executor.unclaim = state.claim({ changes: new Set(plan.graph.updates.keys()), frozen });
      await recordedWait(recorder, 'allocate', () => executor.buffers.allocate(signal));
      await recordedWait(recorder, 'create pipelines', () => executor.compile());
      await executor.startRecording();
      signal?.throwIfAborted();
      return executor;
    } catch (error) {
      executor.dispose();
      throw error;
    }
  }

  get state(): StateStore {
    return this.buffers.state;
  }

  get dispatchCount(): number {
    return this.dispatches.length;
  }

  /** Writes an input, parameter, buffer or literal, as `toStorage` gives it; takes effect before the next step. */
  write(leaf: Node, values: StoredArray): void {
    this.buffers.write(leaf, values);
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
      const source = this.buffers.place(from);
      encoder.copyBufferToBuffer(source.buffer, source.offset, this.buffers.place(to).buffer, 0, storageBytes(to));
    }
    this.records.encode(encoder);
  }

  /** Values of an output, parameter or buffer after the last step. */
  async read(node: Node): Promise<TypedArray> {
    const { buffer, offset } = this.buffers.place(node);
    const read = () => this.readback.read(buffer, offset, storageBytes(node));
    return fromStorage(node, await recordedWait(this.recorder, 'read back', read));
  }

  /** See `OutputRecords`. */
  record(node: Node, capacity: number): void {
    this.records.start(node, capacity);
  }

  isRecorded(node: Node): boolean {
    return this.records.has(node);
  }

  /** Recorded values since the last call, oldest first. */
  readRecord(node: Node): Promise<TypedArray[]> {
    return recordedWait(this.recorder, 'read back', () => this.records.read(node, this.readback));
  }

  memory(): MemoryUse {
    return this.buffers.memory();
  }

  dispose(): void {
    this.readback.dispose();
    this.timer?.dispose();
    this.unclaim?.();
    this.buffers.dispose();
    this.recorder?.memory(this, { inputs: 0, outputs: 0, intermediates: 0 });
    this.recordState();
  }

  /** From here on steps are recorded, where somebody does. */
  private async startRecording(): Promise<void> {
    const { recorder } = this;
    if (!recorder) return;
    const scalars = [...this.plan.graph.outputs]
      .filter(([, { shape, dtype }]) => elementCount(shape) === 1 && dtype === 'f32')
      .map(([name, node]) => ({ name, place: this.buffers.place(node) }));
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

  private async compile(): Promise<void> {
    const { gpu } = this.device;
    // Tensors without elements need no work.
    const kernels = this.plan.kernels.filter(({ workgroups }) => workgroups[0] > 0);
    const pipelines = kernels.map(({ bindings, wgsl, label }) => {
      // One buffer cannot be bound for reading and, elsewhere in it, for writing: then all its ranges are writable.
      const written = new Set(
        bindings.filter(({ access }) => access === 'read_write').map(({ tensor }) => this.buffers.place(tensor).buffer),
      );
      const text = wgsl((tensor) => written.has(this.buffers.place(tensor).buffer));
      return pipelineFor(this.device, text, label, this.recorder);
    });
    for (const [i, pipeline] of (await Promise.all(pipelines)).entries()) {
      const kernel = kernels[i]!;
      const { bindings, workgroups } = kernel;
      const entries = bindings.map(({ tensor }, binding) => ({
        binding,
        resource: { ...this.buffers.place(tensor), size: storageBytes(tensor) },
      }));
      const bindGroup = gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
      this.dispatches.push({ kernel, pipeline, bindGroup, workgroups });
    }
  }
}
