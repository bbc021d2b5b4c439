/** A folder on this machine as a repository. Node only. */
import { FileSource, type ByteSource } from './byte-source.js';
import { HubError, storageError } from './hub-error.js';
import { nodeModule, type NodeModules } from '../ir/node-modules.js';
import type { FileStorage } from './repository.js';

export class LocalFolder implements FileStorage {
  private constructor(
    readonly name: string,
    /** Bytes of every file. */
    readonly files: ReadonlyMap<string, number>,
    /** Where files may really lie, links followed. */
    private readonly root: string,
  ) {}

  /** @throws {HubError} `storage`, when the folder cannot be read, or outside of Node. */
  static async open(folder: string): Promise<LocalFolder> {
    const { fs, path } = modules(folder);
    try {
      const root = cacheRoot(await fs.realpath(folder), path);
      return new LocalFolder(folder, await listFolder(folder), root);
    } catch (error) {
      throw storageError(error, `the folder ${folder} cannot be read`);
    }
  }

  fetch(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Opens a file that really lies in the folder: a repository may bring links along.
   * @throws {HubError} `unsafe-path` for links that lead out of it; `storage`.
   */
  async open(file: string): Promise<ByteSource> {
    const { fs, path } = modules(this.name);
    const full = path.join(this.name, file);
    try {
      const real = await fs.realpath(full);
      if (!real.startsWith(this.root + path.sep)) {
        const message = `${full}: it is a link to ${real}, which is not in the folder; put the file itself there`;
        throw new HubError('unsafe-path', message);
      }
      return await FileSource.open(full);
    } catch (error) {
      throw storageError(error, `${full} cannot be opened`);
    }
  }

  localPath(file: string): string {
    return modules(this.name).path.join(this.name, file);
  }
}

/** Folders within each other that are looked into: repositories have few, and somebody may name a home directory. */
const MAX_DEPTH = 3;

/**
 * Bytes of every file in a folder and in those within it, by its path with `/` between the parts; of links, those of
 * what they point to, and none for what points nowhere. Hidden folders are left out, as git's. Rejects with errors of
 * `node:fs`.
 */
export async function listFolder(folder: string): Promise<Map<string, number>> {
  const { fs, path } = modules(folder);
  const files = new Map<string, number>();
  const pending = [''];
  for (let within = pending.pop(); within !== undefined; within = pending.pop()) {
    const entries = await fs.readdir(path.join(folder, within), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = within === '' ? entry.name : `${within}/${entry.name}`;
      // Links to folders are not followed: they may go round in circles.
      if (entry.isDirectory()) {
        const isPart = !/^\.|^node_modules$/.test(entry.name) && file.split('/').length < MAX_DEPTH;
        if (isPart) pending.push(file);
      } else {
        const stat = await fs.stat(path.join(folder, file)).catch(() => undefined);
        if (stat?.isFile()) files.set(file, stat.size);
      }
    }
  }
  return files;
}

/**
 * The folder that files may lie in: that of the repository, or where it is a snapshot in the Hub's cache
 * (`<cache>/models--owner--name/snapshots/<commit>`), the cache, since snapshots are links to its blobs.
 */
function cacheRoot(folder: string, path: NodeModules['node:path']): string {
  const parts = folder.split(path.sep);
  const at = parts.findLastIndex((part, i) => /^models--/.test(part) && parts[i + 1] === 'snapshots');
  return at > 0 && at + 2 < parts.length ? parts.slice(0, at).join(path.sep) : folder;
}

function modules(folder: string) {
  const [fs, path] = [nodeModule('node:fs/promises'), nodeModule('node:path')];
  if (fs === undefined || path === undefined) {
    throw new HubError('storage', `${folder}: folders need Node 20.16 or later; in a page, download from the Hub`);
  }
  return { fs, path };
}
