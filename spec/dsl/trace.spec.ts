import { describe, expect, test } from '@jest/globals';
import {
  add,
  buffer,
  crossEntropy,
  input,
  manualSeed,
  matmul,
  Module,
  mul,
  namedParameter,
  ones,
  parameter,
  printGraph,
  relu,
  reshape,
  sub,
  sum,
  trace,
  update,
  type Dim,
  type Tensor,
} from '../../lib/index.js';
import { Linear } from '../../lib/layers/index.js';
import { interpret } from '../../lib/ir/interpret.js';
import { verify } from '../../lib/ir/verify.js';

class Mlp extends Module {
  calls = 0;
  hidden = new Linear(4, 3);
  output = new Linear(3, 2);
  forward<B extends Dim>(images: Tensor<[B, 4], 'f32'>): Tensor<[B, 2], 'f32'> {
    this.calls++;
    return this.output.forward(relu(this.hidden.forward(images)));
  }
}

describe('a traced model', () => {
  const model = new Mlp();
  const graph = trace(model, { images: input([5, 4]), labels: input([5], 'i32') }, ({ images, labels }) => {
    const logits = model.forward(images);
    return { logits, loss: crossEntropy(logits, labels) };
  });

  test('is a graph that a person can read', () => {
    expect(printGraph(graph)).toBe(
      `input images: f32[5, 4]
parameter hidden.weight: f32[3, 4]
parameter hidden.bias: f32[3]
%3 = linear(images, hidden.weight, hidden.bias): f32[5, 3]  # hidden
%4 = relu(%3): f32[5, 3]
parameter output.weight: f32[2, 3]
parameter output.bias: f32[2]
%7 = linear(%4, output.weight, output.bias): f32[5, 2]  # output
input labels: i32[5]
%9 = crossEntropy(%7, labels, labelSmoothing=0, reduction=mean): f32[]
output logits = %7
output loss = %9`,
    );
    verify(graph);
  });

  test('ran its forward once', () => {
    expect(model.calls).toBe(1);
  });

  test('knows its inputs and outputs', () => {
    expect(graph.inputTypes).toEqual({ images: { shape: [5, 4], dtype: 'f32' }, labels: { shape: [5], dtype: 'i32' } });
    expect(graph.outputTypes).toEqual({ logits: { shape: [5, 2], dtype: 'f32' }, loss: { shape: [], dtype: 'f32' } });
  });

  test('starts from the values of the state dict', () => {
    const dict = model.stateDict();
    expect([...graph.parameters.keys()]).toEqual(Object.keys(dict));
    for (const [name, { initial }] of graph.parameters) expect(initial()).toEqual(dict[name]!.data);
  });

  test('without function has what forward returns as its output', () => {
    expect([...trace(model, { images: input([1, 4]) }).outputs.keys()]).toEqual(['output']);
    class Two extends Module {
      forward(a: Tensor<[2], 'f32'>, b: Tensor<[2], 'f32'>) {
        return { sum: add(a, b), difference: sub(a, b) };
      }
    }
    const { outputs } = interpret(trace(new Two(), { a: input([2]), b: input([2]) }), { a: [1, 2], b: [3, 5] });
    expect(Object.fromEntries([...outputs].map(([name, values]) => [name, Array.from(values)]))).toEqual({
      sum: [4, 7],
      difference: [-2, -3],
    });
  });
});

describe('a plain function', () => {
  test('over inputs and named parameters', () => {
    const graph = trace({ x: input(['batch', 2]) }, ({ x }) => matmul(x, namedParameter('w', [2, 2], [1, 2, 3, 4])), {
      dims: { batch: 3 },
    });
    expect(graph.inputs.get('x')!.shape).toEqual([3, 2]);
    const { outputs } = interpret(graph, { x: [1, 0, 0, 1, 1, 1] });
    expect(Array.from(outputs.get('output')!)).toEqual([1, 2, 3, 4, 4, 6]);
  });

  test('binds names in sizes too, and sums and products of them', () => {
    const graph = trace(
      { x: input(['batch', 'seq', 4]) },
      ({ x }) => ({
        rows: reshape(x, ['batch*seq', 4]),
        same: reshape(x, [x.shape[0], -1]),
        weighted: mul(x, namedParameter('gain', ['seq', 1], ones())),
      }),
      { dims: { batch: 2, seq: 3 } },
    );
    expect([...graph.outputs.values()].map((node) => node.shape)).toEqual([
      [6, 4],
      [2, 12],
      [2, 3, 4],
    ]);
  });

  test('may use numbers as operands', () => {
    const graph = trace({ x: input([2]), n: input([2], 'i32') }, ({ x, n }) => ({
      a: sub(1, mul(x, 0.5)),
      b: add(n, 3),
    }));
    const { outputs } = interpret(graph, { x: [2, 4], n: [1, 2] });
    expect(Array.from(outputs.get('a')!)).toEqual([0, -1]);
    expect(Array.from(outputs.get('b')!)).toEqual([4, 5]);
    expect(graph.outputs.get('b')!.dtype).toBe('i32');
  });
});

describe('module paths', () => {
  const scopes = (graph: ReturnType<typeof trace>) =>
    graph
      .nodes()
      .filter((node) => node.inputs.length > 0)
      .map((node) => `${node.op} ${node.scope}`);

  class Inner extends Module {
    weight = parameter([2, 2]);
    forward<B extends Dim>(x: Tensor<[B, 2], 'f32'>): Tensor<[B, 2], 'f32'> {
      return matmul(x, this.weight);
    }
  }
  class Scaled extends Inner {
    override forward<B extends Dim>(x: Tensor<[B, 2], 'f32'>): Tensor<[B, 2], 'f32'> {
      return mul(super.forward(x), 2);
    }
  }
  class Block extends Module {
    selfAttn = new Scaled();
    arrow = new ArrowForward();
    forward<B extends Dim>(x: Tensor<[B, 2], 'f32'>): Tensor<[B, 2], 'f32'> {
      return add(x, this.arrow.forward(this.selfAttn.forward(x)));
    }
  }
  class ArrowForward extends Module {
    override forward = <B extends Dim>(x: Tensor<[B, 2], 'f32'>): Tensor<[B, 2], 'f32'> => relu(x);
  }
  class Net extends Module {
    layers = [new Block()];
    encode<B extends Dim>(x: Tensor<[B, 2], 'f32'>): Tensor<[B, 2], 'f32'> {
      return this.layers[0]!.selfAttn.forward(x);
    }
    forward<B extends Dim>(x: Tensor<[B, 2], 'f32'>): Tensor<[], 'f32'> {
      return sum(this.layers[0]!.forward(x));
    }
  }

  test('are those of the attributes, also through super.forward and arrow functions', () => {
    const net = new Net();
    expect(scopes(trace(net, { x: input([3, 2]) }))).toEqual([
      'matmul layers.0.self_attn',
      'mul layers.0.self_attn',
      'relu layers.0.arrow',
      'add layers.0',
      'sum ',
    ]);
  });

  test('are whole when another method calls a module deep inside', () => {
    const net = new Net();
    expect(scopes(trace(net, { x: input([3, 2]) }, ({ x }) => net.encode(x)))).toEqual([
      'matmul layers.0.self_attn',
      'mul layers.0.self_attn',
    ]);
  });

  test('leave the modules as they were, also after an error', () => {
    const net = new Net();
    const own = () => [...net.namedModules().values()].map((module) => Object.getOwnPropertyNames(module));
    const before = own();
    const arrow = net.layers[0]!.arrow.forward;
    trace(net, { x: input([3, 2]) });
    expect(() => trace(net, { x: input([3, 5]) as never })).toThrow('(at layers.0.self_attn)');
    expect(own()).toEqual(before);
    expect(net.layers[0]!.arrow.forward).toBe(arrow);
  });
});

describe('state', () => {
  test('that nothing uses is part of the graph', () => {
    class Unused extends Module {
      used = parameter([2]);
      unused = parameter([3]);
      forward(x: Tensor<[2], 'f32'>) {
        return add(x, this.used);
      }
    }
    expect([...trace(new Unused(), { x: input([2]) }).parameters.keys()]).toEqual(['used', 'unused']);
  });

  test('that two modules share is one parameter', () => {
    class Tied extends Module {
      first = new Linear(2, 2, { bias: false });
      second = new Linear(2, 2, { bias: false });
      constructor() {
        super();
        this.second.weight = this.first.weight;
      }
      forward(x: Tensor<[1, 2], 'f32'>) {
        return this.second.forward(this.first.forward(x));
      }
    }
    const graph = trace(new Tied(), { x: input([1, 2]) });
    expect([...graph.parameters.keys()]).toEqual(['first.weight']);
    expect(graph.nodes().filter((node) => node.op === 'parameter')).toHaveLength(1);
  });

  test('is updated at the end of a step', () => {
    class Average extends Module {
      mean = buffer([2], [1, 1]);
      forward(x: Tensor<[2], 'f32'>) {
        if (this.training) update(this.mean, add(mul(this.mean, 0.5), mul(x, 0.5)));
        return sub(x, this.mean);
      }
    }
    const average = new Average();
    const { outputs, updates } = interpret(trace(average, { x: input([2]) }), { x: [3, 5] });
    expect(Array.from(outputs.get('output')!)).toEqual([2, 4]);
    expect(Array.from(updates.get('mean')!)).toEqual([2, 3]);
    // Evaluation is fixed when traced.
    expect(trace(average.eval(), { x: input([2]) }).updates.size).toBe(0);
  });

  test('of functions depends on the seed alone', () => {
    const initial = () => {
      manualSeed(5);
      const graph = trace({ x: input([1, 2]) }, ({ x }) =>
        matmul(
          x,
          namedParameter('w', [2, 2], (shape, random) =>
            Array.from({ length: shape[0]! * shape[1]! }, () => random.uniform()),
          ),
        ),
      );
      return graph.parameters.get('w')!.initial();
    };
    expect(initial()).toEqual(initial());
  });
});
