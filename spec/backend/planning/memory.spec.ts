import { describe, expect, test } from '@jest/globals';
import { planMemory, type Lifetime } from '../../../lib/backend/planning/memory.js';
import { sampleValues } from '../../values.js';

const life = (tensor: string, size: number, first: number, last: number): Lifetime<string> => ({
  tensor,
  size,
  first,
  last,
});

describe('planMemory', () => {
  test('tensors that do not live together share a place', () => {
    const plan = planMemory([life('a', 512, 0, 1), life('b', 256, 2, 3)], 256, 1e9);
    expect(plan.arenas).toEqual([512]);
    expect(plan.places.get('b')).toEqual({ arena: 0, offset: 0 });
  });

  test('one that ends where another begins does not share with it', () => {
    const plan = planMemory([life('a', 256, 0, 1), life('b', 256, 1, 2)], 256, 1e9);
    expect(plan.arenas).toEqual([512]);
  });

  test('no buffer is larger than the limit, be that aligned or not', () => {
    expect(planMemory([life('a', 900, 0, 1)], 256, 1000).arenas).toEqual([900]);
  });

  test('a small tensor goes into the gap between two large ones', () => {
    const lives = [life('a', 1024, 0, 2), life('gap', 512, 0, 0), life('b', 512, 0, 2), life('small', 512, 1, 2)];
    const plan = planMemory(lives, 256, 1e9);
    expect(plan.arenas).toEqual([2048]);
  });

  test('offsets are aligned, and a full buffer is followed by another', () => {
    const plan = planMemory([life('a', 100, 0, 9), life('b', 100, 0, 9), life('c', 100, 0, 9)], 256, 512);
    expect([...plan.places.values()]).toEqual([
      { arena: 0, offset: 0 },
      { arena: 0, offset: 256 },
      { arena: 1, offset: 0 },
    ]);
  });

  test('never lets two living tensors overlap, and stays near the least possible', () => {
    const random = sampleValues(20 * 50 * 3, 7);
    for (let round = 0; round < 20; round++) {
      const lives = Array.from({ length: 50 }, (_, i) => {
        const draw = (which: number, most: number) =>
          Math.floor(((random[(round * 50 + i) * 3 + which]! + 1) / 2) * most);
        const first = draw(0, 100);
        return life(`${i}`, 1 + draw(1, 5000), first, first + draw(2, 20));
      });
      const { places, arenas } = planMemory(lives, 4, 1e9);
      for (const [i, x] of lives.entries()) {
        for (const y of lives.slice(i + 1)) {
          if (x.last < y.first || y.last < x.first) continue;
          const [p, q] = [places.get(x.tensor)!, places.get(y.tensor)!];
          expect(p.offset + x.size <= q.offset || q.offset + y.size <= p.offset).toBe(true);
        }
      }
      const alive = (at: number) => lives.filter(({ first, last }) => first <= at && at <= last);
      const most = Math.max(
        ...Array.from({ length: 120 }, (_, at) => alive(at).reduce((sum, { size }) => sum + size, 0)),
      );
      expect(arenas[0]!).toBeLessThan(1.35 * most);
    }
  });
});
