import { describe, expect, test } from '@jest/globals';
import { RandomStream } from 'meganeura';
import { Batch, Batches } from 'meganeura/train';
import { repeated } from '../../lib/train/batches.js';

/** Samples 0 … n − 1: image i is [i, −i], its label i. */
function columns(n: number) {
  const data = Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? 1 : -1) * Math.floor(i / 2));
  return { images: { data, shape: [n, 2] }, labels: Int32Array.from({ length: n }, (_, i) => i) };
}

const labelsOf = (batches: Iterable<{ feeds: { labels: Int32Array } }>) =>
  [...batches].map(({ feeds }) => [...feeds.labels]);

describe('batches', () => {
  test('are the samples in order, of the classes of their columns', () => {
    const [first, second, ...rest] = [...new Batches(columns(4), { size: 2 })];
    expect(first!.feeds.images).toEqual(Float32Array.of(0, -0, 1, -1));
    expect(first!.feeds.labels).toEqual(Int32Array.of(0, 1));
    expect(second!.feeds.images).toEqual(Float32Array.of(2, -2, 3, -3));
    expect([first!.size, first!.samples]).toEqual([2, 2]);
    expect(rest).toEqual([]);
  });

  test('are filled up with the last sample, which counts once', () => {
    const batches = new Batches(columns(5), { size: 4 });
    const last = [...batches].at(-1)!;
    expect(last.feeds.labels).toEqual(Int32Array.of(4, 4, 4, 4));
    expect(last.feeds.images).toEqual(Float32Array.of(4, -4, 4, -4, 4, -4, 4, -4));
    expect([last.size, last.samples]).toEqual([4, 1]);
    expect(batches.length).toBe(2);
  });

  test('own their arrays', () => {
    const data = columns(2);
    const [batch] = [...new Batches(data, { size: 2 })];
    batch!.feeds.labels.fill(7);
    expect(data.labels).toEqual(Int32Array.of(0, 1));
  });

  test('take every sample once an epoch when shuffled, with images beside their labels', () => {
    const batches = new Batches(columns(100), { size: 10, shuffle: true, seed: 3 });
    const epoch = [...batches.epoch(1)];
    expect(labelsOf(epoch).flat().sort((a, b) => a - b)).toEqual([...columns(100).labels]); // prettier-ignore
    for (const { feeds } of epoch) feeds.labels.forEach((label, i) => expect(feeds.images[2 * i]).toBe(label));
  });

  test('come in the order that seed and epoch fix', () => {
    const order = (seed: number, epoch: number) =>
      labelsOf(new Batches(columns(50), { size: 5, shuffle: true, seed }).epoch(epoch));
    expect(order(1, 1)).toEqual(order(1, 1));
    expect(order(1, 1)).not.toEqual(order(1, 2));
    expect(order(1, 1)).not.toEqual(order(2, 1));
    expect(order(1, 1).flat()).not.toEqual([...columns(50).labels]);
  });

  test('are shuffled evenly: each sample is as likely at each place', () => {
    const batches = new Batches({ labels: Int32Array.of(0, 1, 2) }, { size: 3, shuffle: true });
    const counts = new Map<string, number>();
    for (let epoch = 1; epoch <= 3000; epoch++) {
      const order = labelsOf(batches.epoch(epoch)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    // Six orders of 500 each; 80 is 4 standard deviations.
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(80);
  });

  test('are transformed with numbers that seed, epoch and batch fix', () => {
    const batches = new Batches(columns(6), {
      size: 2,
      seed: 5,
      transform: ({ images, labels }, random) => ({ images: images.map(() => random.uniform()), labels }),
    });
    const epochs = [1, 1, 2].map((epoch) => [...batches.epoch(epoch)].map(({ feeds }) => feeds.images));
    expect(epochs[0]).toEqual(epochs[1]);
    expect(epochs[0]).not.toEqual(epochs[2]);
    expect(epochs[0]![0]).not.toEqual(epochs[0]![1]);
  });

  test('that are transformed at random are filled up with true copies', () => {
    const batches = new Batches(columns(3), {
      size: 4,
      transform: ({ images, labels }, random) => ({ images: images.map(() => random.uniform()), labels }),
    });
    const images = [...batches][0]!.feeds.images;
    expect(images.slice(6, 8)).toEqual(images.slice(4, 6));
    expect(images.slice(4, 6)).not.toEqual(images.slice(2, 4));
  });

  test('use other random numbers than the parameters of a model with the same seed', () => {
    let drawn = 0;
    const transform = <Feeds>(feeds: Feeds, random: RandomStream) => {
      drawn = random.uniform();
      return feeds;
    };
    for (const batch of new Batches(columns(1), { size: 1, seed: 9, transform })) expect(batch.size).toBe(1);
    const parameters = Array.from({ length: 100 }, (_, stream) => new RandomStream(9, stream).uniform());
    expect(parameters).not.toContain(drawn);
  });
});

describe('a batch of one sample repeated', () => {
  test('keeps classes, and scalars as they are', () => {
    const [batch] = [...new Batches(columns(3), { size: 3 })];
    const feeds = { ...batch!.feeds, weights: [1, 2, 3], rate: 0.5 };
    const expected = {
      images: Float32Array.of(1, -1, 1, -1, 1, -1),
      labels: Int32Array.of(1, 1, 1),
      weights: [2, 2, 2],
      rate: 0.5,
    };
    expect(repeated(new Batch(feeds, 3), 1)).toEqual(new Batch(expected, 3));
  });
});

describe('bad columns', () => {
  const { images, labels } = columns(3);
  test.each([
    ['no columns', {}, 2],
    ['no samples', { labels: new Int32Array(0) }, 2],
    ['different lengths', { images, labels: labels.slice(1) }, 2],
    ['values that do not fit the shape', { images: { data: images.data, shape: [3, 3] } }, 2],
    ['no axis of samples', { images: { data: Float32Array.of(1), shape: [] } }, 2],
    ['a size that is none', { labels }, 0],
    ['a size that is no number', { labels }, NaN],
  ])('%s', (_, data, size) => {
    expect(() => new Batches(data, { size })).toThrowErrorMatchingSnapshot();
  });
});
