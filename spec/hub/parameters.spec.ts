import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  buildSession,
  input,
  Linear,
  loadParameters,
  loadSafetensors,
  NameError,
  SafetensorsError,
  saveParameters,
  saveSafetensors,
  ShapeError,
  trace,
} from 'meganeura';

let folder: string;
beforeAll(async () => (folder = await fs.mkdtemp(path.join(os.tmpdir(), 'parameters-'))));
afterAll(() => fs.rm(folder, { recursive: true }));

/** Messages without the name of the temporary folder. */
async function messageOf(promise: Promise<unknown>): Promise<[unknown, string]> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
  return [error, String((error as Error | undefined)?.message).replaceAll(folder + path.sep, '')];
}

function linear() {
  const layer = new Linear(3, 2);
  return buildSession(trace(layer, { x: input([1, 3]) }));
}

const weight = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
const bias = { shape: [2], data: Float32Array.of(7, 8) };

describe('parameters in files', () => {
  test('come back as they were', async () => {
    const file = path.join(folder, 'round.safetensors');
    using session = await linear();
    await saveParameters(session, file, { format: 'pt' });
    using other = await linear();
    expect(await other.parameters()).not.toEqual(await session.parameters());
    await loadParameters(other, file);
    expect(await other.parameters()).toEqual(await session.parameters());
    expect((await loadSafetensors(file)).metadata).toEqual(new Map([['format', 'pt']]));
  });

  test('of reduced precision are converted', async () => {
    const file = path.join(folder, 'bf16.safetensors');
    const bits = Uint16Array.of(0x3f80, 0xc000); // 1 and −2
    await saveSafetensors(file, { weight, bias: { shape: [2], data: bits, dtype: 'BF16' } });
    using session = await linear();
    await loadParameters(session, file);
    expect((await session.parameters())['bias']!.data).toEqual(Float32Array.of(1, -2));
  });

  test.each([
    ['missing names', NameError, { weight }],
    ['unknown names', NameError, { weight, bias, scale: bias }],
    ['misspelt names', NameError, { weight, biass: bias }],
    ['another shape', ShapeError, { weight: { ...weight, shape: [3, 2] }, bias }],
    ['integers', SafetensorsError, { weight, bias: { shape: [2], data: Int32Array.of(1, 2) } }],
  ] as const)('%s: none of them is set', async (name, type, tensors) => {
    const file = path.join(folder, `${name}.safetensors`);
    await saveSafetensors(file, tensors);
    using session = await linear();
    const before = await session.parameters();
    const [error, message] = await messageOf(loadParameters(session, file));
    expect(error).toBeInstanceOf(type);
    expect(message).toMatchSnapshot();
    expect(await session.parameters()).toEqual(before);
  });

  test('that only partly fit, where that is asked for', async () => {
    const file = path.join(folder, 'partial.safetensors');
    await saveSafetensors(file, { bias, scale: bias });
    using session = await linear();
    const before = await session.parameters();
    await loadParameters(session, file, { strict: false });
    expect(await session.parameters()).toEqual({ ...before, bias: { ...before['bias'], data: bias.data } });
  });

  test('that are not there', async () => {
    using session = await linear();
    const [error, message] = await messageOf(loadParameters(session, path.join(folder, 'none')));
    expect(error).toBeInstanceOf(SafetensorsError);
    expect(message).toMatch(/^none: cannot open the file: .*ENOENT/);
  });
});
