import type { TraceData, TraceSlice, TraceTrack } from './read-trace.js';
import { formatBytes } from '../backend/device/info.js';
import { formatTime, median, percent } from './format.js';
import type { DeviceSummary, TraceSummary } from './summary.js';
import { kernelKey } from './summary.js';
import { box, COLOURS, colourOf, escapeXml, px, text } from './svg.js';

/** Pixels. */
const WIDTH = 1200;
const LEFT = 190;
const RIGHT = 20;
const ROW = 18;
const COUNTER_ROW = 30;
const PLOT = WIDTH - LEFT - RIGHT;
/** What a character of the labels takes at most. */
const CHARACTER = 6.2;
const MOST_BARS = 12;

/** What colour a slice has. */
type Paint = (slice: TraceSlice) => string;

/** A stretch of time that a panel shows. Nanoseconds. */
interface View {
  readonly begin: number;
  readonly end: number;
}

/** Lines of a picture, and how high they are together. */
interface Block {
  readonly lines: readonly string[];
  readonly height: number;
}

/**
 * A trace as an SVG document: all of it, the step of median length for each device with the submit that it is from, and
 * the kernels that took longest.
 */
export function timelineSvg(trace: TraceData, summary: TraceSummary, title: string): string {
  const devices = summary.devices.filter(({ kernels }) => kernels.length > 0);
  const paint = painter(devices);
  const blocks = [
    panel(`all of it: ${formatTime(trace.end - trace.begin)}`, trace, trace, paint),
    ...devices.flatMap((device) => medianStep(trace, device, paint)),
    ...devices.map(kernelBars),
  ];
  const body: string[] = [];
  let y = 44;
  for (const { lines, height } of blocks) {
    body.push(`<g transform="translate(0 ${px(y)})">`, ...lines, '</g>');
    y += height + 24;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${px(y)}" viewBox="0 0 ${WIDTH} ${px(y)}" ` +
      'role="img" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#333">',
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${px(y)}" fill="#fff"/>`,
    text(20, 27, title, 'font-size="16" font-weight="bold"'),
    ...body,
    '</svg>\n',
  ].join('\n');
}

/** Kernels in the order of their bars; other slices by name, numbers left out. */
function painter(devices: readonly DeviceSummary[]): Paint {
  const kernels = new Map(
    devices.flatMap(({ byKernel }) => byKernel.map(({ name }, i) => [name, barColour(i)] as const)),
  );
  return (slice) =>
    (slice.category === 'kernel' ? kernels.get(kernelKey(slice)) : undefined) ??
    colourOf(slice.name.replace(/\d+/g, ''));
}

function barColour(i: number): string {
  return COLOURS[i % COLOURS.length]!;
}

/** With the call of `step` on this thread, unless others were under way then. */
function medianStep(trace: TraceData, { name, steps }: DeviceSummary, paint: Paint): Block[] {
  const length = median(steps.map(({ begin, end }) => end - begin));
  const step = steps.find(({ begin, end }) => end - begin === length);
  if (!step) return [];
  const threads = [...trace.tracks.values()].filter(({ kind }) => kind === 'thread').flatMap(({ slices }) => slices);
  const submit = threads.find((slice) => slice.name === 'submit' && slice.flows.includes(step.flows[0]!));
  const call = submit && threads.findLast((slice) => slice.name === 'step' && slice.begin <= submit.begin);
  const begin = call && step.end - call.begin < 2 * length ? call.begin : step.begin;
  const margin = (step.end - begin) / 50;
  const view = { begin: begin - margin, end: step.end + margin };
  return [panel(`${step.name} on ${name}, the median of all: ${formatTime(length)}`, trace, view, paint)];
}

function panel(title: string, trace: TraceData, view: View, paint: Paint): Block {
  const lines = [text(20, 12, title, 'font-weight="bold"')];
  let y = 22;
  const top = y;
  for (const track of [...trace.tracks.values()].sort((a, b) => rankOf(a, trace) - rankOf(b, trace))) {
    const drawn = track.kind === 'counter' ? counterRow(track, view, trace) : sliceRows(track, view, paint);
    if (drawn.height === 0) continue;
    lines.push(text(LEFT - 8, y + 12, shortened(trackName(track, trace), LEFT - 20), 'text-anchor="end"'));
    lines.push(`<g transform="translate(0 ${px(y)})">`, ...drawn.lines, '</g>');
    y += drawn.height + 6;
  }
  lines.push(...axis(view, top, y));
  return { lines, height: y + 18 };
}

function rankOf({ parent, rank }: TraceTrack, { tracks }: TraceData): number {
  const above = tracks.get(parent ?? 0);
  return above?.kind === 'slices' ? above.rank : rank;
}

/** A counter of a session goes by both their names. */
function trackName(track: TraceTrack, { tracks }: TraceData): string {
  const parent = tracks.get(track.parent ?? 0);
  return track.kind === 'counter' && parent?.kind === 'slices' ? `${parent.name}: ${track.name}` : track.name;
}

function sliceRows({ slices }: TraceTrack, view: View, paint: Paint): Block {
  const shown = slices.filter(({ begin, end }) => end >= view.begin && begin <= view.end);
  const depth = shown.reduce((most, slice) => Math.max(most, slice.depth + 1), 0);
  const rows = Array.from({ length: depth }, (_, i) => shown.filter((slice) => slice.depth === i));
  return { lines: rows.flatMap((row, i) => drawRow(row, i * ROW, view, paint)), height: depth * ROW };
}

/** Slices next to each other; of those in one pixel the longest stands for all. */
function drawRow(slices: readonly TraceSlice[], y: number, view: View, paint: Paint): string[] {
  const lines: string[] = [];
  let column = -1;
  let longest: TraceSlice | undefined;
  const flush = () => {
    if (longest) lines.push(box(LEFT + column, y, 1, ROW - 2, { fill: paint(longest) }));
    longest = undefined;
  };
  for (const slice of slices) {
    const from = Math.max(0, toX(slice.begin, view));
    const width = Math.min(PLOT, toX(slice.end, view)) - from;
    if (width >= 1) {
      flush();
      lines.push(...drawSlice(slice, LEFT + from, y, width, paint));
      continue;
    }
    if (Math.floor(from) !== column) flush();
    column = Math.floor(from);
    if (!longest || slice.end - slice.begin > longest.end - longest.begin) longest = slice;
  }
  flush();
  return lines;
}

function drawSlice(slice: TraceSlice, x: number, y: number, width: number, paint: Paint): string[] {
  const time = formatTime(slice.end - slice.begin);
  const shape = box(x, y, width, ROW - 2, { fill: paint(slice), title: `${slice.name}: ${time}` });
  const label = shortened(slice.name, width - 6);
  return label.length < 3 ? [shape] : [shape, text(x + 3, y + 12, label, 'fill="#000"')];
}

/** Only where a counter changes in the time shown. */
function counterRow({ points, isBytes }: TraceTrack, view: View, trace: TraceData): Block {
  const isWhole = view.begin === trace.begin && view.end === trace.end;
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const least = Math.min(...finite.map(({ value }) => value));
  const greatest = Math.max(...finite.map(({ value }) => value));
  if (!isWhole || finite.length < 2 || least === greatest) return { lines: [], height: 0 };
  const low = isBytes ? 0 : least;
  const toY = (value: number) => COUNTER_ROW - 2 - ((value - low) / (greatest - low)) * (COUNTER_ROW - 4);
  let path = '';
  let last = finite[0]!;
  for (const point of finite) {
    // A counter keeps its value until the next one.
    path += path === '' ? 'M' : `H${px(LEFT + toX(point.time, view))}V`;
    path += path === 'M' ? `${px(LEFT + toX(point.time, view))} ${px(toY(point.value))}` : px(toY(point.value));
    last = point;
  }
  const format = (value: number) => (isBytes ? formatBytes(value) : formatNumber(value));
  return {
    lines: [
      `<path d="${path}H${LEFT + PLOT}" fill="none" stroke="#0072b2"/>`,
      text(
        LEFT - 8,
        25,
        `${format(least)} to ${format(greatest)}, at last ${format(last.value)}`,
        'text-anchor="end" fill="#777" font-size="10"',
      ),
    ],
    height: COUNTER_ROW,
  };
}

/** Ticks at multiples of 1, 2 or 5 times a power of ten nanoseconds, counted from the beginning. */
function axis(view: View, top: number, bottom: number): string[] {
  const span = Math.max(1, view.end - view.begin);
  const power = 10 ** Math.floor(Math.log10(span / 8));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= span / 8)!;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, i) => {
    const x = LEFT + (i * step * PLOT) / span;
    const line = `<path d="M${px(x)} ${px(top)}V${px(bottom)}" stroke="#000" stroke-opacity="0.12"/>`;
    return line + text(x, bottom + 12, i === 0 ? '0' : formatTime(i * step), 'text-anchor="middle"');
  });
}

function kernelBars({ name, byKernel, busy }: DeviceSummary): Block {
  const bars = byKernel.slice(0, MOST_BARS);
  const left = 420;
  const longest = bars[0]!.time || 1;
  const lines = bars.flatMap((total, i) => {
    const y = 22 + i * ROW;
    const width = ((WIDTH - left - 240) * total.time) / longest;
    const share = percent(total.time / (busy || 1));
    const note = `${share}, ${formatTime(total.time / total.count)} each, ${percent(total.share)} of peak`;
    return [
      text(left - 8, y + 12, shortened(total.name, left - 30), 'text-anchor="end"'),
      box(left, y, width, ROW - 2, { fill: barColour(i) }),
      text(left + width + 6, y + 12, note),
    ];
  });
  const head = text(20, 12, `time by kernel on ${name}: ${formatTime(busy)}`, 'font-weight="bold"');
  return { lines: [head, ...lines], height: 22 + bars.length * ROW };
}

function toX(time: number, { begin, end }: View): number {
  return ((time - begin) / Math.max(1, end - begin)) * PLOT;
}

function shortened(content: string, width: number): string {
  const room = Math.floor(width / CHARACTER);
  if (content.length <= room) return content;
  return room < 3 ? '' : `${content.slice(0, room - 1)}…`;
}

/** Three digits that count. */
function formatNumber(value: number): string {
  const short = Number(value.toPrecision(3));
  return short !== 0 && Math.abs(short) < 1e-3 ? short.toExponential() : String(short);
}
