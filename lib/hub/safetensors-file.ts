/**
 * Safetensors files on disk, or in a page as blobs. Paths are for Node only, though browsers may import this: Node's
 * modules are asked for when a function is called.
 */
import { FileSource, type ByteSource } from './byte-source.js';
import { putAtomically } from './durable.js';
import { nodeModule, type NodeModules } from '../ir/node-modules.js';
import type { DType } from '../ir/dtype.js';
import type { TypedArray } from '../ir/typed-array.js';
import { SafetensorsError } from './safetensors-error.js';
import {
  LENGTH_BYTES,
  headerLength,
  parseHeader,
  type SafetensorsHeader,
  type TensorEntry,
} from './safetensors-header.js';
import { layOut, type TensorData } from './safetensors-layout.js';
import { SafeTensors, entryOf } from './safetensors.js';
import { checkConvertible, readValues } from './tensor-values.js';

/** Bytes written at once: system calls take less than 2 GiB. */
const CHUNK_BYTES = 2 ** 28;

/** A file of which the header has been read and checked. It needs no closing: it is open only while it is read. */
export class SafetensorsFile {
  /** Its path, or what else it was opened by. */
  readonly path: string;
  /** Texts by name, as whoever wrote the file put them there. */
  readonly metadata: ReadonlyMap<string, string>;
  /** By name, in the order of the data. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly #source: ByteSource;
  readonly #dataStart: number;

  /** Use `SafetensorsFile.open`. */
  private constructor(source: ByteSource, header: SafetensorsHeader, dataStart: number) {
    this.path = source.name;
    this.metadata = header.metadata;
    this.entries = header.entries;
    this.#source = source;
    this.#dataStart = dataStart;
  }

  /**
   * Reads and checks the header; no tensor is read yet.
   * @param file A path, in Node only, or where else the bytes are.
   * @throws {SafetensorsError} When the file cannot be opened or breaks the format.
   */
  static async open(file: string | ByteSource): Promise<SafetensorsFile> {
    const source = typeof file === 'string' ? await attempt(file, 'open', () => FileSource.open(file)) : file;
    const start = new Uint8Array(Math.min(source.size, LENGTH_BYTES));
    await fill(source, start, 0);
    const json = new Uint8Array(headerLength(start, source.size, source.name));
    const dataStart = LENGTH_BYTES + json.length;
    await fill(source, json, LENGTH_BYTES);
    return new SafetensorsFile(source, parseHeader(json, source.size - dataStart, source.name), dataStart);
  }

  /**
   * Reads some tensors, and none of the rest of the file.
   * @throws {SafetensorsError} For an unknown name, or when reading fails.
   */
  async read(names: Iterable<string>): Promise<SafeTensors> {
    const entries = new Map([...names].map((name) => [name, entryOf(this.entries, name, this.path)]));
    const bytes = new Map<string, Uint8Array>();
    for (const { name, begin, end } of entries.values()) {
      const target = new Uint8Array(end - begin);
      await fill(this.#source, target, this.#dataStart + begin);
      bytes.set(name, target);
    }
    return new SafeTensors({ entries, metadata: this.metadata }, this.path, ({ name }) => bytes.get(name)!);
  }

  /**
   * The values of one tensor as those of a dtype: F16 and BF16 are bits for the same dtype, else f32 values. The host
   * holds little more than what is returned.
   * @throws {SafetensorsError} For an unknown name, when reading fails, and as `checkValues`.
   */
  readValues(name: string, dtype: DType): Promise<TypedArray | Uint16Array> {
    const entry = entryOf(this.entries, name, this.path);
    return readValues(entry, dtype, this.path, (target, position) =>
      fill(this.#source, target, this.#dataStart + entry.begin + position),
    );
  }

  /**
   * Checks, from the header alone, that `readValues` could give these values.
   * @throws {SafetensorsError} For an unknown name, and a tensor that is not converted to the dtype.
   */
  checkValues(name: string, dtype: DType): void {
    checkConvertible(entryOf(this.entries, name, this.path), dtype, this.path);
  }
}

/**
 * Reads a whole file.
 * @throws {SafetensorsError} When it cannot be read, or breaks the format.
 */
export async function loadSafetensors(path: string): Promise<SafeTensors> {
  const file = await SafetensorsFile.open(path);
  return file.read(file.entries.keys());
}

/**
 * Writes a file, atomically: at `path` there is what was there before, or all of the new file, also after a crash. A
 * symbolic link stays, and the file that it points to is replaced. Do not change the arrays until the promise settles.
 *
 * @throws {SafetensorsError} When a tensor does not fit its shape, or writing fails; nothing is left behind then.
 */
export async function saveSafetensors(
  path: string,
  tensors: Iterable<readonly [string, TensorData]> | Readonly<Record<string, TensorData>>,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  const chunks = layOut(tensors, metadata, path);
  const target = await nodeFiles(path)
    .realpath(path)
    .catch(() => path);
  await attempt(path, 'write', () => putAtomically(target, (aside) => writeFile(aside, chunks)));
}

async function writeFile(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const handle = await nodeFiles(path).open(path, 'wx');
  try {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) {
        const { bytesWritten } = await handle.write(chunk, at, Math.min(CHUNK_BYTES, chunk.length - at));
        at += bytesWritten;
      }
    }
    await handle.sync(); // Else a crash may leave the new name with an empty file.
  } finally {
    await handle.close();
  }
}

async function fill(source: ByteSource, target: Uint8Array, position: number): Promise<void> {
  const got = await attempt(source.name, 'read', () => source.read(target, position));
  if (got === target.length) return;
  const problem = `expected ${target.length} bytes at ${position}, got ${got}: it was cut off`;
  throw new SafetensorsError(source.name, problem);
}

async function attempt<T>(path: string, verb: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new SafetensorsError(path, `cannot ${verb} the file: ${String(cause)}`, undefined, { cause });
  }
}

function nodeFiles(path: string): NodeModules['node:fs/promises'] {
  const fs = nodeModule('node:fs/promises');
  if (fs !== undefined) return fs;
  const remedy = 'files need Node 20.16 or later; in a browser use parseSafetensors and encodeSafetensors';
  throw new SafetensorsError(path, remedy);
}
