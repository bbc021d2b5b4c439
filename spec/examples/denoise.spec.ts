import { beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { encodeSafetensors, loadSafetensors } from 'meganeura/hub';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { runScript } from './run-script.js';

/** Not where the user's own results are. */
const OUT = 'out/spec-denoise';
const MODEL = 'spec/reference/sd-unet-tiny';

const runDenoise = (...args: string[]) => runScript('example:denoise', ...args);

describe('npm run example:denoise', () => {
  beforeAll(() => fs.rmSync(OUT, { recursive: true, force: true }));

  test('writes a contact sheet and the latents', async () => {
    const text = path.join(OUT, 'text.safetensors');
    fs.mkdirSync(OUT, { recursive: true });
    const embeddings = { data: new Float32Array(3 * 32).fill(0.5), shape: [1, 3, 32] };
    fs.writeFileSync(text, encodeSafetensors({ prompt: embeddings, negative: embeddings }));
    const options = ['--steps', '2', '--size', '6', '--scheduler', 'euler', '--text', text, '--out', OUT];
    const { stdout, stderr, status } = runDenoise(MODEL, ...options);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^2 steps in .* s, compilation included; wrote .*denoise\.png, .*denoise\.safetensors\n$/);

    const latents = await loadSafetensors(path.join(OUT, 'denoise.safetensors'));
    expect(latents.entry('latents').shape).toEqual([1, 4, 6, 6]);
    expect(latents.float32('latents').every(Number.isFinite)).toBe(true);
    const header = fs.readFileSync(path.join(OUT, 'denoise.png')).subarray(0, 24);
    expect(header.toString('latin1', 1, 4)).toBe('PNG');
    // Two columns and two rows of 6 places, each a square of 22 pixels, with white between them.
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([2 * (6 * 22 + 4) + 4, 2 * (6 * 22 + 4) + 4]);
  }, 300_000);

  const refused: (readonly [string[], string])[] = [
    [[], 'npm run example:denoise -- <repository or folder>'],
    [[MODEL, '--scheduler', 'heun'], "--scheduler is ddim or euler, got 'heun'"],
    // A message of the library, which has a test of its own for it.
    [[MODEL, '--steps', 'many'], 'the number of steps must be a whole number in 1 … 1000, got NaN'],
  ];
  test.each(SHAPES_PER_OP >= 20 ? refused : refused.slice(0, 2))(
    '%j ends with one line that says why',
    (args, message) => {
      const { stderr, status } = runDenoise(...args);
      expect(status).toBe(1);
      expect(stderr.trim().split('\n').at(-1)).toContain(message);
      expect(stderr).not.toContain('    at ');
    },
    60_000,
  );
});
