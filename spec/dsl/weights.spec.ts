import { describe, expect, test } from '@jest/globals';
import {
  buildSession,
  buffer,
  input,
  matmul,
  Module,
  StateDictError,
  trace,
  update,
  UsageError,
  type Tensor,
  type WeightSource,
} from '../../lib/index.js';
import { Linear } from '../../lib/layers/index.js';
import { LiveBuffers } from '../live-buffers.js';

/** A checkpoint of these values, which counts the tensors that are read and held at a time. */
class Checkpoint implements WeightSource {
  readonly name = 'checkpoint';
  readonly tensors: WeightSource['tensors'];
  readonly log: string[] = [];

  constructor(
    private readonly values: Readonly<Record<string, readonly number[]>>,
    shapes: Record<string, number[]>,
  ) {
    this.tensors = new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: 'F32' }]));
  }

  async read(name: string): Promise<Float32Array> {
    this.log.push(`read ${name}`);
    await Promise.resolve();
    this.log.push(`done ${name}`);
    return Float32Array.from(this.values[name]!);
  }
}

/** Two layers of which the second uses the weight of the first. */
class Tied extends Module {
  first = new Linear(2, 2, { bias: false });
  second = new Linear(2, 2, { bias: false });
  steps = buffer([2]);

  constructor() {
    super();
    this.second.weight = this.first.weight;
  }

  forward(x: Tensor<[1, 2], 'f32'>) {
    return this.second.forward(this.first.forward(x));
  }
}

const weight = [1, 2, 3, 4];
const graphOf = (model: Tied) => trace(model, { x: input([1, 2]) });

describe('weights from a checkpoint', () => {
  test('are read one at a time, when the session is built', async () => {
    const source = new Checkpoint({ 'first.weight': weight, steps: [5, 6] }, { 'first.weight': [2, 2], steps: [2] });
    const model = new Tied();
    model.loadStateDict(source);
    expect(source.log).toEqual([]);
    expect(() => model.stateDict()).toThrow(UsageError);
    const session = await buildSession(graphOf(model));
    expect(source.log).toEqual(['read first.weight', 'done first.weight', 'read steps', 'done steps']);
    session.step({ x: [1, 1] });
    // [1, 1]·Wᵀ·Wᵀ
    expect(Array.from(await session.read('output'))).toEqual([3 + 14, 9 + 28]);
    session.dispose();
  });

  test('of a session are overwritten under any of their names', async () => {
    const session = await buildSession(graphOf(new Tied()));
    const shapes = { 'second.weight': [2, 2], steps: [2] };
    await session.setParameters(new Checkpoint({ 'second.weight': weight, steps: [5, 6] }, shapes));
    expect(await session.stateDict()).toMatchObject({
      'first.weight': { data: Float32Array.from(weight) },
      steps: { data: Float32Array.of(5, 6) },
    });
    session.dispose();
  });

  test('that do not fit are listed, all of them', async () => {
    const source = new Checkpoint({}, { 'first.weights': [2, 2], steps: [3], more: [1], old: [1] });
    const message =
      "loadStateDict of Tied from checkpoint: missing 'first.weight' ('first.weights' is close);\n" +
      "  unexpected 'first.weights';\n  unexpected 'more';\n  'steps' must have shape [2], got [3]";
    expect(() => new Tied().loadStateDict(source, { ignore: [/^old$/] })).toThrow(message);
    const session = await buildSession(graphOf(new Tied()));
    const error: unknown = await session.setParameters(source).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StateDictError);
    expect(error).toMatchObject({
      missing: ['first.weight'],
      unexpected: ['first.weights', 'more', 'old'],
      mismatched: [{ name: 'steps', expected: [2], got: [3] }],
    });
    expect(source.log).toEqual([]);
    session.dispose();
  });

  test('whose reading fails leave no session and no buffer behind', async () => {
    const source = new Checkpoint({ 'first.weight': weight }, { 'first.weight': [2, 2], steps: [2] });
    const model = new Tied();
    model.loadStateDict(source);
    using buffers = await LiveBuffers.start();
    // Of `steps` the checkpoint has the name only.
    await expect(buildSession(graphOf(model))).rejects.toThrow(TypeError);
    expect(source.log).toContain('done first.weight');
    expect(buffers.count).toBe(0);
  });

  test('are not read when the build is aborted before', async () => {
    const source = new Checkpoint({}, { 'first.weight': [2, 2], steps: [2] });
    const model = new Tied();
    model.loadStateDict(source);
    await expect(buildSession(graphOf(model), { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(source.log).toEqual([]);
  });
});

describe('modules beside the model', () => {
  class Cache extends Module {
    sum = buffer([2]);
    forward(x: Tensor<[2], 'f32'>) {
      const next = this.sum.add(x);
      update(this.sum, next);
      return next;
    }
  }

  test('have their states under their key, shared by sessions and no part of the state dict', async () => {
    const [model, cache] = [new Linear(2, 2, { bias: false }), new Cache()];
    const build = () =>
      trace(model, { x: input([2, 1]) }, ({ x }) => ({ y: cache.forward(matmul(model.weight, x).reshape([2])) }), {
        modules: { cache },
      });
    const first = await buildSession(build());
    first.setParameters({ weight });
    const second = await buildSession(build(), { weights: first });
    first.step({ x: [1, 0] });
    second.step({ x: [0, 1] });
    expect(Array.from(await second.read('y'))).toEqual([1 + 2, 3 + 4]);
    expect(Object.keys(await second.stateDict())).toEqual(['weight']);
    expect([...build().buffers.keys()]).toEqual(['cache.sum']);
    first.dispose();
    second.dispose();
  });
});

test('summary lists modules, shapes, numbers and bytes, shared ones once', () => {
  const lines: string[] = [];
  const text = new Tied().summary((line) => lines.push(line));
  expect(lines).toEqual([text]);
  expect(text).toMatchInlineSnapshot(`
   "Tied
   ──────────────────────────────────────────────────────────
   module           parameters and buffers  parameters  bytes
   ──────────────────────────────────────────────────────────
   (itself) (Tied)  steps [2]                        0      8
   first (Linear)   weight [2, 2]                    4     16
   second (Linear)  weight = first.weight            0      0
   ──────────────────────────────────────────────────────────
   parameters: 4, numbers in buffers: 2
   bytes: 24 (24 B)"
  `);
});
