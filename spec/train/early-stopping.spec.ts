import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { NameError, ValueError } from 'meganeura';
import { earlyStopping, Trainer, type EarlyStoppingOptions } from 'meganeura/train';
import { useFreshCache } from '../fresh-cache.js';
import { bitsOf, perceptron, perceptronData } from './checkpoint-models.js';
import { BATCH, batchesOf, classifierSession } from './tiny.js';

useFreshCache();

/** Losses of validation as they are given, by weights that are set before each epoch. */
async function losses(rates: readonly number[], options: EarlyStoppingOptions<'accuracy'>) {
  using session = await classifierSession();
  const trainer = new Trainer(session, {
    epochs: rates.length,
    progress: false,
    learningRate: (step) => rates[Math.floor(step / 4)]!,
    callbacks: [earlyStopping(options)],
  });
  const { epochs, stopped } = await trainer.fit(batchesOf(4 * BATCH), { validation: batchesOf(4 * BATCH, {}, 2) });
  return { losses: epochs.map(({ validation }) => validation!.loss), stopped };
}

describe('early stopping', () => {
  // A negative rate goes up the gradient: the loss grows.
  const rates = [0.5, 0.5, -0.5, -0.5, -0.5, 0.5, 0.5];

  test('ends after as many epochs without a better loss as patience allows', async () => {
    const { losses: seen, stopped } = await losses(rates, { patience: 1 });
    expect(seen).toHaveLength(4);
    expect(Math.min(...seen)).toBe(seen[1]);
    expect(stopped).toBe(`earlyStopping: no better loss in 2 epochs: ${seen[1]} in epoch 2`);
  });

  test('at once without patience, and never while the loss gets better', async () => {
    expect((await losses(rates, {})).losses).toHaveLength(3);
    expect(await losses([0.5, 0.5, 0.5], {})).toMatchObject({ losses: { length: 3 }, stopped: undefined });
  });

  test('where what is better is better by too little', async () => {
    const { losses: seen, stopped } = await losses([0.5, 0.5, 0.5], { minDelta: 10 });
    expect(seen).toHaveLength(2);
    expect(stopped).toContain(`in epoch 1`);
  });

  test('gives back the parameters and buffers of the best epoch, and leaves the optimizer', async () => {
    using session = await classifierSession();
    const trainer = new Trainer(session, {
      epochs: 9,
      progress: false,
      learningRate: (step) => rates[Math.floor(step / 4)]!,
      callbacks: [earlyStopping({ patience: 1, restoreBest: true })],
      onEpoch: async ({ epoch }) => {
        if (epoch === 2) best = await session.parameters();
      },
    });
    let best: unknown;
    await trainer.fit(batchesOf(4 * BATCH), { validation: batchesOf(4 * BATCH, {}, 2) });
    expect(await session.parameters()).toEqual(best);
  });

  test('counts on after a resumption', async () => {
    const { mkdtempSync, rmSync } = process.getBuiltinModule('node:fs');
    const folder = mkdtempSync(path.join(tmpdir(), 'meganeura-stopping-'));
    const fit = async (epochs: number, resume?: string) => {
      using session = await perceptron(1);
      const trainer = new Trainer(session, {
        epochs,
        progress: false,
        learningRate: () => 0,
        callbacks: [earlyStopping({ patience: 2 })],
        checkpoint: { folder },
      });
      const { stopped, epochs: done } = await trainer.fit(perceptronData(), {
        validation: [...perceptronData(5)].slice(0, 2),
        ...(resume === undefined ? {} : { resume }),
      });
      return { stopped, epochs: done.length, bits: await bitsOf(session) };
    };
    try {
      expect((await fit(2)).stopped).toBeUndefined();
      const resumed = await fit(9, folder);
      expect(resumed.stopped).toContain('no better loss in');
      expect(resumed.epochs).toBeLessThan(9);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ['half a patience', { patience: 0.5 }, ValueError],
    ['a negative minDelta', { minDelta: -1 }, ValueError],
    ['an option that there is not', { wait: 3 }, NameError],
    ['restoreBest as a word', { restoreBest: 'yes' }, ValueError],
  ])('%s', (_, options, type) => {
    expect(() => earlyStopping(options as object)).toThrow(type);
  });

  test('by a metric that there is not ends training with its name', async () => {
    await expect(losses([0.5], { monitor: 'f1' as 'accuracy' })).rejects.toThrow(
      "earlyStopping: there is no metric 'f1', only loss, accuracy",
    );
  });
});
