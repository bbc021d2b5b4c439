import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadSafetensors } from 'meganeura/hub';
import { adam, sgd, Trainer, type Metric } from 'meganeura/train';
import { useFreshCache } from '../fresh-cache.js';
import { CheckpointError, CheckpointMismatchError } from '../../lib/train/checkpoint-error.js';
import { decodeRecord, encodeRecord } from '../../lib/train/checkpoint-record.js';
import { loadCheckpoint, saveCheckpoint } from '../../lib/train/checkpoint.js';
import { bitsOf, perceptron, perceptronData } from './checkpoint-models.js';
import { batchesOf, classifierSession } from './tiny.js';

useFreshCache();

/** The module that the library uses, which is not the one that jest gives to `import`. */
const files = process.getBuiltinModule('node:fs/promises');

let root: string;
let folders = 0;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-checkpoint-'));
});
afterAll(() => fs.rmSync(root, { recursive: true }));
afterEach(() => {
  jest.restoreAllMocks();
});
const newFolder = () => path.join(root, String(++folders));

const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** A system error as Node throws it. */
function systemError(code: string) {
  return Object.assign(new Error(`${code}: as the system says it`), { code });
}

describe('a checkpoint', () => {
  test('of a session gives another one all states, bit by bit, and the learning rate that was set', async () => {
    using session = await perceptron(1);
    for (const { feeds } of perceptronData()) session.step(feeds);
    session.setInput('learningRate', 0.125);
    const folder = path.join(newFolder(), 'made', 'anew');
    const saved = await saveCheckpoint(session, folder);
    expect(saved).toBe(path.join(folder, 'checkpoint-000001'));
    expect(fs.readdirSync(saved).sort()).toEqual(['checkpoint.json', 'model.safetensors', 'training.safetensors']);

    using other = await perceptron(1);
    expect(await loadCheckpoint(other, folder)).toEqual({ folder: saved });
    const bits = await bitsOf(session);
    expect(await bitsOf(other)).toEqual(bits);
    expect(bits.inputs).toMatchObject({ learningRate: 0.125 });
    expect(Object.keys(bits.states)).toEqual(
      expect.arrayContaining([
        'adam.step',
        'random.step',
        'lossScale',
        'accumulation.position',
        'average.first.weight',
      ]),
    );
    const feeds = [...perceptronData()][1]!.feeds;
    for (const each of [session, other]) each.step(feeds);
    expect(await bitsOf(other)).toEqual(await bitsOf(session));
  });

  test('has the weights in a file of their own, under the names of the state dict', async () => {
    using session = await perceptron(1);
    const saved = await saveCheckpoint(session, newFolder());
    const weights = await loadSafetensors(path.join(saved, 'model.safetensors'));
    const expected = await session.stateDict();
    expect(weights.names().sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { data }] of Object.entries(expected)) expect(weights.float32(name)).toEqual(data);
  });

  test('keeps the newest, and removes what a process that died has left', async () => {
    using session = await classifierSession();
    const folder = newFolder();
    const [dead, alive, foreign] = ['checkpoint-000001.999999999.ab.tmp', `checkpoint-000001.${process.ppid}.ab.tmp`, 'notes.tmp']; // prettier-ignore
    for (const name of [dead, alive, foreign]) fs.mkdirSync(path.join(folder, name), { recursive: true });
    for (let i = 0; i < 4; i++) await saveCheckpoint(session, folder, { keep: 2 });
    expect(fs.readdirSync(folder).sort()).toEqual([alive, 'checkpoint-000003', 'checkpoint-000004', foreign]);
    expect((await loadCheckpoint(session, folder)).folder).toBe(path.join(folder, 'checkpoint-000004'));
    const older = path.join(folder, 'checkpoint-000003');
    expect((await loadCheckpoint(session, older)).folder).toBe(older);
  });

  test('of a trainer whose steps are under way is refused', async () => {
    using session = await classifierSession();
    const folder = newFolder();
    let early: Promise<unknown> = Promise.resolve();
    const later: { save: () => Promise<unknown> } = { save: () => Promise.resolve() };
    // It is asked for while the steps before are being collected.
    const measure = () => {
      early = caught(later.save());
      return { sum: 0, count: 1 };
    };
    const probe: Metric<'probe', object, object> = { name: 'probe', inputs: [], outputs: [], measure };
    const trainer = new Trainer(session, { epochs: 1, progress: false, metrics: [probe] });
    later.save = () => saveCheckpoint(trainer, folder);
    await trainer.fit(batchesOf(64));
    expect(String(await early)).toContain('the trainer’s steps are under way: save in onEpoch, after fit()');
    const { training } = await loadCheckpoint(session, await saveCheckpoint(trainer, folder));
    expect(training).toMatchObject({
      steps: 8,
      epoch: 2,
      batches: 0,
      data: { samples: 64, size: 8, seed: 0, last: 'fill' },
    });
  });
});

describe('a checkpoint that does not fit', () => {
  test('is refused with all differences, and nothing has changed', async () => {
    using session = await classifierSession({ optimizer: adam(), average: { decay: 0.9 } });
    const folder = newFolder();
    await saveCheckpoint(session, folder);
    using other = await perceptron(2);
    const before = await bitsOf(other);
    const error = await caught(loadCheckpoint(other, folder));
    expect(error).toBeInstanceOf(CheckpointMismatchError);
    const { differences } = error as CheckpointMismatchError;
    for (const difference of differences) expect(String(error)).toContain(difference);
    expect(differences).toEqual(
      expect.arrayContaining([
        "missing tensor 'first.weight'",
        "unexpected tensor 'weight'",
        "missing tensor 'average.first.weight'",
        "missing tensor 'random.step'",
      ]),
    );
    expect(await bitsOf(other)).toEqual(before);
  });

  test('names optimizers with other inputs, and shapes', async () => {
    using session = await classifierSession({ optimizer: adam() });
    using other = await classifierSession({ optimizer: sgd({ learningRate: 1, momentum: 0.9 }) });
    const saved = await saveCheckpoint(session, newFolder());
    const { differences } = (await caught(loadCheckpoint(other, saved))) as CheckpointMismatchError;
    expect(differences).toMatchInlineSnapshot(`
     [
       "missing tensor 'sgd.momentum_buffer.weight'",
       "missing tensor 'sgd.momentum_buffer.bias'",
       "unexpected tensor 'adam.exp_avg.bias'",
       "unexpected tensor 'adam.exp_avg.weight'",
       "unexpected tensor 'adam.exp_avg_sq.bias'",
       "unexpected tensor 'adam.exp_avg_sq.weight'",
       "unexpected tensor 'adam.step'",
       "missing input 'momentum'",
       "unexpected input 'beta1'",
     ]
    `);
  });

  test('or is cut off, changed or no checkpoint is refused by name', async () => {
    using session = await classifierSession();
    const breaking: Record<string, (saved: string) => void> = {
      'cut off': (saved) => fs.truncateSync(path.join(saved, 'model.safetensors'), 90),
      missing: (saved) => fs.rmSync(path.join(saved, 'training.safetensors')),
      'no JSON': (saved) => fs.truncateSync(path.join(saved, 'checkpoint.json'), 20),
      'of another version': (saved) => fs.writeFileSync(path.join(saved, 'checkpoint.json'), '{"format":"x"}'),
      empty: (saved) => fs.rmSync(saved, { recursive: true }),
    };
    const messages: string[] = [];
    for (const [how, breakIt] of Object.entries(breaking)) {
      const folder = newFolder();
      breakIt(await saveCheckpoint(session, folder));
      const error = await caught(loadCheckpoint(session, folder));
      expect(error).toBeInstanceOf(CheckpointError);
      // What is wrong with JSON is said otherwise from version to version of Node.
      const message = String(error)
        .replaceAll(folder, 'FOLDER')
        .replace(/SyntaxError: .*/, '…');
      messages.push(`${how}: ${message}`);
    }
    expect(messages).toMatchInlineSnapshot(`
     [
       "cut off: CheckpointError: checkpoint FOLDER: cannot load: FOLDER/checkpoint-000001/model.safetensors: expected a header of 152 bytes, got a file with 82 bytes after the length; the file is malformed, get or write it again",
       "missing: CheckpointError: checkpoint FOLDER: cannot load: FOLDER/checkpoint-000001/training.safetensors: cannot open the file: Error: ENOENT: no such file or directory, open 'FOLDER/checkpoint-000001/training.safetensors'",
       "no JSON: CheckpointError: checkpoint FOLDER/checkpoint-000001: checkpoint.json is no JSON: …",
       "of another version: CheckpointError: checkpoint FOLDER/checkpoint-000001: expected format meganeura.checkpoint version 1, got x undefined",
       "empty: CheckpointError: checkpoint FOLDER: there is none: expected a folder that saveCheckpoint() or a Trainer wrote to",
     ]
    `);
  });
});

describe('a folder that cannot be written', () => {
  test('is a typed error', async () => {
    using session = await classifierSession();
    const file = path.join(root, 'a-file');
    fs.writeFileSync(file, '');
    const messages = await Promise.all(
      [file, path.join(file, 'below')].map(async (folder) => String(await caught(saveCheckpoint(session, folder)))),
    );
    expect(messages.map((message) => message.replaceAll(root, 'ROOT'))).toMatchInlineSnapshot(`
     [
       "CheckpointError: checkpoint ROOT/a-file: cannot save: a part of the path is a file: choose another folder (ENOTDIR); the checkpoints that were there are untouched",
       "CheckpointError: checkpoint ROOT/a-file/below: cannot save: a part of the path is a file: choose another folder (ENOTDIR); the checkpoints that were there are untouched",
     ]
    `);
    for (const folder of ['', 5, undefined]) {
      const error = await caught(saveCheckpoint(session, folder as string));
      expect(String(error)).toMatch(/^UsageError: saveCheckpoint: the folder must be a path, got/);
    }
  });

  test.each(['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT'])(
    '%s leaves the old checkpoint, and nothing half-written',
    async (code) => {
      using session = await classifierSession();
      const folder = newFolder();
      await saveCheckpoint(session, folder);
      const before = await bitsOf(session);
      session.step([...batchesOf(8)][0]!.feeds);
      const open = files.open.bind(files);
      // The second file is where it happens, in the middle.
      jest.spyOn(files, 'open').mockImplementation(async (...options) => {
        const handle = await open(...options);
        if (String(options[0]).includes('training')) jest.spyOn(handle, 'write').mockRejectedValue(systemError(code));
        return handle;
      });
      const error = await caught(saveCheckpoint(session, folder));
      jest.restoreAllMocks();
      expect(error).toBeInstanceOf(CheckpointError);
      expect(String(error)).toMatch(
        new RegExp(`checkpoint ${folder}: cannot save: .*\\(${code}\\); the checkpoints that were`),
      );
      expect(fs.readdirSync(folder)).toEqual(['checkpoint-000001']);
      await loadCheckpoint(session, folder);
      expect(await bitsOf(session)).toEqual(before);
    },
  );
});

describe('the record', () => {
  test('keeps numbers that JSON has not', () => {
    const history = { epochs: [], losses: [-0, NaN, Infinity, -Infinity, 0.1], seconds: 1 };
    const record = {
      inputs: { learningRate: 1e-3 },
      random: ['1:2'],
      training: {
        steps: 5,
        epoch: 1,
        batches: 5,
        epochSteps: 5,
        epochSeconds: 1,
        totals: { number: { sum: NaN, count: 1 } },
        history,
      },
    };
    expect(decodeRecord(encodeRecord(record), 'x')).toEqual(record);
  });

  test.each([
    [{ steps: -1 }, 'training.steps must be a whole number of at least 0, got -1'],
    [{ epoch: 0 }, 'training.epoch must be a whole number of at least 1'],
    [{ history: { epochs: {}, losses: [], seconds: 0 } }, 'training.history.epochs must be a list'],
    [{ totals: { loss: { sum: 1 } } }, 'training.totals.loss.count must be a number, got undefined'],
  ])('with %j is refused', (change, message) => {
    const history = { epochs: [], losses: [], seconds: 1 };
    const training = { steps: 0, epoch: 1, batches: 0, epochSteps: 0, epochSeconds: 0, totals: {}, history, ...change };
    const text = JSON.stringify({ format: 'meganeura.checkpoint', version: 1, inputs: {}, random: [], training });
    expect(() => decodeRecord(text, 'x')).toThrow(message);
  });
});
