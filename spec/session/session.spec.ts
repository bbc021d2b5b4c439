import { describe, expect, test } from '@jest/globals';
import {
  buildInferenceSession,
  buildSession,
  crossEntropy,
  DeviceLostError,
  input,
  manualSeed,
  mul,
  sum,
  trace,
  type SessionOptions,
} from 'meganeura';
import { Linear } from 'meganeura/layers';
import { sgd } from 'meganeura/train';
import { expectClose } from '../values.js';

const feeds = { x: [1, 2, 3, 4, 5, 6], labels: [1, 0] };

function classifier() {
  manualSeed(2);
  const layer = new Linear(3, 2);
  return trace(layer, { x: input([2, 3]), labels: input([2], 'i32') }, ({ x, labels }) => {
    const logits = layer.forward(x);
    return { logits, loss: crossEntropy(logits, labels) };
  });
}

const build = (options: SessionOptions = {}) =>
  buildSession(classifier(), { optimizer: sgd({ learningRate: 0.1 }), ...options });

/** y = 2·x, and its sum. */
const doubled = () => buildSession(trace({ x: input([2]) }, ({ x }) => ({ y: mul(x, 2), total: sum(x) })));

describe('a record', () => {
  test('has the values of every step, oldest first, each once', async () => {
    using session = await doubled();
    session.record('y', 4);
    for (const value of [1, 2, 3]) session.step({ x: [value, -value] });
    expect(await session.readRecord('y')).toEqual([1, 2, 3].map((v) => Float32Array.of(2 * v, -2 * v)));
    expect(await session.readRecord('y')).toEqual([]);
    session.step({ x: [4, 0] });
    expect(await session.readRecord('y')).toEqual([Float32Array.of(8, 0)]);
  });

  test('keeps the last steps where there are more than it can hold', async () => {
    using session = await doubled();
    session.record('total', 3);
    for (let value = 1; value <= 7; value++) session.step({ x: [value, 0] });
    expect(await session.readRecord('total')).toEqual([5, 6, 7].map((value) => Float32Array.of(value)));
  });

  test('starts anew when asked for again', async () => {
    using session = await doubled();
    session.record('total', 2);
    session.step({ x: [1, 1] });
    session.record('total', 5);
    session.step({ x: [2, 2] });
    expect(await session.readRecord('total')).toEqual([Float32Array.of(4)]);
  });

  test('of several outputs can be read at once', async () => {
    using session = await doubled();
    session.record('y', 2);
    session.record('total', 2);
    session.step({ x: [1, 2] });
    const [y, total, last] = await Promise.all([
      session.readRecord('y'),
      session.readRecord('total'),
      session.read('total'),
    ]);
    expect([y, total, last]).toEqual([[Float32Array.of(2, 4)], [Float32Array.of(3)], Float32Array.of(3)]);
  });
});

describe('reading', () => {
  test('gives what the last step before it made, whatever is submitted meanwhile', async () => {
    using session = await doubled();
    session.record('total', 8);
    const reads: Promise<unknown>[] = [];
    for (let value = 1; value <= 3; value++) {
      session.step({ x: [value, 0] });
      reads.push(session.read('total'), session.readRecord('total'));
    }
    const totals = [1, 2, 3].map((value) => Float32Array.of(value));
    expect(await Promise.all(reads)).toEqual(totals.flatMap((total) => [total, [total]]));
  });

  test('ends with an error when the device is lost', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter!.requestDevice();
    const session = await buildSession(
      trace({ x: input([2]) }, ({ x }) => ({ y: mul(x, 2) })),
      { device },
    );
    session.step({ x: [1, 2] });
    const reading = session.read('y');
    device.destroy();
    await expect(reading).rejects.toThrow(DeviceLostError);
    expect(() => session.step({ x: [1, 2] })).toThrow(DeviceLostError);
    session.dispose();
  });
});

describe('inputs', () => {
  test('are known by name, shape and dtype', async () => {
    using session = await build();
    const types = [...session.inputs].map(([name, { shape, dtype }]) => [name, shape, dtype]);
    expect(types).toEqual([
      ['x', [2, 3], 'f32'],
      ['labels', [2], 'i32'],
      ['learningRate', [], 'f32'],
    ]);
    expect([...session.parameterTypes.keys()]).toEqual(['weight', 'bias']);
  });

  test('that were set may be left out of steps', async () => {
    using session = await doubled();
    session.setInput('x', [3, 4]);
    session.step();
    session.step();
    expect(await session.read('y')).toEqual(Float32Array.of(6, 8));
    session.step({ x: [1, 1] });
    expect(await session.read('total')).toEqual(Float32Array.of(2));
  });

  test('that were set come back after a step that was given others', async () => {
    using session = await doubled();
    const values = Float32Array.of(3, 4);
    session.setInput('x', values);
    values.fill(0);
    session.step({ x: [1, 1] });
    expect(await session.read('total')).toEqual(Float32Array.of(2));
    session.step();
    expect(await session.read('total')).toEqual(Float32Array.of(7));
  });

  test('the learning rate changes without compiling again', async () => {
    using session = await build({ gradients: true });
    const before = (await session.parameters())['bias']!.data;
    session.setInput('learningRate', 0.5);
    session.step(feeds);
    const gradient = await session.readGradient('bias');
    const after = (await session.parameters())['bias']!.data;
    expectClose(after, [0, 1].map((i) => before[i]! - 0.5 * gradient[i]!), 1e-6); // prettier-ignore
  });
});

describe('parameters', () => {
  test('can be read and set by their names', async () => {
    using session = await build();
    const { weight } = await session.parameters();
    expect(weight).toMatchObject({ shape: [2, 3], dtype: 'f32' });
    session.setParameters({ weight: { ...weight!, data: Float32Array.of(1, 2, 3, 4, 5, 6) }, bias: [0, 1] });
    const { weight: set, bias } = await session.parameters();
    expect([set!.data, bias!.data]).toEqual([Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(0, 1)]);
  });
});

describe('an inference session', () => {
  test('keeps only what its outputs need', async () => {
    using session = await build({ gradients: true });
    using inference = await buildInferenceSession(session.source, { outputs: ['logits'] });
    expect([...inference.inputs.keys()]).toEqual(['x']);
    expect(inference.report().dispatches).toBeLessThan(session.report().dispatches);
    expect(inference.memory().buffers).toBe(0);
  });

  test('that shares weights sees each step of training', async () => {
    const graph = classifier();
    using session = await buildSession(graph, { optimizer: sgd({ learningRate: 0.1 }) });
    using inference = await buildInferenceSession(graph, { outputs: ['logits'], weights: session });
    for (let i = 0; i < 3; i++) {
      inference.step({ x: feeds.x });
      const seen = await inference.read('logits');
      session.step(feeds);
      expectClose(seen, await session.read('logits'), 1e-6);
    }
  });

  test('of its own starts from the initial values', async () => {
    using session = await build();
    for (let i = 0; i < 3; i++) session.step(feeds);
    using fresh = await build();
    using inference = await buildInferenceSession(session.source);
    expect(await inference.parameters()).toEqual(await fresh.parameters());
  });
});

test('the bytes by what they hold add up', async () => {
  using session = await build({ optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) });
  const { parameters, buffers, inputs, outputs, intermediates, total } = session.memory();
  expect(parameters).toBe(32 + 16); // Buffers are whole vectors of 16 bytes.
  expect(buffers).toBe(parameters);
  expect(total).toBe(parameters + buffers + inputs + outputs + intermediates);
});
