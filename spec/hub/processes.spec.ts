/** Several processes, and Python, on one cache. */
import { describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HubHarness, REPOSITORY, WEIGHTS } from './hub-harness.js';
import { miscounted, tinyRepository } from './tiny-model.js';

const hub = new HubHarness();
const COUNT = 200_000;

/** Starts a process that downloads. `until`: resolves as soon as its output has that, else when it has ended. */
function start(until?: RegExp): { child: ChildProcess; output: Promise<string> } {
  const options = { ...hub.options, repository: REPOSITORY, count: COUNT };
  const child = spawn(process.execPath, ['--import', 'tsx', 'spec/hub/download-process.ts', JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const output = new Promise<string>((resolve) => {
    const note = (data: Buffer) => {
      text += data.toString();
      if (until?.test(text)) resolve(text);
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.on('close', () => resolve(text));
  });
  return { child, output };
}

describe('processes', () => {
  test('that start at once on an empty cache all succeed', async () => {
    await hub.start({ files: tinyRepository(COUNT) });
    hub.server.fail(WEIGHTS, { kind: 'slow', bytes: 50_000, delay: 50 });
    const outputs = await Promise.all([1, 2].map(() => start().output));
    for (const output of outputs) expect(output).toMatch(/\ndone -1\n$/);
    expect(hub.leftOvers()).toEqual([]);
    expect(hub.cached().filter((name) => name.startsWith('blobs/'))).toHaveLength(3);
  });

  test('go on where one that was killed ended', async () => {
    await hub.start({ files: tinyRepository(COUNT) });
    hub.server.fail(WEIGHTS, { kind: 'slow', bytes: 20_000, delay: 100 }, 1);
    const { child, output } = start(/model\.safetensors [1-9]\d{5}/);
    await output;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    expect(hub.leftOvers()).toHaveLength(1);
    expect(hub.cached()).not.toContain(`blobs/${hub.server.etag(WEIGHTS)}`);
    hub.server.log.length = 0;
    const model = await hub.download();
    expect(miscounted((await model.read('weight', 'f32')) as Float32Array, COUNT)).toBe(-1);
    expect(hub.server.rangesOf(WEIGHTS)).toEqual([expect.stringMatching(/^bytes=[1-9]\d{5}-$/)]);
    expect(hub.leftOvers()).toEqual([]);
  });
});

test('downloads of one process at once all succeed', async () => {
  await hub.start();
  hub.server.fail(WEIGHTS, { kind: 'slow', bytes: 50_000, delay: 10 });
  await Promise.all([1, 2, 3].map(() => hub.download()));
  expect(hub.leftOvers()).toEqual([]);
  expect(hub.cached().filter((name) => name.startsWith('blobs/'))).toHaveLength(3);
});

test('what one that lives is writing is left alone', async () => {
  await hub.start();
  const blobs = path.join(hub.root, 'blobs');
  fs.mkdirSync(blobs, { recursive: true });
  // Of another machine, of Python, and of a process that lives: its parent.
  const names = ['other-123-x', 'ab12cd34', `${hostName()}-${process.ppid}-x`];
  const files = names.map((name) => path.join(blobs, `${hub.server.etag(WEIGHTS)}.${name}.incomplete`));
  for (const file of files) fs.writeFileSync(file, 'something');
  await hub.download();
  expect(hub.server.rangesOf(WEIGHTS)).toEqual([undefined]);
  expect(files.filter((file) => fs.existsSync(file))).toEqual(files);
});

test('what nobody has written to for long is taken over, whoever it was', async () => {
  const files = tinyRepository();
  await hub.start({ files });
  const blobs = path.join(hub.root, 'blobs');
  fs.mkdirSync(blobs, { recursive: true });
  const left = path.join(blobs, `${hub.server.etag(WEIGHTS)}.incomplete`);
  fs.writeFileSync(left, files[WEIGHTS]!.subarray(0, 1234));
  const longAgo = Date.now() / 1000 - 3600;
  fs.utimesSync(left, longAgo, longAgo);
  await hub.download();
  expect(hub.server.rangesOf(WEIGHTS)).toEqual(['bytes=1234-']);
  expect(hub.leftOvers()).toEqual([]);
});

function hostName(): string {
  return os
    .hostname()
    .replace(/[^a-z0-9]+/gi, '')
    .slice(0, 32);
}
