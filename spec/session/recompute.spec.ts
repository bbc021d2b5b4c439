import { expect, test } from '@jest/globals';
import { add, buildSession, input, manualSeed, Module, mseLoss, NameError, tanh, trace, UsageError, ValueError, type Tensor } from 'meganeura'; // prettier-ignore
import { Dropout, Linear } from 'meganeura/layers';
import { sgd } from 'meganeura/train';
import type { StepOptions } from '../../lib/session/training-options.js';
import { sampleValues } from '../values.js';

class Layer extends Module {
  up = new Linear(16, 128);
  dropout = new Dropout(0.1);
  down = new Linear(128, 16);

  forward(x: Tensor<[2, 16], 'f32'>): Tensor<[2, 16], 'f32'> {
    return add(x, this.down.forward(this.dropout.forward(tanh(this.up.forward(x)))));
  }
}

class Tower extends Module {
  layers = [new Layer(), new Layer(), new Layer()];

  forward(x: Tensor<[2, 16], 'f32'>): Tensor<[2, 16], 'f32'> {
    return this.layers.reduce((value, layer) => layer.forward(value), x);
  }
}

async function trained(recompute: StepOptions['recompute']) {
  manualSeed(5);
  const model = new Tower();
  const graph = trace(model, { x: input([2, 16]), target: input([2, 16]) }, ({ x, target }) => ({
    loss: mseLoss(model.forward(x), target),
  }));
  const session = await buildSession(graph, { optimizer: sgd({ learningRate: 0.1 }), recompute });
  const [x, target] = [1, 2].map((seed) => Float32Array.from(sampleValues(32, seed)));
  const losses: number[] = [];
  for (let step = 0; step < 3; step++) {
    session.step({ x: x!, target: target! });
    losses.push(...(await session.read('loss')));
  }
  const { intermediates, total } = session.memory();
  const { recomputed } = session.report();
  session.dispose();
  return { losses, intermediates, total, recomputed };
}

test('losses are the same and intermediate tensors take less, with dropout too', async () => {
  const plain = await trained({ memory: 1e9 });
  expect(plain.recomputed).toEqual({
    modules: [],
    predictedMilliseconds: 0,
    bytesBefore: plain.total,
    bytesAfter: plain.total,
  });
  const memory = plain.total - Math.ceil(0.3 * plain.intermediates);
  const fitted = await trained({ memory });
  expect(fitted.losses).toEqual(plain.losses);
  expect(fitted.total).toBeLessThanOrEqual(memory);
  expect(fitted.recomputed).toMatchObject({ bytesBefore: plain.total, bytesAfter: fitted.total });
  expect(fitted.recomputed!.modules.join(' ')).toMatch(/^layers\.[0-2]( layers\.[0-2])*$/);
  await expect(trained({ memory: 1000 })).rejects.toThrow(ValueError);
});

test.each([
  ['layer.*', NameError, 'recompute: no module fits layer.*'],
  [[/^head/], NameError, 'there are layers'],
  [[], UsageError, 'names modules by their paths'],
  [3, UsageError, 'names modules by their paths'],
  [{ bytes: 1e9 }, NameError, "buildSession: recompute: there is no option 'bytes'; it takes { memory }"],
  [{ memory: 'much' }, ValueError, 'memory must be a number of bytes, got'],
  [{ memory: -1 }, ValueError, 'memory must be a number of bytes, got -1'],
] as const)('recompute: %s', async (pattern, error, message) => {
  const failed = trained(pattern as string);
  await expect(failed).rejects.toThrow(error);
  await expect(failed).rejects.toThrow(message);
});
