import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NameError, UsageError, ValueError } from 'meganeura';
import {
  HistoryFileError,
  historyChart,
  historyCsv,
  historyFile,
  historyJsonLines,
  Trainer,
  type Callback,
  type History,
} from 'meganeura/train';
import { useFreshCache } from '../fresh-cache.js';
import { BATCH, batchesOf, classifierSession } from './tiny.js';

useFreshCache();

let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-history-'));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

/** Parsed by Python's csv module where Python is there, which is not ours; else by splitting. */
function parseCsv(file: string): Record<string, string>[] {
  const program = 'import csv,json,sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline="")))))';
  const { status, stdout } = spawnSync('python3', ['-c', program, file], { encoding: 'utf8' });
  if (status === 0) return JSON.parse(stdout) as Record<string, string>[];
  const [head, ...lines] = fs.readFileSync(file, 'utf8').trimEnd().split('\r\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])));
}

const parseLines = (file: string) =>
  fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, number>); // prettier-ignore

async function fit(
  callbacks: readonly Callback[],
  options: { epochs?: number; folder?: string; resume?: string } = {},
) {
  using session = await classifierSession();
  const { epochs = 2, folder, resume } = options;
  const trainer = new Trainer(session, {
    epochs,
    progress: false,
    callbacks,
    learningRate: (step) => 1 / (1 + step),
    ...(folder === undefined ? {} : { checkpoint: { folder, keep: 9 } }),
  });
  const validation = batchesOf(BATCH, {}, 2);
  return await trainer.fit(batchesOf(3 * BATCH), { validation, ...(resume === undefined ? {} : { resume }) });
}

describe('history files', () => {
  test('of epochs and steps, as CSV and JSON lines, say what the history says', async () => {
    const file = (name: string) => path.join(root, 'made', name);
    const history = await fit([
      historyFile(file('epochs.csv')),
      historyFile(file('epochs.jsonl')),
      historyFile(file('steps.csv'), { per: 'step' }),
      historyFile(file('steps.jsonl'), { per: 'step' }),
      historyFile(file('curves.svg'), { title: 'two epochs' }),
    ]);
    const expected = history.epochs.map(({ train, validation, ...record }) => ({
      ...record,
      loss: train.loss,
      accuracy: train.accuracy,
      validation_loss: validation!.loss,
      validation_accuracy: validation!.accuracy,
    }));
    expect(parseLines(file('epochs.jsonl'))).toEqual(expected);
    expect(parseCsv(file('epochs.csv'))).toEqual(
      expected.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]))),
    );
    expect(fs.readFileSync(file('epochs.csv'), 'utf8')).toBe(historyCsv(history));
    expect(fs.readFileSync(file('epochs.jsonl'), 'utf8')).toBe(historyJsonLines(history));
    const steps = parseLines(file('steps.jsonl'));
    expect(steps.map(({ step, loss }) => [step, loss])).toEqual(history.losses.map((loss, i) => [i + 1, loss]));
    expect(steps.map(({ learningRate }) => learningRate)).toEqual([1, 2, 3, 4, 5, 6].map((n) => Math.fround(1 / n)));
    expect(parseCsv(file('steps.csv')).map(({ loss }) => Number(loss))).toEqual(history.losses);
    const svg = fs.readFileSync(file('curves.svg'), 'utf8');
    for (const text of ['two epochs', 'loss', 'accuracy (%)', 'learning rate', 'validation'])
      expect(svg).toContain(text);
  });

  test('go on after a resumption where it goes on, without lines that were written after the checkpoint', async () => {
    const folder = path.join(root, 'checkpoints');
    const files = ['epochs.csv', 'epochs.jsonl', 'steps.csv', 'steps.jsonl'].map((name) => path.join(root, name));
    const callbacks = () => files.map((file, i) => historyFile(file, { per: i < 2 ? 'epoch' : 'step' }));
    const first = await fit(callbacks(), { epochs: 3, folder });
    const before = files.map((file) => fs.readFileSync(file, 'utf8'));
    // A line that was cut off by a kill.
    for (const file of files) fs.appendFileSync(file, '{"epoch": 9');
    const resumed = await fit(callbacks(), { epochs: 3, folder, resume: path.join(folder, 'checkpoint-000001') });
    expect(resumed.losses).toEqual(first.losses);
    files.forEach((file, i) => {
      const [then, now] = [before[i]!, fs.readFileSync(file, 'utf8')].map((text) => text.trimEnd().split('\n'));
      const kept = i < 2 ? 1 : 3;
      expect(now).toHaveLength(then!.length);
      expect(now!.slice(0, kept)).toEqual(then!.slice(0, kept));
    });
    fs.writeFileSync(files[0]!, 'epoch,loss\r\n1,0.5\r\n');
    const other = fit(callbacks(), { epochs: 3, folder, resume: path.join(folder, 'checkpoint-000001') });
    await expect(other).rejects.toThrow(
      `historyFile ${files[0]!}: cannot be written: it has the columns epoch,loss, and`,
    );
    await fit(callbacks(), { epochs: 1 });
    expect(files.map((file) => fs.readFileSync(file, 'utf8').trimEnd().split('\n').length)).toEqual([2, 1, 4, 3]);
  });

  test('that cannot be written are a typed error', async () => {
    fs.writeFileSync(path.join(root, 'a-file'), '');
    fs.mkdirSync(path.join(root, 'a-folder.csv'));
    for (const [name, reason] of [
      ['a-file/x.csv', 'EEXIST'],
      ['a-folder.csv', 'EISDIR'],
    ] as const) {
      // prettier-ignore
      const file = path.join(root, name);
      const error: unknown = await fit([historyFile(file)]).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(HistoryFileError);
      expect(String(error)).toContain(`historyFile ${file}: cannot be written: the path is a`);
      expect(String(error)).toContain(reason);
    }
  });

  test('that fill the disk end training, and keep the lines before', async () => {
    const files = process.getBuiltinModule('node:fs/promises');
    const append = files.appendFile.bind(files);
    const file = path.join(root, 'full.jsonl');
    let calls = 0;
    jest.spyOn(files, 'appendFile').mockImplementation(async (...options) => {
      if (++calls === 2) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      await append(...options);
    });
    const error: unknown = await fit([historyFile(file)]).catch((caught: unknown) => caught);
    jest.restoreAllMocks();
    expect(error).toBeInstanceOf(HistoryFileError);
    expect(String(error)).toContain(`${file}: cannot be written: the disk is full: free some space (ENOSPC)`);
    expect(parseLines(file)).toMatchObject([{ epoch: 1 }]);
  });

  test.each([
    ['another end', () => historyFile('run.txt'), UsageError],
    ['no path', () => historyFile(5 as never), UsageError],
    ['a picture of steps', () => historyFile('run.svg', { per: 'step' }), ValueError],
    ['lines of something else', () => historyFile('run.csv', { per: 'batch' as 'step' }), ValueError],
    ['an option that there is not', () => historyFile('run.csv', { every: 2 } as object), NameError],
  ])('%s', (_, call, type) => {
    expect(call).toThrow(type);
  });
});

describe('a history as text', () => {
  const history: History<'a,b'> = {
    epochs: [
      { epoch: 1, steps: 2, seconds: 0.5, samplesPerSecond: 10, train: { loss: NaN, 'a,b': 1e-9 } },
      { epoch: 2, steps: 2, seconds: 0.5, samplesPerSecond: 10, train: { loss: -Infinity, 'a,b': 1 }, validation: { loss: 1, 'a,b': 2 } }, // prettier-ignore
    ],
    losses: [],
    seconds: 1,
  };

  test('quotes names, keeps what is no number, leaves out what is missing', () => {
    expect(historyCsv(history).split('\r\n')).toEqual([
      'epoch,steps,seconds,samplesPerSecond,loss,"a,b",validation_loss,"validation_a,b"',
      '1,2,0.5,10,NaN,1e-9,,',
      '2,2,0.5,10,-Infinity,1,1,2',
      '',
    ]);
    expect(historyJsonLines(history).split('\n')[0]).toContain('"loss":null,"a,b":1e-9');
  });

  test('is a picture of a panel for each score', () => {
    expect(historyChart(history).panels.map(({ yLabel, series }) => [yLabel, series.length])).toEqual([
      ['loss', 2],
      ['a,b', 2],
    ]);
  });
});
