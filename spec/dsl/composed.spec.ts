import { describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { evaluateNodes, interpret } from '../../lib/ir/interpret.js';
import {
  AxisError,
  chunk,
  input,
  maxAlong,
  minAlong,
  Module,
  mul,
  ShapeError,
  sort,
  split,
  sum,
  topk,
  trace,
  type Outputs,
  type Tensor,
} from '../../lib/index.js';

const ROWS = [3, 1, 2, -4, 5, 0, 9, 9, -7, 8, 6, 4];
const X = { x: input([3, 4]) };

/** Outputs for `ROWS` as a tensor of three rows. */
function run(body: (x: Tensor<[3, 4], 'f32'>) => Outputs): Record<string, number[]> {
  const { outputs } = interpret(
    trace(X, ({ x }) => body(x)),
    { x: ROWS },
  );
  return Object.fromEntries([...outputs].map(([name, values]) => [name, Array.from(values)]));
}

/** The gradient of the sum of one output times 2, and of nothing else. */
function gradientOf(body: (x: Tensor<[3, 4], 'f32'>) => Tensor): number[] {
  const graph = trace(X, ({ x }) => ({ loss: sum(mul(body(x), 2)) }));
  const builder = new GraphBuilder();
  const loss = graph.outputs.get('loss')!;
  const leaf = graph.inputs.get('x')!;
  const [gradient] = gradients(builder, loss, [leaf]);
  return Array.from(evaluateNodes([gradient!], () => Float64Array.from(ROWS)).get(gradient!)!);
}

describe('parts', () => {
  test('of given sizes', () => {
    expect(
      run((x) => {
        const [first, rest] = split(x, [1, 3], { axis: 1 });
        return { first, rest };
      }),
    ).toEqual({ first: [3, 5, -7], rest: [1, 2, -4, 0, 9, 9, 8, 6, 4] });
  });

  test('of one size, the last one smaller', () => {
    expect(
      run((x) => {
        const [first, last] = split(x, 2);
        return { first, last };
      }),
    ).toEqual({ first: ROWS.slice(0, 8), last: ROWS.slice(8) });
  });

  test('of sizes with names', () => {
    const graph = trace(
      { x: input(['a', 2]) },
      ({ x }) => {
        const [first, second] = split(x, ['b', 1]);
        return { first, second };
      },
      { dims: { a: 3, b: 2 } },
    );
    expect(Array.from(interpret(graph, { x: [1, 2, 3, 4, 5, 6] }).outputs.get('first')!)).toEqual([1, 2, 3, 4]);
  });

  test('of a number of chunks, of which there may be fewer', () => {
    const shapes = (size: number, count: number) => {
      let found: number[] = [];
      trace({ x: input([size]) }, ({ x }) => {
        const parts: Tensor[] = chunk(x, count);
        found = parts.map((part) => (part.shape as number[])[0]!);
        return { y: x };
      });
      return found;
    };
    // As torch.chunk gives.
    expect(shapes(11, 6)).toEqual([2, 2, 2, 2, 2, 1]);
    expect(shapes(12, 6)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(shapes(13, 6)).toEqual([3, 3, 3, 3, 1]);
    expect(shapes(2, 5)).toEqual([1, 1]);
  });

  test('take the gradients of theirs', () => {
    expect(gradientOf((x) => split(x, [1, 3], { axis: 1 })[0])).toEqual([2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0]);
  });
});

describe('values and their indices', () => {
  test('the largest and smallest k', () => {
    expect(run((x) => ({ ...topk(x, 2) }))).toEqual({ values: [3, 2, 9, 9, 8, 6], indices: [0, 2, 2, 3, 1, 2] });
    expect(run((x) => ({ ...topk(x, 1, { axis: 0, largest: false }) }))).toEqual({
      values: [-7, 0, 2, -4],
      indices: [2, 1, 0, 0],
    });
  });

  test('all in order', () => {
    expect(run((x) => ({ ...sort(x) }))).toEqual({
      values: [-4, 1, 2, 3, 0, 5, 9, 9, -7, 4, 6, 8],
      indices: [3, 1, 2, 0, 1, 0, 2, 3, 0, 3, 2, 1],
    });
    expect(run((x) => ({ ...sort(x, { axis: 0, descending: true }) })).values).toEqual([
      5, 8, 9, 9, 3, 1, 6, 4, -7, 0, 2, -4,
    ]);
  });

  test('the greatest and the smallest', () => {
    expect(run((x) => ({ ...maxAlong(x, 1) }))).toEqual({ values: [3, 9, 8], indices: [0, 2, 1] });
    expect(run((x) => ({ ...minAlong(x, -2, { keepdims: true }) }))).toEqual({
      values: [-7, 0, 2, -4],
      indices: [2, 1, 0, 0],
    });
  });

  test('gradients flow to the chosen elements, to the first of equal ones', () => {
    expect(gradientOf((x) => maxAlong(x, 1).values)).toEqual([2, 0, 0, 0, 0, 0, 2, 0, 0, 2, 0, 0]);
    expect(gradientOf((x) => topk(x, 2).values)).toEqual([2, 0, 2, 0, 0, 0, 2, 2, 0, 2, 2, 0]);
    expect(gradientOf((x) => sort(x).values)).toEqual(new Array(12).fill(2));
  });
});

describe('mistakes', () => {
  /** As JavaScript calls them, whose types nobody checks. */
  const untyped = (x: Tensor): Tensor => x;

  test.each<[string, (x: Tensor) => unknown, Error]>([
    [
      'sizes that do not add up',
      (x) => split(x, [1, 2], { axis: 1 }),
      new ShapeError('split: sizes [1, 2] add up to 3, but the axis has 4 (at inner)'),
    ],
    ['parts of size 0', (x) => split(x, 0), new ShapeError('split: size must be at least 1, got 0 (at inner)')],
    ['no chunks', (x) => chunk(x, 0), new ShapeError('chunk: count must be at least 1, got 0 (at inner)')],
    [
      'no such axis',
      (x) => chunk(x, 2, { axis: 2 }),
      new AxisError('chunk: axis 2 is out of range for [3, 4] (at inner)'),
    ],
    [
      'no axis to order',
      (x) => sort(x, { axis: 2 }),
      new AxisError('sort: axis 2 is out of range for [3, 4] (at inner)'),
    ],
  ])('%s', (_, call, error) => {
    class Inner extends Module {
      forward(x: Tensor): Tensor {
        call(untyped(x));
        return x;
      }
    }
    class Outer extends Module {
      inner = new Inner();
      forward(x: Tensor): Tensor {
        return this.inner.forward(x);
      }
    }
    expect(() => trace(new Outer(), X)).toThrow(error);
  });
});
