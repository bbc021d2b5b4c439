import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSession, input, trace } from 'meganeura';
import { recorderFor } from '../../lib/ir/recorder.js';
import { ProfileError } from '../../lib/profile/errors.js';
import { Profiler } from '../../lib/profile/profiler.js';
import '../../lib/profile/register.js';
import { decodeTrace } from './official.js';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-profile-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const kernelsIn = (file: string) =>
  decodeTrace(fs.readFileSync(file)).slices.filter(({ category }) => category === 'kernel').length;

describe('the option profile as a path', () => {
  test('gives a file, which sessions with the same path share', async () => {
    const file = path.join(folder, 'shared.pftrace');
    const build = (profile: string) =>
      buildSession(
        trace({ x: input([4]) }, ({ x }) => ({ y: x.add(x) }), { profile }),
        { profile },
      );
    const sessions = [await build(file), await build(path.join(folder, '.', 'shared.pftrace'))];
    for (const session of sessions) session.step({ x: [1, 2, 3, 4] });
    await (recorderFor('test', file) as Profiler).flush();
    expect(kernelsIn(file)).toBe(2);
    for (const session of sessions) session.dispose();
  });

  test('that cannot be written is refused before anything is built', async () => {
    const profile = path.join(folder, 'missing', 'a.pftrace');
    const graph = trace({ x: input([4]) }, ({ x }) => ({ y: x.add(x) }));
    await expect(buildSession(graph, { profile })).rejects.toThrow(ProfileError);
    await expect(buildSession(graph, { profile })).rejects.toThrow(/cannot open the profile .*missing.*ENOENT/);
    expect(() => trace({ x: input([4]) }, ({ x }) => ({ y: x }), { profile })).toThrow(ProfileError);
  });

  test('must be one, or a Profiler', async () => {
    const graph = trace({ x: input([4]) }, ({ x }) => ({ y: x.add(x) }));
    const build = (profile: unknown) => buildSession(graph, { profile: profile as string });
    await expect(build(true)).rejects.toThrow(
      'buildSession: the option profile is the path of a file or a Profiler, got boolean',
    );
    await expect(build({})).rejects.toThrow('got object');
  });

  test('leaves bytes() to profilers without one', async () => {
    const profiler = new Profiler({ path: path.join(folder, 'own.pftrace') });
    await expect(profiler.bytes()).rejects.toThrow('this profile goes to a file');
  });
});

test('a disk that is full ends the trace with a warning and not the program; flush throws it', async () => {
  // Linux has a file for that.
  if (!fs.existsSync('/dev/full')) return;
  const profiler = new Profiler({ path: '/dev/full' });
  profiler.end(profiler.begin('work'));
  await expect(profiler.flush()).rejects.toThrow(/cannot write the profile \/dev\/full: .*ENOSPC/);
  profiler.end(profiler.begin('more work'));
});

describe('MEGANEURA_TRACE', () => {
  /** A program that knows nothing of profiles: three steps, and then `end`. */
  const program = (end: string) => `
    import { buildSession, input, trace } from './lib/index.ts';
    import './lib/profile/register.ts';
    const session = await buildSession(trace({ x: input([64]) }, ({ x }) => ({ y: x.add(x) })));
    for (let i = 0; i < 3; i++) session.step({ x: new Float32Array(64) });
    ${end}
  `;
  const run = (name: string, end: string) => {
    const env = { ...process.env, MEGANEURA_TRACE: path.join(folder, `${name}-%p.pftrace`) };
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program(end)];
    const { status, stderr, pid } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    return { status, stderr, file: path.join(folder, `${name}-${pid}.pftrace`) };
  };

  test('traces a program to its end, where nobody waited for its steps', () => {
    const { status, stderr, file } = run('end', '');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(kernelsIn(file)).toBe(3);
  });

  test('traces a program that ends itself, up to what it had read', () => {
    const { status, stderr, file } = run('exit', "await session.read('y'); process.exit(7);");
    expect({ status, stderr }).toEqual({ status: 7, stderr: '' });
    const { slices } = decodeTrace(fs.readFileSync(file));
    expect(slices.filter(({ name }) => name === 'submit')).toHaveLength(3);
  });

  test('traces a program that fails', () => {
    const { status, file } = run('throw', "await session.read('y'); throw new Error('expected');");
    expect(status).toBe(1);
    expect(kernelsIn(file)).toBeGreaterThan(0);
  });
});
