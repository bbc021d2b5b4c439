/**
 * Safetensors files on disk. Node only, though browsers may import this: Node's modules are asked for when a function is
 * called.
 */
import type { FileHandle } from 'node:fs/promises';
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

/** Bytes read or written at once: system calls take less than 2 GiB. */
const CHUNK_BYTES = 2 ** 28;

/** An open file, of which the header has been read and checked. Close it. */
export class SafetensorsFile {
  readonly path: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** By name, in the order of the data. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly #handle: FileHandle;
  readonly #dataStart: number;

  /** Use `SafetensorsFile.open`. */
  private constructor(path: string, handle: FileHandle, header: SafetensorsHeader, dataStart: number) {
    this.path = path;
    this.metadata = header.metadata;
    this.entries = header.entries;
    this.#handle = handle;
    this.#dataStart = dataStart;
  }

  /** @throws {SafetensorsError} When the file cannot be opened or breaks the format; nothing is left open then. */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await attempt(path, 'open', () => node('node:fs/promises').open(path, 'r'));
    try {
      const { size } = await handle.stat();
      const start = await readAt(handle, path, 0, Math.min(size, LENGTH_BYTES));
      const length = headerLength(start, size, path);
      const dataStart = LENGTH_BYTES + length;
      const json = await readAt(handle, path, LENGTH_BYTES, length);
      return new SafetensorsFile(path, handle, parseHeader(json, size - dataStart, path), dataStart);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Reads some tensors, and none of the rest of the file.
   * @throws {SafetensorsError} For an unknown name, or when reading fails.
   */
  async read(names: Iterable<string>): Promise<SafeTensors> {
    const entries = new Map([...names].map((name) => [name, entryOf(this.entries, name, this.path)]));
    const bytes = new Map<string, Uint8Array>();
    for (const { name, begin, end } of entries.values()) {
      bytes.set(name, await readAt(this.#handle, this.path, this.#dataStart + begin, end - begin));
    }
    return new SafeTensors({ entries, metadata: this.metadata }, this.path, ({ name }) => bytes.get(name)!);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/**
 * Reads a whole file.
 * @throws {SafetensorsError} When it cannot be read, or breaks the format.
 */
export async function loadSafetensors(path: string): Promise<SafeTensors> {
  const file = await SafetensorsFile.open(path);
  try {
    return await file.read(file.entries.keys());
  } finally {
    await file.close();
  }
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
  const fs = node('node:fs/promises');
  const target = await fs.realpath(path).catch(() => path);
  // In the same folder: only within a file system is a rename atomic.
  const aside = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  await attempt(path, 'write', async () => {
    try {
      await writeFile(aside, chunks);
      await fs.rename(aside, target);
    } catch (error) {
      await fs.rm(aside, { force: true });
      throw error;
    }
    await syncFolder(node('node:path').dirname(target));
  });
}

async function writeFile(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const handle = await node('node:fs/promises').open(path, 'wx');
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

/** Makes the rename itself last. Windows cannot open folders, and needs no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await node('node:fs/promises').open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, path: string, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const wanted = Math.min(CHUNK_BYTES, length - at);
    const { bytesRead } = await attempt(path, 'read', () => handle.read(bytes, at, wanted, start + at));
    if (bytesRead === 0)
      throw new SafetensorsError(path, `expected ${length} bytes at ${start}, got ${at}: it was cut off`);
    at += bytesRead;
  }
  return bytes;
}

async function attempt<T>(path: string, verb: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new SafetensorsError(path, `cannot ${verb} the file: ${String(cause)}`, undefined, { cause });
  }
}

/** By this and not by `import`, which bundlers for browsers would follow. */
function node<Name extends 'node:fs/promises' | 'node:path'>(name: Name) {
  const platform: { process?: Partial<NodeJS.Process> } = globalThis;
  if (platform.process?.getBuiltinModule === undefined) {
    throw new SafetensorsError(
      name,
      'files need Node 20.16 or later; in a browser use parseSafetensors and encodeSafetensors',
    );
  }
  return platform.process.getBuiltinModule(name);
}
