import { UsageError } from '../ir/errors.js';
import type { DeviceFacts, DeviceRecorder, Recorder, SliceDetails } from '../ir/recorder.js';
import { Counters } from './counters.js';
import { DeviceTrack, nanoseconds } from './device-track.js';
import type { ProfileError } from './errors.js';
import { nodeProcess } from '../ir/node-modules.js';
import { atProcessEnd } from './node.js';
import { FileSink, MemorySink, type TraceSink } from './trace-sink.js';
import { TraceWriter, type Track } from './trace-writer.js';

/** Where a {@link Profiler} writes to. */
export interface ProfilerOptions {
  /** The file to write to, in Node; without it the trace is kept in memory, for `bytes()`. */
  readonly path?: string | undefined;
}

/** Order of the tracks below the process. */
const Rank = { waits: 1, devices: 100, memory: 200, sessions: 300 } as const;

/** Milliseconds after which what was recorded goes to the file, however little it is. */
const FLUSH_MS = 1000;

/**
 * Records what sessions do as a Perfetto trace, to be opened in https://ui.perfetto.dev or by `meganeura profile`:
 *
 *     const profiler = new Profiler();
 *     const graph = trace(model, inputs, fn, { profile: profiler });
 *     const session = await buildSession(graph, { optimizer, profile: profiler });
 *     …
 *     save(await profiler.bytes());
 *
 * On tracks of this thread: tracing, differentiating, rewriting by ruleset, lowering, making of pipelines, and for each
 * step encoding and submitting; below it what is waited for. On a track of the device: each kernel of each step, with its
 * module, bytes, operations and share of the device's peak, joined to the submit that it is from. Counters: memory by what
 * it is for, scalar inputs (the learning rate) and scalar outputs (the loss).
 *
 * A recorded step is slower: each kernel is a pass of its own, since WebGPU stamps passes.
 */
export class Profiler implements Recorder {
  private readonly sink: TraceSink;
  private readonly writer: TraceWriter;
  private readonly process: Track;
  private readonly main: Track;
  private readonly counters: Counters;
  private readonly lanes: { readonly track: Track; busy: boolean }[] = [];
  private readonly devices = new Map<object, DeviceTrack>();
  /** Beginnings of the open slices of this thread, and its last event, in nanoseconds. */
  private readonly open: number[] = [];
  private last = 0;
  private flows = 0;
  private sessions = 0;
  private flushed = performance.now();
  private failure: ProfileError | undefined;

  /** Throws ProfileError for a file that cannot be written, and for a path in a page. */
  constructor({ path }: ProfilerOptions = {}) {
    this.sink = path === undefined ? new MemorySink() : new FileSink(path);
    this.writer = new TraceWriter((bytes) => this.attempt(() => this.sink.write(bytes)));
    const { pid = 1, argv = [] } = nodeProcess() ?? {};
    this.process = this.writer.process(pid, argv[1]?.split(/[\\/]/).at(-1) ?? 'meganeura');
    this.main = this.writer.thread(this.process, pid, 'main');
    this.counters = new Counters(this.writer, this.process, Rank);
    if (path !== undefined) atProcessEnd(() => this.atEnd());
  }

  /** Resolves when every step submitted so far is in the trace, and in the file. Rejects with ProfileError where that failed. */
  async flush(): Promise<void> {
    await Promise.all([...this.devices.values()].map((device) => device.settled()));
    this.flushNow();
    if (this.failure) throw this.failure;
  }

  /**
   * The trace so far, with every step submitted so far. Rejects with UsageError where it goes to a file.
   * Slices that are open have no end in it.
   */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const { sink } = this;
    if (!(sink instanceof MemorySink)) throw new UsageError('this profile goes to a file: flush() it and read that');
    await this.flush();
    return sink.bytes();
  }

  /** @internal */
  begin(name: string, details?: SliceDetails, flow?: number): number {
    const time = this.now();
    this.writer.begin(this.main, time, name, { details, flow });
    return this.open.push(time) - 1;
  }

  /** @internal */
  end(slice: number): void {
    while (this.open.length > slice) {
      this.open.pop();
      this.writer.end(this.main, this.now());
    }
    if (this.open.length === 0 && performance.now() - this.flushed > FLUSH_MS) this.flushNow();
  }

  /** @internal */
  parts(parts: Iterable<readonly [name: string, milliseconds: number, details?: SliceDetails]>): void {
    const now = nanoseconds(performance.now());
    this.last = Math.max(this.last, this.open.at(-1) ?? now);
    for (const [name, milliseconds, details] of parts) {
      this.writer.begin(this.main, this.last, name, { details });
      this.last = Math.min(now, this.last + nanoseconds(milliseconds));
      this.writer.end(this.main, this.last);
    }
  }

  /** @internal */
  wait(name: string, details?: SliceDetails): () => void {
    let lane = this.lanes.find(({ busy }) => !busy);
    if (!lane) {
      const number = this.lanes.length + 1;
      const track = this.writer.track(this.process, `waiting ${number}`, Rank.waits + number);
      lane = { track, busy: false };
      this.lanes.push(lane);
    }
    const { track } = lane;
    lane.busy = true;
    this.writer.begin(track, nanoseconds(performance.now()), name, { details, category: 'wait' });
    return () => {
      lane.busy = false;
      this.writer.end(track, nanoseconds(performance.now()));
    };
  }

  /** @internal */
  value(session: number, name: string, value: number): void {
    this.counters.value(session, name, value, nanoseconds(performance.now()));
  }

  /** @internal */
  memory(owner: object, bytes: Readonly<Record<string, number>>): void {
    this.counters.memory(owner, bytes, nanoseconds(performance.now()));
  }

  /** @internal */
  session(): number {
    return ++this.sessions;
  }

  /** @internal */
  device(key: object, facts: DeviceFacts): DeviceRecorder {
    let device = this.devices.get(key);
    if (!device) {
      const host = {
        writer: this.writer,
        process: this.process,
        nextFlow: () => ++this.flows,
        value: this.counters.value.bind(this.counters),
      };
      device = new DeviceTrack(host, facts, Rank.devices + 2 * this.devices.size);
      this.devices.set(key, device);
    }
    return device;
  }

  private now(): number {
    return (this.last = Math.max(this.last, nanoseconds(performance.now())));
  }

  private flushNow(): void {
    this.flushed = performance.now();
    this.attempt(() => this.sink.flush());
  }

  /** What is recorded must not break the program: the first failure ends the trace, and `flush` throws it. */
  private attempt(body: () => void): void {
    if (this.failure) return;
    try {
      body();
    } catch (error) {
      this.failure = error as ProfileError;
      nodeProcess()?.emitWarning?.(this.failure.message, { type: 'ProfileError' });
    }
  }

  private atEnd(): Promise<void> | undefined {
    this.flushNow();
    const waiting = [...this.devices.values()].filter((device) => device.isWaiting);
    if (waiting.length === 0) return undefined;
    return Promise.all(waiting.map((device) => device.settled())).then(() => this.flushNow());
  }
}
