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

/** Time in which a device had nothing to do, between two kernels. Nanoseconds. */
export interface Gap {
  readonly begin: number;
  readonly end: number;
  /** Whether both kernels are of one step. */
  readonly isWithinStep: boolean;
  /** What this thread did for most of it. */
  readonly meanwhile: string;
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
  const activity = threads.flatMap(({ slices }) => slices);
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

function deviceSummary(name: string, tracks: readonly TraceTrack[], activity: readonly TraceSlice[]): DeviceSummary {
  const slicesOf = (category: string) =>
    tracks
      .filter((track) => track.name.startsWith(`${name}: `))
      .flatMap(({ slices }) => slices.filter((slice) => slice.category === category));
  const kernels = slicesOf('kernel');
  return {
    name,
    steps: slicesOf('step'),
    kernels,
    span: kernels.length > 0 ? kernels.at(-1)!.end - kernels[0]!.begin : 0,
    busy: kernels.reduce((sum, { begin, end }) => sum + end - begin, 0),
    byKernel: totals(kernels, kernelKey),
    byModule: totals(kernels, ({ details }) => withoutNumbers(String(details['module'] ?? '')) || '(the model itself)'),
    gaps: gapsOf(kernels, activity),
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

function gapsOf(kernels: readonly TraceSlice[], activity: readonly TraceSlice[]): Gap[] {
  const byTime = [...activity].sort((a, b) => a.begin - b.begin);
  // Slices that had ended before one gap have before later ones too.
  let first = 0;
  return kernels
    .slice(1)
    .flatMap((kernel, i) => {
      const [begin, end] = [kernels[i]!.end, kernel.begin];
      if (end <= begin) return [];
      while (first < byTime.length && byTime[first]!.end < begin) first++;
      const isWithinStep = kernel.flows[0] === kernels[i]!.flows[0];
      return [{ begin, end, isWithinStep, meanwhile: longestWithin(byTime, first, begin, end) }];
    })
    .sort((a, b) => b.end - b.begin - (a.end - a.begin));
}

/** The innermost slice that covers most of a time; `nothing` where most of it none does. */
function longestWithin(slices: readonly TraceSlice[], from: number, begin: number, end: number): string {
  let [best, longest] = ['nothing recorded', 0];
  for (let i = from; i < slices.length && slices[i]!.begin < end; i++) {
    const slice = slices[i]!;
    const overlap = Math.min(end, slice.end) - Math.max(begin, slice.begin);
    // Of slices that cover as much the later one is within the earlier.
    if (overlap < longest || overlap < (end - begin) / 2) continue;
    [best, longest] = [slice.name, overlap];
  }
  return best;
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
