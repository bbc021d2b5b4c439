import type { Device } from '../device/device.js';
import { BufferUsage, MapMode } from '../device/constants.js';
import { leafName, type Node } from '../../ir/graph.js';
import type { DevicePeak, DeviceRecorder, KernelFacts, Recorder, StepRecorder } from '../../ir/recorder.js';

/** A scalar whose value in each step is recorded: where it is in the end, 4 bytes of f32. */
export interface RecordedScalar {
  readonly name: string;
  readonly place: { readonly buffer: GPUBuffer; readonly offset: number };
}

/** Most queries that WebGPU allows in a set (https://www.w3.org/TR/webgpu/#dom-gpudevice-createqueryset), two a kernel. */
const KERNELS_PER_SET = 2048;

/** Bytes of a time stamp; offsets of resolved ones are multiples of 256. */
const STAMP_BYTES = 8;

/** Submits with which the clock of a device is compared to ours. */
const COMPARISONS = 5;

/** What one step leaves behind: time stamps, and values of scalars. */
interface Results {
  readonly buffer: GPUBuffer;
  inUse: boolean;
}

/**
 * Takes the times of an executor's steps. Each kernel gets a pass of its own, which is what WebGPU stamps, as many query
 * sets as it takes, and results come back without anyone waiting for them.
 */
export class StepTimer {
  readonly session: number;
  private readonly device: DeviceRecorder;
  private readonly sets: GPUQuerySet[] = [];
  private readonly resolved: GPUBuffer | undefined;
  private readonly results: Results[] = [];
  private readonly stampBytes: number;
  private readonly writes: readonly GPUComputePassTimestampWrites[];
  private readonly underWay = new Set<StepRecorder>();
  private steps = 0;
  private closed = false;

  constructor(
    private readonly owner: Device,
    readonly recorder: Recorder,
    peak: DevicePeak | undefined,
    private readonly kernels: readonly KernelFacts[],
    private readonly scalars: readonly RecordedScalar[],
  ) {
    const { gpu, info, features } = owner;
    const timestamps = features.has('timestamp-query');
    this.session = recorder.session();
    this.device = recorder.device(owner, { name: info.name, timestamps, peak });
    this.stampBytes = timestamps ? 2 * STAMP_BYTES * kernels.length : 0;
    for (let first = 0; timestamps && first < kernels.length; first += KERNELS_PER_SET) {
      const count = 2 * Math.min(KERNELS_PER_SET, kernels.length - first);
      this.sets.push(gpu.createQuerySet({ type: 'timestamp', count }));
    }
    this.writes = this.sets.flatMap((querySet) =>
      Array.from({ length: querySet.count / 2 }, (_, i) => ({
        querySet,
        beginningOfPassWriteIndex: 2 * i,
        endOfPassWriteIndex: 2 * i + 1,
      })),
    );
    // Waiting for results may then have no end.
    void owner.lost.then(() => this.underWay.forEach((step) => step.lost()));
    if (this.stampBytes > 0) {
      const usage = BufferUsage.QUERY_RESOLVE | BufferUsage.COPY_SRC;
      this.resolved = gpu.createBuffer({ label: 'time stamps', size: this.stampBytes, usage });
    }
  }

  /** Compares the device's clock with ours, unless that was done. Waits for the device. */
  async align(): Promise<void> {
    const { gpu } = this.owner;
    const { resolved } = this;
    const [timestampWrites] = this.writes;
    if (!resolved || !timestampWrites) return;
    for (let i = 0; i < COMPARISONS && (i > 0 || !this.device.aligned); i++) {
      await Promise.race([gpu.queue.onSubmittedWorkDone(), this.owner.lost]);
      const encoder = gpu.createCommandEncoder();
      encoder.beginComputePass({ timestampWrites }).end();
      encoder.resolveQuerySet(timestampWrites.querySet, 0, 2, resolved, 0);
      const results = this.take();
      encoder.copyBufferToBuffer(resolved, 0, results.buffer, 0, 2 * STAMP_BYTES);
      const commands = encoder.finish();
      const submitted = performance.now();
      gpu.queue.submit([commands]);
      await Promise.race([results.buffer.mapAsync(MapMode.READ).catch(() => undefined), this.owner.lost]);
      // It was lost, which whoever uses it next is told.
      if (results.buffer.mapState !== 'mapped') return;
      this.device.align(submitted, new BigUint64Array(results.buffer.getMappedRange(0, STAMP_BYTES))[0]!);
      this.release(results);
    }
  }

  /** Records a number that is fed, such as the learning rate. */
  input(leaf: Node, values: ArrayLike<number>): void {
    if (values.length === 1) this.recorder.value(this.session, leafName(leaf), values[0]!);
  }

  /** The pass of each kernel: its time stamps; undefined where there are none, and one pass does for all. */
  get passes(): readonly GPUComputePassTimestampWrites[] | undefined {
    return this.sets.length > 0 ? this.writes : undefined;
  }

  /** Ends the encoding of a step with copies of what it leaves behind, and submits it. */
  submit(encoder: GPUCommandEncoder): void {
    const { recorder } = this;
    const results = this.take();
    this.sets.forEach((set, i) =>
      encoder.resolveQuerySet(set, 0, set.count, this.resolved!, i * 2 * KERNELS_PER_SET * STAMP_BYTES),
    );
    if (this.resolved) encoder.copyBufferToBuffer(this.resolved, 0, results.buffer, 0, this.stampBytes);
    this.scalars.forEach(({ place: { buffer, offset } }, i) => {
      encoder.copyBufferToBuffer(buffer, offset, results.buffer, this.stampBytes + 4 * i, 4);
    });
    const commands = encoder.finish();
    const step = this.device.step(this.session, ++this.steps, this.kernels);
    const slice = recorder.begin('submit', undefined, step.flow);
    const submitted = performance.now();
    this.owner.gpu.queue.submit([commands]);
    recorder.end(slice);
    void this.collect(results, step, submitted);
  }

  /** What is under way still comes in. */
  dispose(): void {
    this.closed = true;
    for (const set of this.sets) set.destroy();
    this.resolved?.destroy();
    for (const { buffer, inUse } of this.results) if (!inUse) buffer.destroy();
  }

  private async collect(results: Results, step: StepRecorder, submitted: number): Promise<void> {
    this.underWay.add(step);
    try {
      await results.buffer.mapAsync(MapMode.READ);
      const bytes = results.buffer.getMappedRange().slice(0);
      const stamps = this.resolved && new BigUint64Array(bytes, 0, this.stampBytes / STAMP_BYTES);
      const values = new Float32Array(bytes, this.stampBytes);
      step.done(submitted, stamps, Object.fromEntries(this.scalars.map(({ name }, i) => [name, values[i]!])));
    } catch {
      // The device was lost, which whoever uses it next is told.
      step.lost();
    }
    this.underWay.delete(step);
    this.release(results);
  }

  private take(): Results {
    let results = this.results.find(({ inUse }) => !inUse);
    if (!results) {
      const size = Math.max(2 * STAMP_BYTES, this.stampBytes + 4 * this.scalars.length);
      const usage = BufferUsage.MAP_READ | BufferUsage.COPY_DST;
      results = { buffer: this.owner.gpu.createBuffer({ label: 'times', size, usage }), inUse: false };
      this.results.push(results);
    }
    results.inUse = true;
    return results;
  }

  private release(results: Results): void {
    results.inUse = false;
    if (this.closed) results.buffer.destroy();
    else results.buffer.unmap();
  }
}
