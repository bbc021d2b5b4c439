import { describe, expect, test } from '@jest/globals';
import {
  buildInferenceSession,
  buildSession,
  cast,
  crossEntropy,
  input,
  manualSeed,
  Module,
  mseLoss,
  mul,
  namedParameter,
  relu,
  square,
  sub,
  sum,
  trace,
  type Dim,
  type SessionOptions,
  type Tensor,
} from 'meganeura';
import { Linear } from 'meganeura/layers';
import { sgd } from 'meganeura/train';
import { fromHalfBits, toHalfBits } from '../../lib/ir/half.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { adamW } from '../../lib/train/optimizers/adam.js';
import { expectClose, sampleValues } from '../values.js';

class Mlp extends Module {
  hidden = new Linear(6, 5);
  output = new Linear(5, 3);

  forward<B extends Dim>(x: Tensor<[B, 6], 'f32'>) {
    return this.output.forward(relu(this.hidden.forward(x)));
  }
}

function traced(batch: number) {
  manualSeed(5);
  const model = new Mlp();
  return trace(model, { x: input([batch, 6]), labels: input([batch], 'i32') }, ({ x, labels }) => ({
    loss: crossEntropy(model.forward(x), labels),
  }));
}

function batch(size: number, seed: number) {
  return {
    x: Float32Array.from(sampleValues(6 * size, seed)),
    labels: Int32Array.from({ length: size }, (_, i) => (i + seed) % 3),
  };
}

describe('accumulation', () => {
  test('of k batches is a step on all of them at once', async () => {
    const options = { optimizer: adamW({ learningRate: 0.05 }), clip: { norm: 0.3 }, gradients: true };
    using parts = await buildSession(traced(4), { ...options, accumulate: 3 });
    using whole = await buildSession(traced(12), options);
    const start = await parts.parameters();
    for (let step = 0; step < 3; step++) {
      const all = batch(12, step + 1);
      for (let part = 0; part < 3; part++) {
        if (part > 0 && step === 0) expect(await parts.parameters()).toEqual(start);
        parts.step({ x: all.x.slice(24 * part, 24 * part + 24), labels: all.labels.slice(4 * part, 4 * part + 4) });
      }
      whole.step(all);
      expectClose(await parts.read('gradientNorm'), await whole.read('gradientNorm'), 1e-6);
      const expected = await whole.parameters();
      for (const [name, { data }] of Object.entries(await parts.parameters())) {
        expectClose(await parts.readGradient(name), await whole.readGradient(name), 1e-6);
        // Adam divides small gradients by their own size, which makes their rounding large.
        expectClose(data, expected[name]!.data, 1e-5);
      }
    }
  });
});

describe('the scale of the loss', () => {
  const graph = trace({ x: input([2]) }, ({ x }) => ({ loss: sum(mul(namedParameter('w', [2], [1, 2]), x)) }));

  test('changes nothing but small gradients', async () => {
    using scaled = await buildSession(traced(4), { optimizer: adamW(), lossScale: true, gradients: true });
    using plain = await buildSession(traced(4), { optimizer: adamW(), gradients: true });
    for (const session of [scaled, plain]) for (let step = 0; step < 3; step++) session.step(batch(4, step));
    // A power of two scales exactly, but the kernels are others: a compiler may join other products and sums into one.
    const [own, expected] = [await scaled.parameters(), await plain.parameters()];
    for (const [name, { data }] of Object.entries(expected)) expectNear(own[name]!.data, data);
    expectNear(await scaled.readGradient('hidden.weight'), await plain.readGradient('hidden.weight'));
    expect(await scaled.read('lossScale')).toEqual(Float32Array.of(65536));
  });

  test('shrinks on overflow, and then nothing is updated; grows after a row of good steps', async () => {
    const lossScale = { initScale: 1024, growthInterval: 2 };
    const optimizer = sgd({ learningRate: 0.5, momentum: 0.5, dampening: 0.5 });
    using session = await buildSession(graph, { optimizer, lossScale, average: { decay: 0.5 } });
    const after = async (x: number[]) => {
      session.step({ x });
      const { w } = await session.parameters();
      return [[...w!.data], (await session.read('lossScale'))[0]];
    };
    expect(await after([1, Infinity])).toEqual([[1, 2], 512]);
    expect(await after([1, NaN])).toEqual([[1, 2], 256]);
    // The first good step is the first update: its velocity is the gradient, without dampening.
    expect(await after([1, 2])).toEqual([[0.5, 1], 256]);
    expect(await after([0, 0])).toEqual([[0.25, 0.5], 512]);
    expect(await after([2 ** 120, 0])).toEqual([[0.25, 0.5], 256]);
    expect(await after([0, 0])).toEqual([[0.125, 0.25], 256]);
    expect(await after([0, 0])).toEqual([[0.0625, 0.125], 512]);
    using averages = await buildInferenceSession(graph, { weights: session, average: true });
    averages.step({ x: [1, 0] });
    // ((0.5·½ + 0.25·½)·½ + 0.125·½)·½ + 0.0625·½
    expect(await averages.read('loss')).toEqual(Float32Array.of(0.15625));
  });

  test('is the same for all batches that are accumulated, and looks at all of them', async () => {
    const optimizer = sgd({ learningRate: 1 });
    using session = await buildSession(graph, { optimizer, lossScale: { initScale: 4 }, accumulate: 2 });
    const scales: number[] = [];
    for (const x of [
      [Infinity, 0],
      [1, 1],
      [1, 0],
      [0, 2],
    ]) {
      session.step({ x });
      scales.push((await session.read('lossScale'))[0]!);
    }
    expect(scales).toEqual([4, 2, 2, 2]);
    expect((await session.parameters())['w']!.data).toEqual(Float32Array.of(0.5, 1));
  });
});

describe('groups', () => {
  test('frozen parameters stay, and their gradients are not computed', async () => {
    const optimizer = (...parameters: string[]) =>
      adamW({ learningRate: 0.1, groups: parameters.length > 0 ? [{ parameters, frozen: true }] : [] });
    using all = await buildSession(traced(4), { optimizer: optimizer() });
    using last = await buildSession(traced(4), { optimizer: optimizer('hidden.*') });
    const before = await last.parameters();
    last.step(batch(4, 1));
    const after = await last.parameters();
    for (const name of ['hidden.weight', 'hidden.bias']) expect(after[name]).toEqual(before[name]);
    for (const name of ['output.weight', 'output.bias']) expect(after[name]).not.toEqual(before[name]);
    // Two moments of [3, 5] and [3], and the number of the step, each a multiple of 16 bytes.
    expect(last.memory().buffers).toBe(2 * (64 + 16) + 16);

    // Of five products, the gradients of the hidden layer's outputs and of its weight are not there.
    const products = (...frozen: string[]) =>
      trainingGraph(traced(4), { loss: 'loss', optimizer: optimizer(...frozen) })
        .nodes()
        .filter(({ op }) => op === 'matmul' || op === 'linear').length;
    expect([products(), products('hidden.*')]).toEqual([5, 3]);
    expect(last.report().dispatches).toBeLessThan(all.report().dispatches);
  });

  test('of frozen parameters no gradient is kept', async () => {
    const optimizer = sgd({ learningRate: 1, groups: [{ parameters: 'hidden.bias', frozen: true }] });
    using session = await buildSession(traced(4), { optimizer, gradients: true });
    session.step(batch(4, 1));
    expect(await session.readGradient('hidden.weight')).toHaveLength(30);
    expect(() => session.readGradient('hidden.bias')).toThrow("no gradient of 'hidden.bias'");
  });

  test('the later one wins, setting by setting', async () => {
    const graph = trace({ x: input([1]) }, ({ x }) => ({
      loss: sum(['norm.weight', 'dense.weight', 'dense.bias'].map((name) => mul(namedParameter(name, [1], [1]), x)).reduce((a, b) => a.add(b))), // prettier-ignore
    }));
    const groups = [
      { parameters: ['*.bias', /norm/g], weightDecay: 0 },
      { parameters: 'dense.*', learningRateScale: 0.1, weightDecay: 2 },
      { parameters: /bias$/, learningRateScale: 0.5 },
    ];
    using session = await buildSession(graph, { optimizer: sgd({ learningRate: 1, weightDecay: 1, groups }) });
    session.step({ x: [1] });
    const values = Object.values(await session.parameters()).map(({ data }) => data[0]!);
    // norm.weight: 1 − 1; dense.weight: 1 − 0.1·(1 + 2); dense.bias: 1 − 0.5·(1 + 2).
    expectClose(values, [0, 0.7, -0.5], 1e-6);
  });
});

describe('parameters of 16 bits', () => {
  test.each(['f16', 'bf16'] as const)('%s: computed in f32, rounded once a step', async (dtype) => {
    const start = Array.from(sampleValues(7, 3));
    const graph = trace({ x: input([7]) }, ({ x }) => ({
      loss: mul(0.5, sum(square(sub(cast(namedParameter('w', [7], start, dtype), 'f32'), x)))),
    }));
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
    using session = await buildSession(graph, { optimizer, average: { decay: 0.5 } });
    const x = Array.from(sampleValues(7, 4));
    const rounded = (values: number[]) => Array.from(fromHalfBits(dtype, toHalfBits(dtype, Float32Array.from(values))));
    let w = rounded(start);
    let velocity = w.map(() => 0);
    for (let step = 0; step < 5; step++) {
      session.step({ x });
      // The gradient has the parameter's dtype.
      const gradient = rounded(w.map((value, i) => Math.fround(value - x[i]!)));
      velocity = velocity.map((value, i) => Math.fround(Math.fround(0.9 * value) + gradient[i]!));
      w = rounded(w.map((value, i) => value - 0.1 * velocity[i]!));
    }
    // A step of the dtype, where sums in f32 fall on the other side of its half.
    expectClose((await session.parameters())['w']!.data, w, dtype === 'f16' ? 2 ** -11 : 2 ** -8);
    using averages = await buildInferenceSession(graph, { weights: session, average: true });
    averages.step({ x });
    expect((await averages.read('loss'))[0]).toBeGreaterThan(0);
  });
});

test('frozen parameters have no average: evaluation takes them as they are', async () => {
  const graph = trace({ x: input([1]) }, ({ x }) => {
    const [a, b] = ['a', 'b'].map((name) => namedParameter(name, [1], [3]));
    return { loss: sum(mul(mul(a!, b!), x)) };
  });
  const optimizer = sgd({ learningRate: 1, groups: [{ parameters: 'a', frozen: true }] });
  using session = await buildSession(graph, { optimizer, average: { decay: 0.5 }, optimize: false });
  for (let step = 0; step < 2; step++) session.step({ x: [1] });
  using averages = await buildInferenceSession(graph, { weights: session, average: true });
  averages.step({ x: [1] });
  // b is 0 and then −3, its average −1.5.
  expect(await averages.read('loss')).toEqual(Float32Array.of(-4.5));
  expect(Object.keys(await averages.stateDict())).toEqual(['a', 'b']);
});

describe('outputs of the step', () => {
  const layer = new Linear(2, 1);
  const graph = trace(layer, { x: input([3, 2]), y: input([3, 1]) }, ({ x, y }) => ({ loss: mseLoss(layer.forward(x), y) })); // prettier-ignore
  const feeds = { x: [1, 2, 3, 4, 5, 6], y: [1, 2, 3] };
  const optimizer = sgd({ learningRate: 1 });

  test('are there, and have types, when they were asked for', async () => {
    using session = await buildSession(graph, { optimizer, clip: { norm: 1 }, lossScale: { initScale: 2 } });
    session.step(feeds);
    const [norm, scale]: [Float32Array, Float32Array] = [await session.read('gradientNorm'), await session.read('lossScale')]; // prettier-ignore
    expect([norm.length, scale[0]]).toEqual([1, 2]);
  });

  test('and are not where nothing asked for them', async () => {
    using session = await buildSession(graph, { optimizer, clip: { value: 1 } });
    session.step(feeds);
    // @ts-expect-error Values are clipped one by one: there is no norm.
    expect(() => session.read('gradientNorm')).toThrow("no output 'gradientNorm'");
    const options: SessionOptions = { optimizer };
    using other = await buildSession(graph, options);
    // @ts-expect-error Nobody knows what these options are.
    expect(() => other.read('lossScale')).toThrow("no output 'lossScale'");
  });
});

/** Within a few roundings of f32. */
function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual).toHaveLength(expected.length);
  Array.from(expected).forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(value)));
  });
}
