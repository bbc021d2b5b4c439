import { describe, expect, test } from '@jest/globals';
import { adamW, evaluate, sgd, Trainer, type Callback, type EpochRecord, type StepRecord } from 'meganeura/train';
import { buildInferenceSession } from 'meganeura';
import { useFreshCache } from '../fresh-cache.js';
import { BATCH, batchesOf, classifierSession } from './tiny.js';

useFreshCache();

const quiet = { progress: false } as const;

/** Says what it is called with, in order. */
function witness(calls: string[]): Callback {
  return {
    onStart: ({ steps, epoch, stepsPerEpoch }) => void calls.push(`start ${steps} ${epoch} of ${stepsPerEpoch}`),
    onStep: ({ step, epoch, stepOfEpoch }) => void calls.push(`step ${step}: ${stepOfEpoch} of ${epoch}`),
    onEpoch: ({ epoch, validation }) => void calls.push(`epoch ${epoch}${validation ? ' validated' : ''}`),
    onEnd: ({ losses }) => void calls.push(`end ${losses.length}`),
    onError: (error) => void calls.push(String(error)),
  };
}

describe('callbacks', () => {
  test('are called in order, for every step and epoch, whatever is waited for when', async () => {
    const calls: string[] = [];
    using session = await classifierSession();
    const trainer = new Trainer(session, { ...quiet, epochs: 2, callbacks: [witness(calls)] });
    await trainer.fit(batchesOf(2 * BATCH + 1), { validation: batchesOf(BATCH) });
    expect(calls).toEqual([
      'start 0 1 of 2',
      'step 1: 1 of 1',
      'step 2: 2 of 1',
      'epoch 1 validated',
      'step 3: 1 of 2',
      'step 4: 2 of 2',
      'epoch 2 validated',
      'end 4',
    ]);
  });

  test('see of each step the loss, the learning rate, the norm of the gradients and samples a second', async () => {
    const steps: StepRecord[] = [];
    using session = await classifierSession({ clip: { norm: 1e3 }, lossScale: { initScale: 8 } });
    const learningRate = (step: number) => 0.5 / (1 + step);
    const trainer = new Trainer(session, {
      ...quiet,
      epochs: 1,
      learningRate,
      onStep: (step) => void steps.push(step),
    });
    const { losses, epochs } = await trainer.fit(batchesOf(4 * BATCH));
    expect(steps.map(({ loss }) => loss)).toEqual(losses);
    expect(steps.map((step) => step.learningRate)).toEqual([0.5, 0.25, 0.5 / 3, 0.125].map(Math.fround));
    expect(epochs[0]!.learningRate).toBe(0.125);
    for (const { gradientNorm, lossScale, samples, samplesPerSecond } of steps) {
      expect(gradientNorm).toBeGreaterThan(0);
      expect([lossScale, samples]).toEqual([8, BATCH]);
      expect(samplesPerSecond).toBeGreaterThan(0);
    }
  });

  test('of which one waits for a step see it with nothing submitted after it, and can stop there', async () => {
    using session = await classifierSession();
    const callback: Callback = {
      waitsAt: (step) => step === 3,
      onStep: ({ step }, training) => {
        if (step !== 3) return;
        expect(training.steps).toBe(3);
        training.stop('three are enough');
        training.stop('and no other reason');
      },
    };
    const trainer = new Trainer(session, { ...quiet, epochs: 5, callbacks: [callback] });
    const history = await trainer.fit(batchesOf(8 * BATCH), { validation: batchesOf(BATCH) });
    expect(history).toMatchObject({ stopped: 'three are enough', epochs: [{ epoch: 1, steps: 3, validation: {} }] });
    expect(history.losses).toHaveLength(3);
  });

  test('that throw end training with their error; what onError gives is thrown instead', async () => {
    const calls: string[] = [];
    using session = await classifierSession();
    const failing: Callback = {
      onEpoch: () => Promise.reject(new Error('no room for records')),
      onError: (error) => new Error(`instead of: ${String(error)}`),
    };
    const trainer = new Trainer(session, { ...quiet, epochs: 2, callbacks: [failing, witness(calls)] });
    await expect(trainer.fit(batchesOf(BATCH))).rejects.toThrow('instead of: Error: no room for records');
    expect(calls.at(-1)).toBe('Error: instead of: Error: no room for records');
    // The session is free again.
    await expect(new Trainer(session, { ...quiet, epochs: 1 }).fit(batchesOf(BATCH))).resolves.toBeDefined();
  });
});

describe('steps in place of epochs', () => {
  test('end training within an epoch, after whole ones', async () => {
    using session = await classifierSession();
    const records: EpochRecord[] = [];
    const trainer = new Trainer(session, { ...quiet, steps: 7, onEpoch: (record) => void records.push(record) });
    const history = await trainer.fit(batchesOf(3 * BATCH), { validation: batchesOf(BATCH) });
    expect(history.losses).toHaveLength(7);
    expect(history.epochs.map(({ epoch, steps }) => [epoch, steps])).toEqual([[1, 3], [2, 3], [3, 1]]); // prettier-ignore
    expect(records).toEqual(history.epochs);
  });

  test('give the parameters that as many steps give otherwise, and what comes first ends training', async () => {
    const run = async (length: { steps?: number; epochs?: number }) => {
      using session = await classifierSession();
      await new Trainer(session, { ...quiet, ...length }).fit(batchesOf(3 * BATCH, { shuffle: true, seed: 2 }));
      return await session.parameters();
    };
    expect(await run({ steps: 6 })).toEqual(await run({ epochs: 2 }));
    expect(await run({ steps: 60, epochs: 2 })).toEqual(await run({ epochs: 2 }));
    expect(await run({ steps: 4, epochs: 2 })).toEqual(await run({ steps: 4 }));
  });

  test('take what never ends', async () => {
    using session = await classifierSession();
    let given = 0;
    function* endless() {
      for (;;) for (const { feeds } of batchesOf(BATCH)) yield (given++, feeds);
    }
    const history = await new Trainer(session, { ...quiet, steps: 5 }).fit(endless());
    expect([history.losses.length, given]).toEqual([5, 5]);
  });
});

test('validation is of the averages of the weights where that is asked for', async () => {
  using session = await classifierSession({ optimizer: sgd({ learningRate: 0.5 }), average: { decay: 0.5 } });
  const trainer = new Trainer(session, { ...quiet, epochs: 2 });
  const validation = batchesOf(3 * BATCH, {}, 9);
  const history = await trainer.fit(batchesOf(4 * BATCH), { validation, validateAverage: true });
  const scored = async (average: boolean) => {
    using inference = await buildInferenceSession(session.source, { weights: session, average });
    return await evaluate(inference, validation);
  };
  expect(history.epochs[1]!.validation).toEqual(await scored(true));
  expect(history.epochs[1]!.validation!.loss).not.toBe((await scored(false)).loss);
});

test('the learning rate of an optimizer without a schedule is the one that is recorded', async () => {
  using session = await classifierSession({ optimizer: adamW({ learningRate: 0.25 }) });
  const history = await new Trainer(session, { ...quiet, epochs: 1 }).fit(batchesOf(BATCH));
  expect(history.epochs[0]!.learningRate).toBe(0.25);
});
