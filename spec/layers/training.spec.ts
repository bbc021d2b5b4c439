import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  add,
  buildInferenceSession,
  buildSession,
  input,
  Module,
  openDevice,
  trace,
  type Device,
  type Tensor,
} from '../../lib/index.js';
import { BatchNorm2d, Dropout, MultiHeadAttention, TransformerBlock } from '../../lib/layers/index.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

describe('layers that differ in training', () => {
  test('Dropout drops, and keeps the mean, in training only', async () => {
    const layer = new Dropout(0.25);
    const ones = new Float32Array(4000).fill(1);
    const graph = trace(layer, { x: input([4000]) });
    using session = await buildInferenceSession(graph, { device });
    session.step({ x: ones });
    const first = Array.from(await session.read('output'));
    const dropped = first.filter((value) => value === 0).length;
    // 4000 draws: the standard deviation is 27.
    expect(Math.abs(dropped - 1000)).toBeLessThan(110);
    expect(first.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6)).toBe(true);
    session.step({ x: ones });
    expect(Array.from(await session.read('output'))).not.toEqual(first);

    expect(trace(layer.eval(), { x: input([4]) }).nodes().map(({ op }) => op)).toEqual(['input']); // prettier-ignore
    expect(trace(new Dropout(0), { x: input([4]) }).nodes().map(({ op }) => op)).toEqual(['input']); // prettier-ignore
  });

  test('BatchNorm averages the statistics of all steps, and evaluation uses them', async () => {
    const layer = new BatchNorm2d(1, { momentum: null, eps: 1e-12 });
    using training = await buildSession(trace(layer, { x: input([1, 1, 1, 2]) }), { device });
    for (const x of [[0, 2], [4, 8], [-3, 3]]) training.step({ x }); // prettier-ignore
    const { running_mean, running_var, num_batches_tracked } = await training.stateDict();
    // Means 1, 6 and 0; variances over n − 1: 2, 8 and 18.
    expect(running_mean!.data[0]).toBeCloseTo(7 / 3, 5);
    expect(running_var!.data[0]).toBeCloseTo(28 / 3, 5);
    expect(num_batches_tracked!.data[0]).toBe(3);
    const evaluated = trace(layer.eval(), { x: input([1, 1, 1, 1]) });
    using session = await buildInferenceSession(evaluated, { device, weights: training });
    session.step({ x: [5] });
    expect((await session.read('output'))[0]).toBeCloseTo((5 - 7 / 3) / Math.sqrt(28 / 3), 5);
  });

  test('dropout of attention is dropout of its weights', async () => {
    const layer = new MultiHeadAttention(8, 4, { keyValueHeads: 2, dropout: 0.5 });
    // Values of 1 and an identity behind them: each output is the sum of what is left of a query's weights.
    const identity = Float32Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0));
    layer.vProj.weight.setValues(new Float32Array(32));
    layer.vProj.bias?.setValues([1, 1, 1, 1]);
    layer.outProj.weight.setValues(identity);
    const sums = async () => {
      using session = await buildInferenceSession(trace(layer, { x: input([1, 50, 8]) }), { device });
      session.step({ x: Float32Array.from({ length: 400 }, (_, i) => Math.sin(i)) });
      return Array.from(await session.read('output'));
    };
    const trained = await sums();
    const mean = trained.reduce((sum, value) => sum + value, 0) / trained.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.05);
    expect(Math.max(...trained.map((value) => Math.abs(value - 1)))).toBeGreaterThan(0.1);
    // Both numbers of a head have the same weights.
    trained.forEach((value, i) => expect(value).toBeCloseTo(trained[i - (i % 2)]!, 5));
    layer.eval();
    for (const value of await sums()) expect(value).toBeCloseTo(1, 5);
  });

  test('a layer that a model uses twice is refused where it would update a buffer twice', () => {
    class Twice extends Module {
      norm = new BatchNorm2d(1);
      forward(x: Tensor<[2, 1, 2, 2], 'f32'>) {
        return add(this.norm.forward(x), this.norm.forward(x));
      }
    }
    const traced = (model: Module) => trace(model, { x: input([2, 1, 2, 2]) });
    expect(() => traced(new Twice())).toThrow("update: buffer 'norm.running_mean' is updated twice in one step");
    expect(traced(new Twice().eval()).outputs.size).toBe(1);
  });

  test('eval() reaches all of a block', () => {
    const ops = (block: Module) => trace(block, { x: input([1, 3, 8]) }).nodes().map(({ op }) => op); // prettier-ignore
    const block = new TransformerBlock(8, 2, { dropout: 0.1 });
    expect(ops(block).filter((op) => op === 'dropoutAt')).toHaveLength(4);
    expect(ops(block.eval())).not.toContain('dropoutAt');
  });
});
