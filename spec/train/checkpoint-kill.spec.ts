/** A process that saves without end is killed, again and again, on the same folder. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openCheckpoint } from '../../lib/train/checkpoint-files.js';
import { checkpointNames } from '../../lib/train/checkpoint-folder.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';

/** 200 in `npm run test:full`. */
const KILLS = SHAPES_PER_OP >= 20 ? 200 : 10;

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-kill-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Starts the process and kills it some milliseconds after its first checkpoint; the checkpoints that it told of. */
function killed(delay: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'spec/train/checkpoint-process.ts', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), delay);
    output += data.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // A line that was cut off by the kill tells of none.
    child.on('close', () => resolve(output.split('\n').slice(0, -1)));
  });
}

test(`after each of ${KILLS} kills while it saves there are only whole checkpoints, and the last one told of or a later`, async () => {
  let unfinished = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    // From right after a checkpoint to in the middle of later ones.
    const told = await killed(30 * Math.random());
    expect(told.length).toBeGreaterThan(0);
    const names = await checkpointNames(folder);
    expect(path.join(folder, names.at(-1)!) >= told.at(-1)!).toBe(true);
    for (const name of names) {
      const { record, model, training } = await openCheckpoint(path.join(folder, name), 'newest');
      expect(record.inputs).toEqual({ number: Number(name.slice(-6)) });
      for (const file of [model, training]) {
        const values = await file.readValues('weight', 'f32');
        expect(values.every((value) => value === 1)).toBe(true);
      }
    }
    const left = fs.readdirSync(folder).filter((name) => name.endsWith('.tmp'));
    unfinished += left.length;
    // The next process has removed those of the one before.
    expect(left.length).toBeLessThanOrEqual(2);
  }
  // Otherwise nothing was killed while it saved, and nothing is proven.
  expect(unfinished).toBeGreaterThan(0);
}, 1_000_000);
