import { describe, expect, test } from '@jest/globals';
import {
  buildInferenceSession,
  buildSession,
  input,
  manualSeed,
  matmul,
  Module,
  mul,
  parameter,
  relu,
  sum,
  trace,
  UsageError,
  type Session,
  type Tensor,
} from 'meganeura';
import { BatchNorm2d, Conv2d, LayerNorm, Linear, LowRankAdapter } from 'meganeura/layers';
import { sgd } from 'meganeura/train';
import { SmolLM2 } from '../../lib/zoo/index.js';
import { ResNet } from '../../lib/zoo/resnet/model.js';
import { ViT } from '../../lib/zoo/vit/model.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { expectClose, sampleValues } from '../values.js';
import { Reference } from '../zoo/reference.js';

const IMAGES = [2, 3, 6, 6] as const;
const feeds = { x: Float32Array.from(sampleValues(2 * 3 * 6 * 6, 9)) };

/** Every state of a model drawn, so that no factor is 1 and no shift 0; variances positive. */
function drawn<M extends Module>(model: M): M {
  model.states().forEach(({ names: [name], state }, i) => {
    if (state.dtype !== 'f32') return;
    const values = sampleValues(
      state.sizes('state').reduce((a, b) => a * b, 1),
      i + 1,
    );
    state.setValues(name!.endsWith('var') ? values.map((value) => 1.5 + value) : values);
  });
  return model.eval();
}

class Block extends Module {
  conv = new Conv2d(3, 8, 3, { padding: 1 });
  norm = new BatchNorm2d(8);

  forward(x: Tensor<[2, 3, 6, 6], 'f32'>) {
    return relu(this.norm.forward(this.conv.forward(x)));
  }
}

function blockGraph() {
  manualSeed(3);
  const block = drawn(new Block());
  return trace(block, { x: input([...IMAGES]) }, ({ x }) => {
    const y = block.forward(x);
    return { y, loss: sum(y) };
  });
}

const frozenBlock = (weights?: Session) =>
  buildInferenceSession(blockGraph(), { outputs: ['y'], freeze: true, ...(weights && { weights }) });

describe('what follows from weights alone', () => {
  test('is computed once: a batch norm is gone, and the memory of weights does not grow', async () => {
    using plain = await buildInferenceSession(blockGraph(), { outputs: ['y'] });
    using session = await frozenBlock();
    plain.step(feeds);
    session.step(feeds);
    expectClose(await session.read('y'), await plain.read('y'), 1e-5);
    expect(plain.report().folded).toBeUndefined();
    // The weights and the shifts; without the running statistics, and what the norm adds and multiplies by.
    expect(session.report().folded!.bytes).toBe(4 * (8 * 27 + 8));
    expect(session.report().nodesAfter).toBeLessThan(plain.report().nodesAfter);
    expect(session.report().bytes).toBeLessThan(plain.report().bytes);
    expect(session.memory().parameters).toBe(4 * (8 * 27 + 8));
    expect(session.memory().buffers).toBe(0);
    expect([...session.parameterTypes]).toEqual([]);
  });

  test('is found without the rewriter too, where it stands in the graph as it is', async () => {
    using plain = await buildInferenceSession(blockGraph(), { outputs: ['y'], optimize: false });
    using session = await buildInferenceSession(blockGraph(), { outputs: ['y'], optimize: false, freeze: true });
    plain.step(feeds);
    session.step(feeds);
    expectClose(await session.read('y'), await plain.read('y'), 1e-5);
    expect(session.report().folded!.operations).toBeGreaterThan(0);
  });

  test('a norm and a low-rank adapter before and beside a product are in its weight', async () => {
    class Adapted extends Module {
      norm = new LayerNorm(8);
      linear = new Linear(8, 12);

      forward(x: Tensor<[5, 8], 'f32'>) {
        return this.linear.forward(this.norm.forward(x));
      }
    }
    const graph = () => {
      const model = new Adapted();
      model.linear.adapter = new LowRankAdapter(8, 12, { rank: 2, alpha: 4, dropout: 0 });
      drawn(model);
      return trace(model, { x: input([5, 8]) }, ({ x }) => ({ y: model.forward(x) }));
    };
    const given = { x: Float32Array.from(sampleValues(40, 4)) };
    using plain = await buildInferenceSession(graph());
    using session = await buildInferenceSession(graph(), { freeze: true });
    plain.step(given);
    session.step(given);
    expectClose(await session.read('y'), await plain.read('y'), 1e-5);
    expect(session.memory().parameters).toBe(4 * (8 * 12 + 12));
    expect(session.report().dispatches).toBeLessThanOrEqual(plain.report().dispatches);
  });

  test('is not what several operations read: it would be there twice', async () => {
    class Tied extends Module {
      linear = new Linear(8, 8);
      norm = new LayerNorm(8);

      forward(x: Tensor<[5, 8], 'f32'>) {
        const { weight } = this.linear;
        return this.linear.forward(this.norm.forward(this.linear.forward(x))).add(sum(weight));
      }
    }
    const model = drawn(new Tied());
    const graph = trace(model, { x: input([5, 8]) }, ({ x }) => ({ y: model.forward(x) }));
    using session = await buildInferenceSession(graph, { freeze: true });
    expect(session.report().folded).toEqual({ operations: 0, bytes: 0 });
  });
});

describe('the promise', () => {
  test('parameters cannot be set, and there is no state dict', async () => {
    using session = await frozenBlock();
    expect(() => session.setParameter('conv.weight', new Float32Array(216))).toThrow(UsageError);
    expect(() => session.setParameters({})).toThrow(/these weights cannot be changed: .* build it without freeze/);
    expect(() => session.stateDict()).toThrow(/has no state dict/);
    expect(() => session.parameters()).toThrow(UsageError);
  });

  test('holds for sessions that share the weights, until the frozen ones are disposed of', async () => {
    using plain = await buildInferenceSession(blockGraph(), { outputs: ['y'] });
    const [first, second] = [await frozenBlock(plain), await frozenBlock(plain)];
    // What was computed is shared as well.
    expect(second.memory().parameters).toBe(plain.memory().parameters);
    const bias = new Float32Array(8).fill(0.25);
    expect(() => plain.setParameter('norm.bias', bias)).toThrow(UsageError);
    first.dispose();
    expect(() => plain.setParameter('norm.bias', bias)).toThrow(UsageError);
    second.dispose();
    plain.setParameter('norm.bias', bias);
    using third = await frozenBlock(plain);
    plain.step(feeds);
    third.step(feeds);
    expectClose(await third.read('y'), await plain.read('y'), 1e-5);
  });

  test('is refused beside training, and training beside it', async () => {
    class Scaled extends Module {
      weight = parameter([3, 2]);
      scale = parameter([2]);

      forward(x: Tensor<[4, 3], 'f32'>) {
        return mul(matmul(x, this.weight), this.scale);
      }
    }
    const model = new Scaled();
    const graph = trace(model, { x: input([4, 3]) }, ({ x }) => ({ loss: sum(model.forward(x)) }));
    const optimizer = sgd({ learningRate: 0.1 });
    using training = await buildSession(graph, { optimizer });
    using between = await buildInferenceSession(graph, { weights: training });
    const beside = buildInferenceSession(graph, { weights: between, freeze: true });
    await expect(beside).rejects.toThrow(UsageError);
    await expect(beside).rejects.toThrow(/the steps of a session that shares them change '(weight|scale)': leave out/);
    using frozen = await buildInferenceSession(graph, { freeze: true });
    await expect(buildSession(graph, { optimizer, weights: frozen })).rejects.toThrow(
      /steps would change '.*', and a session that shares it was built with the option freeze/,
    );
  });
});

// The specs of these models have one frozen session each.
(SHAPES_PER_OP >= 20 ? describe : describe.skip)('checkpoints of other implementations', () => {
  const inputOf = (reference: Reference, name: string) => reference.shape(name) as number[];

  test.each(['resnet-tiny', 'resnet-torchvision-tiny'])('%s', async (name) => {
    const reference = new Reference(name);
    const model = await ResNet.fromPretrained(reference.folder);
    const shape = inputOf(reference, 'input.pixel_values') as [number, number, number, number];
    const graph = trace(model, { pixels: input(shape) }, ({ pixels }) => ({ logits: model.forward(pixels) }));
    using session = await buildInferenceSession(graph, { freeze: true });
    session.step({ pixels: reference.floats('input.pixel_values') });
    reference.expectClose(await session.read('logits'), 'output.logits');
    expect(session.report().folded!.operations).toBeGreaterThan(0);
  });

  test('a Llama', async () => {
    const reference = new Reference('llama-smollm2-tiny');
    const model = await SmolLM2.fromPretrained(reference.folder);
    const shape = inputOf(reference, 'input.input_ids') as [number, number];
    const graph = trace(model, { ids: input(shape, 'i32') }, ({ ids }) => ({ logits: model.forward(ids) }));
    using session = await buildInferenceSession(graph, { freeze: true });
    session.step({ ids: reference.integers('input.input_ids') });
    reference.expectClose(await session.read('logits'), 'output.logits');
    expect(session.report().folded!.operations).toBeGreaterThan(0);
  });

  test('a ViT', async () => {
    const reference = new Reference('vit-tiny');
    const model = await ViT.fromPretrained(reference.folder);
    const shape = inputOf(reference, 'input.pixel_values') as [number, number, number, number];
    const graph = trace(model, { pixels: input(shape) }, ({ pixels }) => model.forward(pixels));
    using session = await buildInferenceSession(graph, { outputs: ['poolerOutput'], freeze: true });
    session.step({ pixels: reference.floats('input.pixel_values') });
    reference.expectClose(await session.read('poolerOutput'), 'output.pooler_output');
    expect(session.report().folded!.operations).toBeGreaterThan(0);
  });
});
