import { describe, expect, jest, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { HubHarness, hubErrorOf, WEIGHTS } from './hub-harness.js';
import type { Fault } from './hub-server.js';
import { miscounted, tinyRepository } from './tiny-model.js';

const hub = new HubHarness();
const REASON = new Error('the user left');

/** Nothing that looks whole, and a download after it succeeds. */
async function expectRecovery(): Promise<void> {
  expect(hub.cached()).not.toContain(`blobs/${hub.server.etag(WEIGHTS)}`);
  hub.server.heal();
  const model = await hub.download();
  expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
  expect(hub.leftOvers()).toEqual([]);
}

describe('an abort', () => {
  test('before anything asks for nothing', async () => {
    await hub.start();
    const error = await hubErrorOf(hub.download({ signal: AbortSignal.abort(REASON) }));
    expect(error.reason).toBe('aborted');
    expect(error.cause).toBe(REASON);
    expect(hub.server.log).toEqual([]);
    await expectRecovery();
  });

  test.each<[string, string, Fault]>([
    ['while the list is waited for', 'info', { kind: 'stall', after: -1 }],
    ['while an answer is waited for', WEIGHTS, { kind: 'stall', after: -1 }],
    ['while a file comes', WEIGHTS, { kind: 'stall', after: 50_000 }],
    ['while the next try is waited for', WEIGHTS, { kind: 'status', status: 503 }],
  ])('%s', async (_name, file, fault) => {
    await hub.start();
    hub.server.fail(file, fault);
    const controller = new AbortController();
    const pending = hubErrorOf(hub.download({ signal: controller.signal, retryDelay: 20_000 }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const aborted = performance.now();
    controller.abort(REASON);
    const error = await pending;
    expect(performance.now() - aborted).toBeLessThan(3000);
    expect(error.reason).toBe('aborted');
    expect(error.cause).toBe(REASON);
    await expectRecovery();
  });

  test('at each piece that comes', async () => {
    await hub.start({ files: tinyRepository(1_000_000) });
    for (let pieces = 1; pieces <= 6; pieces++) {
      const controller = new AbortController();
      let seen = 0;
      const onProgress = () => {
        if (++seen === pieces) controller.abort(REASON);
      };
      const cacheDir = path.join(hub.cacheDir, String(pieces));
      const error = await hubErrorOf(hub.download({ signal: controller.signal, onProgress, cacheDir }));
      expect(error.reason).toBe('aborted');
      expect(hub.cached(cacheDir)).not.toContain(`blobs/${hub.server.etag(WEIGHTS)}`);
    }
  });

  test('ends a fetch that heeds no signal', async () => {
    await hub.start();
    const controller = new AbortController();
    const pending = hubErrorOf(
      hub.download({ signal: controller.signal, fetch: () => new Promise<Response>(() => undefined) }),
    );
    controller.abort(REASON);
    expect((await pending).reason).toBe('aborted');
  });

  test('leaves no listener on the signal', async () => {
    await hub.start();
    const { signal } = new AbortController();
    hub.server.fail(WEIGHTS, { kind: 'status', status: 503 }, 1);
    let most = 0;
    const onProgress = () => (most = Math.max(most, getEventListeners(signal, 'abort').length));
    await hub.download({ signal, onProgress });
    expect([most, getEventListeners(signal, 'abort').length]).toEqual([1, 0]);
  });
});

test('what a progress callback throws ends the download with that', async () => {
  await hub.start();
  const onProgress = () => {
    throw REASON;
  };
  await expect(hub.download({ onProgress })).rejects.toBe(REASON);
  await expectRecovery();
});

describe('a disk', () => {
  test('that is full is an error that says so, and what was written is removed', async () => {
    await hub.start();
    const open = fs.open.bind(fs);
    const spy = jest.spyOn(fs, 'open').mockImplementation(async (...args) => {
      const handle = await open(...args);
      if (!String(args[0]).endsWith('.incomplete')) return handle;
      const write = handle.write.bind(handle) as (...given: unknown[]) => Promise<{ bytesWritten: number }>;
      let room = 2;
      const full = (...given: unknown[]) =>
        room-- > 0
          ? write(...given)
          : Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
      return Object.assign(handle, { write: full });
    });
    const error = await hubErrorOf(hub.download());
    spy.mockRestore();
    expect(error.reason).toBe('no-space');
    expect(error.message).toMatch(/cannot be written: there is no space left \(ENOSPC\); free some, and try again/);
    expect(hub.leftOvers()).toEqual([]);
    await expectRecovery();
  });

  test('that cannot be written is an error that says where', async () => {
    await hub.start();
    await fs.writeFile(hub.root, 'in the way');
    const error = await hubErrorOf(hub.download());
    expect(error.reason).toBe('storage');
    expect(error.message).toContain(path.join(hub.root, 'blobs'));
    await fs.rm(hub.root);
    await expectRecovery();
  });

  test.each([
    ['links', ['symlink']],
    ['links of any kind', ['symlink', 'link']],
  ] as const)('that refuses %s holds the files themselves', async (_name, refused) => {
    await hub.start();
    const spies = refused.map((name) =>
      jest.spyOn(fs, name).mockRejectedValue(Object.assign(new Error('EPERM'), { code: 'EPERM' })),
    );
    const model = await hub.download();
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    const file = await fs.lstat(path.join(hub.root, 'snapshots', hub.server.commit, WEIGHTS));
    expect([file.isFile(), file.nlink]).toEqual([true, refused.length === 1 ? 2 : 1]);
    hub.server.log.length = 0;
    await hub.download();
    expect(hub.server.rangesOf(WEIGHTS)).toEqual([]);
    for (const spy of spies) spy.mockRestore();
  });
});
