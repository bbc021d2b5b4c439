import { expect, test } from '@jest/globals';
import { rankCorrelation } from '../../bench/cost/rank.js';

test('lists that order alike, whatever their values are, and the other way round', () => {
  expect(rankCorrelation([1, 2, 3, 4], [10, 11, 500, 501])).toBeCloseTo(1, 12);
  expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, -100])).toBeCloseTo(-1, 12);
});

test('equal values share their rank', () => {
  // scipy.stats.spearmanr (1.x): 0.8207826816681233; by hand 8/√(10·9.5).
  expect(rankCorrelation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(8 / Math.sqrt(95), 12);
});

test('a list of one value has no ranks to compare', () => {
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN();
  expect(rankCorrelation([], [])).toBeNaN();
});

test('lists of different lengths are refused', () => {
  expect(() => rankCorrelation([1], [1, 2])).toThrow('two lists of equal length are needed, got 1 and 2');
});
