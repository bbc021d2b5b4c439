import { describe, expect, test } from '@jest/globals';
import {
  buildInferenceSession,
  buildSession,
  MeganeuraError,
  NameError,
  ValueError,
  ShapeError,
  UsageError,
} from 'meganeura';
import { Batches, evaluate, sgd, Trainer, type TrainerOptions } from 'meganeura/train';
import { BATCH, batchesOf, classifier, classifierSession } from './tiny.js';

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
    ['labels out of range', third(() => ({ labels: new Int32Array(BATCH).fill(2) })), ValueError],
    ['an unknown input', third(() => ({ point: new Float32Array(3) }) as Partial<Feeds>), NameError],
    ['none at all', [], ValueError],
    ['fewer samples than a batch takes', batchesOf(3), ValueError],
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
    ['a metric of an output that is not there', { metrics: ['accurracy' as 'accuracy'] }],
    ['a metric that is none', { metrics: ['logits' as 'accuracy'] }],
    ['a metric that is asked for twice', { metrics: ['accuracy', 'accuracy'] }],
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

describe('what would train nothing, or train unasked', () => {
  test('a session without an optimizer', async () => {
    using plain = await buildSession(classifier());
    using inference = await buildInferenceSession(classifier());
    const message =
      'Trainer: the steps of this session train nothing: build it by buildSession(graph, { optimizer: sgd(…) })';
    expect(() => new Trainer(plain, { epochs: 1 })).toThrow(new UsageError(message));
    expect(() => new Trainer(inference, { epochs: 1 })).toThrow(new UsageError(message));
  });

  test('evaluate does not train', async () => {
    using session = await classifierSession();
    const before = await session.parameters();
    await expect(evaluate(session, batchesOf(BATCH))).rejects.toThrow(
      new UsageError(
        'evaluate: every step of this session trains it; evaluate the session that ' +
          'buildInferenceSession(graph, { weights: session }) gives',
      ),
    );
    expect(await session.parameters()).toEqual(before);
  });

  test('two at once: the second is refused, the first goes on', async () => {
    using session = await classifierSession();
    const trainer = new Trainer(session, { epochs: 2, progress: false });
    const first = trainer.fit(goodFeeds());
    await expect(trainer.fit(goodFeeds())).rejects.toThrow(
      new UsageError('the session is busy with another fit() or evaluate(): await that one first'),
    );
    await expect(first).resolves.toMatchObject({ epochs: [{ steps: 4 }, { steps: 4 }] });
    await expect(trainer.fit(goodFeeds())).resolves.toMatchObject({ epochs: [{}, {}] });
  });
});

describe('what plain JavaScript lets through', () => {
  /** Without types. */
  const any = (value: unknown) => value as never;

  test('arguments of another kind', async () => {
    using session = await classifierSession();
    const trainer = new Trainer(session, { epochs: 1, progress: false });
    const notASource =
      'training: batches are Batches, an iterable such as an array of feeds, or a function that gives one';
    await expect(trainer.fit(any(undefined))).rejects.toThrow(new UsageError(`${notASource}, got undefined`));
    await expect(trainer.fit(any(goodFeeds()[0]))).rejects.toThrow(new UsageError(`${notASource}, got an object`));
    await expect(trainer.fit(goodFeeds())).resolves.toMatchObject({ epochs: [{ steps: 4 }] });
    expect(() => new Trainer(session, any(undefined))).toThrow(
      new NameError(
        'Trainer: options are given by name, got undefined; it takes { epochs, steps, loss, metrics, learningRate, ' +
          'momentum, progress, callbacks, maxStepsInFlight, checkpoint, onStart, waitsAt, onStep, onEpoch, onEnd, onError }',
      ),
    );
    expect(() => new Trainer(session, {})).toThrow(
      new ValueError('Trainer: say how long: { epochs: 10 }, { steps: 1000 }, or both'),
    );
    expect(() => new Trainer(session, { epochs: 1, callbacks: [any('x')] })).toThrow(UsageError);
    expect(() => new Trainer(session, any({ epochs: 1, learningRate: 0.1 }))).toThrow(UsageError);
    const pending = Promise.resolve(session);
    const message = 'must be a session, as buildSession() makes it, got a Promise: await it';
    expect(() => new Trainer(any(pending), { epochs: 1 })).toThrow(`Trainer: the first argument ${message}`);
    await expect(evaluate(any(pending), goodFeeds())).rejects.toThrow(`evaluate: the first argument ${message}`);
  });

  test.each([
    ['sgd()', () => sgd(any(undefined)), 'sgd: learningRate must be a number, at least 0, got undefined'],
    ['a rate in quotes', () => sgd({ learningRate: any('0.1') }), 'sgd: learningRate must be a number, at least 0, got "0.1"'], // prettier-ignore
    ['a momentum that grows', () => sgd({ learningRate: 1, momentum: 1 }), 'sgd: momentum must be below 1, got 1'],
    ['a rate by another name', () => sgd(any({ lr: 0.1 })), "sgd: there is no option 'lr'; it takes { learningRate, momentum, dampening, nesterov, weightDecay, maximize, groups }"], // prettier-ignore
    ['Batches without options', () => new Batches({ x: new Float32Array(2) }, any(undefined)), 'Batches: size must be a whole number, at least 1, got undefined'], // prettier-ignore
    ['a seed that is no number', () => new Batches({ x: new Float32Array(2) }, { size: 1, seed: any('a') }), 'Batches: seed must be a whole number, got a'], // prettier-ignore
    ['no column', () => new Batches(any({ x: undefined }), { size: 1 }), "Batches: 'x' must be a typed array such as Float32Array, or { data, shape } with one, got undefined"], // prettier-ignore
    ['a plain array', () => new Batches(any({ x: { data: [1, 2], shape: [2] } }), { size: 1 }), "Batches: 'x' must be a typed array such as Float32Array, or { data, shape } with one, got an array"], // prettier-ignore
    ['a transform without a result', () => [...new Batches({ x: new Float32Array(2) }, { size: 1, transform: () => any(undefined) })], 'Batches: transform must return the feeds, got undefined'], // prettier-ignore
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(MeganeuraError);
  });
});
