import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SafetensorsError } from '../../lib/hub/safetensors-error.js';
import { SafetensorsFile, loadSafetensors, saveSafetensors } from '../../lib/hub/safetensors-file.js';
import { encodeSafetensors } from '../../lib/hub/safetensors.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-spec-'));
  file = path.join(folder, 'model.safetensors');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const weights = {
  'a.weight': { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  'a.bias': { shape: [2], data: Uint16Array.of(0x3f80, 0x4000), dtype: 'BF16' as const },
  steps: { shape: [], data: BigInt64Array.of(100n) },
};

describe('saveSafetensors', () => {
  test('writes what encodeSafetensors gives, and nothing else', async () => {
    await saveSafetensors(file, weights, { format: 'pt' });
    expect(fs.readFileSync(file)).toEqual(Buffer.from(encodeSafetensors(weights, { format: 'pt' })));
    expect(fs.readdirSync(folder)).toEqual(['model.safetensors']);
  });

  test('replaces a file, also through a symbolic link', async () => {
    fs.writeFileSync(file, 'old');
    const link = path.join(folder, 'link');
    fs.symlinkSync('model.safetensors', link);
    await saveSafetensors(link, weights);
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
    expect((await loadSafetensors(file)).names()).toHaveLength(3);
  });

  test('leaves the old file alone, and nothing behind, when it fails', async () => {
    fs.writeFileSync(file, 'old');
    const bad = { ...weights, bad: { shape: [3], data: new Float32Array(2) } };
    await expect(saveSafetensors(file, bad)).rejects.toThrow(
      `${file}: tensor "bad": expected 12 bytes for F32 [3], got 8`,
    );

    // Fails only when the file is renamed into place.
    fs.rmSync(file);
    fs.mkdirSync(path.join(file, 'in the way'), { recursive: true });
    await expect(saveSafetensors(file, weights)).rejects.toThrow(SafetensorsError);
    expect(fs.readdirSync(folder)).toEqual(['model.safetensors']);
  });

  test('says where it cannot write', async () => {
    const nowhere = path.join(folder, 'missing', 'model.safetensors');
    await expect(saveSafetensors(nowhere, weights)).rejects.toThrow(`${nowhere}: cannot write the file: Error: ENOENT`);
  });

  test('may be called at once for one file: one of them wins', async () => {
    const versions = [1, 2, 3, 4].map((value) => ({ x: { shape: [], data: Float32Array.of(value) } }));
    await Promise.all(versions.map((version) => saveSafetensors(file, version)));
    expect([1, 2, 3, 4]).toContain((await loadSafetensors(file)).float32('x')[0]);
    expect(fs.readdirSync(folder)).toEqual(['model.safetensors']);
  });
});

describe('loadSafetensors', () => {
  test('reads all', async () => {
    await saveSafetensors(file, weights, { format: 'pt' });
    const tensors = await loadSafetensors(file);
    expect(tensors.float32('a.weight')).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(tensors.float32('a.bias')).toEqual(Float32Array.of(1, 2));
    expect(tensors.array('steps')).toEqual(BigInt64Array.of(100n));
    expect(tensors.metadata).toEqual(new Map([['format', 'pt']]));
  });

  test('says which file is missing, or no file', async () => {
    await expect(loadSafetensors(file)).rejects.toThrow(`${file}: cannot open the file: Error: ENOENT`);
    await expect(loadSafetensors(folder)).rejects.toThrow(SafetensorsError);
  });
});

describe('SafetensorsFile', () => {
  test('reads only the tensors asked for', async () => {
    await saveSafetensors(file, weights);
    const open = await SafetensorsFile.open(file);
    expect([...open.entries.keys()]).toEqual(['steps', 'a.weight', 'a.bias']);
    const some = await open.read(['a.bias']);
    expect(some.names()).toEqual(['a.bias']);
    expect(some.float32('a.bias')).toEqual(Float32Array.of(1, 2));
    await expect(open.read(['a.bios'])).rejects.toThrow('there is none of that name among 3; close: "a.bias"');
  });

  test('notices a file that has changed since it was opened', async () => {
    await saveSafetensors(file, weights);
    const open = await SafetensorsFile.open(file);
    fs.truncateSync(file, fs.statSync(file).size - 2);
    await expect(open.read(['a.bias'])).rejects.toThrow('it has changed since it was opened; open it again');
  });
});
