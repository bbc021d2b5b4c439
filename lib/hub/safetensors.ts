/**
 * The safetensors format in memory; files are in `safetensors-file.ts`.
 * https://github.com/huggingface/safetensors#format
 */
import { closeNames } from '../ir/errors.js';
import { SAFETENSORS_ARRAYS, toArray, type ArrayDType, type SafetensorsArray } from './safetensors-dtype.js';
import { SafetensorsError } from './safetensors-error.js';
import {
  LENGTH_BYTES,
  headerLength,
  parseHeader,
  type SafetensorsHeader,
  type TensorEntry,
} from './safetensors-header.js';
import { layOut, type TensorData } from './safetensors-layout.js';
import { toFloat32, toInt32 } from './tensor-values.js';

/**
 * Tensors by name. Arrays may share memory with what was parsed: do not write into them.
 *
 * `read` gives a tensor's bytes; that is all that this class knows of where they are.
 */
export class SafeTensors {
  /** Texts by name, as whoever wrote the file put them there. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly #entries: ReadonlyMap<string, TensorEntry>;

  constructor(
    header: SafetensorsHeader,
    readonly file: string,
    private readonly read: (entry: TensorEntry) => Uint8Array,
  ) {
    this.metadata = header.metadata;
    this.#entries = header.entries;
  }

  /** Names in the order of the data. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Whether there is a tensor of that name. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * Name, dtype, shape and place of a tensor.
   * @throws {SafetensorsError} When there is none of that name; the message lists close ones.
   */
  entry(name: string): TensorEntry {
    return entryOf(this.#entries, name, this.file);
  }

  /** The raw bytes of a tensor: little-endian, rows first. @throws {SafetensorsError} For an unknown name. */
  bytes(name: string): Uint8Array {
    return this.read(this.entry(name));
  }

  /**
   * The elements in the array of their dtype: F16 and BF16 as 16-bit patterns, I64 as BigInt, BOOL as bytes 0 and 1.
   * @throws {SafetensorsError} For an unknown name, and for dtypes that no array has (F4, F6, F8, C64).
   */
  array(name: string): SafetensorsArray {
    const entry = this.entry(name);
    return elements(entry, this.read(entry), this.file);
  }

  /** The elements of an F16, BF16, F32 or F64 tensor as float32, F64 rounded. @throws {SafetensorsError} For others. */
  float32(name: string): Float32Array {
    const entry = this.entry(name);
    return toFloat32(entry, this.read(entry), this.file);
  }

  /** The elements of a BOOL, integer or I64 tensor as int32. @throws {SafetensorsError} For others, or out of range. */
  int32(name: string): Int32Array {
    const entry = this.entry(name);
    return toInt32(entry, this.read(entry), this.file);
  }
}

/**
 * Reads a whole file that is in memory.
 * @param file What messages call it.
 * @throws {SafetensorsError} For any breach of the format, before a single tensor is given out.
 */
export function parseSafetensors(source: Uint8Array | ArrayBuffer, file = 'safetensors'): SafeTensors {
  // A view of our own: Node's Buffer differs from Uint8Array in what slicing means.
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const start = LENGTH_BYTES + headerLength(bytes, bytes.length, file);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start), bytes.length - start, file);
  return new SafeTensors(header, file, ({ begin, end }) => bytes.subarray(start + begin, start + end));
}

/**
 * Writes tensors as the reference implementation does, byte for byte.
 * @throws {SafetensorsError} For a tensor whose array does not fit its shape and dtype, and for names used twice.
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, TensorData]> | Readonly<Record<string, TensorData>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const chunks = layOut(tensors, metadata, 'safetensors');
  const file = new Uint8Array(chunks.reduce((bytes, chunk) => bytes + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

/** The entry of that name. @throws {SafetensorsError} Listing close names when there is none. */
export function entryOf(entries: ReadonlyMap<string, TensorEntry>, name: string, file: string): TensorEntry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  const close = closeNames(name, entries.keys()).map((known) => JSON.stringify(known));
  const hint = close.length > 0 ? `; close: ${close.join(', ')}` : '';
  throw new SafetensorsError(file, `there is none of that name among ${entries.size}${hint}`, name);
}

function elements(entry: TensorEntry, bytes: Uint8Array, file: string): SafetensorsArray {
  if (hasArray(entry.dtype)) return toArray(entry.dtype, bytes);
  throw new SafetensorsError(file, `${entry.dtype} has no array type; take its bytes`, entry.name);
}

function hasArray(dtype: string): dtype is ArrayDType {
  return Object.hasOwn(SAFETENSORS_ARRAYS, dtype);
}
