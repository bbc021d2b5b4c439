import type { DeviceFacts, DeviceRecorder, KernelFacts, StepRecorder } from '../ir/recorder.js';
import type { Track, TraceWriter } from './trace-writer.js';

/** What a device's track needs of the profiler. */
export interface DeviceHost {
  readonly writer: TraceWriter;
  readonly process: Track;
  /** A number that no other flow has. */
  nextFlow(): number;
  /** Writes a counter of a session. `time`: nanoseconds. */
  value(session: number, name: string, value: number, time: number): void;
}

/** A step that was announced, and what came of it. */
interface PendingStep {
  readonly session: number;
  readonly number: number;
  readonly kernels: readonly KernelFacts[];
  readonly flow: number;
  result: Result | 'lost' | undefined;
}

interface Result {
  /** Nanoseconds of the trace. */
  readonly submitted: number;
  readonly received: number;
  readonly stamps: BigUint64Array | undefined;
  readonly values: Readonly<Record<string, number>>;
}

/** Nanoseconds of the trace, of milliseconds of `performance.now()`. */
export function nanoseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1e6);
}

/**
 * The tracks of a device: its kernels and its steps. Results may come in any order; they are written in that of the
 * submits, with the device's clock brought to the host's: nothing begins before it was submitted, nothing ends after
 * its results are here, and what a device stamps out of order is moved to where it can be.
 */
export class DeviceTrack implements DeviceRecorder {
  private readonly steps: Track;
  private readonly kernels: Track;
  private readonly pending: PendingStep[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly encoded = new WeakMap<KernelFacts, Uint8Array>();
  /** Host's clock minus the device's, and the device's time that both are counted from. Nanoseconds. */
  private offset = -Infinity;
  private origin: bigint | undefined;
  /** The end of the last kernel. */
  private end = 0;

  constructor(
    private readonly host: DeviceHost,
    private readonly facts: DeviceFacts,
    rank: number,
  ) {
    const { writer, process } = host;
    this.steps = writer.track(process, `${facts.name}: steps`, rank);
    this.kernels = writer.track(process, `${facts.name}: kernels`, rank + 1);
    const { name, peak } = facts;
    const time = nanoseconds(performance.now());
    writer.instant(
      this.kernels,
      time,
      facts.timestamps ? 'device' : 'no kernels: the device has no timestamp queries',
      {
        category: 'device',
        details: {
          device: name,
          ...(peak && {
            'peak bytes/s': Math.round(peak.bandwidth * 1e6),
            'peak operations/s': Math.round(peak.arithmetic * 1e6),
          }),
        },
      },
    );
    this.end = time;
  }

  get aligned(): boolean {
    return this.offset > -Infinity;
  }

  align(submitted: number, began: bigint): void {
    // Work begins some time after its submit: the least delay is nearest to the truth, and none can be negative.
    this.offset = Math.max(this.offset, nanoseconds(submitted) - this.sinceOrigin(began));
  }

  step(session: number, number: number, kernels: readonly KernelFacts[]): StepRecorder {
    const step: PendingStep = { session, number, kernels, flow: this.host.nextFlow(), result: undefined };
    this.pending.push(step);
    return {
      flow: step.flow,
      done: (submitted, stamps, values) => {
        const [from, received] = [nanoseconds(submitted), nanoseconds(performance.now())];
        step.result ??= { submitted: from, received, stamps, values };
        this.writeReady();
      },
      lost: () => {
        step.result ??= 'lost';
        this.writeReady();
      },
    };
  }

  /** Whether there are steps whose results are not here yet. */
  get isWaiting(): boolean {
    return this.pending.length > 0;
  }

  /** Waits for the results of all steps that were announced. */
  async settled(): Promise<void> {
    if (this.isWaiting) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private writeReady(): void {
    while (this.pending[0]?.result) {
      const step = this.pending.shift()!;
      if (typeof step.result === 'object') this.write(step, step.result);
    }
    if (this.pending.length > 0) return;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private write(step: PendingStep, { submitted, received, stamps, values }: Result): void {
    const { writer } = this.host;
    if (stamps && step.kernels.length > 0) {
      this.align(submitted / 1e6, stamps[0]!);
      this.offset = Math.min(this.offset, received - this.sinceOrigin(stamps[stamps.length - 1]!));
      const times = this.inOrder(stamps);
      const shared = { category: 'step', flow: step.flow };
      writer.begin(this.steps, times[0]!, `step ${step.number} of session ${step.session}`, {
        ...shared,
        details: { step: step.number, session: step.session },
      });
      step.kernels.forEach((kernel, i) => this.writeKernel(step, kernel, times[2 * i]!, times[2 * i + 1]!));
      this.end = times.at(-1)!;
      writer.end(this.steps, this.end);
    }
    for (const [name, value] of Object.entries(values)) {
      this.host.value(step.session, name, value, stamps ? this.end : received);
    }
  }

  private writeKernel({ flow, number }: PendingStep, kernel: KernelFacts, begin: number, end: number): void {
    const { writer } = this.host;
    const { label, scope, operations, workgroups, bytes, flops } = kernel;
    let shared = this.encoded.get(kernel);
    if (!shared) {
      shared = writer.encodeDetails({ kernel: label, module: scope, bytes, flops, operations, workgroups });
      this.encoded.set(kernel, shared);
    }
    writer.begin(this.kernels, begin, scope ? `${label} (at ${scope})` : label, {
      category: 'kernel',
      flow,
      encoded: shared,
      details: { step: number, ...this.shareOfPeak(kernel, end - begin) },
    });
    writer.end(this.kernels, end);
  }

  /** The least time that the kernel could take, by bandwidth or arithmetic, over the nanoseconds it took. */
  private shareOfPeak({ bytes, flops }: KernelFacts, duration: number): { 'share of peak'?: number } {
    const { peak } = this.facts;
    if (!peak || duration <= 0) return {};
    return { 'share of peak': Math.max(bytes / peak.bandwidth, flops / peak.arithmetic) / (duration / 1000) };
  }

  private inOrder(stamps: BigUint64Array): number[] {
    let last = this.end;
    return Array.from(stamps, (stamp) => (last = Math.max(last, this.sinceOrigin(stamp) + this.offset)));
  }

  private sinceOrigin(stamp: bigint): number {
    this.origin ??= stamp;
    return Number(stamp - this.origin);
  }
}
