import { checkedOptions, describeValue } from '../../dsl/emit.js';
import { UsageError, ValueError } from '../../ir/errors.js';
import { requiredNodeModule } from '../../ir/node-modules.js';
import type { Callback, StepRecord, Training } from '../callback.js';
import { lineChart } from '../chart.js';
import { HistoryFileError } from '../errors.js';
import type { EpochRecord, History } from '../history.js';
import { csvHeader, csvLine, epochRow, historyChart, jsonLine, stepRow, type Row } from '../history-text.js';
import { errorCode } from '../unwritable.js';

/** Options of {@link historyFile}. */
export interface HistoryFileOptions {
  /** A line for each epoch, or for each step. Pictures are of epochs. Default `'epoch'`. */
  readonly per?: 'epoch' | 'step';
  /** Of a picture. Default `'training'`. */
  readonly title?: string;
}

/**
 * Writes the history to a file while training runs: comma-separated values (`.csv`), JSON lines (`.jsonl`) or a picture of the
 * curves (`.svg`), by the end of its name. Lines of steps have `step`, `epoch`, `stepOfEpoch`, `samples`, `loss`,
 * `samplesPerSecond`, and where there are any `learningRate`, `gradientNorm` and `lossScale`; those of epochs what `historyCsv`
 * says. A new training overwrites the file, a resumed one goes on in it after the step that it goes on from. Node only.
 *
 * Throws UsageError for a name with another end and in pages, ValueError for options out of range, NameError for others;
 * `fit` rejects with HistoryFileError where the file cannot be written.
 */
export function historyFile(file: string, options: HistoryFileOptions = {}): Callback {
  checkedOptions(WHAT, ['per', 'title'], options);
  const { per = 'epoch', title } = options;
  if (!['epoch', 'step'].includes(per)) {
    throw new ValueError(`${WHAT}: per must be 'epoch' or 'step', got ${describeValue(per)}`);
  }
  const given: unknown = file;
  const [, end] = /\.(csv|jsonl|svg)$/.exec(typeof given === 'string' ? given : '') ?? [];
  if (end === undefined) {
    throw new UsageError(
      `${WHAT}: the file must be a path that ends in .csv, .jsonl or .svg, got ${describeValue(file)}`,
    );
  }
  if (end === 'svg' && per === 'step') throw new ValueError(`${WHAT}: a picture is of epochs: leave out per: 'step'`);
  const write = new HistoryWriter(file);
  if (end === 'svg') return new Picture(write, title);
  const table = new Table(write, end === 'csv', per === 'step' ? 'step' : 'epoch');
  return per === 'step' ? new StepTable(table) : new EpochTable(table);
}

const WHAT = 'historyFile';

/** A file that says which one could not be written, and why. */
class HistoryWriter {
  private readonly fs = requiredNodeModule('node:fs/promises');

  constructor(readonly path: string) {}

  /** What is in it; nothing where there is none. */
  async read(): Promise<string> {
    return this.fs.readFile(this.path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw new HistoryFileError(this.path, error);
    });
  }

  /** Makes its folder where there is none. */
  async replace(text: string): Promise<void> {
    const folder = requiredNodeModule('node:path').dirname(this.path);
    await this.named(this.fs.mkdir(folder, { recursive: true }).then(() => this.fs.writeFile(this.path, text)));
  }

  async append(text: string): Promise<void> {
    await this.named(this.fs.appendFile(this.path, text));
  }

  private async named(writing: Promise<void>): Promise<void> {
    await writing.catch((error: unknown) => {
      throw new HistoryFileError(this.path, error);
    });
  }
}

/** Lines in a file, each of which has a number that grows: in CSV its first. */
class Table {
  /** That of the file, or of the first line that is added. */
  private header: string | undefined;

  constructor(
    private readonly file: HistoryWriter,
    private readonly isCsv: boolean,
    private readonly key: 'epoch' | 'step',
  ) {}

  /** Keeps the lines up to number `last`, and no others. */
  async start(last: number): Promise<void> {
    const lines = last === 0 ? [] : (await this.file.read()).split(/(?<=\n)/);
    this.header = this.isCsv ? lines.shift() : undefined;
    const kept = lines.filter((line) => line.endsWith('\n') && this.numberOf(line) <= last);
    await this.file.replace([this.header ?? '', ...kept].join(''));
  }

  /** Throws HistoryFileError where the file has lines with other columns. */
  async add(rows: readonly Row[]): Promise<void> {
    const [first] = rows;
    if (!first) return;
    if (!this.isCsv) return this.file.append(rows.map(jsonLine).join(''));
    const columns = Object.keys(first);
    const header = csvHeader(columns);
    if (this.header !== undefined && this.header !== header) {
      const problem = `it has the columns ${this.header.trim()}, and ${header.trim()} are to be added: use another file`;
      throw new HistoryFileError(this.file.path, problem);
    }
    const isNew = this.header === undefined;
    this.header = header;
    await this.file.append((isNew ? header : '') + rows.map((row) => csvLine(columns, row)).join(''));
  }

  private numberOf(line: string): number {
    if (this.isCsv) return Number.parseInt(line, 10);
    try {
      const row: unknown = JSON.parse(line);
      const fields = typeof row === 'object' && row !== null ? (row as Readonly<Record<string, unknown>>) : {};
      return Number(fields[this.key]);
    } catch {
      return NaN;
    }
  }
}

class EpochTable implements Callback {
  constructor(private readonly table: Table) {}

  onStart(training: Training): Promise<void> {
    return this.table.start(training.epoch - 1);
  }

  onEpoch(record: EpochRecord): Promise<void> {
    return this.table.add([epochRow(record)]);
  }
}

/** Many steps are waited for at once: their lines are written together. */
class StepTable implements Callback {
  private rows: Row[] = [];

  constructor(private readonly table: Table) {}

  onStart(training: Training): Promise<void> {
    this.rows = [];
    return this.table.start(training.steps);
  }

  async onStep(record: StepRecord, training: Training): Promise<void> {
    this.rows.push(stepRow(record));
    if (record.step === training.steps) await this.flush();
  }

  onEpoch(): Promise<void> {
    return this.flush();
  }

  async onError(): Promise<undefined> {
    await this.flush();
  }

  private async flush(): Promise<void> {
    const { rows } = this;
    this.rows = [];
    await this.table.add(rows);
  }
}

class Picture implements Callback {
  constructor(
    private readonly file: HistoryWriter,
    private readonly title: string | undefined,
  ) {}

  async onStart(training: Training): Promise<void> {
    await this.draw(training.history());
  }

  async onEpoch(_record: EpochRecord, training: Training): Promise<void> {
    await this.draw(training.history());
  }

  private draw(history: History): Promise<void> {
    return this.file.replace(lineChart(historyChart(history, this.title)));
  }
}
