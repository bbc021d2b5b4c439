import { describe, expect, test } from '@jest/globals';
import { methodNames } from '../../lib/dsl/generated/methods.js';
import * as operations from '../../lib/dsl/generated/ops.js';
import { printGraph } from '../../lib/ir/print.js';
import { input, NameError, namedParameter, trace, TraceError, type Outputs, type Tensor } from '../../lib/index.js';

const { add, argmax, gather, matmul, permute, relu, reshape, slice, softmax, sum } = operations;

const printed = (body: (x: Tensor<[2, 3], 'f32'>, w: Tensor<[3, 4], 'f32'>) => Outputs) =>
  printGraph(trace({ x: input([2, 3]) }, ({ x }) => body(x, namedParameter('w', [3, 4]))));

describe('methods of tensors', () => {
  test('make the same graphs as the functions', () => {
    expect(
      printed((x, w) => ({
        chain: x
          .matmul(w)
          .add(w.slice(0, { stop: 1 }))
          .relu()
          .softmax({ axis: 0 }),
        view: x.reshape([3, -1]).permute([1, 0]).sum({ axes: -1, keepdims: true }),
        chosen: x.gather(x.argmax({ axis: 1, keepdims: true }), 1),
        ofParameter: w.mul(2),
      })),
    ).toBe(
      printed((x, w) => ({
        chain: softmax(relu(add(matmul(x, w), slice(w, 0, { stop: 1 }))), { axis: 0 }),
        view: sum(permute(reshape(x, [3, -1]), [1, 0]), { axes: -1, keepdims: true }),
        chosen: gather(x, argmax(x, { axis: 1, keepdims: true }), 1),
        ofParameter: operations.mul(w, 2),
      })),
    );
  });

  test('are all there, and not enumerable', () => {
    trace({ x: input([2]) }, ({ x }) => {
      for (const name of methodNames) expect(typeof x[name]).toBe('function');
      expect(Object.keys(x)).not.toContain('relu');
      return { y: x };
    });
    for (const name of methodNames) expect(typeof operations[name]).toBe('function');
  });

  test('refuse what functions refuse, in the same words', () => {
    trace({ x: input([2, 3]) }, ({ x }) => {
      /** As plain JavaScript calls it. */
      const untyped = x as object as Record<'sum' | 'matmul', (...args: unknown[]) => Tensor>;
      expect(() => untyped.sum({ axis: 1 })).toThrow(
        new NameError("sum: there is no option 'axis'; it takes { axes, keepdims }"),
      );
      expect(() => untyped.sum(-1)).toThrow(
        new NameError('sum: options are given by name, got -1; it takes { axes, keepdims }'),
      );
      expect(() => untyped.matmul(undefined)).toThrow(new TraceError('matmul: b must be a tensor, got undefined'));
      return { y: x };
    });
  });

  test('need a trace', () => {
    expect(() => namedOutside().relu()).toThrow(TraceError);
  });
});

/** A tensor whose trace is over. */
function namedOutside(): Tensor<[2], 'f32'> {
  let kept: Tensor<[2], 'f32'> | undefined;
  trace({ x: input([2]) }, ({ x }) => {
    kept = x;
    return { y: x };
  });
  return kept!;
}
