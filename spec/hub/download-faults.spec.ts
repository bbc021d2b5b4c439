import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import type { HubErrorReason } from '../../lib/hub/hub-error.js';
import { SafeTensorsModel } from '../../lib/hub/safetensors-model.js';
import { HubHarness, hubErrorOf, WEIGHTS } from './hub-harness.js';
import type { Fault } from './hub-server.js';
import { json, miscounted, shardedRepository, tinyRepository } from './tiny-model.js';

const hub = new HubHarness();

/** Where the file is, whole. */
const blob = () => `blobs/${hub.server.etag(WEIGHTS)}`;

describe('trouble that passes', () => {
  test.each<[string, Fault]>([
    ['500', { kind: 'status', status: 500 }],
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
    ['a stall before the answer', { kind: 'stall', after: -1 }],
    ['a stall in the middle', { kind: 'stall', after: 1000 }],
    ['a cut', { kind: 'cut', after: 100_000 }],
  ])('%s: is tried again', async (_name, fault) => {
    await hub.start();
    hub.server.fail('info', { kind: 'status', status: 500 }, 1);
    hub.server.fail(WEIGHTS, fault, 2);
    const model = await hub.download({ stallTimeout: 300 });
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    expect(hub.leftOvers()).toEqual([]);
  });

  test('a server that is slow, but does not stall, is waited for', async () => {
    await hub.start();
    hub.server.fail(WEIGHTS, { kind: 'slow', bytes: 10_000, delay: 100 });
    const model = await hub.download({ stallTimeout: 1200, retries: 0 });
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
  });

  test('the wait that a server asks for is kept', async () => {
    await hub.start();
    hub.server.fail(WEIGHTS, { kind: 'status', status: 429, headers: { 'retry-after': '1' } }, 1);
    const started = performance.now();
    await hub.download();
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  test('a damaged part of an earlier download costs one more', async () => {
    await hub.start();
    hub.server.fail(WEIGHTS, { kind: 'cut', after: 100_000 });
    await hubErrorOf(hub.download({ retries: 0 }));
    const [left] = hub.leftOvers();
    const handle = fs.openSync(path.join(hub.root, left!), 'r+');
    fs.writeSync(handle, Buffer.from([1, 2, 3]), 0, 3, 40);
    fs.closeSync(handle);
    hub.server.heal();
    const model = await hub.download();
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
  });
});

describe('trouble that stays is an error, and no file', () => {
  test.each<[HubErrorReason, Fault, RegExp]>([
    ['network', { kind: 'status', status: 503 }, /answered 503 \(tried 3 times\)/],
    ['network', { kind: 'stall', after: 1000 }, /nothing came for 0\.5 s \(tried 3 times\)/],
    ['network', { kind: 'cut', after: 0 }, /the connection to 127\.0\.0\.1:\d+ failed: .*\(tried 3 times\)/],
    ['wrong-size', { kind: 'short', after: 0 }, /ended after 0 of 200158 bytes \(tried 3 times\)/],
    ['wrong-size', { kind: 'resized', by: 10 }, /lists 200158 bytes, but the server has 200168/],
    ['wrong-size', { kind: 'resized', by: -10 }, /lists 200158 bytes, but the server has 200148/],
    ['wrong-hash', { kind: 'corrupt' }, /another hash than the repository lists, and was removed/],
    ['forbidden', { kind: 'status', status: 403 }, /gated, ask for access at http:.*\/me\/tiny, and give a token/],
    ['unauthorized', { kind: 'status', status: 401 }, /private or gated, or there is no such repository: give a token/],
    ['malformed', { kind: 'redirect', to: '/me/tiny/resolve/main/model.safetensors' }, /redirects to nowhere/],
  ])('%s: %j', async (reason, fault, message) => {
    await hub.start();
    hub.server.fail(WEIGHTS, fault);
    const error = await hubErrorOf(hub.download({ retries: 2, stallTimeout: 500 }));
    expect(error.message).toMatch(message);
    expect(error.reason).toBe(reason);
    expect(error.message).toContain('me/tiny: model.safetensors');
    expect(hub.cached()).not.toContain(blob());
    expect(hub.cached()).not.toContain(`snapshots/${hub.server.commit}/${WEIGHTS}`);
    // What may be of use is kept, and no more.
    expect(hub.leftOvers()).toHaveLength(fault.kind === 'stall' ? 1 : 0);
    hub.server.heal();
    await hub.download();
  });

  test.each<[HubErrorReason, Fault, RegExp]>([
    ['malformed', { kind: 'body', body: '<html>log in first</html>' }, /expected a list of files, got SyntaxError/],
    ['malformed', { kind: 'body', body: '{"id":"me/tiny"}' }, /expected a list of files, got no commit/],
    ['network', { kind: 'status', status: 500 }, /me\/tiny \(revision main\): http:.* answered 500 \(tried 3 times\)/],
  ])('of the list, %s: %j', async (reason, fault, message) => {
    await hub.start();
    hub.server.fail('info', fault);
    const error = await hubErrorOf(hub.download({ retries: 2 }));
    expect(error.message).toMatch(message);
    expect(error.reason).toBe(reason);
    expect(hub.cached()).toEqual([]);
  });

  test('no server', async () => {
    const { url } = await hub.start();
    await hub.server.stop();
    const error = await hubErrorOf(hub.download({ retries: 1 }));
    expect(error.reason).toBe('network');
    expect(error.message).toBe(
      `me/tiny (revision main): the connection to ${new URL(url).host} failed: ECONNREFUSED; ` +
        'check the network, or use what is in the cache by { offline: true } (tried 2 times)',
    );
  });
});

test.each([
  [{ retries: -1 }, 'option retries must be a number of at least 0 and below 2^31, got -1'],
  [{ stallTimeout: NaN }, 'option stallTimeout must be a number of at least 0 and below 2^31, got NaN'],
  [{ retryDelay: Infinity }, 'option retryDelay must be a number of at least 0 and below 2^31, got Infinity'],
  [{ repo: 'x' }, "SafeTensorsModel.download: there is no option 'repo'; it takes { revision, token, hubUrl"],
])('options that cannot be: %j', async (options, message) => {
  await hub.start();
  await expect(hub.download(options as object)).rejects.toThrow(message);
  expect(hub.server.log).toEqual([]);
});

describe('what is not there', () => {
  test('a repository, a revision', async () => {
    await hub.start();
    const none = await hubErrorOf(SafeTensorsModel.download('me/none', hub.options));
    expect(none.reason).toBe('repository-not-found');
    expect(none.message).toMatch(/me\/none .*answered 404, "Repository not found"; if it is private, give a token by/);
    const revision = await hubErrorOf(hub.download({ revision: 'v2' }));
    expect(revision.reason).toBe('revision-not-found');
    expect(revision.message).toMatch(/me\/tiny \(revision v2\): .*"Invalid rev id: v2"/);
  });

  test('weights', async () => {
    const files = tinyRepository();
    await hub.start({ files: { 'pytorch_model.bin': files[WEIGHTS]!, 'config.json': files['config.json']! } });
    const error = await hubErrorOf(hub.download());
    expect(error.reason).toBe('file-not-found');
    expect(error.message).toBe(
      'me/tiny: there are no weights in it, which are model.safetensors or model.safetensors.index.json or ' +
        'diffusion_pytorch_model.safetensors or diffusion_pytorch_model.safetensors.index.json; ' +
        'there is pytorch_model.bin, which is not read: convert it to safetensors',
    );
  });

  test('a shard', async () => {
    const files = shardedRepository();
    delete files['model-00002-of-00002.safetensors'];
    await hub.start({ files });
    const error = await hubErrorOf(hub.download());
    expect(error.reason).toBe('missing-shard');
    expect(error.message).toContain('lists 2 files, of which 1 are missing: model-00002-of-00002.safetensors');
  });

  test('a file that the list has and the server has not', async () => {
    const entry = { type: 'file', path: 'vocab.json', oid: '0'.repeat(40), size: 10 };
    await hub.start({ extraEntries: [entry] });
    const error = await hubErrorOf(hub.download());
    expect(error.reason).toBe('file-not-found');
    expect(error.message).toContain('vocab.json');
  });

  test('anything, without a network', async () => {
    await hub.start();
    const error = await hubErrorOf(hub.download({ offline: true }));
    expect(error.reason).toBe('offline');
    expect(error.message).toContain('revision main is not in the cache');
    expect(hub.server.log).toEqual([]);
    // Of which only a part is there:
    await hub.download();
    fs.rmSync(path.join(hub.root, 'snapshots', hub.server.commit, WEIGHTS));
    const partly = await hubErrorOf(hub.download({ offline: true }));
    expect(partly.reason).toBe('offline');
    expect(partly.message).toContain('only the cache was looked at');
  });
});

describe('paths that lead out of the repository', () => {
  test.each(['../evil', '/etc/evil', 'a/../../evil', 'a\\..\\evil', 'C:evil', 'a//b', './a', 'a\u0000b'])(
    'listed by the server: %j',
    async (evil) => {
      await hub.start({ extraEntries: [{ type: 'file', path: evil, oid: '0'.repeat(40), size: 1 }] });
      const error = await hubErrorOf(hub.download());
      expect(error.reason).toBe('unsafe-path');
      expect(hub.cached()).toEqual([]);
    },
  );

  test.each(['../model.safetensors', '/etc/model.safetensors', 'a/../../model.safetensors'])(
    'in an index: %s',
    async (evil) => {
      await hub.start({ files: { 'model.safetensors.index.json': json({ weight_map: { a: evil } }) } });
      const error = await hubErrorOf(hub.download());
      expect(error.reason).toBe('unsafe-path');
      expect(error.message).toContain(`me/tiny/model.safetensors.index.json: "${evil}" is no path within`);
    },
  );

  test('revisions', async () => {
    await hub.start();
    expect((await hubErrorOf(hub.download({ revision: '../../x' }))).reason).toBe('unsafe-path');
  });

  test.each([
    [{ type: 'file', path: 'x', oid: '../../../x', size: 1 }, /no hash of x/],
    [{ type: 'file', path: 'x', oid: '0'.repeat(40), size: -1 }, /no size of x/],
    [{ type: 'file', path: 'x', oid: '0'.repeat(40), size: 1, lfs: { oid: 'abc', size: 1 } }, /no hash of x/],
    [{ type: 'file' }, /a file without a path/],
  ])('hashes and sizes that are none: %j', async (entry, message) => {
    await hub.start({ extraEntries: [entry] });
    const error = await hubErrorOf(hub.download());
    expect(error.reason).toBe('malformed');
    expect(error.message).toMatch(message);
  });
});
