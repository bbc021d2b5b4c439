/** Steps in which products have 16 bits and all else f32. */
import { describe, expect, test } from '@jest/globals';
import {
  add,
  buildSession,
  crossEntropy,
  input,
  manualSeed,
  Module,
  mul,
  namedParameter,
  sum,
  trace,
  type Session,
  type Tensor,
  type TracedGraph,
} from 'meganeura';
import { Embedding, LayerNorm, Linear, ReLU, Sequential, TransformerBlock } from 'meganeura/layers';
import { adamW, sgd } from 'meganeura/train';
import { isFloat } from '../../lib/ir/dtype.js';
import { mixed, type MixedPrecision } from '../../lib/session/mixed-precision.js';
import { checkedStep } from '../../lib/session/training-options.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { sampleValues } from '../values.js';

const BATCH = 8;
const LENGTH = 6;
const TOKENS = 11;

class Language extends Module {
  embed = new Embedding(TOKENS, 16);
  block = new TransformerBlock(16, 2, { causal: true, hidden: 32 });
  norm = new LayerNorm(16);
  head = new Linear(16, TOKENS);

  forward(ids: Tensor<[8, 6], 'i32'>) {
    return this.head.forward(this.norm.forward(this.block.forward(this.embed.forward(ids))));
  }
}

function language() {
  manualSeed(3);
  const model = new Language();
  const inputs = { ids: input([BATCH, LENGTH], 'i32'), next: input([BATCH, LENGTH], 'i32') };
  return trace(model, inputs, ({ ids, next }) => ({ loss: crossEntropy(model.forward(ids), next) }));
}

/** Sequences in which each token follows from the one before; others in each step. */
function batch(step: number) {
  const ids = Int32Array.from({ length: BATCH * LENGTH }, (_, i) => {
    let token = (7 * step + 3 * Math.floor(i / LENGTH)) % TOKENS;
    for (let t = 0; t < i % LENGTH; t++) token = (3 * token + 1) % TOKENS;
    return token;
  });
  return { ids, next: ids.map((token) => (3 * token + 1) % TOKENS) };
}

function perceptron() {
  manualSeed(1);
  const model = new Sequential(new Linear(6, 16), new LayerNorm(16), new ReLU(), new Linear(16, 3));
  return trace(model, { x: input([BATCH, 6]), labels: input([BATCH], 'i32') }, ({ x, labels }) => ({
    loss: crossEntropy(model.forward(x), labels),
  }));
}

function points() {
  const labels = Int32Array.from({ length: BATCH }, (_, i) => i % 3);
  return { x: Float32Array.from(sampleValues(6 * BATCH, 2)), labels };
}

describe('the graph', () => {
  test.each<MixedPrecision>(['f16', 'bf16'])('has %s where products are, and f32 elsewhere', (dtype) => {
    const graph = mixed(language(), dtype);
    const dtypes = (op: string) => new Set(graph.nodes().filter((node) => node.op === op).map((node) => node.dtype)); // prettier-ignore
    expect(dtypes('linear')).toEqual(new Set([dtype]));
    expect(dtypes('scaledDotProductAttention')).toEqual(new Set([dtype]));
    expect(dtypes('gelu')).toEqual(new Set([dtype]));
    // What is added to, is added up or is a mean keeps its 32 bits.
    expect(dtypes('embedding')).toEqual(new Set(['f32']));
    expect(dtypes('add')).toEqual(new Set(['f32']));
    expect(dtypes('layerNorm')).toEqual(new Set(['f32']));
    expect(dtypes('crossEntropy')).toEqual(new Set(['f32']));
    expect([...graph.parameters.values()].every(({ node }) => node.dtype === 'f32')).toBe(true);
    expect([...graph.outputs.values()].every(({ dtype: output }) => output === 'f32')).toBe(true);
  });

  test('is left alone where a tensor has 16 bits already', () => {
    const graph = trace({ x: input([2, 2]), y: input([2, 2], 'bf16') }, ({ x, y }) => ({
      loss: sum(mul(x.matmul(x), 2)),
      other: y.matmul(y),
    }));
    const result = mixed(graph, 'f16');
    expect(result.outputs.get('other')!.dtype).toBe('bf16');
    expect(result.nodes().filter((node) => node.op === 'matmul' && isFloat(node.dtype)).map(({ dtype }) => dtype).sort()).toEqual(['bf16', 'f16']); // prettier-ignore
  });

  test('of a product rounds what it multiplies, and nothing else', async () => {
    // In f16 2049 is 2048, and 4096 + 1 would be 4096.
    const graph = trace({ x: input([1, 1]) }, ({ x }) => {
      const product = x.matmul(namedParameter('w', [1, 1], [2]));
      return { loss: sum(add(product, namedParameter('b', [1, 1], [1]))), product };
    });
    const optimizer = sgd({ learningRate: 2 ** -10 });
    using session = await buildSession(graph, { optimizer, mixedPrecision: 'f16', lossScale: { initScale: 1 } });
    session.step({ x: [2049] });
    expect([...(await session.read('product')), ...(await session.read('loss'))]).toEqual([4096, 4097]);
    // The gradient is the rounded x, 2048; the weight that is updated is the one in f32.
    const { w, b } = await session.parameters();
    expect([w!.data[0], b!.data[0]]).toEqual([0, 1 - 2 ** -10]);
  });
});

describe('the scale of the loss in f16', () => {
  test('halves until nothing overflows, doubles after so many good steps, and training goes on', async () => {
    using session = await buildSession(perceptron(), {
      optimizer: adamW({ learningRate: 0.02 }),
      mixedPrecision: 'f16',
      // Gradients of up to 1/8 of it do not fit into f16, whose largest number is 65504.
      lossScale: { initScale: 2 ** 24, growthInterval: 6 },
    });
    const losses: number[] = [];
    const scales = [2 ** 24];
    let [skipped, grown] = [0, 0];
    let before = await session.parameters();
    for (let step = 0; step < 40; step++) {
      session.step(points());
      const [loss, scale] = [(await session.read('loss'))[0]!, (await session.read('lossScale'))[0]!];
      const after = await session.parameters();
      const last = scales.at(-1)!;
      if (scale < last) {
        skipped++;
        expect(scale).toBe(last / 2);
        expect(after).toEqual(before);
      } else {
        expect(after).not.toEqual(before);
        if (scale > last) {
          grown++;
          expect(scale).toBe(2 * last);
          // Six good steps in a row, of which this was the last.
          expect(scales.slice(-6)).toEqual(Array(6).fill(last));
        }
      }
      for (const { data } of Object.values(after)) expect(data.every(Number.isFinite)).toBe(true);
      losses.push(loss);
      scales.push(scale);
      before = after;
    }
    expect(losses.every(Number.isFinite)).toBe(true);
    // It began too high, and grew to where it was too high again.
    expect(scales[1]).toBe(2 ** 23);
    expect(skipped).toBeGreaterThan(4);
    expect(grown).toBeGreaterThan(1);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
  });

  test('is there without being asked for; bf16, which has the range of f32, needs none', () => {
    const optimizer = sgd({ learningRate: 0.1 });
    expect(checkedStep(optimizer, { mixedPrecision: 'f16' }).lossScale).toMatchObject({ initScale: 65536 });
    expect(checkedStep(optimizer, { mixedPrecision: 'f16', lossScale: { initScale: 2 } }).lossScale).toMatchObject({ initScale: 2 }); // prettier-ignore
    expect(checkedStep(optimizer, { mixedPrecision: 'bf16' }).lossScale).toBeUndefined();
  });
});

describe('training in 16 bits has the losses of training in f32', () => {
  const curve = async (graph: TracedGraph, feeds: (step: number) => object, precision?: MixedPrecision) => {
    const optimizer = adamW({ learningRate: 0.01 });
    const built: Session = await buildSession(graph, { optimizer, clip: { norm: 1 }, mixedPrecision: precision });
    using session = built as Session<object, { readonly loss: Float32Array }>;
    session.record('loss', 40);
    for (let step = 0; step < 40; step++) session.step(feeds(step));
    return (await session.readRecord('loss')).map(([loss]) => loss!);
  };

  // Compiling a transformer takes most of the time: in `npm run test:full`.
  const models = SHAPES_PER_OP >= 20 ? (['perceptron', 'transformer'] as const) : (['perceptron'] as const);
  test.each(models)('%s', async (name) => {
    const [graph, feeds] = name === 'transformer' ? [language(), batch] : [perceptron(), points];
    const expected = await curve(graph, feeds);
    expect(expected.at(-1)!).toBeLessThan(0.5 * expected[0]!);
    // What roundings (at most 2⁻¹¹ and 2⁻⁸ of a number) add up to over 40 steps, of losses that begin at 1 to 3.
    for (const [precision, tolerance] of [['f16', 0.02], ['bf16', 0.15]] as const) { // prettier-ignore
      const losses = await curve(graph, feeds, precision);
      expect(losses).not.toEqual(expected);
      const worst = Math.max(...losses.map((loss, step) => Math.abs(loss - expected[step]!)));
      expect(worst).toBeLessThan(tolerance);
    }
  }, 300_000); // prettier-ignore
});

test('another dtype is refused, and so is one without an optimizer', async () => {
  const options = { optimizer: sgd({ learningRate: 1 }), mixedPrecision: 'f8' as MixedPrecision };
  await expect(buildSession(language(), options)).rejects.toThrow(
    "buildSession: mixedPrecision must be 'f16' or 'bf16', got f8",
  );
  await expect(buildSession(language(), { mixedPrecision: 'f16' })).rejects.toThrow(
    'the option mixedPrecision is one of the update: it needs the option optimizer',
  );
});
