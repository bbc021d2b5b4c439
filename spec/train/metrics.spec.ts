import { describe, expect, test } from '@jest/globals';
import { input, mul, sum, trace } from 'meganeura';
import { indexOfMax } from 'meganeura/train';
import { resolvedMetrics } from '../../lib/train/metrics.js';

function graphOf(logits: number[], labels: number[], dtype: 'i32' | 'f32' = 'i32') {
  return trace({ x: input(logits), labels: input(labels, dtype) }, ({ x }) => ({ logits: mul(x, 2), loss: sum(x) }));
}

const names = (graph: ReturnType<typeof graphOf>) => resolvedMetrics(graph, 'loss', undefined).map(({ name }) => name);

describe('metrics by name', () => {
  test('accuracy is there by default where logits and labels are and fit', () => {
    expect(names(graphOf([2, 3], [2]))).toEqual(['accuracy']);
    expect(names(graphOf([2, 5, 3], [2, 5]))).toEqual(['accuracy']);
    expect(names(graphOf([2, 3], [3]))).toEqual([]);
    expect(names(graphOf([2, 3], [2], 'f32'))).toEqual([]);
    const bare = trace({ x: input([2]) }, ({ x }) => ({ loss: sum(x) }));
    expect(resolvedMetrics(bare, 'loss', undefined)).toEqual([]);
  });

  test('accuracy without an output is measured on the host, of the samples that count, with all rows of each', () => {
    const [accuracy] = resolvedMetrics(graphOf([2, 3], [2]), 'loss', ['accuracy']);
    const measure = (logits: number[], labels: number[], samples: number, size: number) =>
      accuracy!.measure({ values: { logits: Float32Array.from(logits) }, feeds: { labels }, size, samples });
    expect(measure([1, 2, 3, 3, 2, 1, 0, 1, 0], [2, 1, 1], 3, 3)).toEqual({ sum: 2, count: 3 });
    expect(measure([1, 0, 1, 0, 0, 1, 1, 0], [0, 1, 1, 0], 1, 2)).toEqual({ sum: 1, count: 2 });
  });

  test('a scalar output counts as the mean over its samples, perplexity is e to the mean loss', () => {
    const [loss, perplexity] = resolvedMetrics(graphOf([2, 3], [2]), 'loss', ['perplexity']).flatMap((metric) => [
      metric.measure({ values: { loss: Float32Array.of(0.5) }, feeds: {}, size: 8, samples: 4 }),
      metric.finish!(1),
    ]);
    expect(loss).toEqual({ sum: 2, count: 4 });
    expect(perplexity).toBe(Math.E);
  });

  test.each([
    ['no such output', ['logit']],
    ['no metric', ['logits']],
    ['twice the same', ['accuracy', 'accuracy']],
    ['the loss, which is reported anyway', ['loss']],
  ])('%s', (_, asked) => {
    expect(() => resolvedMetrics(graphOf([2, 3], [2]), 'loss', asked)).toThrowErrorMatchingSnapshot();
  });
});

test('indexOfMax takes the first of equals', () => {
  expect(indexOfMax([1, 3, 3])).toBe(1);
  expect(indexOfMax([5])).toBe(0);
});
