/**
 * What the rest of the library tells a profiler: this interface, which lib/profile implements. Where no profiler is
 * given there is no recorder, and nothing is computed or allocated for one.
 */
import { UsageError } from './errors.js';

/** What a slice shows beside its name. */
export type SliceDetails = Readonly<Record<string, string | number>>;

/** Takes down what happens when. Times are those of `performance.now()`: milliseconds. */
export interface Recorder {
  /**
   * Opens a slice of this thread's work, within the one that is open; returns what `end` takes. `flow`: one of a
   * `StepRecorder`, whose kernels are joined to the slice.
   */
  begin(name: string, details?: SliceDetails, flow?: number): number;
  /** Closes a slice, and those within it that are still open. */
  end(slice: number): void;
  /**
   * Parts of the slice opened last whose durations become known only at its end, in milliseconds: they are shown from its
   * beginning on, one after the other.
   */
  parts(parts: Iterable<readonly [name: string, milliseconds: number, details?: SliceDetails]>): void;
  /** Opens a slice of something that is waited for; others may overlap. Call the result at its end. */
  wait(name: string, details?: SliceDetails): () => void;
  /** A number of a session that changes with time, now `value`. */
  value(session: number, name: string, value: number): void;
  /** Bytes that `owner` holds from now on, by what they are for; totals of all owners are shown. */
  memory(owner: object, bytes: Readonly<Record<string, number>>): void;
  /** A number for a new session, counted from 1. */
  session(): number;
  /** The track of a device; the same one for the same `key`. */
  device(key: object, facts: DeviceFacts): DeviceRecorder;
}

/** What a trace says of a device. */
export interface DeviceFacts {
  readonly name: string;
  /** Whether it stamps the beginning and the end of each kernel. */
  readonly timestamps: boolean;
  /** Undefined where it could not be measured. */
  readonly peak: DevicePeak | undefined;
}

/** What a device reaches with nothing else to do. */
export interface DevicePeak {
  /** Bytes a microsecond, read or written. */
  readonly bandwidth: number;
  /** Operations on f32 a microsecond; multiplying and adding are two. */
  readonly arithmetic: number;
}

/** What a trace says of a kernel. */
export interface KernelFacts {
  /** Kind and main operation: `contraction matmul`. */
  readonly label: string;
  /** The path of the module that it belongs to; empty for the model itself. */
  readonly scope: string;
  /** Operations of the graph that it computes. */
  readonly operations: number;
  readonly workgroups: number;
  /** Bytes that it reads and writes, each element once. */
  readonly bytes: number;
  /** Arithmetic operations on elements. */
  readonly flops: number;
}

/** A device's track. */
export interface DeviceRecorder {
  /** Whether its clock has been compared with this thread's. */
  readonly aligned: boolean;
  /**
   * Compares clocks: at `submitted` work was submitted to the idle device, which began it at `began`, in nanoseconds of the
   * device's clock. The comparison with the least delay counts.
   */
  align(submitted: number, began: bigint): void;
  /** A step that is about to be submitted; call it in that order. `kernels`: the same array each time. */
  step(session: number, number: number, kernels: readonly KernelFacts[]): StepRecorder;
}

/** A step under way. */
export interface StepRecorder {
  readonly flow: number;
  /**
   * The step was submitted at `submitted` and is done. `stamps`: beginning and end of each kernel, in nanoseconds of the
   * device's clock, where it has timestamps; `values`: scalar outputs by name.
   */
  done(submitted: number, stamps: BigUint64Array | undefined, values: Readonly<Record<string, number>>): void;
  /** Its times will never come: the device was lost. Does nothing after `done`. */
  lost(): void;
}

/** Where recorders come from that are asked for by other means than passing one. */
export interface RecorderSource {
  /** One that writes into this file. */
  open(path: string): Recorder;
  /** The one that the environment asks for. */
  ambient(): Recorder | undefined;
}

let source: RecorderSource | undefined;

/** Lets `recorderFor` find recorders. lib/profile calls it. */
export function provideRecorders(provided: RecorderSource): void {
  source = provided;
}

/**
 * The recorder that the option `profile` of `what` asks for: itself, one that writes into the file of that name, or
 * without the option the environment's, if any. Throws UsageError for anything else.
 */
export function recorderFor(what: string, option: Recorder | string | undefined): Recorder | undefined {
  if (option === undefined) return source?.ambient();
  if (typeof option === 'object' && (option as Recorder | null) !== null && 'begin' in option) return option;
  if (typeof option !== 'string') {
    throw new UsageError(`${what}: the option profile is the path of a file or a Profiler, got ${typeof option}`);
  }
  if (!source) {
    throw new UsageError(`${what}: to write a profile by path, import the whole library, not single files of it`);
  }
  return source.open(option);
}

/** Runs `body`, as a slice where there is a recorder. */
export function recorded<T>(recorder: Recorder | undefined, name: string, body: () => T, details?: SliceDetails): T {
  if (!recorder) return body();
  const slice = recorder.begin(name, details);
  try {
    return body();
  } finally {
    recorder.end(slice);
  }
}

/** Waits for `body`, as a slice where there is a recorder. */
export async function recordedWait<T>(
  recorder: Recorder | undefined,
  name: string,
  body: () => Promise<T>,
  details?: SliceDetails,
): Promise<T> {
  if (!recorder) return body();
  const end = recorder.wait(name, details);
  try {
    return await body();
  } finally {
    end();
  }
}
