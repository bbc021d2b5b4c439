import { kinds, type Kind } from './cases.js';
import type { Comparison } from './compare.js';
import type { Measurement } from './take.js';

/** What was measured on an adapter, and how it compares. */
export interface Panel {
  readonly measurement: Measurement;
  readonly comparison: Comparison;
}

const SIZE = 420;
const MARGIN = { left: 58, top: 40, right: 16, bottom: 48 };
const LEGEND = 26;

/** Told apart by those who see few colours too (Okabe and Ito 2008). */
const colours: Record<Kind, string> = {
  map: '#56b4e9',
  move: '#009e73',
  reduction: '#e69f00',
  product: '#0072b2',
  attention: '#000000',
  convolution: '#d55e00',
  index: '#cc79a7',
  update: '#777777',
};

/** Predicted against measured times as an SVG, both logarithmic, a panel an adapter beside each other. */
export function scatter(panels: readonly Panel[]): string {
  const [width, height] = [SIZE + MARGIN.left + MARGIN.right, SIZE + MARGIN.top + MARGIN.bottom];
  const legend = kinds.map((kind, i) => {
    const x = MARGIN.left + i * 105;
    return `<circle cx="${x}" cy="${height + 8}" r="4" fill="${colours[kind]}"/><text x="${x + 10}" y="${height + 12}">${kind}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panels.length * width} ${height + LEGEND}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...panels.map((panel, i) => `<g transform="translate(${i * width} 0)">${drawn(panel, height)}</g>`),
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

function drawn({ measurement, comparison }: Panel, height: number): string {
  const { points } = comparison;
  const all = points.flatMap(({ measured, predicted }) => [measured, predicted]);
  const [first, last] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
  const along = (value: number) => ((Math.log10(value) - first) / (last - first)) * SIZE;
  const x = (value: number) => (MARGIN.left + along(value)).toFixed(1);
  const y = (value: number) => (MARGIN.top + SIZE - along(value)).toFixed(1);
  const powers = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const [low, high] = [powers[0]!, powers.at(-1)!];
  const grid = powers.flatMap((power) => [
    `<path d="M${x(power)} ${y(low)}V${y(high)}M${x(low)} ${y(power)}H${x(high)}" stroke="#ddd"/>`,
    `<text x="${x(power)}" y="${MARGIN.top + SIZE + 16}" text-anchor="middle">${label(power)}</text>`,
    `<text x="${MARGIN.left - 6}" y="${y(power)}" dy="4" text-anchor="end">${label(power)}</text>`,
  ]);
  const circles = points.map(
    ({ name, kind, measured, predicted }) =>
      `<circle cx="${x(measured)}" cy="${y(predicted)}" r="3.5" fill="${colours[kind]}"><title>${name}</title></circle>`,
  );
  return [
    `<text x="${MARGIN.left}" y="22" font-weight="bold">${measurement.adapter}: ${points.length} cases, rank correlation ${comparison.rankCorrelation.toFixed(3)}</text>`,
    ...grid,
    `<path d="M${x(low)} ${y(low)}L${x(high)} ${y(high)}" stroke="#999"/>`,
    ...circles,
    `<text x="${MARGIN.left + SIZE / 2}" y="${height - 10}" text-anchor="middle">measured</text>`,
    `<text transform="translate(14 ${MARGIN.top + SIZE / 2}) rotate(-90)" text-anchor="middle">predicted</text>`,
  ].join('\n');
}

/** `100 µs`, `10 ms`. */
function label(microseconds: number): string {
  return microseconds < 1000
    ? `${microseconds} µs`
    : microseconds < 1e6
      ? `${microseconds / 1000} ms`
      : `${microseconds / 1e6} s`;
}
