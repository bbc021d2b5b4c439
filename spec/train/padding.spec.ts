/** The last batch of an epoch: left out, dropped or padded. */
import { describe, expect, test } from '@jest/globals';
import {
  buildInferenceSession,
  buildSession,
  crossEntropy,
  input,
  manualSeed,
  mseLoss,
  NameError,
  relu,
  trace,
  ValueError,
  type Tensor,
} from 'meganeura';
import { Linear } from 'meganeura/layers';
import {
  accuracy,
  Batches,
  evaluate,
  meanAbsoluteError,
  sgd,
  Trainer,
  weightedMean,
  type BatchesOptions,
} from 'meganeura/train';
import { interpret } from '../../lib/ir/interpret.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { BATCH, points, scoresOnHost } from './tiny.js';

const COUNT = 2 * BATCH + 3;
const pad = { pad: { labels: -100 } };
const optimizer = sgd({ learningRate: 0.5 });

/** Logistic regression whose loss and accuracy leave out the label −100. */
function classifier(batch: number) {
  manualSeed(4);
  const layer = new Linear(2, 2);
  return trace(layer, { points: input([batch, 2]), labels: input([batch], 'i32') }, ({ points: x, labels }) => {
    const logits = layer.forward(x);
    return { accuracy: accuracy(logits, labels), loss: crossEntropy(logits, labels, { ignoreIndex: -100 }) };
  });
}

/** Parameters after each sample was trained on, in batches of 8, 8 and 3 rows, by the f64 interpreter. */
function trainedOnHost(epochs: number) {
  const { points: x, labels } = points(COUNT);
  let parameters: Record<string, ArrayLike<number>> = {};
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let start = 0; start < COUNT; start += BATCH) {
      const end = Math.min(COUNT, start + BATCH);
      const graph = trainingGraph(classifier(end - start), { loss: 'loss', optimizer });
      const feeds = { points: x.data.subarray(2 * start, 2 * end), labels: labels.subarray(start, end) };
      parameters = Object.fromEntries(interpret(graph, { ...parameters, ...feeds }).updates);
    }
  }
  return parameters;
}

const batches = (options: Partial<BatchesOptions<{ points: Float32Array; labels: Int32Array }>> = {}) =>
  new Batches(points(COUNT), { size: BATCH, ...options });

describe('the last batch', () => {
  test('padded, is trained on as if the rows that fill it up were not there', async () => {
    using session = await buildSession(classifier(BATCH), { optimizer });
    const trainer = new Trainer(session, { epochs: 2, progress: false });
    const history = await trainer.fit(batches({ last: pad }), { validation: batches({ last: pad }) });
    expect(history.epochs.map(({ steps }) => steps)).toEqual([3, 3]);
    const expected = trainedOnHost(2);
    const parameters = await session.parameters();
    for (const name of ['weight', 'bias']) {
      parameters[name]!.data.forEach((value, i) => expect(value).toBeCloseTo(expected[name]![i]!, 5));
    }
    const scores = scoresOnHost(points(COUNT), parameters);
    expect(history.epochs[1]!.validation!.loss).toBeCloseTo(scores.loss, 5);
    expect(history.epochs[1]!.validation!.accuracy).toBeCloseTo(scores.accuracy, 6);
  });

  test('is left out of training, and counted in evaluation, by default; the same scores as padded', async () => {
    using session = await buildSession(classifier(BATCH), { optimizer });
    const history = await new Trainer(session, { epochs: 1, progress: false }).fit(batches());
    expect(history.epochs[0]!.steps).toBe(2);
    using inference = await buildInferenceSession(classifier(BATCH), { weights: session });
    const [filled, padded, dropped] = [
      await evaluate(inference, batches()),
      await evaluate(inference, batches({ last: pad })),
      await evaluate(inference, batches({ last: 'drop' })),
    ];
    expect(filled.loss).toBeCloseTo(padded.loss, 5);
    expect(filled.accuracy).toBeCloseTo(padded.accuracy, 6);
    const { points: x, labels } = points(COUNT);
    const first = {
      points: { data: x.data.slice(0, 4 * BATCH), shape: [2 * BATCH, 2] },
      labels: labels.slice(0, 2 * BATCH),
    };
    expect(dropped.loss).toBeCloseTo(scoresOnHost(first, await session.parameters()).loss, 5);
  });

  test('of fewer samples than a batch takes is enough to train on, padded', async () => {
    using session = await buildSession(classifier(BATCH), { optimizer });
    const few = new Batches(points(3), { size: BATCH, last: pad });
    const history = await new Trainer(session, { epochs: 2, progress: false }).fit(few);
    expect(history.losses).toHaveLength(2);
  });

  test('by weights of 0: the loss and a metric are those of the real rows', async () => {
    manualSeed(2);
    const layer = new Linear(2, 1);
    const inputs = { x: input([4, 2]), y: input([4, 1]), counts: input([4]) };
    const graph = trace(layer, inputs, ({ x, y, counts }) => {
      const prediction: Tensor<[4, 1], 'f32'> = relu(layer.forward(x));
      const error = mseLoss(prediction, y, { reduction: 'none' });
      return { loss: weightedMean(error, counts), mae: meanAbsoluteError(prediction, y, { weight: counts }) };
    });
    const columns = {
      x: { data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)), shape: [6, 2] },
      y: { data: Float32Array.from({ length: 6 }, (_, i) => i), shape: [6, 1] },
      counts: new Float32Array(6).fill(1),
    };
    using session = await buildInferenceSession(graph);
    const scores = await evaluate(session, new Batches(columns, { size: 4, last: { pad: { counts: 0 } } }), {
      metrics: ['mae'],
    });
    const { weight, bias } = await session.parameters();
    const errors = columns.y.data.map((y, i) => {
      const [a, b] = columns.x.data.subarray(2 * i);
      return Math.max(0, a! * weight!.data[0]! + b! * weight!.data[1]! + bias!.data[0]!) - y;
    });
    const mean = (values: Float32Array) => values.reduce((total, value) => total + value, 0) / 6;
    expect(scores.loss).toBeCloseTo(mean(errors.map((error) => error ** 2)), 5);
    expect(scores.mae).toBeCloseTo(mean(errors.map(Math.abs)), 5);
  });
});

describe('batches', () => {
  const labels = Int32Array.of(1, 2, 3, 4, 5);
  const labelsOf = (options: Omit<BatchesOptions<{ labels: Int32Array }>, 'size'>) =>
    [...new Batches({ labels }, { size: 2, ...options })].map(({ feeds, samples, padded }) => [[...feeds.labels], samples, padded]); // prettier-ignore

  test('that are padded hold the value in the rows that fill up, also after a transform', () => {
    const expected = [[[1, 2], 2, false], [[3, 4], 2, false], [[5, -100], 1, true]]; // prettier-ignore
    expect(labelsOf({ last: pad })).toEqual(expected);
    expect(labelsOf({ last: pad, transform: (feeds) => ({ ...feeds }) })).toEqual(expected);
    expect(labelsOf({ last: 'drop' })).toEqual(expected.slice(0, 2));
  });

  test.each([
    ['a column that is not there', { last: { pad: { label: 0 } } }, NameError],
    ['a value that is none', { last: { pad: { labels: '0' } } }, ValueError],
    ['nothing to pad with', { last: { pad: {} } }, ValueError],
    ['another word', { last: 'keep' }, ValueError],
    ['all samples dropped', { last: 'drop', size: 6 }, ValueError],
  ])('%s', (_, options, type) => {
    const make = () => new Batches({ labels }, { size: 2, ...(options as object) });
    expect(make).toThrow(type);
    expect(make).toThrowErrorMatchingSnapshot();
  });
});
