import { expect, test } from '@jest/globals';
import { add, buildInferenceSession, input, trace } from 'meganeura';
import { SessionPool } from '../../lib/zoo/session-pool.js';

const plusOne = (size: number) => trace({ x: input([size]) }, ({ x }) => ({ y: add(x, 1) }));

/** Whether sessions were disposed of; the pool does so behind a promise. */
async function disposedOf(...sessions: { isDisposed: boolean }[]): Promise<boolean[]> {
  await new Promise(setImmediate);
  return sessions.map(({ isDisposed }) => isDisposed);
}

test('there is one session for each size, until the pool is disposed of', async () => {
  const pool = new SessionPool(plusOne);
  const [two, same] = await Promise.all([pool.get([2]), pool.get([2])]);
  const three = await pool.get([3]);
  expect(same).toBe(two);
  three.step({ x: [1, 2, 3] });
  expect([...(await three.read('y'))]).toEqual([2, 3, 4]);
  pool.dispose();
  expect(await disposedOf(two, three)).toEqual([true, true]);
  const again = await pool.get([2]);
  expect(again).not.toBe(two);
  pool.dispose();
});

test('other weights make other sessions', async () => {
  using weights = await buildInferenceSession(plusOne(1));
  const pool = new SessionPool(plusOne);
  const own = await pool.get([2]);
  const shared = await pool.get([2], { weights });
  expect(shared).not.toBe(own);
  expect(await disposedOf(own, shared)).toEqual([true, false]);
  expect(await pool.get([2], { weights })).toBe(shared);
  pool.dispose();
});

test('a call that is aborted frees what it made, and nothing else; one that fails otherwise frees nothing', async () => {
  const pool = new SessionPool(plusOne);
  const kept = await pool.get([2]);
  const stop = new AbortController();
  const made: { isDisposed: boolean }[] = [];
  const use = (reason: string) =>
    pool.use(stop.signal, async () => {
      made.push(await pool.get([2]), await pool.get([3]));
      throw new Error(reason);
    });
  await expect(use('broken')).rejects.toThrow('broken');
  expect(await disposedOf(...made)).toEqual([false, false]);
  pool.dispose();
  made.length = 0;
  const first = await pool.get([2]);
  stop.abort();
  await expect(use('aborted')).rejects.toThrow('aborted');
  expect(made[0]).toBe(first);
  expect(await disposedOf(kept, ...made)).toEqual([true, false, true]);
  pool.dispose();
});

test('a build that fails can be tried again', async () => {
  let isBroken = true;
  const pool = new SessionPool((size: number) => {
    if (isBroken) throw new Error('broken');
    return plusOne(size);
  });
  await expect(pool.get([2])).rejects.toThrow('broken');
  isBroken = false;
  const session = await pool.get([2]);
  expect(session.isDisposed).toBe(false);
  await expect(pool.get([2], {}, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  pool.dispose();
});
