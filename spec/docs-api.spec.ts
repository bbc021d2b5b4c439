import { beforeAll, expect, test } from '@jest/globals';
import { readApi, type Api, type Documented } from '../docs-scripts/exports.js';

let api: Api;
beforeAll(() => {
  api = readApi();
}, 120_000);

const without = (all: readonly Documented[]) =>
  all.filter(({ text }) => text === '').map(({ entry, name, place }) => `${name} of ${entry} (${place})`);

test('every export of every entry has a docstring', () => {
  expect(api.exports.length).toBeGreaterThan(500);
  expect(without(api.exports)).toEqual([]);
});

test('so has every method and every field that users see', () => {
  expect(api.members.length).toBeGreaterThan(800);
  expect(without(api.members)).toEqual([]);
});
