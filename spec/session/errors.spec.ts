import { describe, expect, jest, test } from '@jest/globals';
import {
  buffer,
  buildInferenceSession,
  buildSession,
  crossEntropy,
  DisposedError,
  DTypeError,
  GraphError,
  input,
  manualSeed,
  Module,
  NameError,
  openDevice,
  ValueError,
  relu,
  ShapeError,
  sum,
  TensorTooLargeError,
  trace,
  UsageError,
  type FeedsOf,
  type FeedValue,
  type Optimizer,
  type Tensor,
} from 'meganeura';
import { loadParameters, saveParameters } from 'meganeura/hub';
import { Linear } from 'meganeura/layers';
import { sgd } from 'meganeura/train';

class Mlp extends Module {
  hidden = new Linear(3, 4);
  output = new Linear(4, 2);

  forward(x: Tensor<[2, 3], 'f32'>) {
    return this.output.forward(relu(this.hidden.forward(x)));
  }
}

function traced() {
  manualSeed(6);
  const model = new Mlp();
  return trace(model, { images: input([2, 3]), labels: input([2], 'i32') }, ({ images, labels }) => {
    const logits = model.forward(images);
    return { logits, loss: crossEntropy(logits, labels) };
  });
}

type Feeds = FeedsOf<ReturnType<typeof traced>>;

const images = [1, 2, 3, 4, 5, 6];
const good: Feeds = { images, labels: [0, 1] };

const trainingSession = () => buildSession(traced(), { optimizer: sgd({ learningRate: 0.1 }) });

/** The error that a call throws or rejects with. */
async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

async function expectError(type: new (...args: never[]) => Error, call: () => unknown): Promise<void> {
  const error = await errorOf(call);
  expect(error).toBeInstanceOf(type);
  expect((error as Error).name).toBe(type.name);
  expect((error as Error).message).toMatchSnapshot();
}

describe('step', () => {
  /** Calls that the types refuse too. */
  const untyped = (feeds: Readonly<Record<string, unknown>>) => feeds as Feeds;

  test.each<[string, new (message: string) => Error, Feeds]>([
    ['too few values', ShapeError, { ...good, images: [1, 2, 3] }],
    ['too many values', ShapeError, { ...good, images: new Float32Array(7) }],
    ['an array of another class', DTypeError, untyped({ ...good, images: new Float64Array(6) })],
    ['floats for integers', DTypeError, untyped({ ...good, labels: new Float32Array(2) })],
    ['fractions for integers', DTypeError, { ...good, labels: [0, 0.5] }],
    ['nested arrays', DTypeError, untyped({ ...good, images: [[1, 2, 3], [4, 5, 6]] })], // prettier-ignore
    ['text', DTypeError, untyped({ ...good, images: 'ink' })],
    ['nothing', DTypeError, untyped({ ...good, images: undefined })],
    ['a number for a matrix', ShapeError, untyped({ ...good, images: 1 })],
    ['a label too large', ValueError, { ...good, labels: [0, 2] }],
    ['a label below 0', ValueError, { ...good, labels: Int32Array.of(-1, 0) }],
    ['an unknown input', NameError, untyped({ ...good, image: images })],
    ['an unknown input like none', NameError, untyped({ ...good, temperature: 1 })],
    ['a missing input', NameError, untyped({ images })],
    ['all inputs missing', NameError, untyped({})],
  ])('%s', async (_, type, feeds) => {
    using session = await trainingSession();
    using untouched = await trainingSession();
    await expectError(type, () => session.step(feeds));
    // Nothing was run, and nothing is half done.
    session.step(good);
    untouched.step(good);
    expect(await session.read('loss')).toEqual(await untouched.read('loss'));
    expect(await session.parameters()).toEqual(await untouched.parameters());
  });
});

describe('setInput', () => {
  test('an unknown name', async () => {
    using session = await trainingSession();
    await expectError(NameError, () => session.setInput('learningrate', 1));
  });

  test('a value that does not fit', async () => {
    using session = await trainingSession();
    await expectError(ShapeError, () => session.setInput('learningRate', [1, 2]));
    await expectError(DTypeError, () => session.setInput('labels', Float32Array.of(0, 1)));
    await expectError(ValueError, () => session.setInput('labels', [0, 9]));
  });
});

describe('setParameters', () => {
  const bias = Float32Array.of(1, 2);
  test.each<[string, new (message: string) => Error, Readonly<Record<string, FeedValue>>]>([
    ['an unknown name', NameError, { 'output.bias': bias, 'hidden.biases': bias }],
    ['a wrong length', ShapeError, { 'output.bias': bias, 'hidden.bias': bias }],
    ['another class', DTypeError, { 'output.bias': bias, 'hidden.bias': new Int32Array(4) }],
  ])('%s: none of them is set', async (_, type, values) => {
    using session = await trainingSession();
    const before = await session.parameters();
    await expectError(type, () => session.setParameters(values));
    expect(await session.parameters()).toEqual(before);
  });

  test('another shape of the same length', async () => {
    using session = await trainingSession();
    const transposed = { shape: [3, 4], dtype: 'f32', data: new Float32Array(12) } as const;
    await expectError(ShapeError, () => session.setParameters({ 'hidden.weight': transposed }));
    await expectError(NameError, () => session.setParameter('weight', new Float32Array(12)));
  });
});

describe('reading', () => {
  test('unknown outputs, and records that are not kept', async () => {
    using session = await trainingSession();
    await expectError(NameError, () => session.read('losses' as 'loss'));
    await expectError(NameError, () => session.record('losses' as 'loss', 10));
    await expectError(ValueError, () => session.record('loss', 0.5));
    await expectError(NameError, () => session.readRecord('loss'));
    session.record('loss', 2);
    session.record('loss', 0);
    await expectError(NameError, () => session.readRecord('loss'));
  });

  test('gradients that are not kept, or of unknown parameters', async () => {
    using session = await trainingSession();
    await expectError(NameError, () => session.readGradient('hidden.weight'));
    await expectError(NameError, () => session.readGradient('hidden.weigth'));
  });
});

describe('building', () => {
  test('an unknown loss, and one without parameters', async () => {
    const optimizer = sgd({ learningRate: 0.1 });
    await expectError(NameError, () => buildSession(traced(), { optimizer, loss: 'los' }));
    const constant = trace({ x: input([2]) }, ({ x }) => ({ loss: sum(x) }));
    await expectError(GraphError, () => buildSession(constant, { optimizer }));
  });

  test('an update that does not fit its parameter', async () => {
    const optimizer: Optimizer = { name: 'wrong', inputs: {}, update: ({ g, gradient }) => g.sum(gradient) };
    const error = await errorOf(() => buildSession(traced(), { optimizer }));
    expect(error).toBeInstanceOf(GraphError);
    expect((error as Error).message).toContain("update of parameter 'hidden.weight' [4, 3] f32 with sum [] f32");
  });

  test('a hyperparameter that is no number leaves no buffers behind', async () => {
    const device = await openDevice();
    const createBuffer = jest.spyOn(device.gpu, 'createBuffer');
    const inputs: Record<string, number> = Object.fromEntries([['rate', JSON.parse('"fast"') as number]]);
    const optimizer: Optimizer = { name: 'wrong', inputs, update: ({ g, parameter, gradient }) => g.sub(parameter, gradient) }; // prettier-ignore
    await expectError(DTypeError, () => buildSession(traced(), { optimizer, device }));
    const [largest] = createBuffer.mock.results.map(({ value }) => value as GPUBuffer);
    createBuffer.mockRestore();
    device.gpu.pushErrorScope('validation');
    const encoder = device.gpu.createCommandEncoder();
    encoder.clearBuffer(largest!);
    device.gpu.queue.submit([encoder.finish()]);
    expect((await device.gpu.popErrorScope())?.message).toContain('destroyed');
  });

  test('a loss that is no scalar', async () => {
    const optimizer = sgd({ learningRate: 0.1 });
    const error = await errorOf(() => buildSession(traced(), { optimizer, loss: 'logits' }));
    expect((error as Error).message).toMatchSnapshot();
  });

  test('unknown outputs of an inference session', async () => {
    await expectError(NameError, () => buildInferenceSession(traced(), { outputs: ['logit' as 'logits'] }));
  });

  test('a tensor above the limits of the device, whatever it is', async () => {
    const { limits } = await openDevice();
    const rows = Math.floor(Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) / 4 / 1024) + 1;
    const tooLarge = trace({ x: input([rows, 1024]) }, ({ x }) => ({ y: sum(x) }));
    const error = await errorOf(() => buildSession(tooLarge));
    expect(error).toBeInstanceOf(TensorTooLargeError);
    expect((error as Error).message).toMatch(
      /^input 'x' takes \d+ bytes, but this device allows \d+ \(max\w+\); use a smaller batch or split the tensor$/,
    );

    const layer = new Linear(1024, rows);
    const weights = trace(layer, { x: input([1, 1024]) }, ({ x }) => ({ y: sum(layer.forward(x)) }));
    await expect(buildSession(weights)).rejects.toThrow(/^parameter 'weight' takes \d+ bytes/);
  });
});

describe('after dispose', () => {
  test('every method throws', async () => {
    const session = await buildSession(traced(), { optimizer: sgd({ learningRate: 0.1 }), gradients: true });
    session.step(good);
    session.dispose();
    session.dispose();
    const calls: Record<string, () => unknown> = {
      step: () => session.step(good),
      read: () => session.read('loss'),
      record: () => session.record('loss', 1),
      readRecord: () => session.readRecord('loss'),
      setInput: () => session.setInput('images', images),
      setParameter: () => session.setParameter('output.bias', [1, 2]),
      setParameters: () => session.setParameters({ 'output.bias': [1, 2] }),
      parameters: () => session.parameters(),
      readGradient: () => session.readGradient('output.bias'),
      memory: () => session.memory(),
      shared: () => buildSession(traced(), { weights: session }),
    };
    for (const [name, call] of Object.entries(calls)) {
      expect([name, await errorOf(call)]).toEqual([name, expect.any(DisposedError)]);
    }
    await expectError(DisposedError, calls['step']!);
    expect(session.isDisposed).toBe(true);
  });

  test('a read that was under way ends', async () => {
    const session = await trainingSession();
    session.step(good);
    const reading = errorOf(() => session.read('loss'));
    session.dispose();
    expect(await reading).toBeInstanceOf(DisposedError);
  });

  test('sessions that share the weights go on', async () => {
    const session = await trainingSession();
    using other = await buildInferenceSession(session.source, { outputs: ['logits'], weights: session });
    session.dispose();
    other.step({ images });
    expect((await other.read('logits')) as Float32Array).toHaveLength(4);
  });
});

test('a session keeps no buffer of a module as parameter', async () => {
  class Counter extends Module {
    @buffer total = buffer([2]);

    forward(x: Tensor<[2], 'f32'>) {
      return x;
    }
  }
  const graph = trace(new Counter(), { x: input([2]) });
  using session = await buildSession(graph);
  await expectError(NameError, () => session.setParameter('total', [1, 2]));
});

describe('what plain JavaScript lets through', () => {
  /** Without types. */
  const any = (value: unknown) => value as never;
  const message = (promise: Promise<unknown>) => promise.then(String, (error: unknown) => String(error));

  test('reading before the first step', async () => {
    using session = await buildSession(traced(), { gradients: true });
    const expected = (what: string) => new UsageError(`${what}: there are no values before the first step(): run one`);
    expect(() => session.read('loss')).toThrow(expected("read('loss')"));
    expect(() => session.readGradient('hidden.weight')).toThrow(expected("readGradient('hidden.weight')"));
    await expect(session.parameters()).resolves.toHaveProperty(['hidden.weight']);
  });

  test('a session that nobody awaited', async () => {
    const pending = any(buildInferenceSession(traced()));
    const got = 'must be a session, as buildSession() makes it, got a Promise: await it';
    expect(await message(buildInferenceSession(traced(), { weights: pending }))).toContain(`the option weights ${got}`);
    expect(await message(saveParameters(pending, 'unused'))).toContain(got);
    expect(await message(loadParameters(pending, 'unused'))).toContain(got);
    expect(await message(buildInferenceSession(traced(), { device: any(openDevice()) }))).toBe(
      'UsageError: the option device must be a device, got a Promise: await it',
    );
  });

  test.each([
    ['a model instead of a graph', () => buildSession(any(new Mlp())), 'buildSession: takes the graph that trace(model, …) gives, got a Mlp'], // prettier-ignore
    ['no graph', () => buildInferenceSession(any(undefined)), 'buildInferenceSession: takes the graph that trace(model, …) gives, got undefined'], // prettier-ignore
    ['sgd instead of sgd(…)', () => buildSession(traced(), { optimizer: any(sgd) }), 'buildSession: the option optimizer must be one, such as sgd({ learningRate: 0.1 }), got a function'], // prettier-ignore
    ['one name instead of a list', () => buildInferenceSession(traced(), { outputs: any('logits') }), 'buildInferenceSession: outputs must be a list of names, got logits'], // prettier-ignore
  ])('%s', async (_, build, expected) => {
    expect(await message(build())).toBe(`UsageError: ${expected}`);
  });

  test.each([
    ['an optimiser, which would not train', () => buildSession(traced(), any({ optimiser: sgd({ learningRate: 1 }) })), "buildSession: there is no option 'optimiser'; it takes { device, weights, optimize, cache, signal, profile, optimizer, gradients, loss, clip, accumulate, lossScale, mixedPrecision, haltOnNonFinite, recompute, average }"], // prettier-ignore
    ['an output', () => buildInferenceSession(traced(), any({ output: ['logits'] })), "buildInferenceSession: there is no option 'output'; it takes { device, weights, optimize, cache, signal, profile, outputs, average, freeze }"], // prettier-ignore
  ])('an option that there is not: %s', async (_, build, expected) => {
    expect(await message(build())).toBe(`NameError: ${expected}`);
  });

  test('null, undefined and a Promise as value and name', async () => {
    using session = await buildSession(traced());
    expect(() => session.setParameter('hidden.weight', any(Promise.resolve()))).toThrow('got a Promise; await it');
    expect(() => session.setParameter('hidden.weight', any(null))).toThrow(DTypeError);
    expect(() => session.read(any(undefined))).toThrow(NameError);
  });

  test('a read that nobody waits for does not end the process when the session is disposed of', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const session = await buildSession(traced(), { gradients: true });
    session.step({ images: [1, 2, 3, 4, 5, 6], labels: [0, 1] });
    void session.read('loss');
    void session.readGradient('hidden.weight');
    void session.parameters();
    const awaited = session.read('loss');
    session.dispose();
    await expect(awaited).rejects.toThrow(DisposedError);
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });
});
