import { escapeXml } from '../profile/svg.js';
import { makeAxis, type Axis } from './chart-axis.js';

/** One line: `points` are [x, y], in order; those that are not finite leave a gap. */
export interface Series {
  /** What the legend calls it. */
  readonly name: string;
  /** [x, y] in order; those that are not finite leave a gap. */
  readonly points: readonly (readonly [number, number])[];
}

/** One plot. */
export interface Panel {
  /** Above the plot. */
  readonly title?: string | undefined;
  /** With its unit, such as `time (s)`. */
  readonly xLabel: string;
  /** With its unit. */
  readonly yLabel: string;
  /** Its lines, each in a colour of its own. */
  readonly series: readonly Series[];
  /** What the vertical axis covers; by default its values. */
  readonly yRange?: readonly [number, number] | undefined;
}

/** Plots side by side under one title. */
export interface LineChart {
  /** Above all plots. */
  readonly title: string;
  /** From left to right. */
  readonly panels: readonly Panel[];
}

/** Pixels. */
const PANEL = { width: 460, height: 340 };
const MARGIN = { left: 72, right: 20, bottom: 52 };
const TITLE_HEIGHT = 40;
const LINE_HEIGHT = 20;
const FONT_SIZE = 13;

/** Okabe and Ito's colours, which colour-blind readers can tell apart: https://jfly.uni-koeln.de/color/ */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/**
 * Line plots side by side, as an SVG document.
 * The legend stands above each plot, where it hides no data; a plot of one line has none.
 */
export function lineChart({ title, panels }: LineChart): string {
  const width = PANEL.width * Math.max(1, panels.length);
  const height = TITLE_HEIGHT + PANEL.height;
  const head = Math.max(0, ...panels.map(headHeight));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `role="img" font-family="Helvetica, Arial, sans-serif" font-size="${FONT_SIZE}" fill="#333">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(width / 2, 27, title, 'text-anchor="middle" font-size="17" font-weight="bold"'),
    ...panels.map(
      (panel, i) => `<g transform="translate(${i * PANEL.width} ${TITLE_HEIGHT})">\n${drawPanel(panel, head)}\n</g>`,
    ),
    '</svg>\n',
  ].join('\n');
}

/** A panel's own title and its legend. */
function headHeight(panel: Panel): number {
  const lines = panel.series.length > 1 ? legendRows(panel.series).length : 0;
  return (panel.title === undefined ? 0 : LINE_HEIGHT) + lines * LINE_HEIGHT + 8;
}

function drawPanel(panel: Panel, head: number): string {
  const points = panel.series.flatMap((series) => series.points).filter(isFinitePoint);
  const x = makeAxis(
    points.map((point) => point[0]),
    6,
    { round: false },
  );
  const y = makeAxis(
    points.map((point) => point[1]),
    5,
    { range: panel.yRange },
  );
  const [left, right] = [MARGIN.left, PANEL.width - MARGIN.right];
  const [top, bottom] = [head, PANEL.height - MARGIN.bottom];
  const toX = scale(x, left, right);
  const toY = scale(y, bottom, top);

  const titleText = panel.title ?? '';
  return [
    ...(titleText === '' ? [] : [text((left + right) / 2, 12, titleText, 'text-anchor="middle" font-weight="bold"')]),
    ...(panel.series.length > 1 ? drawLegend(panel.series, left, titleText === '' ? 12 : 12 + LINE_HEIGHT) : []),
    ...y.ticks.map((tick, i) => {
      const at = toY(tick);
      return line(left, at, right, at, '#e3e3e3') + text(left - 8, at + 4, y.labels[i]!, 'text-anchor="end"');
    }),
    ...x.ticks.map((tick, i) => {
      const at = toX(tick);
      return line(at, bottom, at, bottom + 5, '#333') + text(at, bottom + 20, x.labels[i]!, 'text-anchor="middle"');
    }),
    line(left, bottom, right, bottom, '#333'),
    line(left, top, left, bottom, '#333'),
    text((left + right) / 2, PANEL.height - 10, panel.xLabel, 'text-anchor="middle"'),
    text(0, 0, panel.yLabel, `text-anchor="middle" transform="translate(18 ${(top + bottom) / 2}) rotate(-90)"`),
    ...(points.length === 0
      ? [text((left + right) / 2, (top + bottom) / 2, 'no data', 'text-anchor="middle" fill="#888"')]
      : panel.series.map((series, i) => drawSeries(series, colour(i), toX, toY))),
  ].join('\n');
}

/** Values outside of the axis are drawn at its end. */
function scale({ min, max }: Axis, from: number, to: number): (value: number) => number {
  return (value) => {
    const fraction = Math.min(1, Math.max(0, (value - min) / (max - min)));
    return Math.round((from + fraction * (to - from)) * 100) / 100;
  };
}

function drawSeries(
  series: Series,
  stroke: string,
  toX: (value: number) => number,
  toY: (value: number) => number,
): string {
  const runs: string[][] = [[]];
  for (const point of series.points) {
    if (isFinitePoint(point)) runs.at(-1)!.push(`${toX(point[0])},${toY(point[1])}`);
    else runs.push([]);
  }
  return runs
    .filter((run) => run.length > 0)
    .map((run) => {
      if (run.length > 1)
        return `<polyline points="${run.join(' ')}" fill="none" stroke="${stroke}" stroke-width="2"/>`;
      const [cx, cy] = run[0]!.split(',');
      return `<circle cx="${cx}" cy="${cy}" r="3" fill="${stroke}"/>`;
    })
    .join('\n');
}

interface LegendItem {
  readonly name: string;
  readonly index: number;
  readonly x: number;
}

/** Names in rows, as many to a row as fit; widths are estimated, as SVG text cannot be measured here. */
function legendRows(series: readonly Series[]): LegendItem[][] {
  const width = PANEL.width - MARGIN.left - MARGIN.right;
  const rows: LegendItem[][] = [[]];
  let x = 0;
  series.forEach(({ name }, index) => {
    const itemWidth = 30 + name.length * FONT_SIZE * 0.6 + 14;
    if (x > 0 && x + itemWidth > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)!.push({ name, index, x });
    x += itemWidth;
  });
  return rows;
}

function drawLegend(series: readonly Series[], left: number, top: number): string[] {
  return legendRows(series).flatMap((row, i) =>
    row.map(({ name, index, x }) => {
      const y = top + i * LINE_HEIGHT;
      return line(left + x, y - 4, left + x + 22, y - 4, colour(index), 3) + text(left + x + 28, y, name);
    }),
  );
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

function isFinitePoint(point: readonly [number, number]): boolean {
  return point.every(Number.isFinite);
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}" stroke-width="${width}"/>`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escapeXml(content)}</text>`;
}
