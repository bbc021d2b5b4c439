import { describe, expect, test } from '@jest/globals';
import { GraphBuilder } from '../../../lib/ir/build.js';
import type { DType } from '../../../lib/ir/dtype.js';
import { AxisError, DTypeError, GraphError, ShapeError } from '../../../lib/ir/errors.js';
import type { AttributeValue } from '../../../lib/ir/graph.js';

type Operands = readonly (readonly number[] | readonly [readonly number[], DType])[];
type Attrs = Readonly<Record<string, AttributeValue>>;
type ErrorKind = new (...args: never[]) => Error;

const isTyped = (operand: Operands[number]): operand is readonly [readonly number[], DType] =>
  typeof operand[1] === 'string';

function build(op: string, operands: Operands, attrs: Attrs) {
  const builder = new GraphBuilder();
  const leaves = operands.map((operand, i) => {
    const [shape, dtype] = isTyped(operand) ? operand : ([operand, 'f32'] as const);
    return builder.leaf('input', `x${i}`, shape, dtype);
  });
  return builder.add(op, leaves, attrs);
}

describe('shapes', () => {
  test.each<[string, Operands, Attrs, readonly number[]]>([
    ['concat', [[2, 3], [4, 3], [0, 3]], { axis: 0 }, [6, 3]],
    ['stack', [[2, 3], [2, 3]], { axis: -1 }, [2, 3, 2]],
    ['pad', [[2, 3, 4]], { pads: [1, 2, -1, 0] }, [2, 2, 7]],
    ['repeat', [[2, 3]], { times: [4, 1, 2] }, [4, 2, 6]],
    ['repeatInterleave', [[2, 3]], { times: 2, axis: 0 }, [4, 3]],
    ['argmax', [[2, 3]], { keepdims: true }, [1, 1]],
    ['argmin', [[2, 3]], { axis: 0 }, [3]],
    ['topkIndices', [[2, 9]], { k: 4 }, [2, 4]],
    ['einsum', [[2, 3], [3, 4]], { equation: 'ij,jk' }, [2, 4]],
    ['einsum', [[3, 2]], { equation: 'ba' }, [2, 3]],
    ['einsum', [[5, 1, 3], [4, 3]], { equation: '...i, ...i' }, [5, 4]],
    ['einsum', [[5, 4, 3]], { equation: 'i...->i' }, [5]],
    ['dynamicSlice', [[5, 4], [[], 'i32']], { axis: 1, size: 2 }, [5, 2]],
    ['geglu', [[5, 4]], {}, [5, 2]],
  ])('%s %j %j is %j', (op, operands, attrs, shape) => {
    expect(build(op, operands, attrs).shape).toEqual(shape);
  });
}); // prettier-ignore

describe('what does not fit says so', () => {
  test.each<[string, Operands, Attrs, ErrorKind, string]>([
    ['concat', [], { axis: 0 }, GraphError, 'concat: expected one or more operands (xs), got 0'],
    ['concat', [[2, 3], [2, 3]], { axis: 2 }, AxisError, 'concat: axis 2 is out of range for [2, 3]'],
    ['concat', [[2, 3], [4, 3], [2, 5]], { axis: 0 }, ShapeError, 'concat: dimension 1 is 3 in xs[0] but 5 in xs[2]'],
    ['concat', [[2, 3], [2]], { axis: 0 }, ShapeError, 'concat: the rank of xs[0] [2, 3] is not that of xs[1] [2]'],
    ['concat', [[2], [[2], 'i32']], { axis: 0 }, DTypeError, 'concat: xs[0] is f32 but xs[1] is i32; cast one of them'],
    ['stack', [], { axis: 0 }, GraphError, 'stack: expected one or more operands (xs), got 0'],
    ['stack', [[2, 3], [2, 3], [3, 2]], {}, ShapeError, 'stack: xs[0] is [2, 3] but xs[2] is [3, 2]'],
    ['stack', [[2], [2]], { axis: 2 }, AxisError, 'stack: axis 2 is out of range for [2]'],
    ['pad', [[2, 3]], { pads: [1] }, ShapeError, 'pad: pads [1] must come in pairs'],
    ['pad', [[3]], { pads: [1, 1, 1, 1] }, ShapeError, 'pad: pads [1, 1, 1, 1] are more than two for each dimension of [3]'],
    ['pad', [[3]], { pads: [-2, -2] }, ShapeError, 'pad: pads [-2, -2] take more away than [3] has'],
    ['pad', [[3]], { pads: [1, 3], mode: 'reflect' }, ShapeError, 'pad: mode reflect pads at most 2 for axis -1 of size 3, got 1, 3'],
    ['pad', [[3, 9]], { pads: [0, 0, 4, 0], mode: 'circular' }, ShapeError, 'pad: mode circular pads at most 3 for axis -2 of size 3, got 4, 0'],
    ['pad', [[0]], { pads: [1, 0], mode: 'replicate' }, ShapeError, 'pad: mode replicate pads at most 0 for axis -1 of size 0, got 1, 0'],
    ['pad', [[3]], { pads: [-1, 0], mode: 'reflect' }, ShapeError, 'pad: pads must be at least 0 in mode reflect, got -1, 0 for axis -1'],
    ['pad', [[[3], 'i32']], { pads: [1, 0], value: 0.5 }, ShapeError, 'pad: value 0.5 is no i32'],
    ['pad', [[3]], { pads: [1, 0], mode: 'mirror' }, GraphError, 'pad: attribute \'mode\' must be one of constant, reflect, replicate, circular, got "mirror"'],
    ['repeat', [[2, 3]], { times: [2] }, ShapeError, 'repeat: times [2] are fewer than the dimensions of [2, 3]'],
    ['repeat', [[2, 3]], { times: [2, -1] }, ShapeError, 'repeat: times [2, -1] must be at least 0'],
    ['repeatInterleave', [[2]], { times: -1, axis: 0 }, ShapeError, 'repeatInterleave: times must be at least 0, got -1'],
    ['roll', [[2]], { shift: 1, axis: 1 }, AxisError, 'roll: axis 1 is out of range for [2]'],
    ['cumsum', [[]], { axis: 0 }, AxisError, 'cumsum: axis 0 is out of range for []'],
    ['tril', [[3]], {}, ShapeError, 'tril: x must have rank at least 2, got [3]'],
    ['argmax', [[2, 0]], { axis: 1 }, ShapeError, 'argmax: [2, 0] has no elements to search'],
    ['argmin', [[2, 0]], {}, ShapeError, 'argmin: [2, 0] has no elements to search'],
    ['argsort', [[[2], 'bool']], {}, DTypeError, 'argsort: x must be of a numeric dtype, got bool; cast it first'],
    ['topkIndices', [[2, 3]], { k: 4 }, ShapeError, 'topkIndices: k must be from 0 to 3, the size of axis -1, got 4'],
    ['topkIndices', [[2, 3]], { k: -1, axis: 0 }, ShapeError, 'topkIndices: k must be from 0 to 2, the size of axis -2, got -1'],
    ['scatterRows', [[3, 2], [[4, 3], 'i32'], [4, 3]], { axis: 0 }, ShapeError, 'scatterRows: index [4, 3] does not fit into x [3, 2] beside axis -2'],
    ['dynamicSlice', [[3], [[], 'i32']], { axis: 0, size: 4 }, ShapeError, 'dynamicSlice: size must be from 0 to 3, the size of axis -1, got 4'],
    ['dynamicSlice', [[3], [[1], 'i32']], { axis: 0, size: 1 }, ShapeError, 'dynamicSlice: position must have rank 0, got [1]'],
    ['writeAt', [[3, 2], [1, 3], [[], 'i32']], { axis: 0 }, ShapeError, 'writeAt: values [1, 3] must have the shape of x [3, 2], but for fewer along axis -2'],
    ['writeAt', [[3, 2], [4, 2], [[], 'i32']], { axis: 0 }, ShapeError, 'writeAt: values [4, 2] must have the shape of x [3, 2], but for fewer along axis -2'],
    ['embedding', [[[2], 'i32'], [3, 4]], { paddingIndex: 3 }, ShapeError, 'embedding: paddingIndex 3 is no row of weight, which has 3'],
    ['geglu', [[2, 5]], {}, ShapeError, 'geglu: the last dimension of x has no halves: 5 is odd'],
    ['full', [], { shape: [2], value: -1, dtype: 'u32' }, ShapeError, 'full: value -1 is no u32'],
  ])('%s %j %j', (op, operands, attrs, kind, message) => {
    expectError(() => build(op, operands, attrs), kind, message);
  });

  test.each<[string, Operands, string]>([
    ['ij,jk->ik', [[2, 3], [4, 5]], 'j is 3 in xs[0] but 4 in xs[1]'],
    ['ii->i', [[2, 3]], 'i is 2 in xs[0] but 3 in xs[0]'],
    ['...i,...i->i', [[2, 3], [4, 3]], "dimension -1 of '...' is 2 in xs[0] but 4 in xs[1]"],
    ['ij->ik', [[2, 3]], "'k' of the result is in no operand"],
    ['ij->ii', [[2, 3]], "'i' stands twice in the result 'ii'"],
    ['ij->i->j', [[2, 3]], "the equation 'ij->i->j' has more than one '->'"],
    ['ij,j->i', [[2, 3]], 'the equation has more terms than there are tensors, 1'],
    ['ij->i', [[2, 3], [3]], 'the equation has 1 terms for 2 tensors'],
    ['ijk->i', [[2, 3]], "'ijk' does not fit the rank of xs[0] [2, 3]"],
    ['i...jk->i', [[2, 3]], "'i...jk' does not fit the rank of xs[0] [2, 3]"],
    ['i1->i', [[2, 3]], "'1' in 'i1' is neither a letter nor part of '...'"],
    ['i..->i', [[2, 3]], "'.' in 'i..' is neither a letter nor part of '...'"],
    ['...i...->i', [[2, 3]], "'...i...' has more than one '...'"],
  ])('einsum %s %j', (equation, operands, message) => {
    expectError(() => build('einsum', operands, { equation }), ShapeError, `einsum: ${message}`);
  });
}); // prettier-ignore

function expectError(body: () => unknown, kind: ErrorKind, message: string): void {
  let error: unknown;
  try {
    body();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toBe(message);
}
