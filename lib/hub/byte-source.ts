import type { FileHandle } from 'node:fs/promises';
import { nodeModule } from './platform.js';

/** Bytes that are read piece by piece: an open file, or a blob that the browser keeps on disk. */
export interface ByteSource {
  /** What messages call it: a path or an address. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Fills `target` with the bytes from `position` on. Resolves to how many there were: fewer than `target` holds only
   * where the source ends. Rejects as the platform does.
   */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Harmless when repeated. */
  close(): Promise<void>;
}

/** Bytes read at once: system calls take less than 2 GiB. */
const CHUNK_BYTES = 2 ** 28;

/** A file on disk, opened for reading. Node only: elsewhere there is no `FileHandle` to make it of. */
export class FileSource implements ByteSource {
  private constructor(
    readonly name: string,
    readonly size: number,
    private readonly handle: FileHandle,
  ) {}

  /** Rejects with errors of `node:fs`, and where there is no such module. */
  static async open(path: string): Promise<FileSource> {
    const fs = nodeModule('node:fs/promises');
    if (fs === undefined) throw new Error('files need Node 20.16 or later');
    const handle = await fs.open(path, 'r');
    try {
      return new FileSource(path, (await handle.stat()).size, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const wanted = Math.min(CHUNK_BYTES, target.length - done);
      const { bytesRead } = await this.handle.read(target, done, wanted, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** A blob: of a page's cache, or a file that a user has picked. */
export class BlobSource implements ByteSource {
  constructor(
    readonly name: string,
    private readonly blob: Blob,
  ) {}

  get size(): number {
    return this.blob.size;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const bytes = new Uint8Array(await this.blob.slice(position, position + target.length).arrayBuffer());
    target.set(bytes);
    return bytes.length;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
