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
    expect(affineText(algebra.divide(algebra.divide(affine(long!), 3), 4))).toBe('((((outer) / 3u)) / 4u)');
  });
});
