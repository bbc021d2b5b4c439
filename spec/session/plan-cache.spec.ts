import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSession, input, manualSeed, relu, trace } from 'meganeura';
import { Linear } from '../../lib/layers/linear.js';
import { adapterProfiles, type AdapterProfile } from '../../lib/backend/planning/adapters.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph } from '../../lib/ir/graph.js';
import { printGraph } from '../../lib/ir/print.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { fromText, restoreGraph, storeGraph, toText } from '../../lib/rewrite/stored-graph.js';
import { rewrittenOnce, type RewriteTarget } from '../../lib/session/plan-cache.js';
import { FolderStore, PageStore, planStore, type PlanStore } from '../../lib/session/plan-store.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { ResNet } from '../../lib/zoo/resnet/model.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'plans-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const adapter: AdapterProfile = adapterProfiles.discrete;

/** A sigmoid spelled out, of an input with this name, times a constant. */
function spelled(name = 'x', constant = 2): Graph {
  const builder = new GraphBuilder();
  const { g } = builder;
  const x = builder.leaf('input', name, [4], 'f32');
  const y = builder.within('layer', () => g.mul(g.mul(x, g.sigmoid(x)), g.scalar(constant, x)));
  return new Graph({ inputs: new Map([[name, x]]), outputs: new Map([['y', y]]) });
}

/** Rewrites with the store; gives the graph as text, and whether it was rewritten now. */
async function rewrite(store: PlanStore | undefined, graph = spelled(), given: RewriteTarget = adapter) {
  let isNew = false;
  const { graph: after, report } = await rewrittenOnce(store, graph, given, () => {
    isNew = true;
    return optimize(graph, given.rates);
  });
  expect(report.cached).toBe(!isNew);
  expect([...after.inputs.values()]).toEqual([...graph.inputs.values()]);
  return { text: printGraph(after), isNew, report };
}

const fileOf = async () => join(folder, (await readdir(folder))[0]!);

test('a graph is rewritten once', async () => {
  const store = new FolderStore(folder);
  const first = await rewrite(store);
  const second = await rewrite(store);
  expect([first.isNew, second.isNew]).toEqual([true, false]);
  expect(second.text).toBe(first.text);
  expect(first.text).toContain('silu');
  expect(second.report.rules).toEqual(first.report.rules);
  expect(Object.keys(second.report.phaseMilliseconds)).toEqual(['read from the cache']);
  expect((await rewrite(undefined)).isNew).toBe(true);
});

describe('what is kept is not used for', () => {
  const others: [string, () => Graph, RewriteTarget][] = [
    ['another graph', () => spelled('x', 3), adapter],
    ['a graph with other names', () => spelled('z'), adapter],
    ['an adapter with other rates', spelled, { ...adapter, rates: { ...adapter.rates, launch: 7 } }],
    ['an adapter with other limits', spelled, { ...adapter, limits: { ...adapter.limits, nativeF16: false } }],
    ['weights that stay as they are', spelled, { ...adapter, freeze: true }],
  ];
  test.each(others)('%s', async (_, graph, given) => {
    const store = new FolderStore(folder);
    await rewrite(store);
    expect((await rewrite(store, graph(), given)).isNew).toBe(true);
    expect(await readdir(folder)).toHaveLength(2);
    expect((await rewrite(store)).isNew).toBe(false);
  });

  test('what lies under its key, of another version, whole as it is', async () => {
    const store = new FolderStore(folder);
    await rewrite(store);
    const file = await fileOf();
    const old = await readFile(file, 'utf8');
    await rewrite(store, spelled('x', 3));
    const [other] = (await readdir(folder)).filter((name) => join(folder, name) !== file);
    await writeFile(join(folder, other!), old);
    expect((await rewrite(store, spelled('x', 3))).isNew).toBe(true);
    expect((await rewrite(store, spelled('x', 3))).isNew).toBe(false);
  });
});

describe('a kept graph is made anew when it is damaged:', () => {
  const damages: [string, (text: string) => string][] = [
    ['a byte', (text) => text.replace('silu', 'tanh')],
    ['the end', (text) => text.slice(0, -20)],
    ['all but the hash', (text) => text.slice(0, 65)],
    ['everything', () => ''],
    ['no line', () => 'x'.repeat(200)],
  ];
  test.each(damages)('%s', async (_, damage) => {
    const store = new FolderStore(folder);
    const whole = await rewrite(store);
    const file = await fileOf();
    const before = await readFile(file, 'utf8');
    expect(damage(before)).not.toBe(before);
    await writeFile(file, damage(before));
    const again = await rewrite(store);
    expect(again).toMatchObject({ isNew: true, text: whole.text });
    expect((await rewrite(store)).isNew).toBe(false);
  });

  test('whole, and yet no graph', async () => {
    const kept = new Map<string, string>();
    const store: PlanStore = {
      read: (key) => Promise.resolve(kept.get(key)),
      write: async (key, text) => {
        const entry = fromText(text.slice(65)) as { graph: { nodes: unknown[] } };
        entry.graph.nodes.reverse();
        const body = toText(entry);
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)));
        const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
        kept.set(key, `${hash}\n${body}`);
      },
    };
    await rewrite(store);
    expect(kept.size).toBe(1);
    expect((await rewrite(store)).isNew).toBe(true);
  });
});

test('many may write and read the same graph at once', async () => {
  const [text] = [(await rewrite(undefined)).text];
  const all = await Promise.all(Array.from({ length: 12 }, () => rewrite(new FolderStore(folder))));
  expect(new Set(all.map((one) => one.text))).toEqual(new Set([text]));
  expect((await readdir(folder)).map((name) => name.replace(/^[0-9a-f]{64}/, 'key'))).toEqual(['key.json']);
  expect((await rewrite(new FolderStore(folder))).isNew).toBe(false);
});

test('a reader gets a whole text or none while others write', async () => {
  const store = new FolderStore(folder);
  const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
  const writing = Promise.all(texts.map((text) => store.write('key', text)));
  const reads = Array.from({ length: 50 }, () => store.read('key'));
  for (const read of await Promise.all(reads)) expect([undefined, ...texts]).toContain(read);
  await writing;
  expect(texts).toContain(await store.read('key'));
});

test('a folder that cannot be written to changes nothing', async () => {
  const file = join(folder, 'file');
  await writeFile(file, 'no folder');
  const store = new FolderStore(join(file, 'plans'));
  expect((await rewrite(store)).isNew).toBe(true);
  expect((await rewrite(store)).isNew).toBe(true);
  expect(await readdir(folder)).toEqual(['file']);
});

test('those that nobody asked for longest make room', async () => {
  const store = new FolderStore(folder);
  await Promise.all(Array.from({ length: 256 }, (_, i) => writeFile(join(folder, `${i}.json`), '')));
  await store.read('7');
  await store.write('new', 'text');
  const names = await readdir(folder);
  expect(names).toHaveLength(256);
  expect(names).toEqual(expect.arrayContaining(['7.json', 'new.json']));
});

test('a search that a limit ended is not kept', async () => {
  const store = new FolderStore(folder);
  const graph = spelled();
  await rewrittenOnce(store, graph, adapter, () => optimize(graph, adapter.rates, undefined, { rounds: 1 }));
  expect(await readdir(folder).catch(() => [])).toEqual([]);
});

test('the option and the environment say where', async () => {
  const before = process.env['MEGANEURA_CACHE'];
  try {
    process.env['MEGANEURA_CACHE'] = 'off';
    expect(planStore(undefined)).toBeUndefined();
    expect(planStore(false)).toBeUndefined();
    process.env['MEGANEURA_CACHE'] = folder;
    expect(planStore(false)).toBeUndefined();
    await planStore(undefined)!.write('key', 'text');
    expect(await readdir(folder)).toEqual(['plans']);
    process.env['MEGANEURA_CACHE'] = 'off';
    expect(await planStore(folder)!.read('key')).toBe('text');
    delete process.env['MEGANEURA_CACHE'];
    // These are the sources.
    expect(planStore(undefined)).toBeUndefined();
  } finally {
    process.env['MEGANEURA_CACHE'] = before;
  }
});

test('a session says whether its graph was rewritten before', async () => {
  const outputs: Float32Array[] = [];
  const cached: (boolean | undefined)[] = [];
  for (const cache of [folder, folder, false] as const) {
    manualSeed(3);
    const model = new Linear(8, 2);
    const graph = trace(model, { x: input([2, 8]) }, ({ x }) => ({ y: relu(model.forward(x)) }));
    const session = await buildSession(graph, { cache });
    session.step({ x: Float32Array.from({ length: 16 }, (_, i) => i / 16) });
    outputs.push(await session.read('y'));
    cached.push(session.report().rewrite?.cached);
    session.dispose();
  }
  expect(cached).toEqual([false, true, false]);
  expect(outputs[1]).toEqual(outputs[0]);
});

test('in a page the Cache API keeps texts, and no more than so many', async () => {
  const entries = new Map<string, string>();
  const cache = {
    match: (key: string) => Promise.resolve(entries.has(key) ? new Response(entries.get(key)) : undefined),
    put: async (key: string, response: Response) => void entries.set(key, await response.text()),
    keys: () => Promise.resolve([...entries.keys()]),
    delete: (key: string) => Promise.resolve(entries.delete(key)),
  };
  const names: string[] = [];
  const caches = { open: (name: string) => (names.push(name), Promise.resolve(cache)) };
  Object.defineProperty(globalThis, 'caches', { value: caches, configurable: true });
  try {
    const store = new PageStore('plans');
    expect(await store.read('0')).toBeUndefined();
    for (let i = 0; i < 257; i++) await store.write(String(i), `text ${i}`);
    expect([await store.read('0'), await store.read('256')]).toEqual([undefined, 'text 256']);
    expect(new Set(names)).toEqual(new Set(['plans']));
    caches.open = () => Promise.reject(new Error('not allowed'));
    await store.write('1', 'other');
    expect(await store.read('1')).toBeUndefined();
  } finally {
    Reflect.deleteProperty(globalThis, 'caches');
  }
});

test('a training graph comes back node by node, with literals and infinities', async () => {
  const model = ResNet.fromConfig({
    ...{ architectures: ['ResNetForImageClassification'], model_type: 'resnet', layer_type: 'bottleneck' },
    ...{ depths: [1, 1], hidden_sizes: [4, 8], embedding_size: 4, num_labels: 3 },
  });
  const traced = trace(model, { pixels: input([2, 3, 16, 16]) }, ({ pixels }) => ({
    loss: model.forward(pixels).sum(),
  }));
  const graph = trainingGraph(traced, { loss: 'loss', gradients: true });
  const { graph: after } = await optimize(graph, adapter.rates);
  const text = toText(storeGraph(graph, after));
  expect(text).toContain('{"#":"-Infinity"}');
  const restored = restoreGraph(graph, fromText(text) as never);
  expect(printGraph(restored)).toBe(printGraph(after));
  expect(restored.nodes().map(({ scope }) => scope)).toEqual(after.nodes().map(({ scope }) => scope));
  const numbers = [0, -0, Infinity, -Infinity, NaN, 1e-40];
  expect(fromText(toText(numbers))).toEqual(numbers);
});
