import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gradients } from '../../../lib/autodiff/gradients.js';
import type { Device } from '../../../lib/backend/device/device.js';
import { openDevice } from '../../../lib/backend/device/open.js';
import { planGraph } from '../../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { ShapeError } from '../../../lib/ir/errors.js';
import { Graph, type Node } from '../../../lib/ir/graph.js';
import { interpret } from '../../../lib/ir/interpret.js';
import { indexBounds } from '../../../lib/session/index-bounds.js';
import { limits } from '../../backend/limits.js';
import { runGraph } from '../../run-graph.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

const logits = [1, 2, 3, -1, 0.5, 0, 2, 2, -3, 0, 4, 1];
/** −log softmax(row)[target], by the definition. */
const loss = (row: number, target: number) => {
  const values = logits.slice(3 * row, 3 * row + 3);
  return Math.log(values.reduce((sum, x) => sum + Math.exp(x), 0)) - values[target]!;
};

interface Built {
  readonly builder: GraphBuilder;
  readonly x: Node;
  readonly target: Node;
}

function build(): Built {
  const builder = new GraphBuilder();
  const x = builder.leaf('input', 'x', [4, 3], 'f32');
  return { builder, x, target: builder.leaf('input', 'target', [4], 'i32') };
}

/** What the interpreter and the device make of a loss and its gradient in x. */
async function both(write: (built: Built) => Node, targets: readonly number[], scores = logits) {
  const built = build();
  const y = write(built);
  const { g } = built.builder;
  const [gradient] = gradients(built.builder, g.sum(y), [built.x]);
  const outputs = { y, gradient: gradient! };
  const graph = new Graph({
    inputs: new Map([['x', built.x], ['target', built.target]]),
    outputs: new Map(Object.entries(outputs)),
  }); // prettier-ignore
  const interpreted = interpret(graph, { x: scores, target: targets }).outputs;
  const values = new Map<Node, readonly number[]>([[built.x, scores], [built.target, targets]]); // prettier-ignore
  const onDevice = await runGraph(device, values, outputs);
  return [interpreted, onDevice].map((found) => ({
    y: Array.from(found.get('y')!),
    gradient: Array.from(found.get('gradient')!),
  }));
}

describe('cross-entropy', () => {
  test('leaves out the rows that are ignored, whatever their scores are', async () => {
    const scores = [...logits.slice(0, 3), NaN, Infinity, 0, ...logits.slice(6)];
    const results = await both(
      ({ builder: { g }, x, target }) => g.crossEntropy(x, target, { ignoreIndex: -1 }),
      [0, -1, 1, 2],
      scores,
    );
    for (const { y } of results) expect(y[0]).toBeCloseTo((loss(0, 0) + loss(2, 1) + loss(3, 2)) / 3, 5);
  });

  test('is NaN as a mean of nothing, and 0 as a sum of nothing', async () => {
    for (const reduction of ['mean', 'sum'] as const) {
      const results = await both(
        ({ builder: { g }, x, target }) => g.crossEntropy(x, target, { ignoreIndex: 2, reduction }),
        [2, 2, 2, 2],
      );
      for (const { y, gradient } of results) {
        expect(y).toEqual([reduction === 'mean' ? NaN : 0]);
        if (reduction === 'sum') expect(gradient.every((value) => value === 0)).toBe(true);
      }
    }
  });

  test.each([undefined, -100])('of a computed target that is no class is NaN, ignoring %s', async (ignoreIndex) => {
    for (const loss of ['crossEntropy', 'nllLoss'] as const) {
      const results = await both(
        ({ builder: { g }, x, target }) => {
          const computed = g.mul(target, g.scalar(3, target));
          return g[loss](x, computed, { reduction: 'none', ...(ignoreIndex === undefined ? {} : { ignoreIndex }) });
        },
        [0, 1, -1, 0],
      );
      for (const { y, gradient } of results) {
        expect(y.map((value) => Number.isNaN(value))).toEqual([false, true, true, false]);
        if (loss === 'crossEntropy') expect(gradient.slice(3, 9).every((value) => Number.isNaN(value))).toBe(true);
        expect([...gradient.slice(0, 3), ...gradient.slice(9)].every((value) => Number.isFinite(value))).toBe(true);
      }
    }
  });

  test('of computed targets with class weights is NaN where the target is no class', async () => {
    const [, found] = await both(
      ({ builder: { g }, x, target }) => {
        const weight = g.literal([1, 2, 3], [3], 'f32');
        return g.crossEntropy(x, g.add(target, g.scalar(1, target)), { weight, reduction: 'none' });
      },
      [0, 2, 1, -2],
    );
    expect(found!.y[0]).toBeCloseTo(2 * loss(0, 1), 5);
    expect(found!.y[2]).toBeCloseTo(3 * loss(2, 2), 5);
    expect([found!.y[1], found!.y[3]]).toEqual([NaN, NaN]);
  });

  test('with its gradient is one kernel, and its mean another', () => {
    const { builder, x, target } = build();
    const y = builder.g.crossEntropy(x, target);
    const [gradient] = gradients(builder, y, [x]);
    const graph = new Graph({
      inputs: new Map([['x', x], ['target', target]]),
      outputs: new Map([['y', y], ['gradient', gradient!]]),
    }); // prettier-ignore
    expect(planGraph(graph, limits).kernels).toHaveLength(2);
  });

  test('says what fed targets may be', () => {
    const { builder, x, target } = build();
    const graph = (y: Node) => new Graph({ inputs: new Map([['x', x], ['target', target]]), outputs: new Map([['y', y]]) }); // prettier-ignore
    const { g } = builder;
    expect(indexBounds(graph(g.crossEntropy(x, target))).get('target')).toEqual({ limit: 3, use: 'target of crossEntropy' }); // prettier-ignore
    const ignoring = indexBounds(graph(g.nllLoss(x, target, { ignoreIndex: -100 }))).get('target');
    expect(ignoring).toEqual({ limit: 3, except: -100, use: 'target of nllLoss' });
  });
});

describe('other losses', () => {
  test('binary cross-entropy of large logits is finite', async () => {
    const scores = [100, -100, 1000, -1000, 30, -30, 0, 3e38, -3e38, 1, 2, 3];
    const results = await both(
      ({ builder: { g }, x, target }) => {
        const t = g.broadcastTo(g.unsqueeze(g.cast(target, 'f32'), -1), x.shape);
        return g.bceWithLogits(x, t, { reduction: 'none' });
      },
      [1, 0, 1, 0],
      scores,
    );
    const expected = [0, 100, 0, 0, 30, 0, Math.log(2), 0, 3e38, 1 + Math.log1p(Math.exp(-1)), 2 + Math.log1p(Math.exp(-2)), 3 + Math.log1p(Math.exp(-3))]; // prettier-ignore
    for (const { y, gradient } of results) {
      y.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-5 * (1 + expected[i]!)));
      expect(gradient.every((value) => Math.abs(value) <= 1)).toBe(true);
    }
  });

  test('Kullback-Leibler divergence of a probability of 0 is 0, and so is its gradient', async () => {
    const scores = [-1, -Infinity, -2, -0.5, -1, -1, 0, -3, -3, -1, -1, -1];
    const results = await both(
      ({ builder: { g }, x, target }) =>
        g.klDiv(x, g.cast(g.equal(g.unsqueeze(target, -1), g.arange(3)), 'f32'), { reduction: 'none' }),
      [0, 2, 0, 1],
      scores,
    );
    for (const { y, gradient } of results) {
      expect(y.map((value) => value + 0)).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
      expect(gradient.map((value) => value + 0)).toEqual([-1, 0, 0, 0, 0, -1, -1, 0, 0, 0, -1, 0]);
    }
  });

  test('errors', () => {
    const { builder, x, target } = build();
    const { g } = builder;
    const thrown = (body: () => unknown) => {
      expect(body).toThrow(ShapeError);
      return expect(body);
    };
    thrown(() => g.crossEntropy(x, target, { labelSmoothing: 1.5 })).toThrow(
      'crossEntropy: labelSmoothing is a share, from 0 to 1, got 1.5',
    );
    thrown(() => g.crossEntropy(x, target, { labelSmoothing: NaN })).toThrow('got NaN');
    thrown(() => g.crossEntropy(x, target, { weight: g.literal([1, 2], [2], 'f32') })).toThrow(
      'crossEntropy: c is 3 in logits but 2 in weight',
    );
    thrown(() => g.bceWithLogits(x, x, { positiveWeight: g.literal([1, 2], [2], 'f32') })).toThrow(
      'bceWithLogits: positiveWeight [2] does not broadcast to [4, 3]',
    );
    const one = g.scalar(1, x);
    thrown(() => g.klDiv(one, one, { reduction: 'batchmean' })).toThrow('a scalar has none');
  });
});
