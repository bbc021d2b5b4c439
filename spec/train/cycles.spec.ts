/** Sessions are built and disposed of without end, as a search over hyperparameters or a server does it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SHAPES_PER_OP } from '../op-cases/generate.js';

/** 1,000 in `npm run test:full`. */
const CYCLES = SHAPES_PER_OP >= 20 ? 1000 : 50;

let cache: string;
beforeAll(() => {
  cache = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-cycles-'));
});
afterAll(() => fs.rmSync(cache, { recursive: true }));

test(`${CYCLES} times built, trained and disposed of: nothing stays`, () => {
  // A process of its own, whose memory nothing else is in.
  const args = ['--expose-gc', '--import', 'tsx', 'spec/train/cycles-process.ts', String(CYCLES)];
  // As users have it: the first cycle rewrites, and the others find what it came to.
  const env = { ...process.env, MEGANEURA_CACHE: cache };
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const after = stdout.trim().split('\n').map((line) => JSON.parse(line) as [number, number, number]); // prettier-ignore
  expect(after).toHaveLength(CYCLES);
  const [[, made]] = after as [[number, number, number]];
  expect(made).toBeGreaterThan(0);
  // No buffer is left, and the pipelines of the first cycle serve all others.
  for (const [buffers, pipelines] of after) expect([buffers, pipelines]).toEqual([0, made]);
  if (CYCLES < 1000) return;
  // The first 200 let the heap and the compiler's caches come to their size. The median of ten cycles without garbage: what the
  // software GPU's threads keep of freed memory moves single ones by 20 MB.
  const usual = (upTo: number) => {
    const memory = after.slice(upTo - 100, upTo).flatMap(([, , bytes], i) => (i % 10 === 9 ? [bytes] : []));
    return memory.sort((a, b) => a - b)[memory.length / 2]!;
  };
  expect(usual(1000) - usual(200)).toBeLessThan(20e6);
}, 1_200_000);
