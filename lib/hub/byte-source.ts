import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { nodeModule } from '../ir/node-modules.js';

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
}

/** Bytes read at once: system calls take less than 2 GiB. */
const CHUNK_BYTES = 2 ** 28;

/**
 * A file on disk. It is open only while it is read, so that nobody has to close it; a file that another has taken the
 * place of since is refused. Node only.
 */
export class FileSource implements ByteSource {
  private constructor(
    readonly name: string,
    private readonly found: Stats,
    private readonly fixed: boolean,
  ) {}

  /**
   * Rejects with errors of `node:fs`, and where there is no such module.
   * @param fixed Whether its name tells its content, as in the Hub's cache: another file there has the same.
   */
  static async open(path: string, { fixed = false }: { fixed?: boolean } = {}): Promise<FileSource> {
    const handle = await openFile(path);
    try {
      return new FileSource(path, await handle.stat(), fixed);
    } finally {
      await handle.close();
    }
  }

  get size(): number {
    return this.found.size;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const handle = await openFile(this.name);
    try {
      const { ino, size, mtimeMs } = await handle.stat();
      const isOther = ino !== this.found.ino || mtimeMs !== this.found.mtimeMs;
      if (size !== this.found.size || (isOther && !this.fixed)) {
        throw new Error('it has changed since it was opened; open it again');
      }
      let done = 0;
      while (done < target.length) {
        const wanted = Math.min(CHUNK_BYTES, target.length - done);
        const { bytesRead } = await handle.read(target, done, wanted, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    } finally {
      await handle.close();
    }
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const fs = nodeModule('node:fs/promises');
  if (fs === undefined) throw new Error('files need Node 20.16 or later');
  return fs.open(path, 'r');
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
}
