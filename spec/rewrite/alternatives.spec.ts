import { describe, expect, test } from '@jest/globals';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, type Node, type State } from '../../lib/ir/graph.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { trainingGraph, type TrainingOptions } from '../../lib/session/training-graph.js';
import { sgd } from '../../lib/train/optimizers/sgd.js';

const { limits, rates } = adapterProfiles.discrete;

type Write = (
  g: GraphBuilder['g'],
  input: (name: string, shape: readonly number[], dtype?: 'i32') => Node,
  parameter: (name: string, shape: readonly number[]) => Node,
) => Record<string, Node>;

/** What rewriting makes of a graph, and the kernels of its plan: the names of what each computes, most of them once. */
async function chosen(write: Write, training?: Partial<TrainingOptions>) {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const parameters = new Map<string, State>();
  const written = write(
    builder.g,
    (name, shape, dtype) => {
      const node = builder.leaf('input', name, shape, dtype ?? 'f32');
      inputs.set(name, node);
      return node;
    },
    (name, shape) => {
      const node = builder.leaf('parameter', name, shape, 'f32');
      parameters.set(name, { node, initial: () => new Float32Array(0) });
      return node;
    },
  );
  const forward = new Graph({ inputs, parameters, outputs: new Map(Object.entries(written)) });
  const graph = training ? trainingGraph(forward, { loss: 'loss', ...training }) : forward;
  const after = (await optimize(graph, rates)).graph;
  const plan = planGraph(after, limits);
  const productShapes = after.nodes().filter(({ op }) => op === 'matmul').map(({ shape }) => shape); // prettier-ignore
  return { after, kernels: plan.kernels.map(({ label }) => label), productShapes };
}

describe('the order of products', () => {
  const product: Write = (g, input) => {
    const [n, k] = [512, 8];
    return { y: g.matmul(g.matmul(input('a', [n, k]), input('b', [k, n])), input('c', [n, k])) };
  };

  test('what is wide in the middle is multiplied from the right', async () => {
    // (a b) has 512 · 512 elements, (b c) has 64.
    expect((await chosen(product)).productShapes).toEqual([[8, 8], [512, 8]]); // prettier-ignore
  });

  test('what is narrow in the middle is multiplied from the left, however it was written', async () => {
    const { productShapes } = await chosen((g, input) => ({
      y: g.matmul(input('a', [8, 512]), g.matmul(input('b', [512, 8]), input('c', [8, 512]))),
    }));
    expect(productShapes).toEqual([[8, 8], [8, 512]]); // prettier-ignore
  });
});

describe('attention without softmax', () => {
  const attention =
    (tokens: number): Write =>
    (g, input) => {
      const [q, k, v] = ['q', 'k', 'v'].map((name) => input(name, [4, tokens, 64])) as [Node, Node, Node];
      return { y: g.matmul(g.mul(g.matmul(q, g.transpose(k)), g.scalar(0.125, q)), v) };
    };

  test('of many tokens multiplies keys by values first: no tensor has tokens² elements', async () => {
    expect((await chosen(attention(4096))).productShapes).toEqual([[4, 64, 64], [4, 4096, 64]]); // prettier-ignore
  });

  test('of few tokens makes the scores first', async () => {
    expect((await chosen(attention(16))).productShapes).toEqual([[4, 16, 16], [4, 16, 64]]); // prettier-ignore
  });
});

describe('sums', () => {
  test('what is added to a scattered gradient is what it is scattered into: a table that is used twice', async () => {
    const { kernels } = await chosen((g, input) => {
      const table = g.matmul(input('a', [1000, 8]), input('b', [8, 64]));
      const zeros = g.broadcastTo(g.scalar(0, table), [1000, 64]);
      const index = g.broadcastTo(g.unsqueeze(input('ids', [16], 'i32'), -1), [16, 64]);
      return { gradient: g.add(g.scatterAdd(zeros, index, input('rows', [16, 64]), 0), table) };
    });
    expect(kernels).toEqual([expect.stringMatching(/^contraction \w+ matmul$/), 'scatter scatterAdd']);
  });
});

describe('transposes', () => {
  test('a product that is wanted transposed is written so', async () => {
    const { kernels } = await chosen((g, input) => ({
      y: g.transpose(g.matmul(input('a', [256, 64]), input('b', [64, 128]))),
    }));
    expect(kernels).toEqual([expect.stringMatching(/^contraction \w+ matmul$/)]);
  });

  const both =
    (k: number): Write =>
    (g, input) => {
      const y = g.matmul(input('a', [2048, k]), input('b', [k, 2048]));
      return { y, transposed: g.transpose(y) };
    };

  test('one that is wanted both ways is copied where it took long', async () => {
    const { kernels } = await chosen(both(4096));
    expect(kernels).toEqual([expect.stringMatching(/^contraction \w+ matmul$/), 'map cast']);
  });

  test('and multiplied twice where copying takes longer', async () => {
    const { productShapes } = await chosen(both(8));
    expect(productShapes).toEqual([[2048, 2048], [2048, 2048]]); // prettier-ignore
  });
});

describe('cross-entropy', () => {
  const loss = (g: GraphBuilder['g'], logits: Node, target: Node) => {
    const probabilities = g.softmax(logits, { axis: -1 });
    const hit = g.equal(g.unsqueeze(target, -1), g.arange(logits.shape.at(-1)!));
    const own = g.where(hit, g.log(probabilities), g.scalar(0, logits));
    return { probabilities, loss: g.neg(g.mean(g.sum(own, { axes: -1 }))) };
  };

  test('keeps no probabilities that nobody asks for', async () => {
    const { after } = await chosen((g, input) => {
      return { loss: loss(g, input('logits', [64, 1000]), input('target', [64], 'i32')).loss };
    });
    expect(after.nodes().map(({ op }) => op)).toEqual(expect.arrayContaining(['softmaxCrossEntropy']));
    expect(after.nodes().filter(({ shape }) => shape.length > 1)).toHaveLength(1);
  });

  test('and computes those that are asked for in the same kernel', async () => {
    const { kernels } = await chosen((g, input) => loss(g, input('logits', [64, 1000]), input('target', [64], 'i32')));
    expect(kernels).toHaveLength(2);
  });
});

describe('activations', () => {
  test('one of a stored tensor is computed again by each reader', async () => {
    const { kernels } = await chosen((g, input) => {
      const y = g.relu(input('x', [64, 32]));
      return { columns: g.sum(y, { axes: 0 }), rows: g.sum(g.square(y), { axes: 1 }) };
    });
    expect(kernels).toHaveLength(1);
  });

  test('one of two tensors is stored, since reading it takes less than reading both', async () => {
    const { kernels } = await chosen((g, input) => {
      const y = g.mul(g.relu(input('x', [64, 32])), input('z', [64, 32]));
      return { columns: g.sum(y, { axes: 0 }), rows: g.sum(g.square(y), { axes: 1 }) };
    });
    expect(kernels).toHaveLength(2);
  });
});

describe('updates', () => {
  const step: Write = (g, input, parameter) => ({
    loss: g.mean(g.square(g.matmul(input('x', [64, 32]), g.transpose(parameter('w', [16, 32]))))),
  });
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });

  test('are the end of the kernel that makes the gradient', async () => {
    const { kernels } = await chosen(step, { optimizer });
    expect(kernels).toHaveLength(2);
    expect(kernels[1]).toMatch(/contraction \w+ matmul mul add mul sub/);
  });

  test('and kernels of their own where all gradients must be known before', async () => {
    const { kernels } = await chosen(step, { optimizer, clip: { norm: 1 } });
    expect(kernels.filter((label) => /matmul.* sub/.test(label))).toEqual([]);
  });
});

describe('convolutions', () => {
  test('of size 1 are products of matrices, without windows', async () => {
    const { after } = await chosen((g, input, parameter) => ({
      y: g.conv2d(input('x', [1, 8, 16, 16]), parameter('w', [4, 8, 1, 1])),
    }));
    expect(after.nodes().filter(({ op }) => op === 'slide')).toEqual([]);
  });

  test('of size 3 are products with windows that are read in place', async () => {
    const { after, kernels } = await chosen((g, input, parameter) => ({
      y: g.conv2d(input('x', [1, 8, 16, 16]), parameter('w', [4, 8, 3, 3]), { padding: 1 }),
    }));
    expect(after.nodes().filter(({ op }) => op === 'slide')).toHaveLength(2);
    expect(kernels).toHaveLength(1);
  });
});

describe('projections of one tensor', () => {
  const projections = (g: GraphBuilder['g'], x: Node, parameter: (name: string, shape: number[]) => Node) =>
    ['q', 'k', 'v'].map((name) => g.matmul(x, g.transpose(parameter(name, [32, 32]))));

  test('share a dispatch, as one product with all their weights would', async () => {
    const { kernels } = await chosen((g, input, parameter) =>
      Object.fromEntries(projections(g, input('x', [64, 32]), parameter).map((y, i) => [`${i}`, y])),
    );
    expect(kernels).toEqual([expect.stringMatching(/^3 × contraction \w+ matmul$/)]);
  });

  test('and are one kernel where a map reads them together', async () => {
    const { kernels } = await chosen((g, input, parameter) => {
      const [a, b] = projections(g, input('x', [64, 32]), parameter) as [Node, Node, Node];
      return { y: g.mul(g.silu(a), b) };
    });
    expect(kernels).toEqual([expect.stringMatching(/^contraction \w+ matmul matmul silu mul$/)]);
  });
});
