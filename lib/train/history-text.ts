/** Histories as text and as a picture. */
import type { StepRecord } from './callback.js';
import type { LineChart, Panel } from './chart.js';
import type { EpochRecord, History } from './history.js';

/** Numbers by name: a line of a table. */
export type Row = Readonly<Record<string, number>>;

/** An epoch as one line: `loss`, `accuracy`, `validation_loss`, …. */
export function epochRow({ train, validation, ...record }: EpochRecord): Row {
  const scores = Object.entries<number>(validation ?? {});
  const validated: Row = Object.fromEntries(scores.map(([name, value]) => [`validation_${name}`, value] as const));
  return { ...record, ...train, ...validated };
}

/** A step as one line. */
export function stepRow(record: StepRecord): Row {
  return { ...record };
}

/**
 * A history as comma-separated values (RFC 4180), a line an epoch: `epoch`, `steps`, `seconds`, `samplesPerSecond`,
 * `learningRate` where there is one, then the scores of training and, with `validation_` before their names, of validation.
 * Numbers are written so that reading gives the same ones; those that are missing are empty.
 */
export function historyCsv(history: History): string {
  const rows = history.epochs.map(epochRow);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [csvHeader(columns), ...rows.map((row) => csvLine(columns, row))].join('');
}

/** A history as JSON lines, an object an epoch, with the names of {@link historyCsv}. What JSON has not, NaN and infinities, is null. */
export function historyJsonLines(history: History): string {
  return history.epochs.map((record) => jsonLine(epochRow(record))).join('');
}

export function csvHeader(columns: readonly string[]): string {
  return `${columns.map(quoted).join(',')}\r\n`;
}

export function csvLine(columns: readonly string[], row: Row): string {
  return `${columns.map((name) => String(row[name] ?? '')).join(',')}\r\n`;
}

export function jsonLine(row: Row): string {
  return `${JSON.stringify(row)}\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A history as a picture for `lineChart`: the loss and each metric by epoch, of training and of validation, and the learning rate. */
export function historyChart({ epochs }: History, title = 'training'): LineChart {
  const names = [...new Set(epochs.flatMap(({ train }) => Object.keys(train)))];
  const panels = names.map((name): Panel => {
    const scale = name.includes('accuracy') ? 100 : 1;
    const points = (part: 'train' | 'validation') =>
      epochs.map((record) => {
        const scores: Readonly<Record<string, number>> = record[part] ?? {};
        return [record.epoch, scale * (scores[name] ?? NaN)] as const;
      });
    const validated = epochs.some(({ validation }) => validation);
    return {
      xLabel: 'epoch',
      yLabel: scale === 1 ? name : `${name} (%)`,
      series: [
        { name: 'training', points: points('train') },
        ...(validated ? [{ name: 'validation', points: points('validation') }] : []),
      ],
    };
  });
  const rates = epochs.map(({ epoch, learningRate }) => [epoch, learningRate ?? NaN] as const);
  const changes = new Set(rates.map(([, rate]) => rate).filter(Number.isFinite)).size > 1;
  const rate: Panel = { xLabel: 'epoch', yLabel: 'learning rate', series: [{ name: 'learning rate', points: rates }] };
  return { title, panels: changes ? [...panels, rate] : panels };
}
