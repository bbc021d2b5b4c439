import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  buildInferenceSession,
  buildSession,
  crossEntropy,
  input,
  mul,
  namedParameter,
  ones,
  trace,
  type TracedGraph,
} from 'meganeura';
import {
  accuracy,
  evaluate,
  meanAbsoluteError,
  meanSquaredError,
  measured,
  topKAccuracy,
  weightedMean,
} from 'meganeura/train';
import { interpret } from '../../lib/ir/interpret.js';

/** What PyTorch computed of random logits with two ignored labels, and of random numbers with weights. */
interface Reference {
  readonly logits: number[];
  readonly labels: number[];
  readonly shape: [number, number, number];
  readonly accuracy: number;
  readonly top3: number;
  readonly loss: number;
  readonly perplexity: number;
  readonly prediction: number[];
  readonly target: number[];
  readonly weight: number[];
  readonly mse: number;
  readonly mae: number;
  readonly weightedMse: number;
  readonly weightedMae: number;
}
const reference = JSON.parse(readFileSync('spec/reference/metrics/metrics.json', 'utf8')) as Reference;

/** Means by the f64 interpreter. */
function means(graph: TracedGraph, values: Readonly<Record<string, ArrayLike<number>>>): Record<string, number> {
  const { outputs } = interpret(graph, values);
  return Object.fromEntries([...outputs].map(([name, [total, count]]) => [name, total! / count!]));
}

describe('metrics are those of PyTorch', () => {
  const { logits, labels, shape } = reference;
  const [batch, length] = shape;
  const classifier = () =>
    trace({ logits: input(shape), labels: input([batch, length], 'i32') }, ({ logits: x, labels: y }) => ({
      accuracy: accuracy(x, y),
      top3: topKAccuracy(x, y, { k: 3 }),
      loss: crossEntropy(x, y, { ignoreIndex: -100 }),
    }));

  test('accuracy, the share among the three largest, and perplexity, without the labels that are ignored', async () => {
    const { accuracy: first, top3 } = means(classifier(), { logits, labels });
    expect(first).toBeCloseTo(reference.accuracy, 6);
    expect(top3).toBeCloseTo(reference.top3, 6);
    using session = await buildInferenceSession(classifier());
    const feeds = { logits: Float32Array.from(logits), labels: Int32Array.from(labels) };
    const scores = await evaluate(session, [feeds, feeds], { metrics: ['accuracy', 'top3', 'perplexity'] });
    // f32 holds 24 bits: sums of 12 numbers are off by a few of the last.
    for (const name of ['accuracy', 'top3', 'loss', 'perplexity'] as const) {
      expect(Math.abs(scores[name] / reference[name] - 1)).toBeLessThan(2e-6);
    }
  });

  test('mean squared and absolute errors, weighted and not', () => {
    const { prediction, target, weight } = reference;
    const graph = trace({ prediction: input([4, 3]), target: input([4, 3]), weight: input([4]) }, (inputs) => {
      const options = { weight: inputs.weight };
      return {
        mse: meanSquaredError(inputs.prediction, inputs.target),
        mae: meanAbsoluteError(inputs.prediction, inputs.target),
        weightedMse: meanSquaredError(inputs.prediction, inputs.target, options),
        weightedMae: meanAbsoluteError(inputs.prediction, inputs.target, options),
      };
    });
    const found = means(graph, { prediction, target, weight });
    for (const name of ['mse', 'mae', 'weightedMse', 'weightedMae'] as const) {
      expect(found[name]).toBeCloseTo(reference[name], 6);
    }
  });
});

describe('by hand', () => {
  const share = (logits: number[][], labels: number[], k: number) => {
    const shape: [number, number] = [logits.length, logits[0]!.length];
    const graph = trace({ x: input(shape), y: input([shape[0]], 'i32') }, ({ x, y }) => ({
      top: topKAccuracy(x, y, { k }),
      first: accuracy(x, y),
    }));
    return means(graph, { x: logits.flat(), y: labels });
  };

  test('of equal logits the first is the largest', () => {
    expect(share([[2, 2, 1], [2, 2, 1]], [0, 1], 1)).toEqual({ top: 0.5, first: 0.5 }); // prettier-ignore
    expect(share([[2, 2, 2], [2, 2, 2]], [1, 2], 2)).toEqual({ top: 0.5, first: 0 }); // prettier-ignore
  });

  test('NaN is larger than every number, and never right', () => {
    expect(share([[NaN, 1, 0], [NaN, 1, 0], [NaN, 1, 0]], [0, 1, 2], 2)).toEqual({ top: 1 / 3, first: 0 }); // prettier-ignore
  });

  test('labels that are no class are wrong, and a k above the number of classes takes all', () => {
    expect(share([[-1, -2], [-1, -2]], [7, -1], 5)).toEqual({ top: 0, first: 0 }); // prettier-ignore
    expect(share([[-1, -2], [-1, -2]], [0, 1], 5)).toEqual({ top: 1, first: 0.5 }); // prettier-ignore
  });

  test('of nothing that counts there is no number', () => {
    expect(share([[1, 2]], [-100], 1)).toEqual({ top: NaN, first: NaN });
  });

  test('a metric of one’s own; a sample that counts nothing may be NaN', () => {
    const graph = trace({ x: input([3, 2], 'i32'), v: input([3]), w: input([3]) }, ({ x, v, w }) => ({
      own: measured(x, { weight: w }),
      loss: weightedMean(v, w),
    }));
    const { outputs } = interpret(graph, { x: [1, 2, 3, 4, 5, 6], v: [3, 6, NaN], w: [1, 3, 0] });
    expect([...outputs.get('own')!]).toEqual([1 + 2 + 3 * 3 + 3 * 4, 8]);
    expect([...outputs.get('loss')!]).toEqual([(3 + 18) / 4]);
  });
});

describe('in training', () => {
  test('a weighted mean is minimised: the gradient of a sample that counts nothing is 0', async () => {
    const graph = trace({ w: input([2]) }, ({ w }) => {
      const x = namedParameter('x', [2], ones());
      return { loss: weightedMean(mul(x, x), w) };
    });
    using session = await buildSession(graph, { gradients: true });
    session.step({ w: [3, 0] });
    expect([...(await session.readGradient('x'))]).toEqual([2, 0]);
  });
});

describe('what does not fit', () => {
  const logits = input([2, 3]);
  test.each([
    [
      'labels of another shape',
      () => trace({ x: logits, y: input([3], 'i32') }, ({ x, y }) => ({ m: accuracy(x, y as never) })),
    ],
    [
      'half a class',
      () => trace({ x: logits, y: input([2], 'i32') }, ({ x, y }) => ({ m: topKAccuracy(x, y, { k: 0.5 }) })),
    ],
    [
      'an option that there is not',
      () => trace({ x: logits, y: input([2], 'i32') }, ({ x, y }) => ({ m: accuracy(x, y, { k: 2 } as object) })),
    ],
    [
      'a target of another shape',
      () => trace({ x: logits, y: input([3, 2]) }, ({ x, y }) => ({ m: meanSquaredError(x, y as never) })),
    ],
    [
      'a weight of another shape',
      () => trace({ x: logits, y: input([3]) }, ({ x, y }) => ({ m: measured(x, { weight: y }) })),
    ],
  ])('%s', (_, call) => {
    expect(call).toThrowErrorMatchingSnapshot();
  });
});
