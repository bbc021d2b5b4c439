const COLUMNS = ['operation', 'meganeura, ms', 'jax-js, ms', 'tfjs, ms', 'jax-js / ours', 'tfjs / ours'];
const WIDTHS = [58, 16, 16, 16, 13, 13];

const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(WIDTHS[i])).join(' | ')} |`;
const time = (measured) => (measured ? `${measured.median.toFixed(2)} (${Math.round(100 * measured.spread)} %)` : '—');
const ratio = (value) => (value === undefined ? '—' : value.toFixed(2));

/** The head of the table, in Markdown. */
export const tableHead = () => [line(COLUMNS), line(WIDTHS.map((width) => '-'.repeat(width)))].join('\n');

/** A row of it: times with their spread, and how many times as long the others take. */
export const rowOf = ({ name, times, ratios }) =>
  line([name, time(times.ours), time(times.jax), time(times.tf), ratio(ratios.jax), ratio(ratios.tf)]);
