import { describe, expect, test } from '@jest/globals';
import { planGraph, TensorTooLargeError, type PlanLimits } from '../../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { Graph, leafName, type Node, type State } from '../../../lib/ir/graph.js';
import { limits } from '../limits.js';

/** A graph over inputs `x…` and states `s…` of shape [8, 16]. */
function graphOf(
  write: (
    builder: GraphBuilder,
    leaf: (name: string, shape?: number[]) => Node,
  ) => {
    outputs?: Record<string, Node>;
    updates?: Record<string, Node>;
  },
): Graph {
  const builder = new GraphBuilder();
  const leaves = new Map<string, Node>();
  const { outputs = {}, updates = {} } = write(builder, (name, shape = [8, 16]) => {
    const leaf = builder.leaf(name.startsWith('s') ? 'parameter' : 'input', name, shape, 'f32');
    leaves.set(name, leaf);
    return leaf;
  });
  const states = [...leaves.values()].filter((leaf) => leaf.op === 'parameter');
  return new Graph({
    inputs: new Map([...leaves].filter(([, leaf]) => leaf.op === 'input')),
    parameters: new Map(states.map((node): [string, State] => [leafName(node), { node, initial: () => [] }])),
    outputs: new Map(Object.entries(outputs)),
    updates: new Map(Object.entries(updates)),
  });
}

/** Which kind of kernel a product gets is of no matter here. */
const plain = (label: string) => label.replace(/^contraction \w+/, 'contraction').trim();
const labels = (graph: Graph, changes: Partial<PlanLimits> = {}) =>
  planGraph(graph, { ...limits, ...changes }).kernels.map(({ label }) => plain(label));

describe('fusion', () => {
  test('maps join the product before them', () => {
    const graph = graphOf(({ g }, leaf) => ({
      outputs: { y: g.relu(g.add(g.matmul(leaf('x'), leaf('sw', [16, 4])), leaf('sb', [4]))) },
    }));
    expect(labels(graph)).toEqual(['contraction matmul add relu']);
  });

  test('softmax is one kernel, and its scaled input and its consumer are in it', () => {
    const graph = graphOf(({ g }, leaf) => {
      const x = leaf('x');
      return { outputs: { y: g.neg(g.softmax(g.mul(x, g.scalar(0.5, x)))) } };
    });
    expect(labels(graph)).toEqual(['reduction mul max sub exp sum div neg']);
  });

  test('reductions over different dimensions are different parts of a dispatch', () => {
    const graph = graphOf(({ g }, leaf) => {
      const x = leaf('x');
      return { outputs: { rows: g.sum(x, { axes: 1 }), columns: g.sum(x, { axes: 0 }) } };
    });
    expect(labels(graph)).toEqual(['2 × reduction sum']);
  });

  test('a map that waits for a reduction of what it reads does not join the product', () => {
    const graph = graphOf(({ g }, leaf) => {
      const y = g.matmul(leaf('x'), leaf('sw', [16, 4]));
      return { outputs: { y: g.add(y, g.sum(g.exp(y), { axes: 0, keepdims: true })) } };
    });
    expect(labels(graph)).toEqual(['contraction matmul exp', 'reduction sum add']);
  });

  test('elements read elsewhere than where they are made are not fused', () => {
    const graph = graphOf(({ g }, leaf) => {
      const y = g.exp(g.matmul(leaf('x', [8, 16]), leaf('sw', [16, 8])));
      return { outputs: { y: g.add(y, g.transpose(y)) } };
    });
    expect(labels(graph)).toEqual(['contraction matmul exp', 'map add']);
  });

  test('what is cheap is computed again instead of being stored', () => {
    const graph = graphOf(({ g }, leaf) => {
      const h = g.relu(g.matmul(leaf('x'), leaf('sw', [16, 16])));
      const mask = g.less(g.scalar(0, h), h);
      const upstream = g.matmul(h, leaf('sv', [16, 16]));
      return { outputs: { h, y: g.where(mask, upstream, g.scalar(0, h)) } };
    });
    const { kernels } = planGraph(graph, limits);
    expect(kernels).toHaveLength(2);
    expect(kernels.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor.dtype))).not.toContain('bool');
  });

  test('products that a map reads become one kernel, unless one needs the other', () => {
    const gated = graphOf(({ g }, leaf) => {
      const x = leaf('x');
      const [gate, up] = [g.matmul(x, leaf('sw', [16, 16])), g.matmul(x, leaf('sv', [16, 16]))];
      return { outputs: { y: g.mul(g.silu(gate), up) } };
    });
    expect(labels(gated)).toEqual(['contraction matmul matmul silu mul']);
    const chained = graphOf(({ g }, leaf) => {
      const h = g.matmul(leaf('x'), leaf('sw', [16, 16]));
      return { outputs: { y: g.mul(g.silu(h), g.matmul(h, leaf('sv', [16, 16]))) } };
    });
    expect(labels(chained)).toEqual(['contraction matmul silu', 'contraction matmul mul']);
  });

  test('both sides of a sum join its kernel', () => {
    const graph = graphOf(({ g }, leaf) => {
      const [x, y, z, w] = [leaf('x'), leaf('xy'), leaf('xz'), leaf('xw')];
      return { outputs: { y: g.add(g.mul(x, y), g.mul(z, w)) } };
    });
    expect(labels(graph)).toEqual(['map mul mul add']);
    const gated = graphOf(({ g }, leaf) => {
      const h = g.matmul(leaf('x'), leaf('sw', [16, 16]));
      return { outputs: { y: g.add(h, g.mul(leaf('xy'), leaf('xz'))) } };
    });
    expect(labels(gated)).toEqual(['contraction matmul mul add']);
  });

  test('also the side that has the shape of what the other reduces to', () => {
    const graph = graphOf(({ g }, leaf) => {
      const kept = g.mul(leaf('xy', [16]), leaf('xz', [16]));
      return { outputs: { y: g.add(kept, g.sum(leaf('x'), { axes: 0 })) } };
    });
    expect(labels(graph)).toEqual(['reduction mul sum add']);
  });

  test('but not where one waits for the other, itself or by way of a third kernel', () => {
    const read = graphOf(({ g }, leaf) => {
      const a = g.mul(leaf('x'), leaf('xy'));
      return { outputs: { y: g.add(g.matmul(a, leaf('sw', [16, 16])), a) } };
    });
    expect(labels(read)).toEqual(['map mul', 'contraction matmul add']);
    const third = graphOf(({ g }, leaf) => {
      const a = g.mul(leaf('x', [8, 8]), leaf('xy', [8, 8]));
      const product = g.transpose(g.relu(g.matmul(a, leaf('sw', [8, 8]))));
      return { outputs: { y: g.add(a, g.mul(leaf('xz', [8, 8]), product)) } };
    });
    expect(labels(third)).toEqual(['map mul', 'contraction matmul relu', 'map mul add']);
  });

  test('binds no more buffers than there may be', () => {
    const graph = graphOf(({ g }, leaf) => {
      const terms = Array.from({ length: 12 }, (_, i) => leaf(`x${i}`));
      return { outputs: { y: terms.reduce((sum, x) => g.add(sum, x)) } };
    });
    for (const maxBindings of [4, 8]) {
      const { kernels } = planGraph(graph, { ...limits, maxBindings });
      for (const { bindings } of kernels) expect(bindings.length).toBeLessThanOrEqual(maxBindings);
    }
  });
});

describe('updates', () => {
  test('happen in place, after every reader of the old value', () => {
    const graph = graphOf(({ g }, leaf) => {
      const [s, x] = [leaf('s', [16, 16]), leaf('x')];
      const step = g.matmul(g.transpose(x), x);
      return { outputs: { y: g.matmul(x, s) }, updates: { s: g.sub(s, step) } };
    });
    const { kernels, copies } = planGraph(graph, limits);
    expect(copies).toEqual([]);
    expect(kernels.map(({ label }) => plain(label))).toEqual(['contraction matmul', 'contraction matmul sub']);
  });

  test('are copied at the end when the new value reads other elements of the old one', () => {
    const graph = graphOf(({ g }, leaf) => {
      const s = leaf('s', [16, 16]);
      return { updates: { s: g.add(g.transpose(s), g.scalar(1, s)) } };
    });
    const { copies, memory } = planGraph(graph, limits);
    expect(copies.map(({ to }) => leafName(to))).toEqual(['s']);
    expect(memory.places.size).toBe(1);
  });

  test('are copied as well when other elements are read through something that is computed again', () => {
    const graph = graphOf(({ g }, leaf) => {
      const s = leaf('s', [16, 16]);
      const cheap = g.relu(s);
      return { outputs: { y: g.sum(cheap) }, updates: { s: g.mul(g.exp(s), g.transpose(cheap)) } };
    });
    expect(planGraph(graph, limits).copies).toHaveLength(1);
  });

  test('two states that exchange their values are not both overwritten', () => {
    const graph = graphOf(({ g }, leaf) => {
      const [a, b] = [leaf('sa'), leaf('sb')];
      return { updates: { sa: g.mul(b, g.scalar(2, b)), sb: g.mul(a, g.scalar(3, a)) } };
    });
    expect(planGraph(graph, limits).copies.length).toBeGreaterThanOrEqual(1);
  });
});

test('thousands of operations in a row become kernels of bounded length', () => {
  const graph = graphOf(({ g }, leaf) => {
    const x = leaf('x');
    let y = x;
    for (let i = 0; i < 3000; i++) y = g.add(g.tanh(y), x);
    return { outputs: { y } };
  });
  const { kernels } = planGraph(graph, limits);
  expect(Math.max(...kernels.map(({ operations }) => operations))).toBeLessThanOrEqual(256);
  expect(kernels).toHaveLength(Math.ceil(6000 / 256));
});

test('a tensor above the limits is named, with the limit', () => {
  const graph = graphOf(({ g }, leaf) => ({ outputs: { y: g.exp(leaf('x', [1024, 1024])) } }));
  const small = { ...limits, maxBindingSize: 2 ** 20 };
  expect(() => planGraph(graph, small)).toThrow(TensorTooLargeError);
  expect(() => planGraph(graph, small)).toThrow(
    'takes 4194304 bytes, but this device allows 1048576 (maxStorageBufferBindingSize)',
  );
});

test('large grids take two dimensions', () => {
  const graph = graphOf(({ g }, leaf) => ({ outputs: { y: g.exp(leaf('x', [4099, 1031])) } }));
  const [kernel] = planGraph(graph, { ...limits, maxWorkgroups: 100 }).kernels;
  expect(Math.max(...kernel!.workgroups)).toBeLessThanOrEqual(1000);
  expect(kernel!.workgroups[1]).toBeGreaterThan(1);
});
