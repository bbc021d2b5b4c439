import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  add,
  arange,
  buildInferenceSession,
  buildSession,
  causalMask,
  input,
  manualSeed,
  Module,
  openDevice,
  scaledDotProductAttention,
  trace,
  type Device,
  type Dim,
  type Tensor,
} from '../../lib/index.js';
import { KVCache, Linear, mergeHeads, RotaryEmbedding, splitHeads } from '../../lib/layers/index.js';
import { sampleValues } from '../values.js';

/** Grouped-query attention with rotary embeddings, with and without a cache. */
class Decoder extends Module {
  qProj = new Linear(16, 16);
  kProj = new Linear(16, 8);
  vProj = new Linear(16, 8);
  outProj = new Linear(16, 16);
  rotary = new RotaryEmbedding(4);

  forward<T extends Dim>(
    x: Tensor<[1, T, 16], 'f32'>,
    cache?: { at: Tensor<[], 'i32'>; kept: KVCache<1, 2, number, 4> },
  ) {
    const places = arange(x.shape[1]);
    const positions = cache ? add(places, cache.at) : places;
    const q = this.rotary.forward(splitHeads(this.qProj.forward(x), 4), positions);
    const k = this.rotary.forward(splitHeads(this.kProj.forward(x), 2), positions);
    const v = splitHeads(this.vProj.forward(x), 2);
    return this.outProj.forward(mergeHeads(cache ? attend(q, k, v, cache) : attend(q, k, v)));
  }
}

type Heads<H extends number, T extends Dim> = Tensor<[1, H, T, 4], 'f32'>;

function attend<T extends Dim>(
  q: Heads<4, T>,
  k: Heads<2, T>,
  v: Heads<2, T>,
  cache?: { at: Tensor<[], 'i32'>; kept: KVCache<1, 2, number, 4> },
): Heads<4, T> {
  if (!cache) return scaledDotProductAttention(q, k, v, { causal: true });
  const { key, value } = cache.kept.forward(k, v, cache.at);
  const mask = causalMask(cache.at, q.shape[2], cache.kept.length);
  return scaledDotProductAttention(q, key, value, { mask });
}

describe('a cache of keys and values', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice();
  });
  afterAll(() => device.dispose());

  test('gives what attention to all tokens gives, in a chunk and then one by one', async () => {
    manualSeed(5);
    const model = new Decoder();
    const [length, chunk] = [7, 4];
    const values = Float32Array.from(sampleValues(length * 16, 9));
    const whole = await buildInferenceSession(trace(model, { x: input([1, length, 16]) }), { device });
    whole.step({ x: values });
    const expected = await whole.read('output');

    const cache = new KVCache({ batch: 1, heads: 2, length: 10, headDim: 4 });
    const decoding = <const T extends number>(tokens: T) =>
      trace(
        model,
        { x: input([1, tokens, 16]), at: input([], 'i32') },
        ({ x, at }) => model.forward(x, { at, kept: cache }),
        { modules: { cache } },
      );
    // Sessions for inference leave updates out: a cache is what these are for.
    const prefill = await buildSession(decoding(chunk), { device, weights: whole });
    const decode = await buildSession(decoding(1), { device, weights: prefill });
    const found: number[] = [];
    prefill.step({ x: values.subarray(0, chunk * 16), at: 0 });
    found.push(...(await prefill.read('output')));
    for (let at = chunk; at < length; at++) {
      decode.step({ x: values.subarray(at * 16, (at + 1) * 16), at });
      found.push(...(await decode.read('output')));
    }
    const worst = Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)));
    // Sums over other numbers of keys are rounded otherwise.
    expect(found).toHaveLength(expected.length);
    expect(worst).toBeLessThan(1e-6);
    for (const session of [decode, prefill, whole]) session.dispose();
  });

  test('does not write behind its end', async () => {
    const cache = new KVCache({ batch: 1, heads: 1, length: 3, headDim: 2 });
    const inputs = { k: input([1, 1, 2, 2]), at: input([], 'i32') };
    const graph = trace(inputs, ({ k, at }) => ({ keys: cache.forward(k, k, at).key }), { modules: { cache } });
    using session = await buildSession(graph, { device });
    session.step({ k: [1, 2, 3, 4], at: 2 });
    expect(Array.from(await session.read('keys'))).toEqual([0, 0, 0, 0, 1, 2]);
  });
});
