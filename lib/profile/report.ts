import { formatTime, percent } from './format.js';
import type { DeviceSummary, KernelTotals, TraceSummary } from './summary.js';

/** Rows of a table at most; kernels and modules that are left out are summed up in one more. */
const MOST_ROWS = 20;
const MOST_GAPS = 5;

/** The tables of `meganeura profile`: where the time went, by kernel, by module, on the host, and where none of it did. */
export function profileReport(summary: TraceSummary): string {
  const { devices, host, duration, isCut } = summary;
  return [
    `${formatTime(duration)} recorded${isCut ? '; the trace is cut off: the program ended while it wrote' : ''}`,
    ...devices.flatMap(deviceReport),
    ...(devices.length === 0 ? ['', 'no device: nothing ran'] : []),
    ...section(
      'on the main thread',
      ['', 'count', 'total', 'itself', 'mean'],
      host.slice(0, MOST_ROWS).map(({ name, count, time, self }) => {
        return [name, String(count), formatTime(time), formatTime(self), formatTime(time / count)];
      }),
    ),
    '',
  ].join('\n');
}

function deviceReport({
  name,
  steps,
  kernels,
  span,
  busy,
  byKernel,
  byModule,
  gaps,
  meanwhile,
}: DeviceSummary): string[] {
  if (kernels.length === 0) return ['', `${name}: no kernels were timed: it has no timestamp queries`];
  const within = sumOf(gaps.filter(({ isWithinStep }) => isWithinStep));
  const between = sumOf(gaps.filter(({ isWithinStep }) => !isWithinStep));
  const part = (what: string, time: number) => [what, formatTime(time / Math.max(1, steps.length)), percent(time / (span || 1)), formatTime(time)]; // prettier-ignore
  return [
    '',
    `${name}: ${steps.length} steps, ${kernels.length} kernels in ${formatTime(span)}`,
    ...table(
      ['', 'a step', 'share', 'total'],
      [part('in kernels', busy), part('idle between kernels of a step', within), part('idle between steps', between)],
    ),
    ...section(
      'on the main thread while the device was idle between steps',
      ['', 'a step', 'share', 'total'],
      meanwhile.slice(0, MOST_ROWS).map(({ name: what, time }) => part(what, time)),
    ),
    ...kernelSection('time by kernel', byKernel, busy),
    ...kernelSection('time by module', byModule, busy),
    ...section(
      'longest idle gaps',
      ['', 'length', 'where', 'main thread meanwhile'],
      gaps.slice(0, MOST_GAPS).map(({ begin, end, isWithinStep, meanwhile: [most] }) => {
        return ['', formatTime(end - begin), isWithinStep ? 'within a step' : 'between steps', most!.name];
      }),
    ),
  ];
}

function kernelSection(title: string, totals: readonly KernelTotals[], busy: number): string[] {
  const row = ({ name, count, time, bytes, flops, share }: KernelTotals) => [
    name,
    percent(time / (busy || 1)),
    formatTime(time),
    String(count),
    formatTime(time / count),
    // Bytes and operations a nanosecond are giga a second.
    (bytes / (time || 1)).toFixed(2),
    (flops / (time || 1)).toFixed(2),
    percent(share),
  ];
  const rows = totals.slice(0, MOST_ROWS).map(row);
  const others = totals.slice(MOST_ROWS);
  if (others.length > 0) rows.push([...row(together(others))]);
  return section(title, ['', 'share', 'total', 'count', 'mean', 'GB/s', 'GFLOP/s', 'of peak'], rows);
}

function together(totals: readonly KernelTotals[]): KernelTotals {
  const sum = (of: (total: KernelTotals) => number) => totals.reduce((all, total) => all + of(total), 0);
  const time = sum((total) => total.time);
  return {
    name: `${totals.length} others`,
    count: sum((total) => total.count),
    time,
    bytes: sum((total) => total.bytes),
    flops: sum((total) => total.flops),
    share: sum((total) => total.share * total.time) / (time || 1),
  };
}

function sumOf(gaps: readonly { begin: number; end: number }[]): number {
  return gaps.reduce((sum, { begin, end }) => sum + end - begin, 0);
}

/** A table with a title; nothing where it has no rows. */
function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length > 0 ? ['', title, ...table(head, rows)] : [];
}

/** Columns as wide as they need; those that hold numbers are set right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const isText = head.map((_, column) => rows.every((row) => !/^[\d.]+/.test(row[column]!)));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const cell = (text: string, i: number) => (isText[i] ? text.padEnd(widths[i]!) : text.padStart(widths[i]!));
  return [head, ...rows].map((cells) => `  ${cells.map(cell).join('  ').trimEnd()}`);
}
