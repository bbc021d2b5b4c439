import { describe, expect, test } from '@jest/globals';
import { affine, AffineAlgebra, affineText, type Atom } from '../../../lib/backend/fusion/affine.js';

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
});
