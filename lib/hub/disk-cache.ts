/**
 * The cache folder of Python's huggingface_hub, as that lays it out, so that both find what the other has downloaded:
 *
 * - `models--<owner>--<name>/blobs/<hash>`: the contents;
 * - `…/snapshots/<commit>/<path>`: links to them;
 * - `…/refs/<revision>`: the commit of a branch or a tag.
 *
 * https://huggingface.co/docs/huggingface_hub/guides/manage-cache. Node only.
 */
import { FileSource, type ByteSource } from './byte-source.js';
import { DiskPart } from './disk-part.js';
import { putAtomically } from './durable.js';
import { storageError } from './hub-error.js';
import { listFolder } from './local-folder.js';
import { safePath } from './paths.js';
import { nodeModule } from '../ir/node-modules.js';
import { isCommit, type RemoteFile, type Snapshot } from './snapshot.js';
import type { PartialFile, SnapshotStore } from './snapshot-store.js';

export class DiskCache implements SnapshotStore {
  private readonly root: string;

  /** @param repository `owner/name`. */
  constructor(folder: string, repository: string) {
    this.root = modules().path.resolve(folder, `models--${repository.replaceAll('/', '--')}`);
  }

  async remember(revision: string, { commit }: Snapshot): Promise<void> {
    if (revision === commit) return;
    const { fs, path } = modules();
    const ref = this.ref(revision);
    try {
      if ((await fs.readFile(ref, 'utf8').catch(() => '')) === commit) return;
      await fs.mkdir(path.dirname(ref), { recursive: true });
      await putAtomically(ref, (aside) => fs.writeFile(aside, commit));
    } catch {
      // It is of use later only, and the cache may be one that can only be read.
    }
  }

  async recall(revision: string): Promise<Snapshot | undefined> {
    const { fs } = modules();
    const ref = async () => (await fs.readFile(this.ref(revision), 'utf8').catch(() => '')).trim();
    const commit = isCommit(revision) ? revision : await ref();
    if (!isCommit(commit)) return undefined;
    const sizes = await listFolder(this.snapshot(commit)).catch(() => undefined);
    if (sizes === undefined) return undefined;
    // Contents are not hashed again.
    return { commit, files: new Map([...sizes].map(([path, size]) => [path, { path, size, etag: '' }])) };
  }

  async has(commit: string, file: RemoteFile): Promise<boolean> {
    if ((await sizeOf(this.localPath(commit, file))) === file.size) return true;
    if (file.etag === '' || (await sizeOf(this.blob(file))) !== file.size) return false;
    await this.link(commit, file);
    return true;
  }

  begin(file: RemoteFile): Promise<PartialFile> {
    return DiskPart.open(this.blob(file));
  }

  async open(commit: string, file: RemoteFile): Promise<ByteSource> {
    const path = this.localPath(commit, file);
    return FileSource.open(path, { fixed: true }).catch((error: unknown) => {
      throw storageError(error, `${path} cannot be opened`);
    });
  }

  localPath(commit: string, file: RemoteFile): string {
    return modules().path.join(this.snapshot(commit), file.path);
  }

  /** Makes a content part of a commit: a link that stays right when the cache is moved, or what the system allows. */
  private async link(commit: string, file: RemoteFile): Promise<void> {
    const { fs, path } = modules();
    const [from, to] = [this.blob(file), this.localPath(commit, file)];
    try {
      await fs.mkdir(path.dirname(to), { recursive: true });
      await putAtomically(to, async (aside) => {
        await fs
          .symlink(path.relative(path.dirname(to), from), aside)
          // Windows allows links to those who develop, and some file systems to nobody.
          .catch(() => fs.link(from, aside))
          .catch(() => copy(from, aside));
      });
    } catch (error) {
      throw storageError(error, `${to} cannot be written`);
    }
  }

  private blob({ etag }: RemoteFile): string {
    return modules().path.join(this.root, 'blobs', etag);
  }

  private snapshot(commit: string): string {
    return modules().path.join(this.root, 'snapshots', commit);
  }

  private ref(revision: string): string {
    return modules().path.join(this.root, 'refs', safePath(revision, 'revision'));
  }
}

async function copy(from: string, to: string): Promise<void> {
  const { fs } = modules();
  await fs.copyFile(from, to);
  const handle = await fs.open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const stat = await modules()
    .fs.stat(path)
    .catch(() => undefined);
  return stat?.isFile() ? stat.size : undefined;
}

function modules() {
  return { fs: nodeModule('node:fs/promises')!, path: nodeModule('node:path')! };
}
