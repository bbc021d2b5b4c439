import { describe, expect, test } from '@jest/globals';
import { input, mul, sum, trace } from 'meganeura';
import { accuracy, indexOfMax } from 'meganeura/train';
import { defaultMetrics } from '../../lib/train/metrics.js';

function graphOf(logits: number[], labels: number[], dtype: 'i32' | 'f32' = 'i32') {
  return trace({ x: input(logits), labels: input(labels, dtype) }, ({ x }) => ({ logits: mul(x, 2), loss: sum(x) }));
}

describe('accuracy', () => {
  const measure = (logits: number[], labels: number[], samples: number, size = labels.length) =>
    accuracy('logits', 'labels').measure({
      values: { logits: Float32Array.from(logits) },
      feeds: { labels },
      size,
      samples,
    });

  test('is the share of rows whose largest logit is the labelled one', () => {
    expect(measure([1, 2, 3, 3, 2, 1, 0, 1, 0], [2, 1, 1], 3)).toEqual({ sum: 2, count: 3 });
  });

  test('counts the first samples only, with all rows of each', () => {
    expect(measure([1, 0, 1, 0, 0, 1, 1, 0], [0, 1, 1, 0], 1, 2)).toEqual({ sum: 1, count: 2 });
  });

  test.each([
    ['no such output', [2, 3], [2], accuracy('scores', 'labels')],
    ['no such input', [2, 3], [2], accuracy('logits', 'targets')],
    ['shapes that do not fit', [2, 3], [3], accuracy('logits', 'labels')],
  ])('%s', (_, logits, labels, metric) => {
    expect(() => metric.check(graphOf(logits, labels))).toThrowErrorMatchingSnapshot();
  });

  test('is there by default where logits and labels are and fit', () => {
    expect(Object.keys(defaultMetrics(graphOf([2, 3], [2])))).toEqual(['accuracy']);
    expect(Object.keys(defaultMetrics(graphOf([2, 5, 3], [2, 5])))).toEqual(['accuracy']);
    expect(defaultMetrics(graphOf([2, 3], [3]))).toEqual({});
    expect(defaultMetrics(graphOf([2, 3], [2], 'f32'))).toEqual({});
    expect(defaultMetrics(trace({ x: input([2]) }, ({ x }) => ({ loss: sum(x) })))).toEqual({});
  });
});

test('indexOfMax takes the first of equals', () => {
  expect(indexOfMax([1, 3, 3])).toBe(1);
  expect(indexOfMax([5])).toBe(0);
});
