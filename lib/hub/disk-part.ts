/** Partial files in the cache folder. Node only. */
import type { FileHandle } from 'node:fs/promises';
import { syncFolder } from './durable.js';
import { storageError } from './hub-error.js';
import { nodeModule } from '../ir/node-modules.js';
import type { PartialFile } from './snapshot-store.js';

/** Milliseconds after which a file that nobody has written to is taken to be left behind, whoever made it. */
const LEFT_AFTER = 600_000;
/** Bytes read at once for hashing. */
const CHUNK_BYTES = 2 ** 20;

/** Names that this process is writing to. */
const own = new Set<string>();

/**
 * `<blob>.<host>-<process>-<random>.incomplete` beside the blob that it is to become. Each process has its own, so that
 * none needs to wait or to trust locks, which networked file systems lack. One that is left behind is taken over by
 * renaming, which only one process can do. Were it to be taken from a live one, both would write the same bytes to the
 * same places: a blob's name is the hash of its content.
 */
export class DiskPart implements PartialFile {
  #length: number;

  private constructor(
    private readonly blob: string,
    private path: string,
    private readonly handle: FileHandle,
    length: number,
  ) {
    this.#length = length;
  }

  /** Takes over what is left of a download of the blob, the largest of them, or starts one. */
  static open(blob: string): Promise<DiskPart> {
    return stored(blob, async () => {
      const { fs, path } = modules();
      await fs.mkdir(path.dirname(blob), { recursive: true });
      const name = newName(blob);
      own.add(name);
      try {
        for (const left of await leftBehind(blob)) {
          const taken = await fs.rename(left, name).then(() => true, () => false); // prettier-ignore
          if (!taken) continue;
          const handle = await fs.open(name, 'r+');
          return new DiskPart(blob, name, handle, (await handle.stat()).size);
        }
        return new DiskPart(blob, name, await fs.open(name, 'wx+'), 0);
      } catch (error) {
        own.delete(name);
        throw error;
      }
    });
  }

  get length(): number {
    return this.#length;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (let at = 0; at < this.#length;) {
      const wanted = Math.min(buffer.length, this.#length - at);
      const position = at;
      const { bytesRead } = await stored(this.path, () => this.handle.read(buffer, 0, wanted, position));
      // Cut by somebody else: what is missing comes again.
      if (bytesRead === 0) this.#length = at;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await stored(this.path, async () => {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at, this.#length);
        at += bytesWritten;
        this.#length += bytesWritten;
      }
    });
  }

  async restart(): Promise<void> {
    await stored(this.path, () => this.handle.truncate(0));
    this.#length = 0;
  }

  async finish(): Promise<void> {
    const { fs, path } = modules();
    await stored(this.blob, async () => {
      // Else a crash may leave the new name with an empty file.
      await this.handle.sync();
      await this.handle.close();
      try {
        await fs.rename(this.path, this.blob);
      } catch (error) {
        // Windows does not replace a file that is open; another process has put the same content there.
        const there = await fs.stat(this.blob).catch(() => undefined);
        if (there?.size !== this.#length) throw error;
        await fs.rm(this.path, { force: true });
      }
      own.delete(this.path);
      await syncFolder(path.dirname(this.blob));
    });
  }

  async keep(): Promise<void> {
    if (this.#length === 0) return this.discard();
    const { fs } = modules();
    await this.close();
    // A name of no process: whoever comes next may take it.
    await fs.rename(this.path, newName(this.blob, 0)).catch(() => undefined);
  }

  async discard(): Promise<void> {
    await this.close();
    await modules()
      .fs.rm(this.path, { force: true })
      .catch(() => undefined);
  }

  /** What failed before is the error to tell of. */
  private async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    own.delete(this.path);
  }
}

function newName(blob: string, pid = process.pid): string {
  return `${blob}.${host()}-${pid}-${Math.random().toString(36).slice(2)}.incomplete`;
}

function host(): string {
  return (nodeModule('node:os')?.hostname() ?? '').replace(/[^a-z0-9]+/gi, '').slice(0, 32) || 'host';
}

/** Files with the first bytes of a blob that nobody writes to, largest first. */
async function leftBehind(blob: string): Promise<string[]> {
  const { fs, path } = modules();
  const [folder, base] = [path.dirname(blob), path.basename(blob)];
  const left: { path: string; size: number }[] = [];
  for (const name of await fs.readdir(folder)) {
    if (!name.startsWith(`${base}.`) || !name.endsWith('.incomplete')) continue;
    const full = path.join(folder, name);
    const stat = await fs.lstat(full).catch(() => undefined);
    if (stat?.isFile() && isLeft(full, name.slice(base.length), Date.now() - stat.mtimeMs)) {
      left.push({ path: full, size: stat.size });
    }
  }
  return left.sort((a, b) => b.size - a.size).map((file) => file.path);
}

function isLeft(full: string, suffix: string, age: number): boolean {
  if (own.has(full)) return false;
  const [, machine, pid] = /^\.([a-z0-9]+)-(\d+)-[a-z0-9]+\.incomplete$/i.exec(suffix) ?? [];
  if (pid === '0') return true;
  // The same number on another machine, and in another thread of this process, is another matter.
  const known = machine === host() && pid !== String(process.pid);
  return known ? !isAlive(Number(pid)) || age > LEFT_AFTER : age > LEFT_AFTER;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function stored<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storageError(error, `${path} cannot be written`);
  }
}

function modules() {
  return { fs: nodeModule('node:fs/promises')!, path: nodeModule('node:path')! };
}
