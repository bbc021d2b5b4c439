import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DeviceLostError, openDevice, type Session, type SessionOptions } from 'meganeura';
import { adamW, sgd, Trainer, type BatchSource, type History } from 'meganeura/train';
import { useFreshCache } from '../fresh-cache.js';
import {
  CheckpointError,
  CheckpointMismatchError,
  TrainingInterruptedError,
} from '../../lib/train/checkpoint-error.js';
import type { CheckpointOptions } from '../../lib/train/checkpoint-keeper.js';
import { checkpointNames } from '../../lib/train/checkpoint-folder.js';
import { loadCheckpoint, saveCheckpoint } from '../../lib/train/checkpoint.js';
import { bitsOf, perceptron, perceptronData, transformer, transformerData } from './checkpoint-models.js';
import { batchesOf, classifierSession } from './tiny.js';

useFreshCache();

let root: string;
let folders = 0;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-checkpoint-'));
});
afterAll(() => fs.rmSync(root, { recursive: true }));
const newFolder = () => path.join(root, String(++folders));

/** All but times. */
function timeless({ epochs, losses }: History) {
  return { losses, epochs: epochs.map(({ epoch, steps, train, validation }) => ({ epoch, steps, train, validation })) };
}

interface Case<Feeds extends object> {
  build(seed: number): Promise<Session<Feeds>>;
  data(seed?: number): BatchSource<Feeds>;
}

/** 3 epochs of 5 steps; `stopAt`: the step in which the signal aborts. */
async function train<Feeds extends object>(
  session: Session<Feeds>,
  model: Case<Feeds>,
  options: { checkpoint?: CheckpointOptions; resume?: string; stopAt?: number } = {},
) {
  const { checkpoint, resume, stopAt } = options;
  const controller = new AbortController();
  const learningRate = (step: number) => {
    if (step === stopAt) controller.abort(new Error('Ctrl-C'));
    return 0.02 / (1 + step);
  };
  const trainer = new Trainer<Feeds, object, never>(session, {
    epochs: 3,
    progress: false,
    learningRate,
    ...(checkpoint ? { checkpoint: checkpoint as CheckpointOptions<never> } : {}),
    metrics: [],
  });
  const fit = { validation: model.data(9), signal: controller.signal, ...(resume === undefined ? {} : { resume }) };
  return timeless(await trainer.fit(model.data(), fit));
}

const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** A session that is right only if all comes from the checkpoint. */
async function overwritten<Feeds extends object>(session: Promise<Session<Feeds>>) {
  const built = await session;
  for (const [name, { shape }] of built.parameterTypes) {
    built.setParameter(name, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(7));
  }
  built.setInput('learningRate', 9);
  return built;
}

describe('training that was interrupted and resumed is bit by bit the one that was not', () => {
  test.each([
    // Within epochs and accumulations: step 3 is the fourth of the first epoch; step 10 begins the third.
    ['a perceptron, twice', { build: perceptron, data: perceptronData } as Case<never>, [3, 10]],
    ['a transformer', { build: transformer, data: transformerData } as Case<never>, [6]],
  ])(
    '%s',
    async (_name, model, stops) => {
      using whole = await model.build(1);
      const expected = await train(whole, model);
      const checkpoint = { folder: newFolder() };
      for (const [i, stopAt] of stops.entries()) {
        using session = i === 0 ? await model.build(1) : await overwritten(model.build(1));
        const resume = i === 0 ? {} : { resume: checkpoint.folder };
        const error = await caught(train(session, model, { checkpoint, stopAt, ...resume }));
        expect(error).toBeInstanceOf(TrainingInterruptedError);
        expect((error as TrainingInterruptedError).steps).toBe(stopAt + 1);
      }
      using last = await overwritten(model.build(1));
      expect(await train(last, model, { checkpoint, resume: checkpoint.folder })).toEqual(expected);
      expect(await bitsOf(last)).toEqual(await bitsOf(whole));
    },
    180_000,
  );
});

test('a process that was killed leaves what was saved every n steps to go on from', async () => {
  const folder = newFolder();
  const model: Case<never> = { build: perceptron, data: perceptronData } as Case<never>;
  using whole = await perceptron(1);
  const checkpoint = { folder, every: { steps: 4 }, keep: 100 };
  const expected = await train(whole as Session, model, { checkpoint });
  // After steps 4, 8, 12, and the last.
  expect(await checkpointNames(folder)).toHaveLength(4);
  using session = await overwritten(perceptron(1));
  const resume = path.join(folder, 'checkpoint-000002');
  expect(await train(session as Session, model, { resume })).toEqual(expected);
  expect(await bitsOf(session)).toEqual(await bitsOf(whole));
});

test('an abort in the middle of validation goes on with that validation', async () => {
  const folder = newFolder();
  const controller = new AbortController();
  const fit = async (stopIn: number, resume = {}) => {
    using session = await classifierSession();
    function* validation() {
      yield* batchesOf(32, {}, 2);
      if (epochs === stopIn) controller.abort(new Error('Ctrl-C'));
      yield* batchesOf(32, {}, 3);
    }
    let epochs = 0;
    const trainer = new Trainer(session, { epochs: 3, progress: false, checkpoint: { folder } });
    const counted = () => {
      epochs++;
      return validation();
    };
    const { signal } = controller;
    return timeless(await trainer.fit(batchesOf(64), { validation: counted, ...(stopIn > 0 ? { signal } : resume) }));
  };
  const expected = await fit(0);
  expect(await caught(fit(2))).toMatchObject({ name: 'TrainingInterruptedError', steps: 16, epoch: 2 });
  expect(await fit(0, { resume: folder })).toEqual(expected);
});

test('a model of another seed draws other random numbers: it is refused', async () => {
  const folder = newFolder();
  const fit = async (seed: number, resume = {}) => {
    using session = await perceptron(seed);
    await new Trainer(session, { epochs: 1, progress: false, checkpoint: { folder } }).fit(perceptronData(), resume);
  };
  await fit(1);
  await expect(fit(2, { resume: folder })).rejects.toThrow(
    /random numbers had seed:stream 1:\d+, have 2:\d+: call manualSeed\(1\) before the model is constructed/,
  );
});

describe('the option checkpoint', () => {
  test('keeps the newest, and the best by a metric', async () => {
    using session = await classifierSession();
    const folder = newFolder();
    const rates = [0.5, 0.5, -3, -3, -3];
    const trainer = new Trainer(session, {
      epochs: 5,
      progress: false,
      learningRate: (step) => rates[Math.floor(step / 8)]!,
      checkpoint: { folder, keep: 1, best: 'loss' },
    });
    const { epochs } = await trainer.fit(batchesOf(64), { validation: batchesOf(32, {}, 2) });
    const losses = epochs.map(({ validation }) => validation!.loss);
    expect(losses.indexOf(Math.min(...losses))).toBe(1);
    expect(await checkpointNames(folder)).toEqual(['checkpoint-000002', 'checkpoint-000005']);
    const { training, best } = await loadCheckpoint(session, folder, { which: 'best' });
    expect(best).toEqual({ name: 'checkpoint-000002', metric: 'loss', value: losses[1] });
    expect(training).toMatchObject({ steps: 16, epoch: 3, batches: 0 });
  });

  test('is refused where it cannot be meant', async () => {
    using session = await classifierSession();
    const fit = (checkpoint: object) =>
      new Trainer(session, { epochs: 1, progress: false, checkpoint: checkpoint as CheckpointOptions<'accuracy'> }).fit(
        batchesOf(64),
      );
    const messages = await Promise.all(
      [
        {},
        { folder: 'x', often: true },
        { folder: 'x', keep: 0 },
        { folder: 'x', every: { steps: 0 } },
        { folder: 'x', every: { steps: 1, epochs: 1 } },
        { folder: 'x', best: 'f1' },
        { folder: 'x', best: { metric: 'accuracy', mode: 'most' } },
      ].map(async (options) => String(await caught(fit(options)))),
    );
    expect(messages).toMatchInlineSnapshot(`
     [
       "UsageError: Trainer: checkpoint: folder must be the path of a folder, got undefined",
       "NameError: Trainer: checkpoint: there is no option 'often'; it takes { folder, every, keep, best, onAbort }",
       "ValueError: Trainer: checkpoint: keep must be a whole number, at least 1, got 0",
       "ValueError: Trainer: checkpoint.every must be { steps } or { epochs }, a whole number of at least 1, got steps 0",
       "ValueError: Trainer: checkpoint.every must be { steps } or { epochs }, a whole number of at least 1, got steps 1, epochs 1",
       "NameError: Trainer: checkpoint.best: there is no metric 'f1', only loss, accuracy",
       "ValueError: Trainer: checkpoint.best: say whether 'accuracy' is to be small or large: { metric, mode: 'min' or 'max' }",
     ]
    `);
    expect(fs.existsSync('x')).toBe(false);
  });

  test('with onAbort false an abort throws the reason and saves nothing', async () => {
    using session = await classifierSession();
    const folder = newFolder();
    const trainer = new Trainer(session, { epochs: 1, progress: false, checkpoint: { folder, onAbort: false } });
    const reason = new Error('enough');
    expect(await caught(trainer.fit(batchesOf(64), { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(fs.existsSync(folder)).toBe(false);
  });

  test('the error of an interruption says where and how to go on', async () => {
    using session = await classifierSession();
    const folder = newFolder();
    const trainer = new Trainer(session, { epochs: 1, progress: false, checkpoint: { folder } });
    const error = await caught(trainer.fit(batchesOf(64), { signal: AbortSignal.abort(new Error('Ctrl-C')) }));
    const at = path.join(folder, 'checkpoint-000001');
    expect(String(error)).toBe(
      `TrainingInterruptedError: training was interrupted (Ctrl-C): the checkpoint of step 0, in epoch 1, is ${at}; build ` +
        `the session anew and go on by fit(batches, { resume: ${JSON.stringify(at)} })`,
    );
  });
});

describe('resume', () => {
  test('of a training that has ended trains no more', async () => {
    using session = await classifierSession();
    const options = { epochs: 2, progress: false, checkpoint: { folder: newFolder() } };
    const first = await new Trainer(session, options).fit(batchesOf(64));
    const before = await bitsOf(session);
    const again = await new Trainer(session, options).fit(batchesOf(64), { resume: options.checkpoint.folder });
    expect(timeless(again)).toEqual(timeless(first));
    expect(await bitsOf(session)).toEqual(before);
  });

  test('with other data, without checkpoints, or of a session is refused', async () => {
    using session = await classifierSession();
    const folder = newFolder();
    const trainer = new Trainer(session, { epochs: 2, progress: false });
    expect(String(await caught(trainer.fit(batchesOf(64), { resume: folder })))).toContain(
      `checkpoint ${folder}: there is none: expected a folder that saveCheckpoint() or a Trainer wrote to`,
    );
    await saveCheckpoint(session, folder);
    expect(await caught(trainer.fit(batchesOf(64), { resume: folder }))).toBeInstanceOf(CheckpointError);
    await trainer.fit(batchesOf(64));
    await saveCheckpoint(trainer, folder);
    const error = await caught(trainer.fit(batchesOf(80, { shuffle: true, seed: 5 }), { resume: folder }));
    expect(error).toBeInstanceOf(CheckpointMismatchError);
    expect((error as CheckpointMismatchError).differences).toEqual([
      'Batches: samples was 64, is 80',
      'Batches: shuffle was false, is true',
      'Batches: seed was 0, is 5',
    ]);
  });

  test('with other constants of the optimizer, groups or options of the step is refused, all of them named', async () => {
    const folder = newFolder();
    const fit = async (options: SessionOptions, resume = {}) => {
      using session = await classifierSession(options);
      await new Trainer(session, { epochs: 1, progress: false, checkpoint: { folder } }).fit(batchesOf(16), resume);
    };
    const groups = [{ parameters: '*bias', weightDecay: 0 }];
    await fit({ optimizer: adamW({ eps: 1e-8, groups }), clip: { norm: 1 } });
    const other = { optimizer: adamW({ eps: 1e-6, betas: [0.9, 0.99] }), clip: { norm: Infinity } };
    const error = await caught(fit(other, { resume: folder }));
    expect(error).toBeInstanceOf(CheckpointMismatchError);
    expect((error as CheckpointMismatchError).differences).toEqual([
      'buildSession: adamW.beta2 was 0.999, is 0.99',
      'buildSession: adamW.eps was 1e-8, is 0.000001',
      'buildSession: groups.0.parameters was *bias, is not there',
      'buildSession: groups.0.weightDecay was 0, is not there',
      'buildSession: clip.norm was 1, is Infinity',
    ]);
    // The learning rate is a state: that of the checkpoint holds.
    await fit({ optimizer: adamW({ eps: 1e-8, learningRate: 7, groups }), clip: { norm: 1 } }, { resume: folder });
  });

  test('with too few batches is refused', async () => {
    using session = await classifierSession({ optimizer: sgd({ learningRate: 0.1 }) });
    const folder = newFolder();
    const feeds = [...batchesOf(64)].map((batch) => batch.feeds);
    const options = { epochs: 1, progress: false, checkpoint: { folder, every: { steps: 6 } } };
    await new Trainer(session, options).fit(feeds);
    const resume = path.join(folder, 'checkpoint-000001');
    await expect(new Trainer(session, options).fit(feeds.slice(0, 5), { resume })).rejects.toThrow(
      'the checkpoint was saved after 6 batches of epoch 1, but there are only 5',
    );
  });

  test('of a training that ended after so many steps, within an epoch, with more of them', async () => {
    const folder = newFolder();
    const model: Case<never> = { build: perceptron, data: perceptronData } as Case<never>;
    const fit = async (steps: number, options: { checkpoint?: CheckpointOptions; resume?: string } = {}) => {
      using session = options.resume === undefined ? await model.build(1) : await overwritten(model.build(1));
      const { checkpoint, resume } = options;
      const trainer = new Trainer(session as Session<object>, {
        steps,
        progress: false,
        metrics: [],
        ...(checkpoint ? { checkpoint: checkpoint as CheckpointOptions<never> } : {}),
      });
      const data = model.data() as BatchSource<object>;
      const history = timeless(await trainer.fit(data, resume === undefined ? {} : { resume }));
      return { history, bits: await bitsOf(session) };
    };
    const first = await fit(7, { checkpoint: { folder } });
    expect(first.history.epochs.map(({ steps }) => steps)).toEqual([5, 2]);
    // As many steps again are none: the same history, with the epoch that is not whole.
    expect(await fit(7, { resume: folder })).toEqual(first);
    expect(await fit(11, { resume: folder })).toEqual(await fit(11));
  });

  test.each([true, false])('after the device was lost within an epoch, checkpoints %s', async (saves) => {
    using session = await classifierSession({ device: await openDevice({ forceFallback: true }) });
    const folder = newFolder();
    const trainer = new Trainer(session, {
      epochs: 5,
      progress: false,
      ...(saves ? { checkpoint: { folder, every: { steps: 3 } } } : {}),
      waitsAt: () => true,
      onStep: ({ step }) => {
        if (step === 5) session.device.dispose();
      },
    });
    const error = await caught(trainer.fit(batchesOf(64)));
    const checkpoint = path.join(folder, 'checkpoint-000001');
    expect(error).toBeInstanceOf(saves ? TrainingInterruptedError : DeviceLostError);
    if (saves) expect(error).toMatchObject({ checkpoint, steps: 3, epoch: 1 });
  });

  test('after the device was lost is what the error tells of', async () => {
    using session = await classifierSession({ device: await openDevice({ forceFallback: true }) });
    const folder = newFolder();
    const trainer = new Trainer(session, {
      epochs: 5,
      progress: false,
      checkpoint: { folder },
      onEpoch: ({ epoch }) => {
        if (epoch === 3) session.device.dispose();
      },
    });
    const error = await caught(trainer.fit(batchesOf(64)));
    expect(error).toBeInstanceOf(TrainingInterruptedError);
    expect(error).toMatchObject({ checkpoint: path.join(folder, 'checkpoint-000002'), steps: 16, epoch: 3 });
  });
});
