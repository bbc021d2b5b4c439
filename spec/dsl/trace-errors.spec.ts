/* eslint-disable @typescript-eslint/no-unsafe-argument -- tensors of unknown shape */
import { describe, expect, test } from '@jest/globals';
import {
  add,
  buffer,
  DTypeError,
  GraphError,
  input,
  manualSeed,
  matmul,
  MeganeuraError,
  Module,
  namedParameter,
  NameError,
  parameter,
  ValueError,
  relu,
  ShapeError,
  sum,
  trace,
  TraceError,
  update,
  type Tensor,
  concat,
  conv2d,
  groupNorm,
} from '../../lib/index.js';
import { Linear } from '../../lib/layers/index.js';

/** As plain JavaScript calls it: without types. */
const untyped = trace as (...args: unknown[]) => unknown;

describe('outputs that are no tensors', () => {
  test.each([
    ['undefined', () => undefined, "output 'output' must be a tensor, or an object of tensors by name, got undefined"],
    ['null', () => null, "output 'output' must be a tensor, or an object of tensors by name, got null"],
    ['a number', () => 3, "output 'output' must be a tensor, or an object of tensors by name, got 3"],
    ['an array', () => [1], "output 'output' must be a tensor, or an object of tensors by name, got an array"],
    [
      'a Promise',
      () => Promise.resolve(1),
      "output 'output' must be a tensor, or an object of tensors by name, got a Promise: it cannot be async",
    ],
    ['a number by name', () => ({ loss: 3 }), "output 'loss' must be a tensor, got 3"],
    ['undefined by name', () => ({ loss: undefined }), "output 'loss' must be a tensor, got undefined"],
    [
      'a Promise by name',
      () => ({ loss: Promise.resolve(1) }),
      "output 'loss' must be a tensor, got a Promise: it cannot be async",
    ],
    ['nothing', () => ({}), 'trace: nothing was returned as output'],
  ])('%s', (_, fn, message) => {
    expect(() => untyped({ x: input([1]) }, fn)).toThrow(new TraceError(message));
  });

  test('of a forward', () => {
    class Silent extends Module {
      forward(): void {}
    }
    expect(() => untyped(new Silent(), { x: input([1]) })).toThrow(TraceError);
  });
});

describe('names', () => {
  class Model extends Module {
    x = parameter([1]);
    state = buffer([1]);
    forward(y: Tensor<[1], 'f32'>) {
      return add(y, this.x);
    }
  }

  test('of an input and a parameter', () => {
    expect(() => trace(new Model(), { x: input([1]) })).toThrow(
      new NameError("parameter 'x': the name is taken by an input"),
    );
  });

  test.each([
    ['x', 'a parameter'],
    ['state', 'a buffer'],
    ['y', 'an input'],
  ])('of an output: %s is taken by %s', (name, holder) => {
    const model = new Model();
    expect(() => trace(model, { y: input([1]) }, ({ y }) => ({ [name]: model.forward(y) }))).toThrow(
      new NameError(`output '${name}': the name is taken by ${holder}`),
    );
  });

  test('of two named parameters', () => {
    expect(() => trace({ x: input([1]) }, () => add(namedParameter('w', [1]), namedParameter('w', [1])))).toThrow(
      new NameError("parameter 'w': the name is taken by a parameter"),
    );
  });
});

describe('tensors outside of their trace', () => {
  test('an operation outside of every trace', () => {
    expect(() => relu(new Linear(1, 1).weight)).toThrow(
      new TraceError(
        "relu was called outside of a trace: tensors exist only while trace() runs a model's forward or the function " +
          'given to it',
      ),
    );
    expect(() => namedParameter('w', [1])).toThrow(/^namedParameter was called outside of a trace/);
  });

  test('a tensor of another trace', () => {
    let kept: Tensor<[2], 'f32'> | undefined;
    trace({ x: input([2]) }, ({ x }) => (kept = relu(x)));
    expect(() => trace({ x: input([2]) }, ({ x }) => add(x, kept!))).toThrow(
      new TraceError(
        'a tensor of shape [2] belongs to another trace: tensors live as long as the trace that made them; feed ' +
          'values as inputs, keep state in buffers',
      ),
    );
  });

  test('a parameter of a module that the traced model does not hold', () => {
    class Hidden extends Module {
      readonly #inner = new Linear(2, 2);
      forward(x: Tensor<[1, 2], 'f32'>) {
        return this.#inner.forward(x);
      }
    }
    expect(() => trace(new Hidden(), { x: input([1, 2]) })).toThrow(
      new TraceError(
        'a parameter of shape [2, 2] does not belong to the traced model: make its module a field of the model given ' +
          'to trace(model, …), found through fields, arrays, records and Maps, not through #private fields',
      ),
    );
  });

  test('traces end also when the traced function throws', () => {
    expect(() => trace({ x: input([1]) }, () => { throw new Error('mine'); })).toThrow('mine'); // prettier-ignore
    expect(() => relu(new Linear(1, 1).weight)).toThrow(TraceError);
  });

  test('a trace inside a trace leaves the outer one running', () => {
    const graph = trace({ x: input([1]) }, ({ x }) => {
      trace({ y: input([2]) }, ({ y }) => relu(y));
      return relu(x);
    });
    expect([...graph.inputs.keys()]).toEqual(['x']);
  });
});

describe('operands', () => {
  const call = (fn: (x: Tensor<[2], 'f32'>, n: Tensor<[2], 'i32'>) => Tensor) => () =>
    trace({ x: input([2]), n: input([2], 'i32') }, ({ x, n }) => fn(x, n));

  test('that are nothing of use', () => {
    expect(call((x) => add(x, undefined as never))).toThrow(new TraceError('add: b must be a tensor, got undefined'));
    expect(call((x) => matmul(x as never, [1] as never))).toThrow(
      new TraceError('matmul: b must be a tensor, got an array'),
    );
    expect(call(() => add(1 as never, 2 as never))).toThrow(
      new DTypeError('add: one operand must be a tensor, got only numbers'),
    );
  });

  test('numbers that the dtype cannot hold', () => {
    expect(call((_, n) => add(n, 0.5))).toThrow(
      new DTypeError('add: b is the number 0.5, which i32 cannot hold; cast the tensor'),
    );
  });

  test('left out by name, of which the first ones are given', () => {
    const image = { x: input([1, 2, 4, 4]) };
    const kernel = () => namedParameter('w', [3, 2, 3, 3]);
    const shapes = trace(image, ({ x }) => {
      const w = kernel();
      return {
        plain: conv2d(x, w, { padding: 1 }),
        biased: conv2d(x, w, { bias: namedParameter('b', [3]), padding: [1, 0] }),
        without: conv2d(x, w, { bias: undefined }),
      };
    }).outputTypes;
    expect(shapes.plain.shape).toEqual([1, 3, 4, 4]);
    expect(shapes.biased.shape).toEqual([1, 3, 4, 2]);
    expect(shapes.without.shape).toEqual([1, 3, 2, 2]);
    const wrong = (options: object) => () =>
      trace(image, ({ x }) => ({ y: (conv2d as (...args: unknown[]) => Tensor)(x, kernel(), options) }));
    expect(wrong({ bias: 'b' })).toThrow(new TraceError('conv2d: bias must be a tensor, got b'));
    expect(wrong({ biases: 1 })).toThrow(
      new NameError("conv2d: there is no option 'biases'; it takes { bias, stride, padding, dilation, groups }"),
    );
    expect(() =>
      trace({ x: input([2, 4]) }, ({ x }) => ({ y: groupNorm(x, 2, { bias: namedParameter('b', [4]) }) })),
    ).toThrow(new TraceError('groupNorm: bias is given without weight before it'));
  });

  test('in a list', () => {
    const joined = concat as (...args: unknown[]) => Tensor;
    const wrong = (make: (x: Tensor) => unknown) => () => trace({ x: input([2]) }, ({ x }) => ({ y: joined(make(x)) }));
    expect(wrong((x) => x)).toThrow(new TraceError('concat: xs must be a list of one or more tensors, got a tensor'));
    expect(wrong(() => [])).toThrow(
      new TraceError('concat: xs must be a list of one or more tensors, got an empty one'),
    );
    expect(wrong((x) => [x, 'x'])).toThrow(new TraceError('concat: xs[1] must be a tensor, got x'));
  });

  test('attributes of another kind', () => {
    expect(call((x) => sum(x, { axes: 'all' as never }))).toThrow(GraphError);
  });
});

describe('inputs', () => {
  test('that are no specifications', () => {
    expect(() => untyped({ x: [2, 3] }, () => undefined)).toThrow(
      new TraceError("input 'x' must be made by input(shape, dtype), got an array"),
    );
    expect(() => untyped({ x: input([1]) })).toThrow(
      new TraceError('trace: give a model, a function over the inputs, or both'),
    );
  });

  test('of no size', () => {
    expect(() => trace({ x: input([1.5]) }, ({ x }) => x)).toThrow(
      new ShapeError("input 'x': [1.5] is no shape: sizes are integers, at least 0"),
    );
    expect(() => trace({ x: input([2]) }, ({ x }) => relu(x), { dims: { n: -1 } })).toThrow(
      new ValueError("dims: 'n' must be a size, got -1"),
    );
  });

  test('with a name that has no number', () => {
    expect(() => trace({ x: input(['batch']) }, ({ x }) => relu(x))).toThrow(
      new NameError("input 'x': dimension 'batch' has no size: trace(…, { dims: { batch: 64 } }) gives it one"),
    );
  });
});

describe('shapes that the types could not see', () => {
  test('say where in the model', () => {
    class Net extends Module {
      layers = [new Linear(2, 3)];
      forward(x: Tensor) {
        return this.layers[0]!.forward(x);
      }
    }
    expect(() => trace(new Net(), { x: input([1, 4]) })).toThrow(
      new ShapeError('linear: k is 4 in x but 2 in weight (at layers.0)'),
    );
  });
});

describe('updates', () => {
  class Model extends Module {
    state = buffer([2]);
    constructor(private readonly value: (x: Tensor<[2], 'f32'>) => Tensor) {
      super();
    }
    forward(x: Tensor<[2], 'f32'>) {
      update(this.state, this.value(x));
      return relu(x);
    }
  }
  const run = (model: Module) => () => trace(model, { x: input([2]) });

  test('of another shape, of another dtype, twice', () => {
    expect(run(new Model(() => namedParameter('w', [3])))).toThrow(
      new ShapeError("update: buffer 'state' has shape [2], the value [3]"),
    );
    class Twice extends Model {
      override forward(x: Tensor<[2], 'f32'>) {
        super.forward(x);
        return super.forward(x);
      }
    }
    expect(run(new Twice((x) => x))).toThrow(new NameError("update: buffer 'state' is updated twice in one step"));
  });
});

describe('what plain JavaScript lets through', () => {
  const x = input([2, 3]);
  /** Without types. */
  const any = (value: unknown) => value as never;
  const number = (value: unknown) => value as number;

  test.each([
    ['an unknown option', { axis: 1 }, "sum: there is no option 'axis'; it takes { axes, keepdims }"],
    ['an option without its name', 1, 'sum: options are given by name, got 1; it takes { axes, keepdims }'],
  ])('%s', (_, options, message) => {
    expect(() => trace({ x }, ({ x: traced }) => sum(traced, any(options)))).toThrow(new NameError(message));
  });

  test.each([
    ['a size instead of a shape', () => input(any(4)), 'input: the shape must be a list of sizes, such as [64, 784], got 4'], // prettier-ignore
    ['no shape', () => input(any(undefined)), 'input: the shape must be a list of sizes, such as [64, 784], got undefined'], // prettier-ignore
    ['an unknown dtype', () => input([4], any('float32')), "input: there is no dtype 'float32'; there are f32, f16, bf16, i32, u32, bool"], // prettier-ignore
    ['no inputs', () => untyped(new Linear(2, 2)), 'trace: give the inputs by name: trace(model, { x: input([64, 784]) })'], // prettier-ignore
    ['a seed that is no number', () => manualSeed(any('a')), 'manualSeed: the seed must be a whole number, got a'],
    ['no state dict', () => new Linear(2, 2).loadStateDict(any(undefined)), 'loadStateDict: give the entries by name, as stateDict() does'], // prettier-ignore
    ['a state dict of plain arrays', () => new Linear(2, 2).loadStateDict(any({ weight: [1, 2, 3, 4] })), "loadStateDict: 'weight' must be { shape: [2, 2], data }"], // prettier-ignore
    [
      'an object without prototype as operand',
      () => untyped({ x }, () => relu(any(Object.create(null)))),
      'relu: x must be a tensor, got an object',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(MeganeuraError);
  });

  test('a module without forward', () => {
    class Empty extends Module {
      inner = new Linear(2, 2);
      declare forward: never;
    }
    class Outer extends Module {
      layer = new Empty();
      forward(traced: Tensor) {
        return traced;
      }
    }
    expect(() => untyped(new Outer(), { x })).toThrow(new TraceError('Empty (at layer) has no method forward'));
  });

  test.each<[string, (traced: Tensor) => unknown]>([
    ['x + x', (traced) => number(traced) + number(traced)],
    ['x > 0', (traced) => (number(traced) > 0 ? traced : undefined)],
  ])('%s', (_, body) => {
    const message =
      'a tensor has no value while it is traced, so +, *, < and the like do not work on it: use add, mul, less, and ' +
      'where() instead of if';
    expect(() => untyped({ x }, ({ x: traced }: { x: Tensor }) => body(traced))).toThrow(new TraceError(message));
  });

  test('a tensor in a template says what it is', () => {
    const shown: string[] = [];
    trace({ x }, ({ x: traced }) => {
      shown.push(`${number(traced)}`);
      return traced;
    });
    expect(shown).toEqual(['f32[2, 3]']);
  });

  test('an asynchronous function that fails is refused, and its failure is nobody else’s', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    expect(() => untyped({ x }, () => Promise.reject(new Error('inside')))).toThrow('it cannot be async');
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });
});
