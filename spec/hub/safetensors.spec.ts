import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { SAFETENSORS_DTYPES } from '../../lib/hub/safetensors-dtype.js';
import { SafetensorsError } from '../../lib/hub/safetensors-error.js';
import type { TensorData } from '../../lib/hub/safetensors-layout.js';
import { encodeSafetensors, parseSafetensors } from '../../lib/hub/safetensors.js';
import { REFERENCE_DIR } from '../reference-dir.js';

const headerOf = (bytes: Uint8Array) => {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
};

/** One tensor out and in again. */
const roundTrip = (tensor: TensorData) => parseSafetensors(encodeSafetensors({ x: tensor }));

describe('encodeSafetensors', () => {
  test('writes what the reference implementation writes, byte for byte', () => {
    const expected = fs.readFileSync(path.join(REFERENCE_DIR, 'resnet-tiny/model.safetensors'));
    const file = parseSafetensors(expected);
    const tensors = file.names().map((name) => [name, { ...file.entry(name), data: file.array(name) }] as const);
    expect(tensors.length).toBeGreaterThan(50);
    const metadata = Object.fromEntries(file.metadata);
    for (const order of [tensors, [...tensors].reverse()]) {
      expect(Buffer.compare(encodeSafetensors(order, metadata), expected)).toBe(0);
    }
  });

  test('puts wide dtypes first, then sorts by the bytes of names, and aligns the data', () => {
    const one = { shape: [1], data: new Float32Array(1) };
    const bytes = encodeSafetensors({
      half: { ...one, data: new Uint16Array(1), dtype: 'BF16' },
      byte: { ...one, data: new Uint8Array(1) },
      '\u{1f600}': one,
      '\uff5e': one,
      Z: one,
      a: one,
      long: { ...one, data: new BigInt64Array(1) },
    });
    expect(parseSafetensors(bytes).names()).toEqual(['long', 'Z', 'a', '\uff5e', '\u{1f600}', 'half', 'byte']);
    expect(headerOf(bytes)).toMatch(/^{"long":{"dtype":"I64","shape":\[1\],"data_offsets":\[0,8\]},.*} *$/);
    expect(headerOf(bytes).length % 8).not.toBe(0); // Characters, of which some take several bytes:
    expect(new TextEncoder().encode(headerOf(bytes)).length % 8).toBe(0);
  });

  test('takes nothing at all, scalars, empty tensors and odd names', () => {
    expect(headerOf(encodeSafetensors({}))).toBe('{}      ');
    const names = ['', '__proto__', 'constructor', 'a "b"\n\\ \u0000 é \u2028'];
    const file = parseSafetensors(
      encodeSafetensors([
        ...names.map((name, i) => [name, { shape: [], data: Float32Array.of(i) }] as const),
        ['empty', { shape: [0, 3], data: new Float32Array() }],
      ]),
    );
    expect(names.map((name) => file.float32(name)[0])).toEqual([0, 1, 2, 3]);
    expect([file.entry('empty').shape, file.float32('empty').length]).toEqual([[0, 3], 0]);
  });

  test('writes a part of a larger buffer', () => {
    const part = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
    expect(roundTrip({ shape: [2], data: part }).float32('x')).toEqual(Float32Array.of(2, 3));
  });

  test('keeps metadata', () => {
    const bytes = encodeSafetensors({}, { format: 'pt', note: 'é "' });
    expect(headerOf(bytes)).toMatch(/^{"__metadata__":{"format":"pt","note":"é \\""}} *$/);
    expect(parseSafetensors(bytes).metadata).toEqual(new Map(Object.entries({ format: 'pt', note: 'é "' })));
  });

  test.each<[string, Iterable<readonly [string, TensorData]>]>([
    ['expected 16 bytes for F32 [2, 2], got 12', [['x', { shape: [2, 2], data: new Float32Array(3) }]]],
    ['expected sizes from 0 to 2^53 − 1, got shape [-1]', [['x', { shape: [-1], data: new Float32Array(1) }]]],
    ['expected sizes from 0 to 2^53 − 1, got shape [0.5]', [['x', { shape: [0.5], data: new Float32Array(1) }]]],
    ['expected whole bytes for F4 [3], got 2', [['x', { shape: [3], data: new Uint8Array(2), dtype: 'F4' }]]],
    [
      'the format keeps this name for metadata; use another',
      [['__metadata__', { shape: [], data: new Uint8Array(1) }]],
    ],
    [
      'the name has an unpaired surrogate, which UTF-8 cannot write',
      [['\ud800', { shape: [], data: new Uint8Array(1) }]],
    ],
    [
      'the name is used twice',
      [
        ['x', { shape: [], data: new Uint8Array(1) }],
        ['x', { shape: [], data: new Float32Array(1) }],
      ],
    ],
  ])('refuses: %s', (message, tensors) => {
    const name = [...tensors][0]![0];
    expect(() => encodeSafetensors(tensors)).toThrow(new SafetensorsError('safetensors', message, name));
  });

  test('refuses metadata that are no text', () => {
    const metadata = { step: 3 } as object as Record<string, string>;
    expect(() => encodeSafetensors({}, metadata)).toThrow('safetensors: expected text for __metadata__ "step", got 3');
  });
});

describe('SafeTensors', () => {
  const file = parseSafetensors(
    encodeSafetensors({
      f32: { shape: [3], data: Float32Array.of(1.5, -0, NaN) },
      f64: { shape: [2], data: Float64Array.of(0.1, 1e300) },
      i64: { shape: [2], data: BigInt64Array.of(-100n, 7n) },
      u64: { shape: [1], data: BigUint64Array.of(2n ** 40n) },
      bool: { shape: [2], data: Uint8Array.of(1, 0), dtype: 'BOOL' },
      i8: { shape: [1], data: Int8Array.of(-3) },
      f8: { shape: [1], data: Uint8Array.of(0x38), dtype: 'F8_E4M3' },
    }),
    'some.safetensors',
  );

  test('gives arrays of the dtype', () => {
    expect(file.array('i64')).toEqual(BigInt64Array.of(-100n, 7n));
    expect(file.array('f64')).toEqual(Float64Array.of(0.1, 1e300));
    expect(file.array('bool')).toEqual(Uint8Array.of(1, 0));
    expect(file.bytes('f8')).toEqual(Uint8Array.of(0x38));
    expect([file.has('f8'), file.has('f9')]).toEqual([true, false]);
  });

  test('gives arrays of unaligned data', () => {
    const folder = path.join(REFERENCE_DIR, 'malformed');
    const bytes = fs.readFileSync(path.join(folder, 'ok-metadata-and-padding.safetensors'));
    const plain = parseSafetensors(fs.readFileSync(path.join(folder, 'ok-plain.safetensors')));
    expect(parseSafetensors(bytes).float32('b')).toEqual(plain.float32('b'));
  });

  test('converts to float32 and int32', () => {
    expect(file.float32('f32')).toEqual(Float32Array.of(1.5, -0, NaN));
    expect(file.float32('f64')).toEqual(Float32Array.of(0.1, Infinity));
    expect(file.int32('i64')).toEqual(Int32Array.of(-100, 7));
    expect(file.int32('bool')).toEqual(Int32Array.of(1, 0));
    expect(file.int32('i8')).toEqual(Int32Array.of(-3));
  });

  test('says what it cannot convert', () => {
    expect(() => file.float32('i64')).toThrow(
      'some.safetensors: tensor "i64": expected F16, BF16, F32 or F64 to read as float32, got I64',
    );
    expect(() => file.int32('f32')).toThrow('expected BOOL or an integer dtype to read as int32, got F32');
    expect(() => file.int32('u64')).toThrow('element 0, 1099511627776, does not fit into int32');
    expect(() => file.array('f8')).toThrow('tensor "f8": F8_E4M3 has no array type; take its bytes');
    expect(() => file.array('f31')).toThrow('tensor "f31": there is none of that name among 7; close: "f32"');
  });

  test('knows every dtype of the format', () => {
    expect(SAFETENSORS_DTYPES).toHaveLength(22);
    for (const dtype of SAFETENSORS_DTYPES) {
      const bits = Number(/\d+/.exec(dtype)?.[0] ?? (dtype === 'BOOL' ? 8 : 16));
      const data = new Uint8Array(bits).fill(1); // Eight elements
      const { shape, begin, end } = roundTrip({ shape: [8], data, dtype }).entry('x');
      expect([dtype, shape, end - begin]).toEqual([dtype, [8], bits]);
    }
  });
});

/** IEEE 754, table 3.5. */
function float16Magnitude(exponent: number, fraction: number): number {
  if (exponent === 31) return fraction === 0 ? Infinity : NaN;
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
}

describe('half precision', () => {
  test('F16: every pattern', () => {
    const data = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const values = roundTrip({ shape: [65536], data, dtype: 'F16' }).float32('x');
    for (let i = 0; i < 65536; i++) {
      const magnitude = float16Magnitude((i >> 10) & 31, i & 1023);
      if (!Object.is(values[i], i >> 15 ? -magnitude : magnitude)) throw new Error(`F16 ${i}: got ${values[i]}`);
    }
  });

  test('BF16', () => {
    const data = Uint16Array.of(0x3f80, 0xc040, 0x0001, 0x7f80, 0xff80, 0x8000, 0x7fc0);
    const values = roundTrip({ shape: [7], data, dtype: 'BF16' }).float32('x');
    expect(values).toEqual(Float32Array.of(1, -3, 2 ** -133, Infinity, -Infinity, -0, NaN));
  });
});
