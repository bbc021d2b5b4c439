import { describe, expect, test } from '@jest/globals';
import * as library from '../../lib/index.js';
import { input, MeganeuraError, NameError, trace, type Tensor } from '../../lib/index.js';

const exported: Readonly<Record<string, unknown>> = library;

/** Calls an operation as plain JavaScript does: without types. */
function call(operation: string, ...args: unknown[]): unknown {
  return (exported[operation] as (...args: unknown[]) => unknown)(...args);
}

/** What a call says that is traced with a tensor of shape [2, 4, 4, 4]. */
function errorOf(mistake: (x: Tensor) => unknown): unknown {
  try {
    trace({ x: input([2, 4, 4, 4]) }, ({ x }) => {
      mistake(x);
      return x;
    });
  } catch (error) {
    return error;
  }
  return undefined;
}

/*
 * PyTorch has these by position. Taken for no options they would change the result without a word: a pool of another
 * stride, parts along another axis, another probability.
 */
describe('options without their names', () => {
  test.each<[string, (x: Tensor) => unknown, string]>([
    ['stride', (x) => call('maxPool2d', x, 3, 2), 'maxPool2d: options are given by name, got 2; it takes { stride, padding, dilation, ceilMode }'], // prettier-ignore
    [
      'bounds',
      (x) => call('slice', x, 0, 1, 2),
      'slice: options are given by name, got 1; it takes { start, stop, step }',
    ],
    ['weight', (x) => call('groupNorm', x, 2, x), 'groupNorm: options are given by name, got a tensor; it takes { weight, bias, eps }'], // prettier-ignore
    ['bias', (x) => call('conv2d', x, x, x), 'conv2d: options are given by name, got a tensor; it takes { bias, stride, padding, dilation, groups }'], // prettier-ignore
    ['axes of a method', (x) => (x.transpose as (...args: unknown[]) => Tensor)(0, 1), 'transpose: options are given by name, got 0; it has none'], // prettier-ignore
    [
      'axis of sort',
      (x) => call('sort', x, 1),
      'sort: options are given by name, got 1; it takes { axis, descending }',
    ],
    ['axis of split', (x) => call('split', x, 2, 1), 'split: options are given by name, got 1; it takes { axis }'],
    ['axis of chunk', (x) => call('chunk', x, 2, 1), 'chunk: options are given by name, got 1; it takes { axis }'],
    [
      'axis of topk',
      (x) => call('topk', x, 2, 1),
      'topk: options are given by name, got 1; it takes { axis, largest }',
    ],
    ['keepdims', (x) => call('maxAlong', x, 1, true), 'maxAlong: options are given by name, got true; it takes { keepdims }'], // prettier-ignore
    ['probability', (x) => call('dropout', x, 0.1), 'dropout: options are given by name, got 0.1; it takes { p }'],
  ])('%s', (_, mistake, message) => {
    expect(errorOf(mistake)).toEqual(new NameError(message));
  });
});

describe('options that there are not', () => {
  test.each<[string, (x: Tensor) => unknown, string]>([
    ['topk', (x) => call('topk', x, 2, { smallest: true }), "topk: there is no option 'smallest'; it takes { axis, largest }"], // prettier-ignore
    ['sort', (x) => call('sort', x, { desc: true }), "sort: there is no option 'desc'; it takes { axis, descending }"],
    [
      'minAlong',
      (x) => call('minAlong', x, 1, { dim: 1 }),
      "minAlong: there is no option 'dim'; it takes { keepdims }",
    ],
    ['dropout', (x) => call('dropout', x, { rate: 0.1 }), "dropout: there is no option 'rate'; it takes { p }"],
    ['a required attribute', (x) => call('maxPool2d', x, 2, { kernelSize: 3 }), "maxPool2d: there is no option 'kernelSize'; it takes { stride, padding, dilation, ceilMode }"], // prettier-ignore
  ])('%s', (_, mistake, message) => {
    expect(errorOf(mistake)).toEqual(new NameError(message));
  });
});

describe('arguments of another kind', () => {
  test.each<[string, (x: Tensor) => unknown, string]>([
    ['an object for a number', (x) => call('maxPool2d', x, { kernelSize: 2 }), 'maxPool2d: kernelSize must be a plain value (number, list or word), got an object'], // prettier-ignore
    ['a tensor for an axis', (x) => call('gather', x, x, x), 'gather: axis must be a plain value (number, list or word), got a tensor'], // prettier-ignore
    ['null', (x) => call('softmax', x, { axis: null }), 'softmax: axis must be a plain value (number, list or word), got null'], // prettier-ignore
    ['no size', (x) => call('split', x), 'split: give the size of the parts, or a list of sizes, got undefined'],
    ['no count', (x) => call('chunk', x), 'chunk: count must be at least 1, got undefined'],
    ['no k', (x) => call('topk', x), 'topk: k must be an integer from 0 to 4, the size of axis -1, got undefined'],
    ['a k above the size', (x) => call('topk', x, 3, { axis: 0 }), 'topk: k must be an integer from 0 to 2, the size of axis 0, got 3'], // prettier-ignore
    ['no axis', (x) => call('maxAlong', x), 'maxAlong: axis undefined is out of range for [2, 4, 4, 4]'],
    ['an object for an axis', (x) => call('maxAlong', x, { axis: 1 }), 'maxAlong: axis an object is out of range for [2, 4, 4, 4]'], // prettier-ignore
    ['no tensor', () => call('sort', [3, 1]), 'sort: x must be a tensor, got an array'],
  ])('%s', (_, mistake, message) => {
    const error = errorOf(mistake);
    expect(error).toBeInstanceOf(MeganeuraError);
    expect((error as Error).message).toBe(message);
  });
});
