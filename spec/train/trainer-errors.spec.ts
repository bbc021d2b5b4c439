import { describe, expect, test } from '@jest/globals';
import {
  buildInferenceSession,
  evaluate,
  NameError,
  RangeError,
  ShapeError,
  Trainer,
  type TrainerOptions,
} from 'meganeura';
import { accuracy } from '../../lib/train/metrics.js';
import { BATCH, batchesOf, classifierSession } from './tiny.js';

type Feeds = ReturnType<typeof goodFeeds>[number];

function goodFeeds() {
  return [...batchesOf(4 * BATCH)].map(({ feeds }) => feeds);
}

/** Good feeds but for those of batch 3. */
function third(change: (feeds: Feeds) => Partial<Feeds>) {
  return goodFeeds().map((feeds, i) => (i === 2 ? ({ ...feeds, ...change(feeds) }) : feeds)); // prettier-ignore
}

describe('bad batches are named', () => {
  test.each([
    ['a wrong length', third(() => ({ points: new Float32Array(3) })), ShapeError],
    ['labels out of range', third(() => ({ labels: new Int32Array(BATCH).fill(2) })), RangeError],
    ['an unknown input', third(() => ({ point: new Float32Array(3) }) as Partial<Feeds>), NameError],
    ['none at all', [], RangeError],
    ['fewer samples than a batch takes', batchesOf(3), RangeError],
  ] as const)('%s', async (_, batches, type) => {
    using session = await classifierSession();
    const trainer = new Trainer(session, { epochs: 2, progress: false });
    const error = await trainer.fit(batches).then(() => undefined, (reason: unknown) => reason); // prettier-ignore
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toMatchSnapshot();
    // The session is as good as before.
    await expect(trainer.fit(goodFeeds())).resolves.toMatchObject({ epochs: [{ steps: 4 }, { steps: 4 }] });
  });

  test('in validation', async () => {
    using session = await classifierSession();
    const trainer = new Trainer(session, { epochs: 1, progress: false });
    const validation = third(() => ({ labels: new Int32Array(BATCH).fill(-1) }));
    await expect(trainer.fit(goodFeeds(), { validation })).rejects.toThrowErrorMatchingSnapshot();
    await expect(trainer.fit(goodFeeds(), { validation: [] })).rejects.toThrowErrorMatchingSnapshot();
  });

  test('a generator is at its end after the first epoch', async () => {
    using session = await classifierSession();
    const trainer = new Trainer(session, { epochs: 2, progress: false });
    await expect(trainer.fit(goodFeeds().values())).rejects.toThrowErrorMatchingSnapshot();
  });
});

describe('bad options', () => {
  type Options = TrainerOptions<Feeds, { logits: Float32Array; loss: Float32Array }, 'accuracy'>;
  test.each<[string, Partial<Options>]>([
    ['no epochs', { epochs: 0 }],
    ['half an epoch', { epochs: 1.5 }],
    ['no steps in flight', { maxStepsInFlight: 0 }],
    ['a learning rate that is no number', { learningRate: () => NaN }],
    ['an unknown loss', { loss: 'los' }],
    ['a loss that is no scalar', { loss: 'logits' }],
    ['a metric of an output that is not there', { metrics: { accuracy: accuracy('logit' as 'logits', 'labels') } }],
  ])('%s', async (_, options) => {
    using session = await classifierSession();
    const fit = async () => new Trainer(session, { epochs: 1, progress: false, ...options }).fit(goodFeeds());
    await expect(fit()).rejects.toThrowErrorMatchingSnapshot();
  });

  test('an output that the session does not have leaves no record behind', async () => {
    using session = await classifierSession();
    const outputs = ['loss'] as const;
    using inference = await buildInferenceSession(session.source, { outputs, weights: session });
    await expect(evaluate(inference, goodFeeds())).rejects.toThrowErrorMatchingSnapshot();
    expect(() => inference.readRecord('loss')).toThrow('not recorded');
  });

  test('a learning rate without an optimizer that has one', async () => {
    using session = await classifierSession({
      optimizer: { name: 'none', inputs: {}, update: ({ gradient }) => gradient },
    });
    const trainer = new Trainer(session, { epochs: 1, progress: false, learningRate: () => 0.1 });
    await expect(trainer.fit(goodFeeds())).rejects.toThrowErrorMatchingSnapshot();
  });
});
