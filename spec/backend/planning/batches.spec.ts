import { expect, test } from '@jest/globals';
import { batchKernels } from '../../../lib/backend/planning/batches.js';

/** Batches of at most `most` kernels, each of which stores `bytes`. */
function batches(
  count: number,
  edges: readonly (readonly [before: number, after: number])[],
  most: number,
  bytes = 0,
): number[][] {
  const followers = Array.from({ length: count }, () => new Set<number>());
  for (const [before, after] of edges) followers[before]!.add(after);
  const order = Array.from({ length: count }, (_, i) => i);
  const open = (first: number) => {
    const kernels = [first];
    return { kernels, add: (kernel: number) => kernels.length < most && kernels.push(kernel) > 0 };
  };
  return batchKernels(order, followers, () => bytes, open).map(({ kernels }) => kernels);
}

/** Some thousands of edges that point forward, always the same for a seed. */
function randomEdges(count: number, seed: number): [number, number][] {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: 2 * count }, () => {
    const after = 1 + next(count - 1);
    return [Math.max(0, after - 1 - next(20)), after];
  });
}

test.each([1, 2, 3, 4, 5, 6])('every kernel is there once, after what it waits for: seed %d', (seed) => {
  const edges = randomEdges(500, seed);
  const result = batches(500, edges, 4);
  expect(result.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  const dispatch = new Map(result.flatMap((kernels, i) => kernels.map((kernel) => [kernel, i] as const)));
  for (const [before, after] of edges) expect(dispatch.get(before)!).toBeLessThan(dispatch.get(after)!);
  expect(result.length).toBeLessThan(500);
});

test('what nobody waits for joins a later dispatch rather than being one', () => {
  // 0 → 2 → 4 → 6 → 8, and 1, 3, 5, 7 wait for one of these each; pairs fit.
  const edges = [0, 2, 4, 6].flatMap((i): [number, number][] => [[i, i + 1], [i, i + 2]]); // prettier-ignore
  expect(batches(9, edges, 2)).toEqual([[0], [2, 1], [4, 3], [6, 5], [7, 8]]);
});

test.each([
  ['kernels that are far apart do not meet', 0, 24],
  ['what takes many bytes is moved less', 2 ** 25, 8],
])('%s', (_, bytes, window) => {
  const chain = Array.from({ length: 99 }, (_, i): [number, number] => [i, i + 1]);
  const result = batches(101, chain, 8, bytes);
  expect(result).toHaveLength(100);
  // The last one is on its own, ready from the first on: it is not taken before its neighbours.
  expect(result.findIndex((kernels) => kernels.includes(100))).toBe(101 - window);
});
