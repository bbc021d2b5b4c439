import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DType } from '../../lib/ir/dtype.js';
import { openRepository } from '../../lib/hub/open-repository.js';
import { SafetensorsError } from '../../lib/hub/safetensors-error.js';
import { saveSafetensors } from '../../lib/hub/safetensors-file.js';
import { SafeTensorsModel } from '../../lib/hub/safetensors-model.js';
import { hubErrorOf, WEIGHTS } from './hub-harness.js';
import { counted, json, shardedRepository, tinyRepository } from './tiny-model.js';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'model-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, Uint8Array>>, to = folder): string {
  for (const [name, bytes] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    fs.writeFileSync(path.join(to, name), bytes);
  }
  return to;
}

describe('a model in a folder', () => {
  test('has tensors and the files beside them', async () => {
    const model = await SafeTensorsModel.load(write(tinyRepository(100)));
    expect(model.name).toBe(folder);
    expect(await model.read('weight', 'f32')).toEqual(counted(100));
    expect(model.repository.files).toEqual(['README.md', 'config.json', WEIGHTS, 'tokenizer.json']);
    expect(await model.repository.text('README.md')).toBe('# tiny');
    expect(model.repository.localPath('config.json')).toBe(path.join(folder, 'config.json'));
  });

  test.each([
    ['diffusers', { 'diffusion_pytorch_model.safetensors': tinyRepository(100)[WEIGHTS]! }, {}],
    ['one file of any name', { 'x.safetensors': tinyRepository(100)[WEIGHTS]! }, { weights: 'x.safetensors' }],
    [
      'shards in a folder',
      Object.fromEntries(Object.entries(shardedRepository()).map(([name, bytes]) => [`sub/${name}`, bytes])),
      { weights: 'sub/model.safetensors.index.json' },
    ],
    ['a folder in it', { 'unet/model.safetensors': tinyRepository(100)[WEIGHTS]! }, { folder: 'unet' }],
  ])('is found: %s', async (_name, files, options) => {
    const model = await SafeTensorsModel.load(write({ 'config.json': json({}), ...files }), options);
    const name = model.tensors.has('weight') ? 'weight' : 'a';
    expect(await model.read(name, 'f32')).toEqual(counted(name === 'weight' ? 100 : 4));
  });

  test('in one file', async () => {
    write({ 'x.safetensors': tinyRepository(100)[WEIGHTS]!, 'config.json': json({ a: 1 }) });
    for (const open of ['load', 'open'] as const) {
      const model = await SafeTensorsModel[open](path.join(folder, 'x.safetensors'));
      expect(await model.read('weight', 'f32')).toEqual(counted(100));
      expect(await model.repository.json('config.json')).toEqual({ a: 1 });
    }
  });

  test('has the JSON that Python writes', async () => {
    write({ 'x.json': Buffer.from('{"a": -Infinity, "b": [Infinity], "c": "Infinity \\" Infinity"}') });
    write({ 'bad.json': Buffer.from('{"a": Infinite}') });
    const repository = await openRepository(folder);
    expect(await repository.json('x.json')).toEqual({ a: -Infinity, b: [Infinity], c: 'Infinity " Infinity' });
    expect((await hubErrorOf(repository.json('bad.json'))).reason).toBe('malformed');
    expect((await hubErrorOf(repository.json('../x.json'))).reason).toBe('unsafe-path');
    const missing = await hubErrorOf(repository.json('y.json'));
    expect([missing.reason, missing.message]).toEqual([
      'file-not-found',
      `${folder}: there is no file 'y.json' in it; close: 'x.json', 'bad.json'`,
    ]);
  });

  test('in shards', async () => {
    const model = await SafeTensorsModel.load(write(shardedRepository()));
    expect([...model.tensors.keys()]).toEqual(['a', 'b']);
    expect(await model.read('b', 'f32')).toEqual(counted(4, 10));
  });

  test('is told from a repository by whether it is there', async () => {
    const here = path.relative(process.cwd(), write(tinyRepository(100)));
    expect((await openRepository(here)).has('config.json')).toBe(true);
    const error = await hubErrorOf(SafeTensorsModel.open('./nowhere'));
    expect(error.reason).toBe('invalid-name');
    expect(error.message).toBe(
      `'./nowhere' is neither a folder (at ${path.resolve('nowhere')} there is nothing) ` +
        'nor the name of a repository, as owner/name',
    );
    expect((await hubErrorOf(openRepository('a/b/c'))).message).toBe(
      "'a/b/c' is not the name of a repository, which is owner/name, and there is no folder of that name",
    );
    expect((await hubErrorOf(SafeTensorsModel.load('me/nowhere'))).message).toContain(
      '; for the repository of that name on the Hub, download it',
    );
    expect((await hubErrorOf(SafeTensorsModel.download('./x'))).message).toContain('; to read a folder, load it');
  });
});

describe('what is wrong with a folder', () => {
  const shards = shardedRepository();
  const index = (map: unknown) => ({ ...shards, 'model.safetensors.index.json': json(map) });

  test.each([
    ['no weights', { 'config.json': json({}) }, 'file-not-found', /no weights in it.*its files are config\.json/],
    [
      'another name',
      { 'w.safetensors': shards['model-00001-of-00002.safetensors']! },
      'file-not-found',
      /there is w\.s/,
    ],
    ['no map', index({}), 'malformed', /expected an object with weight_map/],
    ['an empty map', index({ weight_map: {} }), 'malformed', /not empty/],
    ['no file', index({ weight_map: { a: 1 } }), 'malformed', /expected the name of a file for tensor "a"/],
    ['no JSON', { 'model.safetensors.index.json': Buffer.from('{') }, 'malformed', /is no JSON: .*get it again/],
    [
      'a missing shard',
      index({ weight_map: { a: 'b.safetensors' } }),
      'missing-shard',
      /1 are missing: b\.safetensors/,
    ],
    [
      'a tensor in another shard',
      index({ weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00001-of-00002.safetensors' } }),
      'missing-shard',
      /tensors that the files do not hold: 'b' in model-00001/,
    ],
    [
      'a path out of it',
      index({ weight_map: { a: '../b.safetensors' } }),
      'unsafe-path',
      /"\.\.\/b\.safetensors" is no/,
    ],
  ])('%s', async (_name, files, reason, message) => {
    const error = await hubErrorOf(SafeTensorsModel.load(write(files)));
    expect(error.message).toMatch(message);
    expect(error.reason).toBe(reason);
  });

  test('links that lead out of it', async () => {
    const inside = path.join(folder, 'inside');
    write({ 'secret.safetensors': shards['model-00002-of-00002.safetensors']! });
    write(shards, inside);
    const shard = path.join(inside, 'model-00002-of-00002.safetensors');
    fs.rmSync(shard);
    fs.symlinkSync('../secret.safetensors', shard);
    const error = await hubErrorOf(SafeTensorsModel.load(inside));
    expect(error.reason).toBe('unsafe-path');
    expect(error.message).toContain('it is a link to');
    // Within it they are followed.
    fs.renameSync(path.join(folder, 'secret.safetensors'), path.join(inside, 'real.safetensors'));
    fs.rmSync(shard);
    fs.symlinkSync('real.safetensors', shard);
    await SafeTensorsModel.load(inside);
  });

  test('a file that breaks the format, with its name', async () => {
    write({ ...shards, 'model-00002-of-00002.safetensors': Buffer.from('no tensors here') });
    const load = SafeTensorsModel.load(folder);
    await expect(load).rejects.toThrow(SafetensorsError);
    await expect(load).rejects.toThrow(path.join(folder, 'model-00002-of-00002.safetensors'));
  });
});

describe('values', () => {
  const stored = {
    f16: { shape: [3], data: Uint16Array.of(0x3c00, 0xc000, 0x0001), dtype: 'F16' as const },
    bf16: { shape: [3], data: Uint16Array.of(0x3f80, 0xc000, 0xff80), dtype: 'BF16' as const },
    f32: { shape: [3], data: Float32Array.of(1, -2, 1e-40) },
    f64: { shape: [2], data: Float64Array.of(0.1, -1e300) },
    i64: { shape: [2], data: BigInt64Array.of(-5n, 7n) },
    u8: { shape: [2], data: Uint8Array.of(0, 1) },
    u32: { shape: [1], data: Uint32Array.of(4_000_000_000) },
    i8: { shape: [2], data: Int8Array.of(-1, 2) },
    bool: { shape: [2], data: Uint8Array.of(1, 0), dtype: 'BOOL' as const },
    large: { shape: [1], data: BigInt64Array.of(2n ** 31n) },
  };

  test.each<[string, DType, unknown]>([
    ['f16', 'f16', stored.f16.data],
    ['f16', 'f32', Float32Array.of(1, -2, 2 ** -24)],
    ['f16', 'bf16', Float32Array.of(1, -2, 2 ** -24)],
    ['bf16', 'bf16', stored.bf16.data],
    ['bf16', 'f32', Float32Array.of(1, -2, -Infinity)],
    ['f32', 'f32', stored.f32.data],
    ['f32', 'f16', stored.f32.data],
    ['f64', 'f32', Float32Array.of(Math.fround(0.1), -Infinity)],
    ['i64', 'i32', Int32Array.of(-5, 7)],
    ['i8', 'i32', Int32Array.of(-1, 2)],
    ['u32', 'u32', stored.u32.data],
    ['u8', 'u32', Uint32Array.of(0, 1)],
    ['u8', 'bool', Uint8Array.of(0, 1)],
    ['bool', 'bool', Uint8Array.of(1, 0)],
    ['bool', 'i32', Int32Array.of(1, 0)],
  ])('%s as %s', async (name, dtype, expected) => {
    await saveSafetensors(path.join(folder, WEIGHTS), stored);
    const model = await SafeTensorsModel.load(folder);
    expect(await model.read(name, dtype)).toEqual(expected);
  });

  test.each<[string, DType, string]>([
    ['i64', 'f32', 'expected F16, BF16, F32 or F64 to read as float32, got I64'],
    ['f32', 'i32', 'expected BOOL or an integer dtype to read as int32, got F32'],
    ['large', 'i32', 'element 0, 2147483648, does not fit into int32'],
    ['i8', 'u32', 'element 0, -1, does not fit into uint32'],
    ['i8', 'bool', 'element 0, -1, does not fit into a truth value of 0 or 1'],
    ['i65', 'i32', 'there is none of that name among 10; close: "i64"'],
  ])('%s as %s is an error', async (name, dtype, message) => {
    await saveSafetensors(path.join(folder, WEIGHTS), stored);
    const model = await SafeTensorsModel.load(folder);
    await expect(model.read(name, dtype)).rejects.toThrow(message);
  });

  test.each(['f16', 'bf16'] as const)('longer than what is converted at once: %s', async (dtype) => {
    const bits = Uint16Array.from({ length: 2 ** 20 + 5 }, (_, i) => (i * 7) & 0x7bff);
    const stored = { shape: [bits.length], data: bits, dtype: dtype === 'f16' ? ('F16' as const) : ('BF16' as const) };
    await saveSafetensors(path.join(folder, WEIGHTS), { bits: stored });
    const model = await SafeTensorsModel.load(folder);
    const values = (await model.read('bits', 'f32')) as Float32Array;
    const part = (await model.read('bits', dtype)) as Uint16Array;
    expect(Buffer.compare(Buffer.from(part.buffer), Buffer.from(bits.buffer))).toBe(0);
    const words = new Uint32Array(values.buffer);
    const wrong = bits.findIndex((word, i) => (dtype === 'bf16' ? words[i] !== word << 16 : values[i] !== half(word)));
    expect(wrong).toBe(-1);
  });
});

/** A positive, finite f16, from its definition. */
function half(bits: number): number {
  const exponent = bits >> 10;
  return exponent === 0 ? (bits & 1023) * 2 ** -24 : (1 + (bits & 1023) / 1024) * 2 ** (exponent - 15);
}

test('options are checked by name', async () => {
  await expect(SafeTensorsModel.load(folder, { file: 'x' } as object)).rejects.toThrow(
    "SafeTensorsModel.load: there is no option 'file'; it takes { weights, folder, signal }",
  );
});
