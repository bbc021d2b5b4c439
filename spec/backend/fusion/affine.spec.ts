import { describe, expect, test } from '@jest/globals';
import { ops } from '../../../lib/ir/ops/index.js';
import { affine, AffineAlgebra, affineText, zero, type Affine, type Atom } from '../../../lib/backend/fusion/affine.js';

describe('AffineAlgebra', () => {
  test('takes quotients apart where ranges allow', () => {
    const [i, j]: Atom[] = [
      { text: 'i', extent: 5 },
      { text: 'j', extent: 4 },
    ];
    const algebra = new AffineAlgebra();
    const linear = algebra.add(affine(i!, 4), affine(j!));
    expect(affineText(algebra.divide(linear, 4))).toBe('i');
    expect(affineText(algebra.modulo(linear, 4))).toBe('j');
    expect(affineText(algebra.divide(linear, 2))).toBe('2u * i + ((j) / 2u)');
  });

  test('tells dimensions of one name apart: the rows of one operand and the columns of another', () => {
    const [short, long]: Atom[] = [
      { text: 'outer', extent: 8 },
      { text: 'outer', extent: 64 },
    ];
    const algebra = new AffineAlgebra();
    expect(affineText(algebra.divide(algebra.divide(affine(short!), 3), 4))).toBe('0u');
    expect(affineText(algebra.divide(algebra.divide(affine(long!), 3), 4))).toBe('((outer) / 12u)');
  });

  test('puts together what reshapes took apart', () => {
    const e: Atom = { text: 'e', extent: 96 };
    const algebra = new AffineAlgebra();
    const linear = affine(e);
    const [high, middle, low] = [
      algebra.divide(linear, 16),
      algebra.modulo(algebra.divide(linear, 4), 4),
      algebra.modulo(linear, 4),
    ];
    const again = [algebra.multiply(high, 16), algebra.multiply(middle, 4), low].reduce((a, b) => algebra.add(a, b));
    expect(affineText(again)).toBe('e');
  });

  test('differences wrap around, and quotients of them are whole numbers', () => {
    const i: Atom = { text: 'i', extent: 6 };
    const algebra = new AffineAlgebra();
    const flipped = algebra.add(algebra.constant(5), algebra.multiply(affine(i), -1));
    expect(affineText(flipped)).toBe('5u - i');
    expect(affineText(algebra.modulo(flipped, 6))).toBe('5u - i');
    expect(affineText(algebra.divide(algebra.add(flipped, algebra.constant(-6)), 6))).toBe('4294967295u');
    expect(affineText(algebra.add(affine(i, 4), algebra.constant(-2)))).toBe('4u * i - 2u');
  });

  test('a reshape takes an index apart within the dimensions that change, and leaves the others as they are', () => {
    const [k, n, g]: Atom[] = [
      { text: 'k', extent: 18 },
      { text: 'n', extent: 35 },
      { text: 'g', extent: 2 },
    ];
    const algebra = new AffineAlgebra();
    const source = (from: number[], to: number[], index: Affine[]) =>
      ops.reshape.source(algebra, index, from, to, {}).map(affineText);
    // Windows as the operand of a product: [channels, 3, 3, 5, 7] as [18, 35].
    expect(source([2, 3, 3, 5, 7], [18, 35], [affine(k!), affine(n!)])).toEqual([
      '((k) / 9u)',
      '((((k) / 3u)) % 3u)',
      '((k) % 3u)',
      '((n) / 7u)',
      '((n) % 7u)',
    ]);
    // Before the first element, which a mask replaces.
    const before = algebra.add(affine(n!), algebra.constant(-1));
    expect(source([2, 35], [2, 1, 35, 1], [affine(g!), zero, before, zero])).toEqual(['g', 'n - 1u']);
    expect(source([1, 2, 1, 35], [2, 35], [affine(g!), before])).toEqual(['0u', 'g', '0u', 'n - 1u']);
  });
});
