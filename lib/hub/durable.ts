/** Files that are whole or not there, also after a crash. Node only. */
import { nodeModule } from '../ir/node-modules.js';

/** Makes a rename in a folder last. Windows cannot open folders, and needs no such thing. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await nodeModule('node:fs/promises')!.open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name beside `path` that nobody else uses: only within a folder is a rename sure to be atomic. */
function asideOf(path: string): string {
  return `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
}

/**
 * Puts at `path` the file or folder that `make` makes at the path that it is given, in one step. Leaves nothing behind
 * when it fails. Rejects with errors of `node:fs`.
 */
export async function putAtomically(path: string, make: (aside: string) => Promise<void>): Promise<void> {
  const fs = nodeModule('node:fs/promises')!;
  const aside = asideOf(path);
  try {
    await make(aside);
    await fs.rename(aside, path);
  } catch (error) {
    await fs.rm(aside, { force: true, recursive: true });
    throw error;
  }
  await syncFolder(nodeModule('node:path')!.dirname(path));
}
