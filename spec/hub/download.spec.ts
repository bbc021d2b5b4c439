import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HubError } from '../../lib/hub/hub-error.js';
import type { DownloadProgress } from '../../lib/hub/repository.js';
import { SafeTensorsModel, type DownloadOptions } from '../../lib/hub/safetensors-model.js';
import { HubServer, type HubServerOptions } from './hub-server.js';
import { counted, shardedRepository, tinyRepository } from './tiny-model.js';

const REPOSITORY = 'me/tiny';

let cacheDir: string;
let server: HubServer;
beforeEach(() => {
  cacheDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hub-'));
});
afterEach(async () => {
  await server.stop();
  fs.rmSync(cacheDir, { recursive: true });
});

async function start(options: Partial<HubServerOptions> = {}): Promise<HubServer> {
  server = await HubServer.start({ files: tinyRepository(), ...options });
  return server;
}

function download(options: DownloadOptions = {}): Promise<SafeTensorsModel> {
  return SafeTensorsModel.download(REPOSITORY, {
    hubUrl: server.url,
    cacheDir,
    token: false,
    retryDelay: 1,
    ...options,
  });
}

async function errorOf(promise: Promise<unknown>): Promise<HubError> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
  if (error instanceof HubError) return error;
  throw new Error(`expected a HubError, got ${String((error as Error | undefined)?.stack ?? error)}`);
}

/** Names of the files in the cache, without the folder of the repository. */
function cached(): string[] {
  const root = path.join(cacheDir, 'models--me--tiny');
  const names = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

function leftOvers(): string[] {
  return cached().filter((name) => name.endsWith('.incomplete') || name.endsWith('.tmp'));
}

const WEIGHTS = 'model.safetensors';

describe('a download', () => {
  test('gives the tensors, and the files that came with them', async () => {
    await start();
    const model = await download();
    expect([...model.tensors].map(([name, { shape, dtype }]) => [name, shape, dtype])).toEqual([
      ['weight', [5000, 10], 'F32'],
      ['bias', [3], 'BF16'],
    ]);
    expect(await model.read('weight', 'f32')).toEqual(counted(50_000));
    expect(await model.read('bias', 'f32')).toEqual(Float32Array.of(1, -2, 0.333984375));
    expect(await model.read('bias', 'bf16')).toEqual(Uint16Array.of(0x3f80, 0xc000, 0x3eab));
    expect(await model.repository.json('config.json')).toEqual({ model_type: 'tiny', hidden_size: 8 });
    expect(model.repository.has('README.md')).toBe(true);
    await model.close();
  });

  test("is laid out as Python's huggingface_hub has it", async () => {
    const { commit } = await start();
    await (await download()).close();
    const names = ['config.json', WEIGHTS, 'tokenizer.json'];
    const blobs = names.map((name) => `blobs/${server.etag(name)}`).sort();
    expect(cached()).toEqual([...blobs, 'refs/main', ...names.map((name) => `snapshots/${commit}/${name}`)]);
    const root = path.join(cacheDir, 'models--me--tiny');
    expect(fs.readFileSync(path.join(root, 'refs/main'), 'utf8')).toBe(commit);
    expect(fs.readlinkSync(path.join(root, 'snapshots', commit, WEIGHTS))).toBe(`../../blobs/${server.etag(WEIGHTS)}`);
  });

  test('is not done again, and needs no network the second time', async () => {
    await start();
    await (await download()).close();
    server.log.length = 0;
    await (await download()).close();
    expect(server.log.filter((entry) => entry.path.includes('/resolve/'))).toEqual([]);
    server.log.length = 0;
    const model = await download({ offline: true });
    expect(await model.read('weight', 'f32')).toEqual(counted(50_000));
    await model.close();
    expect(server.log).toEqual([]);
    await server.stop();
    const again = await download();
    expect(await again.repository.json('config.json')).toEqual({ model_type: 'tiny', hidden_size: 8 });
    await again.close();
  });

  test('of shards merges them', async () => {
    await start({ files: shardedRepository(), largeFrom: 100 });
    const model = await download();
    expect([...model.tensors.keys()]).toEqual(['a', 'b']);
    expect(await model.read('b', 'f32')).toEqual(counted(4, 10));
    await model.close();
  });

  test('tells its progress in bytes, over all files', async () => {
    const files = tinyRepository();
    await start({ files });
    const total = ['config.json', 'tokenizer.json', WEIGHTS].reduce((sum, name) => sum + files[name]!.length, 0);
    const seen: DownloadProgress[] = [];
    await (await download({ onProgress: (progress) => seen.push(progress) })).close();
    expect(new Set(seen.map(({ totalBytes }) => totalBytes))).toEqual(new Set([total]));
    const loaded = seen.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(total);
    expect(seen.at(-1)!.file).toBe(WEIGHTS);
    // From the cache: all at once.
    const again: DownloadProgress[] = [];
    await (await download({ onProgress: (progress) => again.push(progress) })).close();
    expect(again.map(({ loadedBytes }) => loadedBytes)).toEqual([total]);
  });
});

describe('a connection that is cut', () => {
  test('goes on by Range', async () => {
    await start();
    server.fail(WEIGHTS, { kind: 'cut', after: 70_000 }, 2);
    const model = await download();
    expect(await model.read('weight', 'f32')).toEqual(counted(50_000));
    await model.close();
    const ranges = server.rangesOf(WEIGHTS);
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBeUndefined();
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(leftOvers()).toEqual([]);
  });

  test('for good is an error, and the next download goes on from there', async () => {
    await start();
    server.fail(WEIGHTS, { kind: 'cut', after: 70_000 });
    const error = await errorOf(download({ retries: 0 }));
    expect(error.reason).toBe('network');
    expect(leftOvers()).toHaveLength(1);
    expect(cached()).not.toContain(`blobs/${server.etag(WEIGHTS)}`);
    server.heal();
    server.log.length = 0;
    const model = await download();
    expect(await model.read('weight', 'f32')).toEqual(counted(50_000));
    await model.close();
    expect(server.rangesOf(WEIGHTS)).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(leftOvers()).toEqual([]);
  });

  test('starts anew where the server ignores or refuses ranges', async () => {
    for (const kind of ['no-ranges', 'bad-range'] as const) {
      await start();
      server.fail(WEIGHTS, { kind: 'cut', after: 70_000 }, 1);
      server.fail(WEIGHTS, { kind }, 1);
      const model = await download();
      expect(await model.read('weight', 'f32')).toEqual(counted(50_000));
      await model.close();
      await server.stop();
      fs.rmSync(cacheDir, { recursive: true });
    }
    await start();
    fs.mkdirSync(cacheDir);
  });

  test('that ends early without saying so goes on as well', async () => {
    await start();
    server.fail(WEIGHTS, { kind: 'short', after: 100_000 }, 1);
    const model = await download();
    expect(await model.read('weight', 'f32')).toEqual(counted(50_000));
    await model.close();
  });
});
