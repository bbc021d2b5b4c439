import { expect, test } from '@jest/globals';
import { readApi } from '../docs-scripts/exports.js';

test('every export of every entry has a docstring', () => {
  const { exports } = readApi();
  expect(exports.length).toBeGreaterThan(500);
  const without = exports.filter(({ text }) => text === '');
  expect(without.map(({ entry, name, place }) => `${name} of ${entry} (${place})`)).toEqual([]);
}, 120_000);
