import { SAFETENSORS_DTYPES, dtypeOfArray, type SafetensorsArray, type SafetensorsDType } from './safetensors-dtype.js';
import { SafetensorsError, describeTensor } from './safetensors-error.js';
import { LENGTH_BYTES, MAX_HEADER_BYTES, METADATA_KEY, tensorBytes } from './safetensors-header.js';

/** A tensor to write. */
export interface TensorData {
  /** Sizes of the axes; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** The elements, rows first; bytes for dtypes that no array has. */
  readonly data: SafetensorsArray;
  /** The array's own by default: `Float32Array` is F32. Tell it for F16, BF16, BOOL, F8 …, which arrays do not know. */
  readonly dtype?: SafetensorsDType | undefined;
}

interface Placed {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * A file in chunks: length and header, then each tensor's bytes, which share memory with the arrays given.
 *
 * As the reference implementation: widest dtypes first, then by name, the header padded with spaces to a multiple of 8,
 * so that every tensor is aligned to its dtype.
 * https://github.com/huggingface/safetensors, `prepare` in safetensors/src/tensor.rs
 *
 * @throws {SafetensorsError} For a tensor whose array does not fit its shape and dtype, and for names used twice.
 */
export function layOut(
  tensors: Iterable<readonly [string, TensorData]> | Readonly<Record<string, TensorData>>,
  metadata: Readonly<Record<string, string>> | undefined,
  file: string,
): Uint8Array[] {
  const pairs = isIterable(tensors) ? [...tensors] : Object.entries(tensors);
  const placed = pairs.map(([name, tensor]) => place(name, tensor, file)).sort(compare);
  const names = new Set<string>();

  const fields = metadata === undefined ? [] : [`"${METADATA_KEY}":${metadataJson(metadata, file)}`];
  let begin = 0;
  for (const { name, dtype, shape, bytes } of placed) {
    if (names.has(name)) throw new SafetensorsError(file, 'the name is used twice', name);
    names.add(name);
    const entry = { dtype, shape, data_offsets: [begin, begin + bytes.length] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    begin += bytes.length;
  }
  return [header(`{${fields.join(',')}}`, file), ...placed.map(({ bytes }) => bytes)];
}

function isIterable(tensors: object): tensors is Iterable<readonly [string, TensorData]> {
  return Symbol.iterator in tensors;
}

function place(name: string, { shape, data, dtype = dtypeOfArray(data) }: TensorData, file: string): Placed {
  const fail = (problem: string): never => {
    throw new SafetensorsError(file, problem, name);
  };
  if (name === METADATA_KEY) fail('the format keeps this name for metadata; use another');
  if (/\p{Surrogate}/u.test(name)) fail('the name has an unpaired surrogate, which UTF-8 cannot write');
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    fail(`expected sizes from 0 to 2^53 − 1, got shape [${shape.join(', ')}]`);
  }
  const expected = tensorBytes(dtype, shape);
  if (data.byteLength !== expected) {
    fail(`expected ${expected ?? 'whole'} bytes for ${describeTensor(dtype, shape)}, got ${data.byteLength}`);
  }
  return { name, dtype, shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function compare(a: Placed, b: Placed): number {
  const rank = ({ dtype }: Placed) => SAFETENSORS_DTYPES.indexOf(dtype);
  return rank(b) - rank(a) || compareUtf8(a.name, b.name);
}

/** Order of UTF-8 bytes, which is that of code points, and not that of UTF-16 units. */
function compareUtf8(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function metadataJson(metadata: Readonly<Record<string, string>>, file: string): string {
  for (const [key, value] of Object.entries<unknown>(metadata)) {
    if (typeof value === 'string' && !/\p{Surrogate}/u.test(key + value)) continue;
    throw new SafetensorsError(file, `expected text for ${METADATA_KEY} ${JSON.stringify(key)}, got ${String(value)}`);
  }
  return JSON.stringify(metadata);
}

function header(json: string, file: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  if (length > MAX_HEADER_BYTES) {
    throw new SafetensorsError(
      file,
      `expected a header of at most ${MAX_HEADER_BYTES} bytes, got ${length}: too many tensors`,
    );
  }
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, LENGTH_BYTES);
  return bytes;
}
