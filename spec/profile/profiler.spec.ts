import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  buildInferenceSession,
  buildSession,
  crossEntropy,
  input,
  matmul,
  Module,
  relu,
  trace,
  type Dim,
  type Tensor,
} from 'meganeura';
import { Linear } from 'meganeura/layers';
import { sgd } from 'meganeura/train';
import type { Session } from '../../lib/session/session.js';
import { Profiler } from '../../lib/profile/profiler.js';
import { decodeTrace, type OfficialTrace } from './official.js';

class Mlp extends Module {
  hidden = new Linear(6, 8);
  output = new Linear(8, 3);

  forward<B extends Dim>(x: Tensor<[B, 6], 'f32'>) {
    return this.output.forward(relu(this.hidden.forward(x)));
  }
}

const inputs = { x: input([4, 6]), labels: input([4], 'i32') };
const feeds = { x: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)), labels: [0, 1, 2, 0] };
const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
const STEPS = 5;

function traced(profiler?: Profiler) {
  const model = new Mlp();
  return trace(
    model,
    inputs,
    ({ x, labels }) => {
      const logits = model.forward(x);
      return { logits, loss: crossEntropy(logits, labels) };
    },
    profiler ? { profile: profiler } : {},
  );
}

async function openDevice(features: GPUFeatureName[]): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  return adapter!.requestDevice({ requiredFeatures: features });
}

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice(['timestamp-query']);
});
afterAll(() => device.destroy());

describe('a run of training', () => {
  let found: OfficialTrace;
  let dispatches: number;
  const losses: number[] = [];
  let memory: ReturnType<Session['memory']>;

  beforeAll(async () => {
    const profiler = new Profiler();
    const session = await buildSession(traced(profiler), { device, optimizer, profile: profiler });
    dispatches = session.report().dispatches;
    memory = session.memory();
    for (let step = 1; step <= STEPS; step++) {
      session.setInput('learningRate', 0.1 / step);
      session.step(feeds);
      losses.push((await session.read('loss'))[0]!);
    }
    session.dispose();
    found = decodeTrace(await profiler.bytes());
  });

  const kernels = () => found.slices.filter(({ category }) => category === 'kernel');
  const named = (name: string) => found.slices.filter((slice) => slice.name === name);

  test('has slices of everything that this thread did, by ruleset where it rewrote', () => {
    const main = found.slices.filter(({ track }) => track === 'main').map(({ name }) => name);
    for (const name of ['trace', 'differentiate', 'rewrite', 'rewrite: round 1', 'rules: folding', 'rules: types', 'lower', 'step', 'upload', 'encode', 'submit']) expect(main).toContain(name); // prettier-ignore
    expect(main.filter((name) => name.startsWith('create pipeline ')).length).toBeGreaterThan(0);
    const waits = found.slices.filter(({ category }) => category === 'wait').map(({ name }) => name);
    expect(waits.filter((name) => name === 'read back')).toHaveLength(STEPS);
    expect(waits).toEqual(expect.arrayContaining(['build session', 'open device', 'allocate', 'create pipelines']));
    for (const slice of [...named('encode'), ...named('submit'), ...named('upload')]) {
      expect(slice.parent?.name).toBe('step');
    }
    for (const slice of found.slices.filter(({ name }) => name.startsWith('rules: '))) {
      expect(slice.parent?.name).toMatch(/^rewrite: round \d+$/);
    }
  });

  test('has every kernel of every step, named by kind and module, with what it does', () => {
    expect(kernels()).toHaveLength(STEPS * dispatches);
    for (const { name, details, track } of kernels()) {
      const { kernel, module } = details;
      expect(name).toBe(module === '' ? kernel : `${String(kernel)} (at ${String(module)})`);
      expect(track).toMatch(/: kernels$/);
      expect(Number(details['bytes'])).toBeGreaterThan(0);
      expect(details).toHaveProperty('flops');
    }
    expect(new Set(kernels().map(({ details }) => details['module']))).toContain('hidden');
    const timed = kernels().filter(({ begin, end }) => end > begin);
    expect(timed.length).toBeGreaterThan(0);
    for (const { details } of timed) expect(Number(details['share of peak'])).toBeGreaterThanOrEqual(0);
  });

  test('says what the device is and reaches, which was measured', () => {
    const [{ track, details }] = found.instants as [(typeof found.instants)[number]];
    expect(track).toBe(`${String(details['device'])}: kernels`);
    // A millionth to a thousand times what a machine of today does.
    for (const peak of ['peak bytes/s', 'peak operations/s']) {
      expect(Number(details[peak])).toBeGreaterThan(1e6);
      expect(Number(details[peak])).toBeLessThan(1e17);
    }
  });

  test('joins each submit to its kernels, which begin after it and lie in their step', () => {
    const submits = named('submit');
    expect(submits).toHaveLength(STEPS);
    const steps = found.slices.filter(({ category }) => category === 'step');
    submits.forEach((submit, i) => {
      const own = kernels().filter(({ flows }) => flows[0] === submit.flows[0]);
      expect(own).toHaveLength(dispatches);
      const step = steps.find(({ flows }) => flows[0] === submit.flows[0])!;
      expect(step.details).toEqual({ step: i + 1, session: 1 });
      for (const { begin, end, details } of own) {
        expect(begin).toBeGreaterThanOrEqual(submit.begin);
        expect(begin).toBeGreaterThanOrEqual(step.begin);
        expect(end).toBeLessThanOrEqual(step.end);
        expect(details['step']).toBe(i + 1);
      }
    });
    // Each was read before the next step: what the device did lies between the submit and the end of the wait.
    const reads = found.slices.filter(({ name }) => name === 'read back');
    steps.forEach(({ end }, i) => expect(end).toBeLessThanOrEqual(reads[i]!.end));
  });

  test('counts losses, learning rates and memory', () => {
    const valuesOf = (name: string) => found.counters[name]!.map(({ value }) => value);
    expect(valuesOf('session 1: loss')).toEqual(losses);
    const rates = Array.from({ length: STEPS }, (_, i) => Math.fround(0.1 / (i + 1)));
    // The optimizer's own value comes first.
    expect(valuesOf('session 1: learningRate')).toEqual([rates[0], ...rates]);
    expect(valuesOf('session 1: momentum')).toEqual([Math.fround(0.9)]);
    for (const kind of ['parameters', 'buffers', 'inputs', 'outputs', 'intermediates'] as const) {
      expect(Math.max(...valuesOf(`memory: ${kind}`))).toBe(memory[kind]);
      expect(valuesOf(`memory: ${kind}`).at(-1)).toBe(0);
    }
  });
});

test('sessions that are built and run at once share a trace; one on the weights of another records with it', async () => {
  const profiler = new Profiler();
  const graph = traced();
  const build = () => buildSession(graph, { device, optimizer, profile: profiler });
  const [first, second] = await Promise.all([build(), build()]);
  const validation = await buildInferenceSession(graph, { device, outputs: ['loss'], weights: first });
  for (const session of [first, second, first]) session.step(feeds);
  validation.step(feeds);
  await Promise.all([first.read('loss'), second.read('loss'), validation.read('loss')]);
  const held = first.memory().parameters + second.memory().parameters;
  const { slices, counters } = decodeTrace(await profiler.bytes());
  const steps = slices.filter(({ category }) => category === 'step').map(({ name }) => name);
  expect(steps).toEqual(['step 1 of session 1', 'step 1 of session 2', 'step 2 of session 1', 'step 1 of session 3']);
  // The weights that two of them share count once.
  expect(counters['memory: parameters']!.at(-1)!.value).toBe(held);
  for (const session of [first, second, validation]) session.dispose();
});

test('a step that is refused leaves a trace that is whole', async () => {
  const profiler = new Profiler();
  const session = await buildSession(traced(), { device, optimizer, profile: profiler });
  expect(() => session.step({ ...feeds, labels: [0, 1, 2, 7] })).toThrow('out of range');
  session.step(feeds);
  const { slices } = decodeTrace(await profiler.bytes());
  expect(slices.filter(({ name }) => name === 'step')).toHaveLength(2);
  expect(slices.filter(({ name }) => name === 'submit')).toHaveLength(1);
  session.dispose();
});

test('what is under way when a session is disposed of is in the trace', async () => {
  const profiler = new Profiler();
  const session = await buildSession(traced(), { device, optimizer, profile: profiler });
  for (let step = 0; step < 10; step++) session.step(feeds);
  const { dispatches } = session.report();
  session.dispose();
  const { slices } = decodeTrace(await profiler.bytes());
  expect(slices.filter(({ category }) => category === 'kernel')).toHaveLength(10 * dispatches);
});

test('results are the same with and without a profiler', async () => {
  const graph = traced();
  const run = async (profile?: Profiler) => {
    const session = await buildSession(graph, { device, optimizer, ...(profile && { profile }) });
    for (let step = 0; step < 3; step++) session.step(feeds);
    const [values, { rewrite, ...report }] = [await session.parameters(), session.report()];
    session.dispose();
    return { values, report: { ...report, rewriteSeconds: 0 }, rounds: rewrite?.rounds };
  };
  expect(await run(new Profiler())).toEqual(await run());
});

test('a device without time stamps gives slices of this thread, counters, and a note', async () => {
  const bare = await openDevice([]);
  const profiler = new Profiler();
  const session = await buildSession(traced(), { device: bare, optimizer, profile: profiler });
  session.step(feeds);
  const loss = (await session.read('loss'))[0];
  session.dispose();
  const { slices, instants, counters } = decodeTrace(await profiler.bytes());
  expect(slices.filter(({ category }) => category === 'kernel')).toEqual([]);
  expect(slices.filter(({ name }) => name === 'submit')).toHaveLength(1);
  expect(instants.map(({ name }) => name)).toEqual(['no kernels: the device has no timestamp queries']);
  expect(counters['session 1: loss']!.map(({ value }) => value)).toEqual([loss]);
  bare.destroy();
});

test('a device that is lost ends the trace, and nothing waits for it', async () => {
  const lost = await openDevice(['timestamp-query']);
  const profiler = new Profiler();
  const session = await buildSession(traced(), { device: lost, optimizer, profile: profiler });
  session.step(feeds);
  lost.destroy();
  await lost.lost;
  const { slices } = decodeTrace(await profiler.bytes());
  expect(slices.filter(({ name }) => name === 'submit')).toHaveLength(1);
  session.dispose();
});

test.each([false, true])('a step is one pass and stamps nothing unless it is recorded: %s', async (isRecorded) => {
  const querySets = jest.spyOn(device, 'createQuerySet');
  const profile = isRecorded ? { profile: new Profiler() } : {};
  const session = await buildSession(traced(), { device, optimizer, ...profile });
  expect(querySets).toHaveBeenCalledTimes(isRecorded ? 1 : 0);
  querySets.mockRestore();
  const passes: unknown[] = [];
  const create = device.createCommandEncoder.bind(device);
  const encoders = jest.spyOn(device, 'createCommandEncoder').mockImplementation((...args) => {
    const encoder = create(...args);
    const begin = encoder.beginComputePass.bind(encoder);
    jest.spyOn(encoder, 'beginComputePass').mockImplementation((descriptor) => {
      passes.push(descriptor);
      return begin(descriptor);
    });
    return encoder;
  });
  session.step(feeds);
  encoders.mockRestore();
  if (isRecorded) expect(passes).toHaveLength(session.report().dispatches);
  else expect(passes).toEqual([undefined]);
  await session.read('loss');
  session.dispose();
});

test('there may be more kernels than a query set has room for', async () => {
  const count = 2100;
  const profiler = new Profiler();
  const graph = trace({ x: input([2, 2]) }, ({ x }) => {
    let y: Tensor<[2, 2], 'f32'> = x;
    for (let i = 0; i < count; i++) y = matmul(y, x);
    return { y };
  });
  const session = await buildSession(graph, { device, optimize: false, profile: profiler });
  expect(session.report().dispatches).toBe(count);
  for (let step = 0; step < 2; step++) session.step({ x: [0, 1, 1, 0] });
  const { slices } = decodeTrace(await profiler.bytes());
  const kernels = slices.filter(({ category }) => category === 'kernel');
  expect(kernels).toHaveLength(2 * count);
  // Those of both sets have times, and so do not all lie at one end.
  const took = (from: number, to: number) => kernels[to - 1]!.end - kernels[from]!.begin;
  expect(took(0, 2048)).toBeGreaterThan(0);
  expect(took(2048, count)).toBeGreaterThan(0);
  session.dispose();
});
