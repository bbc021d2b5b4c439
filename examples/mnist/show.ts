import type { CompileReport, History, LineChart, MemoryUse } from 'meganeura';
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

/** Loss and accuracy by epoch. */
export function curves({ epochs }: History<'accuracy'>): LineChart {
  const points = (value: (epoch: (typeof epochs)[number]) => number | undefined) =>
    epochs.map((epoch) => [epoch.epoch, value(epoch) ?? NaN] as const);
  return {
    title: 'MNIST, 784-128-10',
    panels: [
      {
        xLabel: 'epoch',
        yLabel: 'cross-entropy (nats)',
        series: [
          { name: 'training', points: points(({ train }) => train.loss) },
          { name: 'held out', points: points(({ validation }) => validation?.loss) },
        ],
      },
      {
        xLabel: 'epoch',
        yLabel: 'accuracy (%)',
        series: [
          { name: 'training', points: points(({ train }) => 100 * train.accuracy) },
          { name: 'held out', points: points(({ validation }) => validation && 100 * validation.accuracy) },
        ],
      },
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
