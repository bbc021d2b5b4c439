/** Training is killed at a random moment, and goes on in another process. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SHAPES_PER_OP } from '../op-cases/generate.js';

/** 20 in `npm run test:full`, and the transformer with them, whose kernels take most of the time to compile. */
const KILLS = SHAPES_PER_OP >= 20 ? 20 : 1;
const MODELS = KILLS > 1 ? ['mnist', 'characters'] : ['mnist'];

interface Result {
  readonly model: string;
  readonly losses: readonly number[];
  readonly bits: string;
}
type Line = Result | { readonly model: string; readonly step: number };

let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-resume-'));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

/** What a process said; it is killed some milliseconds after it has submitted so many steps. Rejects when it ends by an error. */
function run(folder: string, kill?: { readonly afterSteps: number; readonly milliseconds: number }): Promise<Line[]> {
  const args = ['--import', 'tsx', 'spec/train/resume-process.ts', folder, ...MODELS];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const lines = () => output.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Line); // prettier-ignore
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    if (!kill || lines().filter((line) => 'step' in line).length < kill.afterSteps) return;
    setTimeout(() => child.kill('SIGKILL'), kill.milliseconds);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status) reject(new Error(`the process ended with ${status}`));
      else resolve(lines());
    });
  });
}

const results = (lines: readonly Line[]) => lines.filter((line): line is Result => 'losses' in line);
const steps = (lines: readonly Line[]) => lines.filter((line) => 'step' in line).length;

test(`killed ${KILLS === 1 ? 'once, a perceptron becomes' : `${KILLS} times, a perceptron and a transformer become`} bit by bit what training in one go gives`, async () => {
  const whole = await run(path.join(root, 'whole'));
  const expected = results(whole);
  expect(expected.map(({ model }) => model)).toEqual(MODELS);
  for (const { losses } of expected) expect(losses.at(-1)!).toBeLessThan(losses[0]!);

  const folder = path.join(root, 'killed');
  const seen = new Map<string, Result>();
  let killed = 0;
  for (let go = 0; go < KILLS; go++) {
    const afterSteps = 1 + Math.floor((Math.random() * steps(whole)) / Math.sqrt(KILLS));
    const lines = await run(folder, { afterSteps, milliseconds: 40 * Math.random() });
    for (const result of results(lines)) seen.set(result.model, result);
    if (results(lines).length < MODELS.length) killed++;
  }
  // A training that had ended before, or ends now, tells the same in every process.
  for (const result of results(await run(folder))) seen.set(result.model, result);
  expect([...seen.values()]).toEqual(expected);
  expect(killed).toBeGreaterThan(0);
}, 900_000);
