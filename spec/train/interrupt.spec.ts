import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Trainer } from 'meganeura/train';
import { decodeRecord } from '../../lib/train/checkpoint-record.js';
import { checkpointNames } from '../../lib/train/checkpoint-folder.js';
import { listenForInterrupt } from '../../lib/train/interrupt.js';
import { BATCH, batchesOf, classifierSession } from './tiny.js';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-interrupt-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test('Ctrl-C ends training with a checkpoint and says how to go on; nothing listens for it afterwards', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'spec/train/interrupt-process.ts', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    if (output === '') child.kill('SIGINT');
    output += data.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(7);
  const { error, listeners } = JSON.parse(output.split('\n')[1]!) as { error: string; listeners: number };
  expect(listeners).toBe(0);
  const saved = path.join(folder, (await checkpointNames(folder)).at(-1)!);
  const { training } = decodeRecord(fs.readFileSync(path.join(saved, 'checkpoint.json'), 'utf8'), saved);
  expect(error).toBe(
    `TrainingInterruptedError: training was interrupted (Ctrl-C): the checkpoint of step ${training!.steps}, in epoch ` +
      `${training!.epoch}, is ${saved}; build the session anew and go on by fit(batches, { resume: ${JSON.stringify(saved)} })`,
  );
});

test('nothing listens for Ctrl-C without checkpoints, or when they are not to be saved on it', async () => {
  const before = process.listenerCount('SIGINT');
  const counts: number[] = [];
  for (const checkpoint of [undefined, { folder, onAbort: false }, { folder }]) {
    using session = await classifierSession();
    const options = { epochs: 1, progress: false, onStart: () => void counts.push(process.listenerCount('SIGINT')) };
    await new Trainer(session, checkpoint ? { ...options, checkpoint } : options).fit(batchesOf(BATCH));
  }
  expect(counts.map((count) => count - before)).toEqual([0, 0, 1]);
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('where there is no process, as in pages, nothing is listened for', () => {
  const { process: own } = globalThis;
  try {
    Object.defineProperty(globalThis, 'process', { value: undefined, configurable: true, writable: true });
    expect(listenForInterrupt()).toBeUndefined();
  } finally {
    Object.defineProperty(globalThis, 'process', { value: own, configurable: true, writable: true });
  }
});
