import { describe, expect, test } from '@jest/globals';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import { AxisError, DTypeError, GraphError, ShapeError, ValueError } from '../../lib/ir/errors.js';
import type { AttributeValue } from '../../lib/ir/graph.js';

type Operands = (readonly [readonly number[], DType?])[];

function build(op: string, operands: Operands, attrs: Record<string, AttributeValue> = {}, scope = '') {
  const builder = new GraphBuilder();
  const leaves = operands.map(([shape, dtype = 'f32'], i) => builder.leaf('input', `x${i}`, shape, dtype));
  return builder.within(scope, () => builder.add(op, leaves, attrs));
}

test.each<[string, Operands, Record<string, AttributeValue>, readonly number[], DType]>([
  ['matmul', [[[2, 1, 3, 4]], [[5, 4, 6]]], {}, [2, 5, 3, 6], 'f32'],
  ['add', [[[3, 1]], [[2, 1, 4]]], {}, [2, 3, 4], 'f32'],
  ['less', [[[3]], [[3]]], {}, [3], 'bool'],
  ['sum', [[[2, 3, 4]]], { axes: [0, -1] }, [3], 'f32'],
  ['sum', [[[2, 3]]], { keepdims: true }, [1, 1], 'f32'],
  ['reshape', [[[2, 3]]], { shape: [-1] }, [6], 'f32'],
  ['permute', [[[2, 3, 4]]], { axes: [2, 0, 1] }, [4, 2, 3], 'f32'],
  ['unsqueeze', [[[2, 3]]], { axis: 1 }, [2, 1, 3], 'f32'],
  ['squeeze', [[[2, 1]]], { axis: -1 }, [2], 'f32'],
  ['broadcastTo', [[[3]]], { shape: [2, 3] }, [2, 3], 'f32'],
  ['cast', [[[3]]], { dtype: 'i32' }, [3], 'i32'],
  ['arange', [], { count: 5 }, [5], 'i32'],
  ['linear', [[[2, 7, 4]], [[3, 4]], [[3]]], {}, [2, 7, 3], 'f32'],
  ['crossEntropy', [[[6, 5]], [[6], 'i32']], {}, [], 'f32'],
])('%s %j %j is %j %s', (op, operands, attrs, shape, dtype) => {
  const node = build(op, operands, attrs);
  expect([node.shape, node.dtype]).toEqual([shape, dtype]);
});

describe('what does not fit says what was expected, what was got, and where', () => {
  test.each<[string, Operands, Record<string, AttributeValue>, new (...args: never[]) => Error, string]>([
    ['matmul', [[[2, 784]], [[128, 10]]], {}, ShapeError, 'matmul: k is 784 in a but 128 in b (at block)'],
    ['matmul', [[[4]], [[4, 2]]], {}, ShapeError, 'matmul: a must have rank at least 2, got [4] (at block)'],
    ['linear', [[[4]], [[2, 4]], [[2]]], {}, ShapeError, 'linear: x must have rank at least 2, got [4]; unsqueeze it (at block)'],
    ['add', [[[3]], [[4]]], {}, ShapeError, 'add: cannot broadcast [3] with [4]: dimensions 3 and 4 differ (at block)'],
    ['add', [[[3]], [[3], 'i32']], {}, DTypeError, 'add: a is f32 but b is i32; cast one of them (at block)'],
    ['sum', [[[2, 3]]], { axes: [2] }, AxisError, 'sum: axis 2 is out of range for [2, 3] (at block)'],
    ['sum', [[[2, 3]]], { axes: [1, -1] }, AxisError, 'sum: axes [1, -1] repeat an axis (at block)'],
    ['max', [[[0, 3]]], {}, ValueError, 'max: nothing to reduce in a tensor without elements, and max of nothing is undefined (at block)'],
    ['reshape', [[[2, 3]]], { shape: [4, 2] }, ShapeError, 'reshape: [2, 3] cannot become [4, 2]: 6 elements against 8 (at block)'],
    ['squeeze', [[[2, 3]]], { axis: 0 }, ShapeError, 'squeeze: cannot remove a dimension of size 2 from [2, 3]: only size 1 can go (at block)'],
    ['crossEntropy', [[[6, 5]], [[6]]], {}, DTypeError, 'crossEntropy: target must be i32, got f32; cast it first (at block)'],
    ['crossEntropy', [[[6, 5]], [[4], 'i32']], {}, ShapeError, 'crossEntropy: ...b is [6] in logits but [4] in target (at block)'],
    ['arange', [], { count: 1.5 }, GraphError, "arange: attribute 'count' must be an integer, got 1.5 (at block)"],
    ['convolve', [], {}, GraphError, "'convolve' is not an operation of the op table"],
  ])('%s %j %j', (op, operands, attrs, kind, message) => {
    let error: unknown;
    try {
      build(op, operands, attrs, 'block');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toBe(message);
  });
}); // prettier-ignore
