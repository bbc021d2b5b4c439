import { describe, expect, test } from '@jest/globals';
import { resolveSize } from '../../lib/dsl/dims.js';
import { NameError, ShapeError } from '../../lib/ir/errors.js';

const bound = new Map([
  ['batch', 64],
  ['seq', 7],
  ['d-model', 512],
]);

describe('the number a dimension stands for', () => {
  test.each([
    [3, 3],
    [-1, -1],
    ['batch', 64],
    ['d-model', 512],
    ['batch*seq', 448],
    ['seq+1', 8],
    ['(seq+1)*2', 16],
    ['seq+1*2', 9],
    ['2*seq*batch', 896],
  ])('%s is %s', (dim, size) => {
    expect(resolveSize(dim, bound, 'x')).toBe(size);
  });

  test('a name without number is a NameError that says how to bind it and what is close', () => {
    expect(() => resolveSize('bach', bound, "input 'x'")).toThrow(
      new NameError(
        "input 'x': dimension 'bach' has no size: trace(…, { dims: { bach: 64 } }) gives it one; bound are batch",
      ),
    );
  });

  test.each(['', 'a b', '(seq', 'seq)', 'seq*', 'seq/2', '*'])("'%s' is a ShapeError", (dim) => {
    expect(() => resolveSize(dim, new Map([...bound, ['a', 1], ['b', 1]]), 'x')).toThrow(ShapeError);
  });
});
