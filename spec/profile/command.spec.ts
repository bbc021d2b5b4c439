import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { SliceDetails } from '../../lib/ir/recorder.js';
import { runCommand } from '../../lib/profile/command.js';
import { ProfileError } from '../../lib/profile/errors.js';
import { formatTime, median } from '../../lib/profile/format.js';
import { ProtoWriter } from '../../lib/profile/proto-writer.js';
import { readTrace } from '../../lib/profile/read-trace.js';
import { summarize, withoutNumbers } from '../../lib/profile/summary.js';
import { TraceWriter } from '../../lib/profile/trace-writer.js';

const MICROSECOND = 1000;

/** A trace of two steps whose every figure is known; times are microseconds. */
function example(): Uint8Array {
  const bytes = new ProtoWriter();
  const writer = new TraceWriter((packet) => bytes.append(packet));
  const process = writer.process(7, 'train.ts');
  const main = writer.thread(process, 7, 'main');
  const steps = writer.track(process, 'GPU: steps', 100);
  const kernels = writer.track(process, 'GPU: kernels', 101);
  const session = writer.track(process, 'session 1', 300);
  const loss = writer.counter(session, 'loss', 'number');
  const memory = writer.counter(process, 'memory: buffers', 'bytes', 200);
  writer.instant(kernels, 0, 'device', { category: 'device', details: { device: 'GPU' } });
  const slice = (begin: number, end: number, name: string, flow?: number) => {
    writer.begin(main, begin * MICROSECOND, name, { flow });
    return () => writer.end(main, end * MICROSECOND);
  };
  const kernel = (step: number, begin: number, end: number, label: string, module: string, details: SliceDetails) => {
    const all = { kernel: label, module, ...details, step };
    const name = module ? `${label} (at ${module})` : label;
    writer.begin(kernels, begin * MICROSECOND, name, { category: 'kernel', flow: step, details: all });
    writer.end(kernels, end * MICROSECOND);
  };
  const product = { bytes: 8000, flops: 40_000, 'share of peak': 0.5 };
  const sum = { bytes: 1000, flops: 1000, 'share of peak': 0.1 };
  writer.count(memory, 0, 4096, 'bytes');
  for (const [step, at] of [
    [1, 0],
    [2, 100],
  ] as const) {
    // prettier-ignore
    const endStep = slice(at, at + 10, 'step');
    slice(at + 2, at + 6, 'encode')();
    slice(at + 7, at + 9, 'submit', step)();
    endStep();
    slice(at + 52, at + 95, 'wait for data')();
    writer.begin(steps, (at + 8) * MICROSECOND, `step ${step} of session 1`, { category: 'step', flow: step });
    kernel(step, at + 8, at + 28, 'product', 'layers.0.linear', product);
    kernel(step, at + 28, at + 48, 'product', 'layers.1.linear', product);
    kernel(step, at + 50, at + 60, 'sum', '', sum);
    writer.end(steps, (at + 60) * MICROSECOND);
    writer.count(loss, (at + 60) * MICROSECOND, 1 / step, 'number');
  }
  return bytes.bytes.slice();
}

const bytes = example();

describe('what a trace comes to', () => {
  const summary = summarize(readTrace(bytes));
  const [device] = summary.devices;

  test('time by kernel and by module: layers are alike', () => {
    expect(device).toMatchObject({ name: 'GPU', span: 152_000, busy: 100_000 });
    expect(device!.steps).toHaveLength(2);
    expect(device!.byKernel).toEqual([
      { name: 'product (at layers.*.linear)', count: 4, time: 80_000, bytes: 32_000, flops: 160_000, share: 0.5 },
      { name: 'sum', count: 2, time: 20_000, bytes: 2000, flops: 2000, share: 0.1 },
    ]);
    expect(device!.byModule.map(({ name, time }) => [name, time])).toEqual([
      ['layers.*.linear', 80_000],
      ['(the model itself)', 20_000],
    ]);
  });

  test('gaps, and what this thread did in them', () => {
    const nothing = [{ name: 'nothing recorded', time: 2000 }];
    // Until the next step calls: 35 µs of waiting for data; then of that step 3 µs itself, 4 encoding and 1 submitting.
    const between = [
      { name: 'wait for data', time: 35_000 },
      { name: 'nothing recorded', time: 5000 },
      { name: 'encode', time: 4000 },
      { name: 'step', time: 3000 },
      { name: 'submit', time: 1000 },
    ];
    expect(device!.gaps.map(({ begin, end, ...gap }) => ({ length: end - begin, ...gap }))).toEqual([
      { length: 48_000, isWithinStep: false, meanwhile: between },
      { length: 2000, isWithinStep: true, meanwhile: nothing },
      { length: 2000, isWithinStep: true, meanwhile: nothing },
    ]);
    expect(device!.meanwhile).toEqual(between);
  });
});

test('numbers of layers are left out of paths, other numbers are not', () => {
  expect(withoutNumbers('model.layers.11.fc2')).toBe('model.layers.*.fc2');
  expect(withoutNumbers('0.1.conv1d')).toBe('*.*.conv1d');
});

test('times have three digits and a unit', () => {
  expect([0, 999, 1234, 56_789_000, 7.2e9, 1e14].map(formatTime)).toEqual(['0 ns', '999 ns', '1.23 µs', '56.8 ms', '7.2 s', '100000 s']); // prettier-ignore
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2, 0]);
});

describe('meganeura profile', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-command-'));
    file = path.join(folder, 'run.pftrace');
    fs.writeFileSync(file, bytes);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('prints where the time went, and draws it', async () => {
    const printed = runCommand(['profile', file]);
    expect(printed.replaceAll(folder, '…')).toMatchSnapshot();
    const svg = fs.readFileSync(`${file}.svg`, 'utf8');
    for (const text of ['run.pftrace', 'product (at layers.*.linear)', 'step 1 of session 1', 'session 1: loss']) {
      expect(svg).toContain(text);
    }
    // It is a picture, and not an empty one.
    const { data, info } = await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
    expect(info.width).toBe(1200);
    const white = data.filter((value) => value === 255).length;
    expect(white / data.length).toBeGreaterThan(0.5);
    expect(white / data.length).toBeLessThan(0.99);
  });

  test('is a program, which says what is wrong in one line', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'lib/command/main.ts', ...args], { encoding: 'utf8' });
    expect(run('profile', file)).toMatchObject({ status: 0, stderr: '', stdout: runCommand(['profile', file]) });
    const { status, stderr, stdout } = run('profile', path.join(folder, 'missing'));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^meganeura: cannot read .*missing: .*ENOENT.*\n$/);
  });

  test('draws where it is told to', () => {
    const svg = path.join(folder, 'picture.svg');
    expect(runCommand(['profile', '--svg', svg, file])).toContain(`wrote ${svg}`);
    expect(fs.existsSync(svg)).toBe(true);
  });

  test('reads a trace whose program was ended while it wrote', () => {
    const cut = path.join(folder, 'cut.pftrace');
    fs.writeFileSync(cut, bytes.subarray(0, bytes.length - 5));
    expect(runCommand(['profile', cut])).toContain('the trace is cut off');
  });

  test.each([
    [['profile'], 'profile needs the path of a trace'],
    [['profile', 'a', 'b'], "unexpected argument 'b'"],
    [['profile', '--format', 'json'], "unexpected argument '--format'"],
    [['profile', 'a', '--svg'], '--svg needs the path of a file'],
    [['profil', 'a'], "there is no command 'profil'"],
    [['profile', 'missing.pftrace'], 'cannot read missing.pftrace'],
    [['profile', 'package.json'], 'this is no trace'],
  ])('refuses %j', (args, message) => {
    expect(() => runCommand(args)).toThrow(ProfileError);
    expect(() => runCommand(args)).toThrow(message);
  });

  test.each([[[]], [['--help']], [['profile', '-h']]])('says how it is used: %j', (args) => {
    expect(runCommand(args)).toMatch(/^usage: meganeura profile <trace>/);
  });

  test('refuses bytes that are no trace, whatever they are, without a hang', () => {
    const random = (seed: number) => Uint8Array.from({ length: 500 }, (_, i) => Math.imul(i + seed, 2654435761) >>> 24);
    for (const wrong of [new Uint8Array(), ...Array.from({ length: 50 }, (_, seed) => random(seed * 1000))]) {
      expect(() => readTrace(wrong)).toThrow(ProfileError);
    }
  });

  test('reads damaged traces as far as they go, or refuses them', () => {
    for (let at = 0; at < bytes.length; at += 3) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x55;
      try {
        summarize(readTrace(damaged));
      } catch (error) {
        expect(error).toBeInstanceOf(ProfileError);
      }
    }
  });
});
