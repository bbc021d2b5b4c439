/**
 * The header of a safetensors file, read and checked apart from the data, so that tensors of a large file can be read
 * one by one.
 *
 * A file is: header length N (u64, little-endian), N bytes of JSON, data. The JSON maps names to
 * `{"dtype", "shape", "data_offsets": [begin, end]}`, offsets in bytes from the start of the data, and `__metadata__` to
 * an object of strings. https://github.com/huggingface/safetensors#format
 */
import {
  SAFETENSORS_BITS,
  SAFETENSORS_DTYPES,
  isSafetensorsDType,
  type SafetensorsDType,
} from './safetensors-dtype.js';
import { SafetensorsError, describeTensor } from './safetensors-error.js';
import { JsonNumber, JsonSyntaxError, describeCharacter, parseStrictJson, quote, type Json } from './strict-json.js';

/** Bytes of the length that comes first. */
export const LENGTH_BYTES = 8;
/** As in the reference implementation: what is longer is refused before memory is set aside for it. */
export const MAX_HEADER_BYTES = 100_000_000;
export const METADATA_KEY = '__metadata__';

/** Where a tensor lies. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** First byte, counted from the start of the data. */
  readonly begin: number;
  /** Byte after the last. */
  readonly end: number;
}

export interface SafetensorsHeader {
  /** By name, in the order of the data. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Bytes of the JSON, from the first 8 bytes of a file.
 * @param start The first bytes of the file, at least 8 unless the file is shorter.
 * @param fileBytes Size of the whole file.
 * @throws {SafetensorsError} When no such header fits into the file.
 */
export function headerLength(start: Uint8Array, fileBytes: number, file: string): number {
  if (fileBytes < LENGTH_BYTES) {
    throw malformed(file, `expected a header length of 8 bytes, got a file of ${fileBytes} bytes`);
  }
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw malformed(file, `expected a header of at most ${MAX_HEADER_BYTES} bytes, got a length of ${length}`);
  }
  if (length > BigInt(fileBytes - LENGTH_BYTES)) {
    throw malformed(
      file,
      `expected a header of ${length} bytes, got a file with ${fileBytes - LENGTH_BYTES} bytes after the length`,
    );
  }
  return Number(length);
}

/**
 * Reads the JSON of a header, and checks that the tensors cover the data without gap or overlap.
 * @param json The bytes of the JSON, without the length.
 * @param dataBytes Bytes of the file after the header.
 * @throws {SafetensorsError}
 */
export function parseHeader(json: Uint8Array, dataBytes: number, file: string): SafetensorsHeader {
  const root = object(parseJson(json, file), 'a header', file);
  const metadata = new Map<string, string>();
  const entries: TensorEntry[] = [];
  for (const [name, value] of root) {
    if (name !== METADATA_KEY) {
      entries.push(tensorEntry(name, value, file));
      continue;
    }
    for (const [key, text] of object(value, METADATA_KEY, file)) {
      if (typeof text !== 'string') {
        throw malformed(file, `${METADATA_KEY}: expected text for ${quote(key)}, got ${show(text)}`);
      }
      metadata.set(key, text);
    }
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, dataBytes, file);
  return { entries: new Map(entries.map((entry) => [entry.name, entry])), metadata };
}

function parseJson(bytes: Uint8Array, file: string): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed(file, 'expected the header in UTF-8, got other bytes', undefined, { cause });
  }
  if (!text.startsWith('{')) {
    throw malformed(
      file,
      `expected the header to start with {, got ${text === '' ? 'nothing' : describeCharacter(text)}`,
    );
  }
  try {
    return parseStrictJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    throw malformed(file, `expected JSON in the header: ${cause.message}`, undefined, { cause });
  }
}

function tensorEntry(name: string, value: Json, file: string): TensorEntry {
  const fail = (problem: string): never => {
    throw malformed(file, problem, name);
  };
  const fields = object(value, 'its entry', file, name);
  for (const key of ['dtype', 'shape', 'data_offsets']) if (!fields.has(key)) fail(`its entry lacks ${key}`);
  const extra = [...fields.keys()].find((key) => !['dtype', 'shape', 'data_offsets'].includes(key));
  if (extra !== undefined) fail(`expected dtype, shape and data_offsets in its entry, got ${quote(extra)} as well`);

  const dtype = fields.get('dtype')!;
  if (typeof dtype !== 'string' || !isSafetensorsDType(dtype)) {
    return fail(`expected one of ${SAFETENSORS_DTYPES.join(', ')} for dtype, got ${show(dtype)}`);
  }
  const integers = (key: string): number[] => {
    const list = fields.get(key)!;
    if (!Array.isArray(list)) return fail(`expected a list of integers for ${key}, got ${show(list)}`);
    return list.map(
      (item: Json) => integer(item) ?? fail(`expected integers from 0 to 2^53 − 1 in ${key}, got ${show(item)}`),
    );
  };
  const shape = integers('shape');
  const offsets = integers('data_offsets');
  if (offsets.length !== 2) fail(`expected two data_offsets, begin and end, got ${offsets.length}`);
  const [begin, end] = offsets as [number, number];

  const bytes = tensorBytes(dtype, shape);
  if (bytes === undefined) fail(`expected a size in whole bytes below 2^53, got ${describeTensor(dtype, shape)}`);
  if (begin > end) fail(`expected data_offsets begin ≤ end, got [${begin}, ${end}]`);
  if (end - begin !== bytes) {
    fail(
      `expected ${bytes} bytes for ${describeTensor(dtype, shape)}, got ${end - begin} by data_offsets [${begin}, ${end}]`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** Bytes of a tensor; `undefined` when they are no whole number, or one that is not exact in a double. */
export function tensorBytes(dtype: SafetensorsDType, shape: readonly number[]): number | undefined {
  let bits = BigInt(SAFETENSORS_BITS[dtype]);
  for (const size of shape) {
    bits *= BigInt(size);
    if (bits > 8n * BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  }
  return bits % 8n === 0n ? Number(bits / 8n) : undefined;
}

function checkCoverage(entries: readonly TensorEntry[], dataBytes: number, file: string): void {
  let covered = 0;
  for (const { name, begin, end } of entries) {
    const at = `data_offsets [${begin}, ${end}]`;
    if (begin < covered) throw malformed(file, `${at} overlap other tensors, which reach to ${covered}`, name);
    if (begin > covered) throw malformed(file, `${at} leave a gap: the data before reach to ${covered}`, name);
    covered = end;
  }
  if (covered === dataBytes) return;
  throw malformed(
    file,
    `expected ${covered} bytes of data by the header, got ${dataBytes}: ` +
      (dataBytes < covered ? 'it was cut off' : 'something follows the last tensor'),
  );
}

/** The remedy is always the same: nothing of such a file can be trusted. */
function malformed(file: string, problem: string, tensor?: string, options?: ErrorOptions): SafetensorsError {
  return new SafetensorsError(file, `${problem}; the file is malformed, get or write it again`, tensor, options);
}

function object(value: Json, what: string, file: string, tensor?: string): ReadonlyMap<string, Json> {
  if (value instanceof Map) return value;
  throw malformed(file, `expected an object for ${what}, got ${show(value)}`, tensor);
}

/** Written in digits only: 2.0 and 2e0 are no integers in this format. */
function integer(value: Json): number | undefined {
  if (!(value instanceof JsonNumber) || !/^\d+$/.test(value.text)) return undefined;
  const number = Number(value.text);
  return Number.isSafeInteger(number) ? number : undefined;
}

function show(value: Json): string {
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof Map) return 'an object';
  if (typeof value === 'string') return quote(value);
  return typeof value === 'boolean' || value === null ? String(value) : 'a list';
}
