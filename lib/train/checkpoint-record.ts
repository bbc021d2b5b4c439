/** What a checkpoint holds besides tensors, as JSON. */
import { describeValue } from '../dsl/emit.js';
import { CheckpointError } from './checkpoint-error.js';
import { isCheckpointName } from './checkpoint-folder.js';
import type { DataIdentity } from './batches.js';
import type { EpochRecord, History } from './history.js';
import type { Measure } from './metrics.js';

/** How far a training has come. */
export interface TrainingPosition {
  /** Steps so far: the next is that number of the schedules, whose first is 0. */
  readonly steps: number;
  /** The epoch to go on in; the first is 1. */
  readonly epoch: number;
  /** Batches of that epoch that have been gone through, those that were left out among them. */
  readonly batches: number;
  /** Steps of that epoch. */
  readonly epochSteps: number;
  /** Seconds of training that epoch has taken. */
  readonly epochSeconds: number;
  /** Sums of the loss and the metrics over that epoch. */
  readonly totals: Readonly<Record<string, Measure>>;
  /** Which samples in which order, where `Batches` says. */
  readonly data?: DataIdentity;
  /** Epochs that have ended, and the loss of every step. */
  readonly history: History;
}

/** The best of the checkpoints that were kept. */
export interface BestCheckpoint {
  /** Its name in the same folder. */
  readonly name: string;
  /** What it is the best by. */
  readonly metric: string;
  /** What that was. */
  readonly value: number;
}

export interface CheckpointRecord {
  /** The optimizer's scalar inputs. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Seed and stream of every draw of random numbers in the graph, as `1:7`, in order. */
  readonly random: readonly string[];
  /** What its session trains with: see `describeTraining`. Missing where it trains nothing. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Missing where a session was saved that no `Trainer` trains. */
  readonly training?: TrainingPosition;
  readonly best?: BestCheckpoint;
}

const FORMAT = 'meganeura.checkpoint';
const VERSION = 1;

/** Numbers that JSON has not are `{ "number": "NaN" }`. */
export function encodeRecord(record: CheckpointRecord): string {
  const plain = (_key: string, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
      ? { number: Object.is(value, -0) ? '-0' : String(value) }
      : value;
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...record }, plain)}\n`;
}

/** Throws CheckpointError for text that `encodeRecord` has not written; `folder` is what it names. */
export function decodeRecord(text: string, folder: string): CheckpointRecord {
  const reader = new Reader(folder);
  const record = reader.record(reader.parse(text), 'the record');
  if (record['format'] !== FORMAT || record['version'] !== VERSION) {
    const got = `${String(record['format'])} ${String(record['version'])}`;
    throw new CheckpointError(folder, `expected format ${FORMAT} version ${VERSION}, got ${got}`);
  }
  const { inputs, random, settings, training, best } = record;
  return {
    inputs: reader.numbers(inputs, 'inputs'),
    random: reader.list(random, 'random').map((key) => reader.text(key, 'random')),
    ...(settings === undefined ? {} : { settings: reader.settings(settings) }),
    ...(training === undefined ? {} : { training: reader.training(training) }),
    ...(best === undefined ? {} : { best: reader.best(best) }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Checks what was read: files may be of anybody. */
class Reader {
  constructor(private readonly folder: string) {}

  parse(text: string): unknown {
    try {
      return JSON.parse(text, (_key, value: unknown) => decodedNumber(value));
    } catch (cause) {
      throw new CheckpointError(this.folder, `checkpoint.json is no JSON: ${String(cause)}`, { cause });
    }
  }

  training(value: unknown): TrainingPosition {
    const fields = this.record(value, 'training');
    const { totals, data, history } = fields;
    return {
      steps: this.count(fields['steps'], 'training.steps'),
      epoch: this.count(fields['epoch'], 'training.epoch', 1),
      batches: this.count(fields['batches'], 'training.batches'),
      epochSteps: this.count(fields['epochSteps'], 'training.epochSteps'),
      epochSeconds: this.number(fields['epochSeconds'], 'training.epochSeconds'),
      totals: this.mapped(totals, 'training.totals', (measure, where) => {
        const { sum, count } = this.numbers(measure, where);
        return { sum: this.number(sum, `${where}.sum`), count: this.number(count, `${where}.count`) };
      }),
      ...(data === undefined ? {} : { data: this.data(data) }),
      history: this.history(history),
    };
  }

  best(value: unknown): BestCheckpoint {
    const { name, metric, value: score } = this.record(value, 'best');
    if (typeof name !== 'string' || !isCheckpointName(name)) return this.fail('best.name', 'a checkpoint’s name', name);
    return {
      name,
      metric: this.text(metric, 'best.metric'),
      value: this.number(score, 'best.value'),
    };
  }

  numbers(value: unknown, where: string): Readonly<Record<string, number>> {
    return this.mapped(value, where, (entry, name) => this.number(entry, name));
  }

  settings(value: unknown): Readonly<Record<string, string | number | boolean>> {
    return this.mapped(value, 'settings', (entry, where) => {
      if (typeof entry === 'string' || typeof entry === 'boolean') return entry;
      return this.number(entry, where);
    });
  }

  record(value: unknown, where: string): Fields {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    return this.fail(where, 'an object', value);
  }

  private data(value: unknown): DataIdentity {
    const fields = this.record(value, 'training.data');
    const { shuffle, seed, last } = fields;
    if (typeof shuffle !== 'boolean') return this.fail('training.data.shuffle', 'a truth value', shuffle);
    if (last !== 'fill' && last !== 'drop' && last !== 'pad') {
      return this.fail('training.data.last', "'fill', 'drop' or 'pad'", last);
    }
    return {
      samples: this.count(fields['samples'], 'training.data.samples'),
      size: this.count(fields['size'], 'training.data.size', 1),
      shuffle,
      seed: this.number(seed, 'training.data.seed'),
      last,
    };
  }

  private history(value: unknown): History {
    const { epochs, losses, seconds } = this.record(value, 'training.history');
    return {
      epochs: this.list(epochs, 'training.history.epochs').map((epoch, i) =>
        this.epoch(epoch, `training.history.epochs[${i}]`),
      ),
      losses: this.list(losses, 'training.history.losses').map((loss) => this.number(loss, 'training.history.losses')),
      seconds: this.number(seconds, 'training.history.seconds'),
    };
  }

  private epoch(value: unknown, where: string): EpochRecord {
    const fields = this.record(value, where);
    const scores = (name: string) => {
      const { loss, ...others } = this.numbers(fields[name], `${where}.${name}`);
      return { loss: this.number(loss, `${where}.${name}.loss`), ...others };
    };
    return {
      epoch: this.count(fields['epoch'], `${where}.epoch`, 1),
      steps: this.count(fields['steps'], `${where}.steps`),
      seconds: this.number(fields['seconds'], `${where}.seconds`),
      samplesPerSecond: this.number(fields['samplesPerSecond'], `${where}.samplesPerSecond`),
      ...(fields['learningRate'] === undefined
        ? {}
        : { learningRate: this.number(fields['learningRate'], `${where}.learningRate`) }),
      train: scores('train'),
      ...(fields['validation'] === undefined ? {} : { validation: scores('validation') }),
    };
  }

  private mapped<T>(value: unknown, where: string, read: (entry: unknown, where: string) => T): Record<string, T> {
    const entries = Object.entries(this.record(value, where));
    return Object.fromEntries(entries.map(([name, entry]) => [name, read(entry, `${where}.${name}`)]));
  }

  list(value: unknown, where: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.fail(where, 'a list', value);
  }

  private count(value: unknown, where: string, least = 0): number {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    return this.fail(where, `a whole number of at least ${least}`, value);
  }

  private number(value: unknown, where: string): number {
    return typeof value === 'number' ? value : this.fail(where, 'a number', value);
  }

  text(value: unknown, where: string): string {
    return typeof value === 'string' ? value : this.fail(where, 'text', value);
  }

  private fail(where: string, wanted: string, got: unknown): never {
    throw new CheckpointError(
      this.folder,
      `checkpoint.json: ${where} must be ${wanted}, got ${describeValue(got)}: it was changed, or is of another program`,
    );
  }
}

function decodedNumber(value: unknown): unknown {
  const isWrapped =
    typeof value === 'object' && value !== null && 'number' in value && typeof value.number === 'string';
  return isWrapped ? Number(value.number) : value;
}
