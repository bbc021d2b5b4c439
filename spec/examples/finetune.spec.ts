import { beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { loadSafetensors, SafeTensorsModel } from 'meganeura/hub';
import { readText, samplesOf } from '../../examples/finetune/text.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { runScript } from './run-script.js';

/** Not where the user's own results are. */
const OUT = 'out/spec-finetune';
const MODEL = 'spec/reference/generation/chat';
const TEXT = path.join(OUT, 'text.txt');
const SMALL = ['--length', '16', '--batch', '4', '--max-tokens', '4', '--prompt', 'the'];

const runFinetune = (...args: string[]) => runScript('example:finetune', ...args);

describe('examples/finetune.ts', () => {
  beforeAll(() => {
    fs.rmSync(OUT, { recursive: true, force: true });
    fs.mkdirSync(OUT, { recursive: true });
    fs.writeFileSync(TEXT, 'the cat sat on the mat. '.repeat(60));
  });

  test('learns a text, shows what changes, and writes the adapter', async () => {
    const out = path.join(OUT, 'adapter');
    const options = ['--learning-rate', '0.02', '--rank', '4', '--out', out];
    const { stdout, stderr, status } = runFinetune(MODEL, TEXT, ...SMALL, ...options);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^\d+ tokens; [\d,]+ of [\d,]+ parameters are trained\n\nbefore: the▸[^]*\n\nafter: the▸/);
    const [, first, last] = /\nloss (\S+) → (\S+) in \d+ steps, \S+ s\nwrote \S+\n$/.exec(stdout)!;
    expect(Number(last)).toBeLessThan(Number(first));
    const file = await loadSafetensors(path.join(out, 'adapter_model.safetensors'));
    expect(file.names()).toHaveLength(2 * 2 * 2);
    expect(Math.max(...file.float32('base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight'))).not.toBe(0);
    const config: unknown = JSON.parse(fs.readFileSync(path.join(out, 'adapter_config.json'), 'utf8'));
    expect(config).toMatchObject({ r: 4, lora_alpha: 16, base_model_name_or_path: MODEL, task_type: 'CAUSAL_LM' });
  }, 120_000);

  // Other kernels to compile, and little code that the adapter does not run: in `npm run test:full`.
  (SHAPES_PER_OP >= 20 ? test : test.skip)('trains all weights, and writes a model that loads', async () => {
    const out = path.join(OUT, 'model');
    const { stderr, status } = runFinetune(MODEL, TEXT, ...SMALL, '--max-tokens', '0', '--full', '--out', out);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const [before, after] = [await SafeTensorsModel.load(MODEL), await SafeTensorsModel.load(out)];
    expect([...after.tensors.keys()].sort()).toEqual([...before.tensors.keys()].sort());
    const name = 'model.norm.weight';
    expect(await after.read(name, 'f32')).not.toEqual(await before.read(name, 'f32'));
    expect(after.repository.has('tokenizer.json')).toBe(true);
  }, 120_000); // prettier-ignore

  test.each([
    [[], 'npm run example:finetune -- <repository or folder> <text file>'],
    [[MODEL, TEXT, '--out', MODEL], '--out is the folder of the model itself'],
  ])(
    '%j ends with one line that says why',
    (args, message) => {
      const { stderr, status } = runFinetune(...args);
      expect(status).toBe(1);
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(message)]);
    },
    60_000,
  );
});

describe('text', () => {
  const options = { length: 3, batch: 2, most: 8 };

  test('is cut into samples, one behind the other', () => {
    expect(samplesOf([1, 2, 3, 4, 5, 6, 7], options)).toEqual({ data: Int32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
  });

  test('that is none, or too short, is refused', async () => {
    await expect(readText('no.txt')).rejects.toThrow('no.txt cannot be read as text in UTF-8');
    expect(() => samplesOf([1, 2, 3, 4, 5], options)).toThrow(
      'the text has 5 tokens, fewer than the 2 × 3 of one batch',
    );
    expect(() => samplesOf([], { ...options, length: 9 })).toThrow(
      '--length must be a number of tokens from 2 to 8, got 9',
    );
    expect(() => samplesOf([], { ...options, batch: NaN })).toThrow('--batch must be a number of samples, at least 1');
  });
});
