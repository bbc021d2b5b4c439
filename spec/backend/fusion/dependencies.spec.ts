import { describe, expect, test } from '@jest/globals';
import { Dependencies } from '../../../lib/backend/fusion/dependencies.js';
import { sampleValues } from '../../values.js';

describe('Dependencies', () => {
  test('finds what needs what, by way of others or not, as a plain search does', () => {
    const random = sampleValues(4000, 3);
    let next = 0;
    const below = (limit: number) => Math.floor(((random[next++ % random.length]! + 1) / 2) * limit * 0.999999);
    for (let round = 0; round < 20; round++) {
      const dependencies = new Dependencies<number>();
      const needs = new Map<number, Set<number>>();
      const plain = (from: Iterable<number>, to: number): boolean =>
        [...from].some((other) => other === to || plain(needs.get(other)!, to));
      for (let i = 0; i < 14; i++) {
        dependencies.open(i);
        needs.set(i, new Set());
      }
      for (let step = 0; step < 30; step++) {
        const [a, b] = [below(14), below(14)];
        if (a === b || plain([b], a)) continue;
        if (below(6) === 0 && !plain(needs.get(a)!, b)) {
          dependencies.merge(a, b);
          for (const set of needs.values()) if (set.delete(a)) set.add(b);
          needs.get(a)!.forEach((other) => needs.get(b)!.add(other));
          needs.set(a, new Set());
          continue;
        }
        dependencies.add(a, b);
        needs.get(a)!.add(b);
      }
      for (let a = 0; a < 14; a++) {
        for (let b = 0; b < 14; b++) {
          expect(dependencies.reaches(a, b)).toBe(plain([a], b));
          const others = [...needs.get(a)!].filter((other) => other !== b);
          expect(dependencies.reachesThroughOthers(a, b)).toBe(plain(others, b));
        }
      }
    }
  });
});
