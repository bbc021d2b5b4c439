import { describe, expect, test } from '@jest/globals';
import { buildInferenceSession, buildSession, input, mseLoss, trace } from 'meganeura';
import { Linear } from 'meganeura/layers';
import { evaluate, NonFiniteLossError, sgd, Trainer, type EpochRecord } from 'meganeura/train';
import { useFreshCache } from '../fresh-cache.js';
import { adamW } from '../../lib/train/optimizers/adam.js';
import { oneCycle } from '../../lib/train/schedules/one-cycle.js';
import { BATCH, batchesOf, classifier, classifierSession, points, scoresOnHost } from './tiny.js';

useFreshCache();

const quiet = { progress: false } as const;

describe('training', () => {
  test('learns, and records every step and epoch', async () => {
    using session = await classifierSession();
    const records: EpochRecord<'accuracy'>[] = [];
    const trainer = new Trainer(session, { ...quiet, epochs: 10, onEpoch: (record) => void records.push(record) });
    const history = await trainer.fit(batchesOf(64, { shuffle: true }), { validation: batchesOf(32, {}, 2) });

    expect(history.epochs.map(({ epoch, steps }) => [epoch, steps])).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, 8])); // prettier-ignore
    expect(records).toEqual(history.epochs);
    expect(history.losses).toHaveLength(80);
    const [first, last] = [history.epochs[0]!, history.epochs.at(-1)!];
    expect(last.train.loss).toBeLessThan(first.train.loss / 2);
    expect(last.train.accuracy).toBeGreaterThan(0.9);
    expect(last.validation!.accuracy).toBeGreaterThan(0.9);
    for (const { seconds, samplesPerSecond } of history.epochs) expect(samplesPerSecond * seconds).toBeCloseTo(64);
    const mean = history.losses.slice(72).reduce((sum, loss) => sum + loss, 0) / 8;
    expect(last.train.loss).toBeCloseTo(mean, 6);
  });

  test('is the same again with the same seed, whatever is waited for when', async () => {
    const losses = async (seed: number, maxStepsInFlight: number) => {
      using session = await classifierSession();
      const batches = batchesOf(40, { shuffle: true, seed });
      return (await new Trainer(session, { ...quiet, epochs: 3, maxStepsInFlight }).fit(batches)).losses;
    };
    const once = await losses(1, 256);
    expect(await losses(1, 1)).toEqual(once);
    expect(await losses(2, 256)).not.toEqual(once);
  });

  test('leaves out the batch that is not full', async () => {
    using session = await classifierSession();
    const history = await new Trainer(session, { ...quiet, epochs: 1 }).fit(batchesOf(2 * BATCH + 3));
    expect(history.losses).toHaveLength(2);
    expect(history.epochs[0]!.steps).toBe(2);
  });

  test('takes arrays, functions and asynchronous iterables of feeds', async () => {
    const feeds = [...batchesOf(2 * BATCH)].map((batch) => batch.feeds);
    const epochs: number[] = [];
    const sources = [
      feeds,
      (epoch: number) => {
        epochs.push(epoch);
        return feeds.values();
      },
      async function* () {
        for (const feed of feeds) yield await Promise.resolve(feed);
      },
    ];
    const losses: (readonly number[])[] = [];
    for (const source of sources) {
      using session = await classifierSession();
      losses.push((await new Trainer(session, { ...quiet, epochs: 2 }).fit(source)).losses);
    }
    expect(losses[0]).toHaveLength(4);
    expect(losses[1]).toEqual(losses[0]);
    expect(losses[2]).toEqual(losses[0]);
    expect(epochs).toEqual([1, 2]);
  });

  test('keeps what metrics look at although arrays are used again', async () => {
    const batches = [...batchesOf(6 * BATCH)];
    function* reusing() {
      const feeds = { points: new Float32Array(2 * BATCH), labels: new Int32Array(BATCH) };
      for (const batch of batches) {
        feeds.points.set(batch.feeds.points);
        feeds.labels.set(batch.feeds.labels);
        yield feeds;
      }
    }
    using session = await classifierSession();
    using other = await classifierSession();
    const options = { ...quiet, epochs: 1 };
    const history = await new Trainer(session, options).fit(reusing());
    expect(history.epochs[0]!.train).toEqual((await new Trainer(other, options).fit(batches)).epochs[0]!.train);
  });

  test('sets the learning rate at every step', async () => {
    using session = await classifierSession();
    const asked: number[] = [];
    const learningRate = (step: number) => {
      asked.push(step);
      return 0;
    };
    const before = await session.parameters();
    const history = await new Trainer(session, { ...quiet, epochs: 2, learningRate }).fit(batchesOf(4 * BATCH + 1));
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await session.parameters()).toEqual(before);
    expect(history.losses.slice(0, 4)).toEqual(history.losses.slice(4));
  });

  test.each([
    ['momentum', sgd({ learningRate: 1, momentum: 0.9 })],
    ['beta1', adamW()],
  ])('a cycle of learning rate and %s is that of the same values fed by hand', async (name, optimizer) => {
    using session = await classifierSession({ optimizer });
    using other = await classifierSession({ optimizer });
    const cycle = oneCycle({ maxLearningRate: 0.5, totalSteps: 6 });
    const feeds = [...batchesOf(3 * BATCH)].map((batch) => batch.feeds);
    await new Trainer(session, { ...quiet, epochs: 2, ...cycle }).fit(feeds);
    for (let step = 0; step < 6; step++) {
      other.setInput('learningRate', cycle.learningRate(step));
      other.setInput(name, cycle.momentum(step));
      other.step(feeds[step % 3]);
    }
    expect(await session.parameters()).toEqual(await other.parameters());
  });

  test('reports nothing but the loss where there is no accuracy', async () => {
    const layer = new Linear(2, 1);
    const inputs = { x: input([4, 2]), y: input([4, 1]) };
    const graph = trace(layer, inputs, ({ x, y }) => ({ error: mseLoss(layer.forward(x), y) }));
    using session = await buildSession(graph, { loss: 'error', optimizer: sgd({ learningRate: 0.1 }) });
    const feeds = [{ x: [1, 2, 3, 4, 5, 6, 7, 8], y: [1, 2, 3, 4] }];
    const trainer = new Trainer(session, { ...quiet, epochs: 2, loss: 'error' });
    const history = await trainer.fit(feeds, { validation: feeds });
    expect(Object.keys(history.epochs[1]!.train)).toEqual(['loss']);
    expect(history.epochs[0]!.validation!.loss).toBeCloseTo(history.epochs[1]!.train.loss, 5);
  });

  test('can go on in a second call, and leaves the session without records', async () => {
    using session = await classifierSession();
    const trainer = new Trainer(session, { ...quiet, epochs: 1 });
    const first = await trainer.fit(batchesOf(64));
    const second = await trainer.fit(batchesOf(64));
    expect(second.losses).toHaveLength(8);
    expect(second.epochs[0]!.train.loss).toBeLessThan(first.epochs[0]!.train.loss);
    expect(() => session.readRecord('loss')).toThrow('not recorded');
  });
});

describe('validation', () => {
  test('counts every real sample once, also of a batch that is not full', async () => {
    using session = await classifierSession();
    for (const count of [3, BATCH, 3 * BATCH + 5]) {
      const trainer = new Trainer(session, { ...quiet, epochs: 1 });
      const history = await trainer.fit(batchesOf(16), { validation: batchesOf(count, {}, 7) });
      const expected = scoresOnHost(points(count, 7), await session.parameters());
      expect(history.epochs[0]!.validation!.loss).toBeCloseTo(expected.loss, 5);
      expect(history.epochs[0]!.validation!.accuracy).toBe(expected.accuracy);
    }
  });

  test('trains nothing, and shares the weights without copies', async () => {
    using session = await classifierSession();
    const { parameters } = session.memory();
    const trainer = new Trainer(session, { ...quiet, epochs: 1 });
    const validated: number[] = [];
    await trainer.fit(batchesOf(16), {
      validation: () => {
        validated.push(session.memory().parameters);
        return batchesOf(40);
      },
    });
    expect(validated).toEqual([parameters]);
    using other = await classifierSession();
    await new Trainer(other, { ...quiet, epochs: 1 }).fit(batchesOf(16));
    expect(await session.parameters()).toEqual(await other.parameters());
  });

  test('is to be had without a trainer', async () => {
    using session = await classifierSession();
    using inference = await buildInferenceSession(session.source, { weights: session });
    const scores = await evaluate(inference, batchesOf(19));
    expect(scores.loss).toBeCloseTo(scoresOnHost(points(19), await session.parameters()).loss, 5);
  });
});

describe('a loss that is not finite', () => {
  /** Feeds whose batch `at` has a NaN in it. */
  const poisoned = (at: number) =>
    [...batchesOf(40)].map(({ feeds }, i) => (i === at ? { ...feeds, points: feeds.points.map(() => NaN) } : feeds));

  test.each([1, 4, 256])('stops and names the step, %i in flight', async (maxStepsInFlight) => {
    using session = await classifierSession();
    const epochs = (epoch: number) => poisoned(epoch === 2 ? 3 : -1);
    const training = new Trainer(session, { ...quiet, epochs: 3, maxStepsInFlight }).fit(epochs);
    const error = await training.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
    expect(error).toBeInstanceOf(NonFiniteLossError);
    expect(error).toMatchObject({ loss: NaN, step: 9, epoch: 2, stepOfEpoch: 4 });
    expect((error as Error).message).toMatchSnapshot('message');
    expect(() => session.readRecord('loss')).toThrow('not recorded');
  });
});

describe('stops', () => {
  test('between steps when aborted, with the reason', async () => {
    using session = await classifierSession();
    const controller = new AbortController();
    let steps = 0;
    const batches = function* () {
      for (const batch of batchesOf(80)) {
        if (++steps === 5) controller.abort(new Error('enough'));
        yield batch;
      }
    };
    const training = new Trainer(session, { ...quiet, epochs: 3 }).fit(batches, { signal: controller.signal });
    await expect(training).rejects.toThrow('enough');
    expect(steps).toBe(5);
  });

  test('while a batch is waited for that never comes', async () => {
    using session = await classifierSession();
    const controller = new AbortController();
    let ended = false;
    async function* stalled() {
      try {
        yield* [...batchesOf(16)].map((batch) => batch.feeds);
        controller.abort(new Error('enough'));
        await new Promise(() => undefined);
      } finally {
        ended = true;
      }
    }
    const options = { signal: controller.signal };
    await expect(new Trainer(session, { ...quiet, epochs: 1 }).fit(stalled(), options)).rejects.toThrow('enough');
    expect(ended).toBe(false);
    // One that is left before its end is ended; so is one that throws.
    async function* endless() {
      try {
        for (;;) for (const { feeds } of batchesOf(BATCH)) yield await Promise.resolve(feeds);
      } finally {
        ended = true;
      }
    }
    const { signal } = new AbortController();
    await new Trainer(session, { ...quiet, steps: 3 }).fit(endless(), { signal });
    expect(ended).toBe(true);
    // eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source that throws at once
    const broken = async function* () {
      yield* [...batchesOf(BATCH)].map((batch) => batch.feeds);
      throw new Error('unreadable');
    };
    await expect(new Trainer(session, { ...quiet, epochs: 1 }).fit(broken(), { signal })).rejects.toThrow('unreadable');
  });

  test('during validation too', async () => {
    using session = await buildInferenceSession(classifier());
    const signal = AbortSignal.abort(new Error('enough'));
    const validation = batchesOf(8);
    await expect(evaluate(session, validation, { signal })).rejects.toThrow('enough');
  });
});
