import type { CompileReport, MemoryUse } from 'meganeura';
import type { History, LineChart, Scores } from 'meganeura/train';
import { PIXELS, SIDE } from './digits.js';

/** Images a line of the terminal. */
const PER_LINE = 5;

/** What the compiler did, in one line. */
export function describeReport(report: CompileReport, memory: MemoryUse): string {
  return (
    `${report.nodesBefore} nodes → ${report.nodesAfter}, ${report.fusedOperations} operations fused, ` +
    `${report.dispatches} dispatches a step, ${kibibytes(memory.total)} of buffers ` +
    `(${kibibytes(bytesWithoutReuse(memory))} without reuse)`
  );
}

/** Bytes of all buffers if intermediate results did not share theirs. */
export function bytesWithoutReuse({ total, intermediates, intermediatesWithoutReuse }: MemoryUse): number {
  return total - intermediates + intermediatesWithoutReuse;
}

function kibibytes(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en-US')} KiB`;
}

/** Loss and accuracy by epoch, of one run or several by name. */
export function curves(title: string, runs: Readonly<Record<string, History<'accuracy'>>>): LineChart {
  const series = (value: (scores: Scores<'accuracy'>) => number) =>
    Object.entries(runs).flatMap(([name, { epochs }]) =>
      (['train', 'validation'] as const).map((part) => ({
        name: `${name} ${part === 'train' ? 'training' : 'held out'}`.trim(),
        points: epochs.map((record) => [record.epoch, record[part] ? value(record[part]) : NaN] as const),
      })),
    );
  return {
    title,
    panels: [
      { xLabel: 'epoch', yLabel: 'cross-entropy (nats)', series: series(({ loss }) => loss) },
      { xLabel: 'epoch', yLabel: 'accuracy (%)', series: series(({ accuracy }) => 100 * accuracy) },
    ],
  };
}

/** Images in half blocks, each with a line below it. `images` is [n, 784]. */
export function drawDigits(images: Float32Array, captions: readonly string[]): string {
  const drawn = captions.map((caption, i) => [
    ...drawDigit(images.subarray(i * PIXELS, (i + 1) * PIXELS)),
    caption.padEnd(SIDE / 2),
  ]);
  const lines: string[] = [];
  for (let start = 0; start < drawn.length; start += PER_LINE) {
    const group = drawn.slice(start, start + PER_LINE);
    group[0]!.forEach((_, row) => lines.push(group.map((digit) => digit[row]).join('  ')));
  }
  return lines.join('\n');
}

/** Half as wide and high, and two of those rows a line: 14 characters by 7. */
function drawDigit(image: Float32Array): string[] {
  const half = SIDE / 2;
  const ink = (row: number, column: number) => {
    const at = 2 * row * SIDE + 2 * column;
    return image[at]! + image[at + 1]! + image[at + SIDE]! + image[at + SIDE + 1]! > 1.2;
  };
  return Array.from({ length: half / 2 }, (_, line) =>
    Array.from({ length: half }, (_, column) => {
      const [upper, lower] = [ink(2 * line, column), ink(2 * line + 1, column)];
      return upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
    }).join(''),
  );
}
