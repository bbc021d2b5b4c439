import { expect, jest, test } from '@jest/globals';
import { buildSession, crossEntropy, input, trace } from 'meganeura';
import { Linear } from 'meganeura/layers';
import { sgd } from 'meganeura/train';

/** What allocates or compiles on a device. */
const CREATORS = [
  'createBuffer',
  'createBindGroup',
  'createBindGroupLayout',
  'createComputePipeline',
  'createComputePipelineAsync',
  'createPipelineLayout',
  'createQuerySet',
  'createSampler',
  'createShaderModule',
  'createTexture',
] as const satisfies readonly (keyof GPUDevice)[];

test('nothing is compiled or allocated after the first step', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  const spies = CREATORS.map((name) => [name, jest.spyOn(device, name)] as const);
  const calls = () => Object.fromEntries(spies.map(([name, spy]) => [name, spy.mock.calls.length]));

  const layer = new Linear(6, 3);
  const graph = trace(layer, { x: input([4, 6]), labels: input([4], 'i32') }, ({ x, labels }) => {
    const logits = layer.forward(x);
    return { logits, loss: crossEntropy(logits, labels) };
  });
  const session = await buildSession(graph, { device, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) });
  session.record('loss', 10);
  const feeds = { x: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)), labels: [0, 1, 2, 0] };
  const step = async (number: number) => {
    session.setInput('learningRate', 0.1 / number);
    session.step(feeds);
    if (number % 10 !== 1) return;
    await Promise.all([session.read('logits'), session.readRecord('loss'), session.parameters()]);
  };

  await step(1);
  const first = calls();
  expect(first['createBuffer']).toBeGreaterThan(0);
  expect(first['createShaderModule']).toBeGreaterThan(0);
  for (let number = 2; number <= 101; number++) await step(number);
  expect(calls()).toEqual(first);

  session.dispose();
  device.destroy();
});

test('a graph that was compiled before compiles nothing again', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  const layer = new Linear(6, 3);
  const graph = trace(layer, { x: input([4, 6]) }, ({ x }) => ({ y: layer.forward(x) }));
  (await buildSession(graph, { device })).dispose();
  const spy = jest.spyOn(device, 'createShaderModule');
  (await buildSession(graph, { device })).dispose();
  expect(spy).not.toHaveBeenCalled();
  device.destroy();
});
