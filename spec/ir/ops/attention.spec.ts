import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gradients } from '../../../lib/autodiff/gradients.js';
import type { Device } from '../../../lib/backend/device/device.js';
import { openDevice } from '../../../lib/backend/device/open.js';
import { planGraph, type PlanLimits } from '../../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import type { DType } from '../../../lib/ir/dtype.js';
import { ShapeError } from '../../../lib/ir/errors.js';
import { Graph, leafName, type Node } from '../../../lib/ir/graph.js';
import { interpret } from '../../../lib/ir/interpret.js';
import { elementCount, type Shape } from '../../../lib/ir/shape.js';
import { limits as discrete } from '../../backend/limits.js';
import { runGraph } from '../../run-graph.js';
import { expectClose, sampleValues } from '../../values.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

type Options = Parameters<GraphBuilder['g']['scaledDotProductAttention']>[3];

/** Attention of h heads over g, with leaves by name. */
class Case {
  readonly builder = new GraphBuilder();
  readonly values = new Map<Node, readonly number[]>();
  readonly q: Node;
  readonly k: Node;
  readonly v: Node;

  constructor(q: Shape, k: Shape, v: Shape = k) {
    this.q = this.leaf('q', q);
    this.k = this.leaf('k', k);
    this.v = this.leaf('v', v);
  }

  leaf(name: string, shape: Shape, dtype: DType = 'f32', values?: readonly number[]): Node {
    const node = this.builder.leaf('input', name, shape, dtype);
    this.values.set(node, values ?? Array.from(sampleValues(elementCount(shape), name.charCodeAt(0)), Math.fround));
    return node;
  }

  attend(options?: Options): Node {
    return this.builder.g.scaledDotProductAttention(this.q, this.k, this.v, options);
  }

  /** Of Σ y. */
  gradients(y: Node): Record<'dq' | 'dk' | 'dv', Node> {
    const [dq, dk, dv] = gradients(this.builder, this.builder.g.sum(y), [this.q, this.k, this.v]);
    return { dq: dq!, dk: dk!, dv: dv! };
  }

  graph(outputs: Readonly<Record<string, Node>>): Graph {
    const inputs = new Map([...this.values.keys()].map((node) => [leafName(node), node]));
    return new Graph({ inputs, outputs: new Map(Object.entries(outputs)) }).pruned();
  }

  /** By the interpreter, which the device has to agree with. */
  async run(outputs: Readonly<Record<string, Node>>): Promise<Map<string, number[]>> {
    const graph = this.graph(outputs);
    const values = Object.fromEntries([...this.values].map(([node, data]) => [leafName(node), data]));
    const interpreted = interpret(graph, values).outputs;
    for (const software of [true, false]) {
      const onDevice = await runGraph(device, this.values, outputs, { software });
      for (const [name, expected] of interpreted) expectClose(onDevice.get(name)!, expected, 1e-5);
    }
    return new Map([...interpreted].map(([name, data]) => [name, [...data]]));
  }
}

/** One row of attention by its definition, over the keys that `sees` lets through. */
function row(
  c: Case,
  [head, group, query]: readonly [number, number, number],
  sees: (key: number) => boolean,
): number[] {
  const [queries, size] = c.q.shape.slice(-2) as [number, number];
  const [keys, width] = [c.k.shape.at(-2)!, c.v.shape.at(-1)!];
  const [q, k, v] = [c.q, c.k, c.v].map((node) => c.values.get(node)!) as [number[], number[], number[]];
  const weights = Array.from({ length: keys }, (_, j) => {
    if (!sees(j)) return 0;
    let score = 0;
    for (let i = 0; i < size; i++) {
      score += q[(head * queries + query) * size + i]! * k[(group * keys + j) * size + i]!;
    }
    return Math.exp(score / Math.sqrt(size));
  });
  const total = weights.reduce((a, b) => a + b, 0);
  return Array.from({ length: width }, (_, e) =>
    weights.reduce((sum, weight, j) => sum + (weight / total) * v[(group * keys + j) * width + e]!, 0),
  );
}

describe('attention', () => {
  test('of several heads over few lets neighbouring heads share keys', async () => {
    const c = new Case([6, 3, 4], [2, 5, 4]);
    const y = (await c.run({ y: c.attend({ causal: true }) })).get('y')!;
    for (let head = 0; head < 6; head++) {
      for (let i = 0; i < 3; i++) {
        const expected = row(c, [head, Math.floor(head / 3), i], (j) => j <= i);
        expectClose(y.slice((head * 3 + i) * 4, (head * 3 + i + 1) * 4), expected, 1e-9);
      }
    }
  });

  test('within windows', async () => {
    const c = new Case([1, 7, 4], [1, 7, 4]);
    const found = await c.run({ causal: c.attend({ causal: true, window: 3 }), around: c.attend({ window: 3 }) });
    for (let i = 0; i < 7; i++) {
      const part = (name: string) => found.get(name)!.slice(4 * i, 4 * i + 4);
      expectClose(part('causal'), row(c, [0, 0, i], (j) => i - 3 < j && j <= i), 1e-9); // prettier-ignore
      expectClose(part('around'), row(c, [0, 0, i], (j) => Math.abs(i - j) < 3), 1e-9); // prettier-ignore
    }
  });

  test('of one query at a time, over keys that are kept, is that of all at once', async () => {
    const all = new Case([2, 6, 4], [2, 6, 4]);
    const expected = (await all.run({ y: all.attend({ causal: true }) })).get('y')!;
    const { builder } = all;
    const offset = all.leaf('offset', [], 'i32', [4]);
    const next = builder.g.slice(all.q, 1, { start: 4, stop: 6 });
    const mask = builder.g.causalMask(offset, 2, 6);
    const y = builder.g.scaledDotProductAttention(next, all.k, all.v, { mask });
    const found = (await all.run({ y })).get('y')!;
    const head = (values: number[], i: number, from: number) => values.slice(i + from, i + from + 8);
    expectClose([...head(found, 0, 0), ...head(found, 8, 0)], [...head(expected, 0, 16), ...head(expected, 24, 16)], 1e-9); // prettier-ignore
  });

  test('of a query that sees no key is 0, and no gradient comes from it', async () => {
    const c = new Case([1, 3, 4], [1, 4, 4]);
    const mask = c.leaf('mask', [3, 4], 'bool', [1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0]);
    const y = c.attend({ mask });
    const found = await c.run({ y, ...c.gradients(y) });
    expect(found.get('y')!.slice(4, 8)).toEqual([0, 0, 0, 0]);
    expect(found.get('dq')!.slice(4, 8).map(Math.abs)).toEqual([0, 0, 0, 0]);
    for (const [, values] of found) expect(values.every(Number.isFinite)).toBe(true);
  });

  test('with −∞ in the mask is that with false, in rows that see nothing as well', async () => {
    const c = new Case([1, 3, 4], [1, 4, 4]);
    const bits = [1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0];
    const floats = c.leaf('floats', [3, 4], 'f32', bits.map((bit) => (bit ? 0 : -Infinity))); // prettier-ignore
    const expected = await c.run({ y: c.attend({ mask: c.leaf('mask', [3, 4], 'bool', bits) }) });
    const y = c.attend({ mask: floats });
    const found = await c.run({ y, ...c.gradients(y) });
    expectClose(found.get('y')!, expected.get('y')!, 0);
    for (const [, values] of found) expect(values.every(Number.isFinite)).toBe(true);
  });

  test.each(['f16', 'bf16'] as const)('in %s masks as in f32, and nothing overflows', async (dtype) => {
    const c = new Case([1, 3, 4], [1, 4, 4]);
    const { g } = c.builder;
    const mask = c.leaf('mask', [3, 4], 'bool', [1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0]);
    const [q, k, v] = [c.q, c.k, c.v].map((x) => g.cast(x, dtype)) as [Node, Node, Node];
    const narrow = g.cast(g.scaledDotProductAttention(q, k, v, { mask }), 'f32');
    const wide = c.attend({ mask });
    const values = Object.fromEntries([...c.values].map(([node, data]) => [leafName(node), data]));
    const outputs = { narrow, wide, ...c.gradients(narrow) };
    const interpreted = interpret(c.graph(outputs), values).outputs;
    const onDevice = await runGraph(device, c.values, outputs);
    for (const found of [interpreted, onDevice]) {
      expect([...found.get('narrow')!].slice(4, 8)).toEqual([0, 0, 0, 0]);
      expectClose(found.get('narrow')!, found.get('wide')!, dtype === 'f16' ? 2e-3 : 2e-2);
      for (const [, data] of found) expect([...data].every(Number.isFinite)).toBe(true);
    }
  });

  test('adds a mask of floats, the lowest of which masks', async () => {
    const c = new Case([1, 2, 4], [1, 3, 4]);
    const lowest = -Math.fround(3.4028234e38);
    const mask = c.leaf('mask', [3], 'f32', [Math.log(2), lowest, 0]);
    const y = (await c.run({ y: c.attend({ mask }) })).get('y')!;
    const b = new Case([1, 2, 4], [1, 3, 4]);
    // Adding log 2 is the same as having a key twice.
    const [k, v] = [b.k, b.v].map((x) => b.builder.g.indexSelect(x, b.builder.g.literal([0, 0, 2], [3], 'i32'), 1)) as [Node, Node]; // prettier-ignore
    const twice = (await b.run({ y: b.builder.g.scaledDotProductAttention(b.q, k, v) })).get('y')!;
    expectClose(y, twice, 1e-7);
  });
});

describe('kernels of attention on a software adapter', () => {
  const limits: PlanLimits = { ...discrete, software: true };
  const labels = (c: Case, outputs: Record<string, Node>) =>
    planGraph(c.graph(outputs), limits).kernels.map(({ label }) => label.split(' ')[0]);

  test('are two products and between them one softmax, mask and scale included', () => {
    const c = new Case([2, 3, 17, 8], [2, 3, 17, 8]);
    expect(labels(c, { y: c.attend({ causal: true }) })).toEqual(['contraction', 'reduction', 'contraction']);
    expect(labels(c, { y: c.attend({ causal: true, window: 4 }) })).toEqual([
      'contraction',
      'reduction',
      'contraction',
    ]);
    const offset = c.leaf('offset', [], 'i32', [3]);
    const mask = c.builder.g.causalMask(offset, 17, 17, { window: 5 });
    expect(labels(c, { y: c.attend({ mask }) })).toEqual(['contraction', 'reduction', 'contraction']);
  });

  test('read shared keys and values where they are', () => {
    const c = new Case([1, 6, 9, 16], [1, 2, 9, 16]);
    const y = c.attend({ causal: true });
    const { kernels } = planGraph(c.graph({ y }), limits);
    expect(kernels.map(({ label }) => label.split(' ')[0])).toEqual(['contraction', 'reduction', 'contraction']);
    const reads = kernels.map(({ bindings }) => bindings.map(({ tensor }) => tensor.attrs['name']));
    expect(reads[0]).toContain('k');
    expect(reads[2]).toContain('v');
    // Heads side by side, as the product after attention wants them, are no copy either.
    const { g } = c.builder;
    const joined = g.reshape(g.permute(y, [0, 2, 1, 3]), [9, 96]);
    const product = g.matmul(joined, c.leaf('weight', [96, 5]));
    expect(labels(c, { product })).toEqual(['contraction', 'reduction', 'contraction', 'contraction']);
  });
});

describe('errors of attention', () => {
  test.each<[string, Shape, Shape, Options | ((c: Case) => Options), string]>([
    ['heads', [5, 3, 4], [2, 3, 4], {}, '5 heads of q do not divide by the 2 heads of k and v'],
    ['sizes of heads', [2, 3, 4], [2, 3, 5], {}, 'd is 4 in q but 5 in k'],
    ['window', [2, 3, 4], [2, 3, 4], { window: 0 }, 'window must be at least 1, got 0: a query sees itself'],
    ['mask', [2, 3, 4], [2, 5, 4], (c) => ({ mask: c.leaf('mask', [3, 3], 'bool') }), 'mask [3, 3] does not broadcast to [2, 3, 5]'],
    ['larger mask', [2, 3, 4], [2, 5, 4], (c) => ({ mask: c.leaf('mask', [7, 1, 1, 5], 'bool') }), 'mask [7, 1, 1, 5] does not broadcast to [2, 3, 5]'],
    ['dtype of the mask', [2, 3, 4], [2, 5, 4], (c) => ({ mask: c.leaf('mask', [5], 'i32') }), 'mask must be bool, or floats to add, got i32'],
  ])('%s', (_, q, k, options, message) => {
    const c = new Case(q, k);
    const attend = () => c.attend(typeof options === 'function' ? options(c) : options);
    expect(attend).toThrow(ShapeError);
    expect(attend).toThrow(`scaledDotProductAttention: ${message}`);
  }); // prettier-ignore
});
