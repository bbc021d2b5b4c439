import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { useFreshCache } from '../fresh-cache.js';
import { buildInferenceSession, buildSession, input, manualSeed, Module, trace, type Tensor } from '../../lib/index.js';
import { encodeSafetensors, loadSafetensors, parseSafetensors } from '../../lib/hub/index.js';
import { Linear } from '../../lib/layers/index.js';
import { adamW } from '../../lib/train/index.js';
import { SmolLM2 } from '../../lib/zoo/index.js';
import { interpret } from '../../lib/ir/interpret.js';
import { loadLora, lora, mergeLora, saveLora, type LoraOptions } from '../../lib/train/lora/index.js';

useFreshCache();

/** Made for this model by PEFT: see the README of the reference data. */
const ADAPTER = 'spec/reference/lora';
const MODEL = 'spec/reference/llama-smollm2-tiny';

const reference = parseSafetensors(fs.readFileSync(path.join(ADAPTER, 'reference.safetensors')));
const ids = reference.int32('input_ids');
const [batch, length] = reference.entry('input_ids').shape as [number, number];
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'lora-'));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

/** |a − b| ≤ tolerance·(1 + |b|). */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-4): void {
  expect(actual).toHaveLength(expected.length);
  const excess = Array.from(expected, (b, i) => Math.abs(actual[i]! - b) / (1 + Math.abs(b)));
  expect(Math.max(...excess)).toBeLessThanOrEqual(tolerance);
}

function traceModel(model: SmolLM2) {
  const inputs = { ids: input([batch, length], 'i32'), labels: input([batch, length], 'i32') };
  return trace(model, inputs, ({ ids, labels }) => ({ logits: model.forward(ids), loss: model.loss(ids, labels) }));
}

async function logitsOf(model: SmolLM2): Promise<Float32Array> {
  using session = await buildInferenceSession(traceModel(model), { outputs: ['logits'] });
  session.step({ ids });
  return await session.read('logits');
}

describe('an adapter that PEFT made', () => {
  test('gives its logits, trains as there, and is written as PEFT writes it', async () => {
    const model = await SmolLM2.fromPretrained(MODEL);
    const adapters = await loadLora(model, ADAPTER);
    expect([...adapters.layers.keys()]).toEqual(
      [0, 1, 2].flatMap((i) => ['q_proj', 'v_proj'].map((name) => `model.layers.${i}.self_attn.${name}`)),
    );
    using session = await buildSession(traceModel(model), {
      optimizer: adamW({ learningRate: 0.01, weightDecay: 0.01, groups: [adapters.frozen] }),
    });
    expect([...session.trainedParameters].sort()).toEqual([...adapters.namedParameters().keys()].sort());
    const losses: number[] = [];
    for (let step = 0; step < 3; step++) {
      session.step({ ids, labels: ids });
      if (step === 0) expectClose(await session.read('logits'), reference.float32('logits'));
      losses.push((await session.read('loss'))[0]!);
    }
    expectClose(losses, reference.float32('losses'));

    const folder = path.join(scratch, 'trained');
    await saveLora(adapters, folder, { weights: session, baseModel: 'llama-smollm2-tiny', taskType: 'CAUSAL_LM' });
    const saved = await loadSafetensors(path.join(folder, 'adapter_model.safetensors'));
    const theirs = await loadSafetensors(path.join(ADAPTER, 'adapter_model.safetensors'));
    expect(saved.names().sort()).toEqual(theirs.names().sort());
    for (const name of saved.names()) expectClose(saved.float32(name), reference.float32(`trained.${name}`));
    const config = JSON.parse(fs.readFileSync(path.join(folder, 'adapter_config.json'), 'utf8')) as object;
    const wanted = JSON.parse(fs.readFileSync(path.join(ADAPTER, 'adapter_config.json'), 'utf8')) as typeof config;
    expect(wanted).toMatchObject({ ...config, target_modules: expect.arrayContaining(['q_proj', 'v_proj']) });

    await mergeLora(adapters, { weights: session });
    expect(parameterCounts(model)).toEqual({});
    using merged = await buildInferenceSession(traceModel(model), { outputs: ['logits'] });
    merged.step({ ids });
    expectClose(await merged.read('logits'), reference.float32('trained_logits'));
    const values = await merged.parameters();
    for (const name of ['model.layers.0.self_attn.q_proj.weight', 'model.layers.2.self_attn.v_proj.weight']) {
      expectClose(values[name]!.data, reference.float32(`merged.${name}`));
    }
  });

  test('merged without a session gives the same logits; what was saved is what was loaded', async () => {
    const model = await SmolLM2.fromPretrained(MODEL);
    const adapters = await loadLora(model, ADAPTER);
    const folder = path.join(scratch, 'again');
    await saveLora(adapters, folder);
    const [ours, theirs] = [folder, ADAPTER].map((at) =>
      parseSafetensors(fs.readFileSync(path.join(at, 'adapter_model.safetensors'))),
    );
    for (const name of theirs!.names()) expect(ours!.float32(name)).toEqual(theirs!.float32(name));
    await mergeLora(adapters);
    expectClose(await logitsOf(model), reference.float32('logits'));
    await expect(mergeLora(adapters)).rejects.toThrow("'model.layers.0.self_attn.q_proj' no longer has its adapter");
  });
});

class Two extends Module {
  first = new Linear(4, 6);
  second = new Linear(6, 3, { bias: false });

  forward(x: Tensor<[2, 4], 'f32'>) {
    return this.second.forward(this.first.forward(x));
  }
}

describe('lora', () => {
  const x = [1, -2, 3, 0.5, 0, 1, 2, -1];
  const outputOf = (model: Two) => interpret(trace(model, { x: input([2, 4]) }), { x }).outputs.get('output')!;

  test('changes nothing at first: A is uniform in ±1/√In, B is 0', () => {
    manualSeed(1);
    const model = new Two();
    const before = Array.from(outputOf(model));
    const adapters = lora(model, { targets: '*', rank: 100, alpha: 50 });
    expect(Array.from(outputOf(model))).toEqual(before);
    expect(parameterCounts(model)).toEqual({
      'first.adapter.lora_A.weight': 400,
      'first.adapter.lora_B.weight': 600,
      'second.adapter.lora_A.weight': 600,
      'second.adapter.lora_B.weight': 300,
    });
    expect(adapters.parameterCount()).toBe(1900);
    const { 'first.adapter.lora_A.weight': a, 'first.adapter.lora_B.weight': b } = model.stateDict();
    const largest = Math.max(...Array.from(a!.data, Math.abs));
    expect(largest).toBeLessThanOrEqual(0.5);
    expect(largest).toBeGreaterThan(0.45);
    expect(Math.max(...b!.data)).toBe(0);
    adapters.remove();
    expect(Object.keys(model.stateDict())).toEqual(['first.weight', 'first.bias', 'second.weight']);
  });

  test('adds (alpha/rank)·B·A to the weight', () => {
    const model = new Two();
    const { weight } = model.second.stateDict();
    const inner = interpret(trace(model.first, { x: input([2, 4]) }), { x }).outputs.get('output')!;
    const before = Array.from(outputOf(model));
    const adapters = lora(model, { targets: /^second$/, rank: 1, alpha: 3 });
    const [a, b] = [
      [1, 2, 3, 4, 5, 6],
      [1, 0, -1],
    ];
    const { adapter } = adapters.layers.get('second')!;
    adapter.a.setValues(a);
    adapter.b.setValues(b);
    const change = [0, 1].flatMap((row) => {
      const narrow = a.reduce((sum, value, i) => sum + value * inner[row * 6 + i]!, 0);
      return b.map((value) => 3 * value * narrow);
    });
    expectClose(
      outputOf(model),
      before.map((value, i) => value + change[i]!),
      1e-6,
    );
    expect(weight!.data).toEqual(model.second.weight.values());
  });

  test('drops only while the model trains', () => {
    const ops = (model: Two) =>
      trace(model, { x: input([2, 4]) })
        .nodes()
        .map((node) => node.op);
    const model = new Two().eval();
    lora(model, { targets: '*', dropout: 0.5 });
    expect(ops(model)).not.toContain('dropoutAt');
    expect(ops(model.train())).toContain('dropoutAt');
  });

  test.each<[LoraOptions, string]>([
    [{ targets: '*.frist' }, 'lora: no linear layer matches *.frist; there are first, second'],
    [{ targets: 'frist' }, "lora: no linear layer matches frist; did you mean 'first'?"],
    [{ targets: [] }, 'lora: targets must name layers, got an empty list'],
    [{ targets: [3 as never] }, 'lora: targets must be paths, with * for any characters, or regular expressions, got'],
    [{ targets: '*', rank: 0 }, 'LowRankAdapter: rank must be an integer of at least 1, got 0'],
    [{ targets: '*', alpha: NaN }, 'LowRankAdapter: alpha must be a number above 0, got NaN'],
    [{ targets: '*', dropout: 2 }, 'LowRankAdapter: dropout must be a number from 0 to 1, got 2'],
    [{ targets: '*', r: 3 } as never, "lora: there is no option 'r'; it takes { targets, rank, alpha, dropout }"],
  ])('%j is refused', (options, message) => {
    const model = new Two();
    expect(() => lora(model, options)).toThrow(message);
    expect(Object.keys(model.stateDict())).toHaveLength(3);
  });

  test('layers have one adapter at most', () => {
    const model = new Two();
    lora(model, { targets: 'first' });
    expect(() => lora(model, { targets: '*' })).toThrow("lora: 'first' have adapters: merge or remove those first");
    expect(model.second.adapter).toBeNull();
  });

  test('frees what the model has built without the adapters, or with them', () => {
    class Built extends Two {
      freed = 0;
      dispose() {
        this.freed++;
      }
    }
    const model = new Built();
    const adapters = lora(model, { targets: '*' });
    expect(model.freed).toBe(1);
    adapters.remove();
    expect(model.freed).toBe(2);
  });

  test('a session that trains more is not merged in part, nor a weight that others share', async () => {
    const model = new Two();
    const adapters = lora(model, { targets: 'second' });
    const graph = trace(model, { x: input([2, 4]) }, ({ x }) => ({ loss: model.forward(x).mean() }));
    using session = await buildSession(graph, { optimizer: adamW() });
    const rejected = expect(mergeLora(adapters, { weights: session })).rejects;
    await rejected.toThrow('mergeLora: the session trains more than the adapters, which would be lost: first.weight');
    class Tied extends Two {
      third = new Linear(6, 3, { bias: false });
    }
    const tied = new Tied();
    tied.third.weight = tied.second.weight;
    await expect(mergeLora(lora(tied, { targets: 'third' }))).rejects.toThrow(
      "mergeLora: 'third' shares its weight with others, which would change too: second.weight, third.weight",
    );
  });
});

describe('loadLora', () => {
  const folder = path.join(scratch, 'broken');
  const config = { peft_type: 'LORA', r: 2, lora_alpha: 4 };
  const name = (layer: string, matrix: string) => `base_model.model.${layer}.lora_${matrix}.weight`;
  const tensor = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
  const good = { [name('first', 'A')]: tensor(2, 4), [name('first', 'B')]: tensor(6, 2) };
  beforeAll(() => fs.mkdirSync(folder));

  test.each<[string, object, Record<string, ReturnType<typeof tensor>>, string]>([
    [
      'another kind',
      { ...config, peft_type: 'IA3' },
      good,
      "peft_type must be 'LORA', the adapters that there are; got",
    ],
    ['DoRA', { ...config, use_dora: true }, good, 'use_dora = true is not supported: merge the adapter in Python'],
    ['PiSSA', { ...config, init_lora_weights: 'pissa' }, good, 'init_lora_weights = "pissa" is not supported'],
    ['ranks by layer', { ...config, rank_pattern: { first: 3 } }, good, 'rank_pattern = {"first":3} is not supported'],
    ['no rank', { ...config, r: undefined }, good, 'r must be an integer of at least 1, got nothing'],
    ['no object', [], good, 'adapter_config.json: must hold an object'],
    ['no tensors', config, {}, 'it is empty; load it for the model that it was made for'],
    ['another rank', { ...config, r: 3 }, good, `'${name('first', 'A')}' must have shape [3, 4], got [2, 4]`],
    ['half a pair', config, { [name('first', 'A')]: tensor(2, 4) }, `missing '${name('first', 'B')}'`],
    ['another model', config, { ...good, [name('secnd', 'A')]: tensor(2, 6) }, "(close: 'second')"],
    [
      'other tensors',
      config,
      { ...good, 'first.bias': tensor(6) },
      "no linear layer of the model is meant by 'first.bias'",
    ],
  ])('refuses %s', async (_, json, tensors, message) => {
    fs.writeFileSync(path.join(folder, 'adapter_config.json'), JSON.stringify(json));
    fs.writeFileSync(path.join(folder, 'adapter_model.safetensors'), encodeSafetensors(tensors));
    const model = new Two();
    await expect(loadLora(model, folder)).rejects.toThrow(message);
    expect(Object.keys(model.stateDict())).toHaveLength(3);
  });

  test('says where it looked for a folder without an adapter', async () => {
    await expect(loadLora(new Two(), MODEL)).rejects.toThrow("there is no file 'adapter_config.json' in it");
  });
});

test('layers that the ends of names cannot choose are written as whole paths', async () => {
  class Nested extends Module {
    first = new Linear(2, 2);
    inner = new Two();
    forward(x: Tensor<[2], 'f32'>) {
      return this.first.forward(x);
    }
  }
  const targets = async (pattern: string) => {
    const folder = path.join(scratch, 'targets');
    await saveLora(lora(new Nested(), { targets: pattern }), folder);
    const json = fs.readFileSync(path.join(folder, 'adapter_config.json'), 'utf8');
    return (JSON.parse(json) as { target_modules: unknown }).target_modules;
  };
  expect(await targets('*first')).toEqual(['first']);
  expect(await targets('inner.*')).toBe(String.raw`inner\.first|inner\.second`);
});

function parameterCounts(model: Module): Record<string, number> {
  const found = [...model.namedParameters()].filter(([name]) => name.includes('lora'));
  return Object.fromEntries(found.map(([name, own]) => [name, own.sizes(name).reduce((a, b) => a * b)]));
}
