import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gradients } from '../../../lib/autodiff/gradients.js';
import type { Device } from '../../../lib/backend/device/device.js';
import { openDevice } from '../../../lib/backend/device/open.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { Graph, type Node } from '../../../lib/ir/graph.js';
import { interpret } from '../../../lib/ir/interpret.js';
import { runGraph } from '../../run-graph.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

const [inf, nan] = [Infinity, NaN];
/** Nothing possible; one thing possible; two equal ones; nothing unusual. */
const rows = [-inf, -inf, -inf, -inf, -inf, 2, -inf, -inf, 1, -inf, 1, -inf, 0, 0, 0, 0];
const [third, half] = [Math.log(4), Math.log(2)];

/** Of the interpreter and of the device, with the gradient of Σ y·(1, 2, 3, …) in x. */
async function both(write: (g: GraphBuilder['g'], x: Node) => Node): Promise<{ y: number[]; gradient: number[] }[]> {
  const builder = new GraphBuilder();
  const { g } = builder;
  const x = builder.leaf('input', 'x', [4, 4], 'f32');
  const y = write(g, x);
  const weights = g.add(g.cast(g.arange(y.shape.at(-1)!), 'f32'), builder.constant(1, 'f32'));
  const [gradient] = gradients(builder, g.sum(g.where(g.isFinite(y), g.mul(y, weights), g.scalar(0, y))), [x]);
  const outputs = { y, gradient: gradient! };
  const graph = new Graph({ inputs: new Map([['x', x]]), outputs: new Map(Object.entries(outputs)) });
  const interpreted = interpret(graph, { x: rows }).outputs;
  const found = [interpreted];
  for (const software of [true, false]) {
    const onDevice = await runGraph(device, new Map([[x, rows]]), outputs, { software });
    found.push(new Map([...onDevice].map(([name, values]) => [name, Float64Array.from(values)])));
  }
  return found.map((values) => ({ y: [...values.get('y')!], gradient: [...values.get('gradient')!] }));
}

const near = (actual: readonly number[], expected: readonly number[]) =>
  expect(actual.map((value) => (Number.isFinite(value) ? Math.round(value * 1e5) / 1e5 + 0 : value))).toEqual(
    expected.map((value) => (Number.isFinite(value) ? Math.round(value * 1e5) / 1e5 + 0 : value)),
  );

describe('scores of −∞', () => {
  test('have the probability 0; of nothing else it is NaN, as in PyTorch', async () => {
    for (const { y, gradient } of await both((g, x) => g.softmax(x))) {
      near(y, [nan, nan, nan, nan, 0, 1, 0, 0, 0.5, 0, 0.5, 0, 0.25, 0.25, 0.25, 0.25]);
      near(gradient.slice(4), [0, 0, 0, 0, -0.5, 0, 0.5, 0, -0.375, -0.125, 0.125, 0.375]);
    }
  });

  test('have the log-probability −∞, and its gradient is finite', async () => {
    for (const { y, gradient } of await both((g, x) => g.logSoftmax(x))) {
      near(y.slice(0, 4), [nan, nan, nan, nan]);
      near(y.slice(4), [-inf, 0, -inf, -inf, -half, -inf, -half, -inf, -third, -third, -third, -third]);
      near(gradient.slice(4), [0, 0, 0, 0, -1, 0, 1, 0, -1.5, -0.5, 0.5, 1.5]);
    }
  });

  test('add nothing to logsumexp, which is −∞ of nothing else', async () => {
    for (const { y, gradient } of await both((g, x) => g.logsumexp(x, { axes: -1 }))) {
      near(y, [-inf, 2, 1 + half, third]);
      near(gradient.slice(4), [0, 2, 0, 0, 1.5, 0, 1.5, 0, 1, 1, 1, 1]);
    }
  });

  test('of other classes than the right one leave cross-entropy and its gradient finite', async () => {
    const targets = [0, 1, 2, 3];
    for (const { y, gradient } of await both((g, x) =>
      g.crossEntropy(x, g.literal(targets, [4], 'i32'), { reduction: 'none' }),
    )) {
      expect(y[0]).toBe(nan);
      near(y.slice(1), [0, half, third]);
      near(gradient.slice(4), [0, 0, 0, 0, 1.5, 0, -1.5, 0, 1, 1, 1, -3]);
    }
  });
});
