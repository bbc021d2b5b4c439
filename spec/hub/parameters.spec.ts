import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildSession, input, mul, namedParameter, StateDictError, trace } from 'meganeura';
import { loadParameters, loadSafetensors, SafetensorsError, saveParameters, saveSafetensors } from 'meganeura/hub';
import { Linear } from 'meganeura/layers';

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
    ['f16', 'F16', Uint16Array.of(0x3c00, 0x0001)], // 1 and 2⁻²⁴
    ['bf16', 'BF16', Uint16Array.of(0x3f80, 0x3eab)], // 1 and 0.333984375
  ] as const)('of %s go into parameters of that dtype bit by bit, and back', async (dtype, name, bits) => {
    const file = path.join(folder, `${name}.safetensors`);
    const half = () =>
      buildSession(trace({ x: input([2], dtype) }, ({ x }) => mul(namedParameter('w', [2], [0, 0], dtype), x)));
    await saveSafetensors(file, { w: { shape: [2], data: bits, dtype: name } });
    using session = await half();
    await loadParameters(session, file);
    const again = path.join(folder, `${name}-again.safetensors`);
    await saveParameters(session, again);
    expect(await fs.readFile(again)).toEqual(await fs.readFile(file));

    // Of the other format: by value.
    const [other, otherBits] = name === 'F16' ? ['BF16', 0x3f80] : ['F16', 0x3c00];
    await saveSafetensors(file, {
      w: { shape: [2], data: Uint16Array.of(otherBits, otherBits), dtype: other as 'F16' },
    });
    await loadParameters(session, file);
    expect((await session.parameters())['w']!.data).toEqual(Float32Array.of(1, 1));
    session.setParameters({ w: { shape: [2], dtype: 'f16', data: Uint16Array.of(0x4000, 0x3c00) } });
    expect((await session.parameters())['w']!.data).toEqual(Float32Array.of(2, 1));
  });

  test.each([
    ['missing names', StateDictError, { weight }],
    ['unknown names', StateDictError, { weight, bias, scale: bias }],
    ['misspelt names', StateDictError, { weight, biass: bias }],
    ['another shape', StateDictError, { weight: { ...weight, shape: [3, 2] }, bias }],
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
