import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import type { DownloadProgress } from '../../lib/hub/repository.js';
import { encodeSafetensors } from '../../lib/hub/safetensors.js';
import { buildInferenceSession, input, trace } from 'meganeura';
import { Linear } from 'meganeura/layers';
import { HubHarness, hubErrorOf, WEIGHTS } from './hub-harness.js';
import { counted, miscounted, shardedRepository, tinyRepository } from './tiny-model.js';

const hub = new HubHarness();

describe('a download', () => {
  test('gives the tensors, and the files that came with them', async () => {
    await hub.start();
    const model = await hub.download();
    expect([...model.tensors].map(([name, { shape, dtype }]) => [name, shape, dtype])).toEqual([
      ['weight', [5000, 10], 'F32'],
      ['bias', [3], 'BF16'],
    ]);
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    expect(await model.read('bias', 'f32')).toEqual(Float32Array.of(1, -2, 0.333984375));
    expect(await model.read('bias', 'bf16')).toEqual(Uint16Array.of(0x3f80, 0xc000, 0x3eab));
    expect(await model.repository.json('config.json')).toEqual({ model_type: 'tiny', hidden_size: 8 });
    expect(model.repository.has('README.md')).toBe(true);
  });

  test("is laid out as Python's huggingface_hub has it", async () => {
    const { commit } = await hub.start();
    await hub.download();
    const names = ['config.json', WEIGHTS, 'tokenizer.json'];
    const blobs = names.map((name) => `blobs/${hub.server.etag(name)}`).sort();
    expect(hub.cached()).toEqual([...blobs, 'refs/main', ...names.map((name) => `snapshots/${commit}/${name}`)]);
    expect(fs.readFileSync(path.join(hub.root, 'refs/main'), 'utf8')).toBe(commit);
    expect(fs.readlinkSync(path.join(hub.root, 'snapshots', commit, WEIGHTS))).toBe(
      `../../blobs/${hub.server.etag(WEIGHTS)}`,
    );
  });

  test('is not done again, and needs no network the second time', async () => {
    await hub.start();
    await hub.download();
    hub.server.log.length = 0;
    await hub.download();
    expect(hub.server.log.filter((entry) => entry.path.includes('/resolve/'))).toEqual([]);
    hub.server.log.length = 0;
    const model = await hub.download({ offline: true });
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    expect(hub.server.log).toEqual([]);
    await hub.server.stop();
    const again = await hub.download();
    expect(await again.repository.json('config.json')).toEqual({ model_type: 'tiny', hidden_size: 8 });
  });

  test('of shards merges them', async () => {
    await hub.start({ files: shardedRepository(), largeFrom: 100 });
    const model = await hub.download();
    expect([...model.tensors.keys()]).toEqual(['a', 'b']);
    expect(await model.read('b', 'f32')).toEqual(counted(4, 10));
  });

  test('tells its progress in bytes, over all files', async () => {
    const files = tinyRepository();
    await hub.start({ files });
    const total = ['config.json', 'tokenizer.json', WEIGHTS].reduce((sum, name) => sum + files[name]!.length, 0);
    const seen: DownloadProgress[] = [];
    await hub.download({ onProgress: (progress) => seen.push(progress) });
    expect(new Set(seen.map(({ totalBytes }) => totalBytes))).toEqual(new Set([total]));
    const loaded = seen.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(total);
    expect(seen.at(-1)!.file).toBe(WEIGHTS);
    // From the cache: all at once.
    const again: DownloadProgress[] = [];
    await hub.download({ onProgress: (progress) => again.push(progress) });
    expect(again.map(({ loadedBytes }) => loadedBytes)).toEqual([total]);
  });
});

test('what was downloaded fills a module, and a session', async () => {
  await hub.start({
    files: {
      'model.safetensors': encodeSafetensors({
        weight: { shape: [2, 3], data: counted(6) },
        bias: { shape: [2], data: Uint16Array.of(0x3f80, 0xc000), dtype: 'BF16' },
      }),
    },
  });
  const weights = await hub.download();
  const layer = new Linear(3, 2);
  layer.loadStateDict(weights);
  const graph = trace(layer, { x: input([1, 3]) });
  using session = await buildInferenceSession(graph);
  session.step({ x: Float32Array.of(1, 1, 1) });
  const [output] = graph.outputs.keys();
  expect(await session.read(output as never)).toEqual(Float32Array.of(0 + 1 + 2 + 1, 3 + 4 + 5 - 2));

  using other = await buildInferenceSession(trace(new Linear(3, 2), { x: input([1, 3]) }));
  await other.setParameters(weights);
  expect(await other.parameters()).toEqual(await session.parameters());
});

describe('a connection that is cut', () => {
  test('goes on by Range', async () => {
    await hub.start();
    hub.server.fail(WEIGHTS, { kind: 'cut', after: 70_000 }, 2);
    const model = await hub.download();
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    const ranges = hub.server.rangesOf(WEIGHTS);
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBeUndefined();
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(hub.leftOvers()).toEqual([]);
  });

  test('for good is an error, and the next download goes on from there', async () => {
    await hub.start();
    hub.server.fail(WEIGHTS, { kind: 'cut', after: 70_000 });
    const error = await hubErrorOf(hub.download({ retries: 0 }));
    expect(error.reason).toBe('network');
    expect(hub.leftOvers()).toHaveLength(1);
    expect(hub.cached()).not.toContain(`blobs/${hub.server.etag(WEIGHTS)}`);
    hub.server.heal();
    hub.server.log.length = 0;
    const model = await hub.download();
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    expect(hub.server.rangesOf(WEIGHTS)).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(hub.leftOvers()).toEqual([]);
  });

  test.each(['no-ranges', 'bad-range'] as const)('starts anew where the server answers so: %s', async (kind) => {
    await hub.start();
    hub.server.fail(WEIGHTS, { kind: 'cut', after: 70_000 }, 1);
    hub.server.fail(WEIGHTS, { kind }, 1);
    const model = await hub.download();
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
  });

  test('again and again is no trouble, as long as there is progress', async () => {
    await hub.start();
    for (let after = 100_000; after > 30; after = Math.floor(after / 2)) {
      hub.server.fail(WEIGHTS, { kind: 'cut', after }, 1);
    }
    const model = await hub.download({ retries: 2 });
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    expect(hub.server.rangesOf(WEIGHTS).length).toBeGreaterThan(10);
  });

  test('that ends early without saying so goes on as well', async () => {
    await hub.start();
    hub.server.fail(WEIGHTS, { kind: 'short', after: 100_000 }, 1);
    const model = await hub.download();
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
  });
});
