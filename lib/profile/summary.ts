import type { TraceData, TraceSlice, TraceTrack } from './read-trace.js';

/** What kernels of one kind, or of one module, come to. Times are nanoseconds. */
export interface KernelTotals {
  readonly name: string;
  count: number;
  time: number;
  bytes: number;
  flops: number;
  /** Of the device's peak, weighted by time: 0 to 1, where the peak is what the device can do. */
  share: number;
}

/** What a main thread does outside of slices: the program's own work, or waiting. */
const NOTHING = 'nothing recorded';

/** Time in which a device had nothing to do, between two kernels. Nanoseconds. */
export interface Gap {
  readonly begin: number;
  readonly end: number;
  /** Whether both kernels are of one step. */
  readonly isWithinStep: boolean;
  /** What the main thread did in it, most first: names of innermost slices, and nanoseconds. */
  readonly meanwhile: readonly Meanwhile[];
}

/** A part of a time in which the main thread did one thing. */
export interface Meanwhile {
  readonly name: string;
  readonly time: number;
}

/** What slices of one name on a thread come to. Nanoseconds; `self`: without those within them. */
export interface HostTotals {
  readonly name: string;
  count: number;
  time: number;
  self: number;
}

/** A device over the whole trace. */
export interface DeviceSummary {
  readonly name: string;
  readonly steps: readonly TraceSlice[];
  readonly kernels: readonly TraceSlice[];
  /** From the beginning of the first kernel to the end of the last, and the sum of all of them. */
  readonly span: number;
  readonly busy: number;
  /** By kind and module, most time first; numbers of layers are `*`. */
  readonly byKernel: readonly KernelTotals[];
  readonly byModule: readonly KernelTotals[];
  /** Longest first. */
  readonly gaps: readonly Gap[];
  /** What the main thread did in the gaps between steps, most first. */
  readonly meanwhile: readonly Meanwhile[];
}

export interface TraceSummary {
  readonly devices: readonly DeviceSummary[];
  /** By name, most time first. */
  readonly host: readonly HostTotals[];
  readonly duration: number;
  readonly isCut: boolean;
}

/** What a person wants to know of a trace first. */
export function summarize(trace: TraceData): TraceSummary {
  const tracks = [...trace.tracks.values()];
  const threads = tracks.filter(({ kind }) => kind === 'thread');
  const activity = threads.flatMap(innermost);
  const devices = [...trace.devices.keys()].map((name) => deviceSummary(name, tracks, activity));
  return { devices, host: hostTotals(threads), duration: trace.end - trace.begin, isCut: trace.isCut };
}

/** A module path with numbers of layers left out: layers are alike. */
export function withoutNumbers(path: string): string {
  return path.replace(/(^|\.)\d+(?=\.|$)/g, '$1*');
}

/** Kind and module of a kernel, as they are grouped. */
export function kernelKey({ details }: TraceSlice): string {
  const module = withoutNumbers(String(details['module'] ?? ''));
  return `${details['kernel']}${module ? ` (at ${module})` : ''}`;
}

function deviceSummary(name: string, tracks: readonly TraceTrack[], activity: readonly Segment[]): DeviceSummary {
  const slicesOf = (category: string) =>
    tracks
      .filter((track) => track.name.startsWith(`${name}: `))
      .flatMap(({ slices }) => slices.filter((slice) => slice.category === category));
  const kernels = slicesOf('kernel');
  const gaps = gapsOf(kernels, activity);
  return {
    name,
    steps: slicesOf('step'),
    kernels,
    span: kernels.length > 0 ? kernels.at(-1)!.end - kernels[0]!.begin : 0,
    busy: kernels.reduce((sum, { begin, end }) => sum + end - begin, 0),
    byKernel: totals(kernels, kernelKey),
    byModule: totals(kernels, ({ details }) => withoutNumbers(String(details['module'] ?? '')) || '(the model itself)'),
    gaps: [...gaps].sort((a, b) => b.end - b.begin - (a.end - a.begin)),
    meanwhile: summed(gaps.filter(({ isWithinStep }) => !isWithinStep).flatMap(({ meanwhile }) => meanwhile)),
  };
}

function totals(kernels: readonly TraceSlice[], key: (kernel: TraceSlice) => string): KernelTotals[] {
  const found = new Map<string, KernelTotals>();
  for (const kernel of kernels) {
    const name = key(kernel);
    const total = found.get(name) ?? { name, count: 0, time: 0, bytes: 0, flops: 0, share: 0 };
    const time = kernel.end - kernel.begin;
    total.count++;
    total.time += time;
    total.bytes += Number(kernel.details['bytes'] ?? 0);
    total.flops += Number(kernel.details['flops'] ?? 0);
    total.share += time * Number(kernel.details['share of peak'] ?? 0);
    found.set(name, total);
  }
  const all = [...found.values()].sort((a, b) => b.time - a.time);
  for (const total of all) total.share /= total.time || 1;
  return all;
}

/** In the order of time. */
function gapsOf(kernels: readonly TraceSlice[], activity: readonly Segment[]): Gap[] {
  let first = 0;
  return kernels.slice(1).flatMap((kernel, i) => {
    const [begin, end] = [kernels[i]!.end, kernel.begin];
    if (end <= begin) return [];
    while (first < activity.length && activity[first]!.end <= begin) first++;
    const isWithinStep = kernel.flows[0] === kernels[i]!.flows[0];
    return [{ begin, end, isWithinStep, meanwhile: during(activity, first, begin, end) }];
  });
}

/** What the main thread did from `begin` to `end`; `from`: the first segment that matters. */
function during(activity: readonly Segment[], from: number, begin: number, end: number): Meanwhile[] {
  const parts: Meanwhile[] = [];
  let idle = end - begin;
  for (let i = from; i < activity.length && activity[i]!.begin < end; i++) {
    const segment = activity[i]!;
    const time = Math.min(end, segment.end) - Math.max(begin, segment.begin);
    parts.push({ name: segment.name, time });
    idle -= time;
  }
  return summed(idle > 0 ? [...parts, { name: NOTHING, time: idle }] : parts);
}

function summed(parts: readonly Meanwhile[]): Meanwhile[] {
  const times = new Map<string, number>();
  for (const { name, time } of parts) times.set(name, (times.get(name) ?? 0) + time);
  return [...times].map(([name, time]) => ({ name, time })).sort((a, b) => b.time - a.time);
}

/** A time in which a thread's innermost slice was the same. */
interface Segment {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/** A thread's times by its innermost slices, in order; times without any are left out. */
function innermost({ slices }: TraceTrack): Segment[] {
  const segments: Segment[] = [];
  const open: TraceSlice[] = [];
  let at = 0;
  const advance = (time: number) => {
    const slice = open.at(-1);
    if (slice && time > at) segments.push({ name: slice.name, begin: at, end: time });
    at = Math.max(at, time);
  };
  const close = (time: number) => {
    for (let slice = open.at(-1); slice && slice.end <= time; slice = open.at(-1)) {
      advance(slice.end);
      open.pop();
    }
    advance(time);
  };
  for (const slice of slices) {
    close(slice.begin);
    open.push(slice);
  }
  close(Infinity);
  return segments;
}

function hostTotals(threads: readonly TraceTrack[]): HostTotals[] {
  const found = new Map<string, HostTotals>();
  const within: HostTotals[] = [];
  for (const slice of threads.flatMap(({ slices }) => slices)) {
    const total = found.get(slice.name) ?? { name: slice.name, count: 0, time: 0, self: 0 };
    found.set(slice.name, total);
    const time = slice.end - slice.begin;
    total.count++;
    total.time += time;
    total.self += time;
    within.length = slice.depth;
    const parent = within.at(-1);
    if (parent) parent.self -= time;
    within.push(total);
  }
  return [...found.values()].sort((a, b) => b.time - a.time);
}
