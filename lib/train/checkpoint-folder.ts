/**
 * Folders of checkpoints: `checkpoint-000007` is whole whenever it has that name. It is written under another one, synced,
 * and renamed; what is to go is renamed before it is removed. Node only.
 */
import { putAtomically, syncFolder } from '../hub/durable.js';
import { nodeModule, type NodeModules } from '../ir/node-modules.js';
import { CheckpointError } from './checkpoint-error.js';
import { errorCode } from './unwritable.js';

/** The file that is written last. */
export const RECORD_FILE = 'checkpoint.json';

const NAME = /^checkpoint-(\d{6,})$/;
/** What a process that ended has left: its number is in the name. */
const LEFT_OVER = /^checkpoint-\d{6,}\.(\d+)\.[0-9a-z]+\.tmp$/;

/** Folders that this process is writing or removing. */
const inUse = new Set<string>();

/** Whether a name is one of a checkpoint within its folder. */
export function isCheckpointName(name: string): boolean {
  return NAME.test(name);
}

/** Names of the checkpoints in a folder, oldest first; none where there is no such folder. */
export async function checkpointNames(folder: string): Promise<string[]> {
  const { fs } = node(folder);
  const entries = await fs.readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return entries.filter(isCheckpointName).sort((a, b) => numberOf(a) - numberOf(b));
}

/** The name that the next checkpoint in a folder gets. */
export async function nextName(folder: string): Promise<string> {
  const last = (await checkpointNames(folder)).at(-1);
  return `checkpoint-${String((last === undefined ? 0 : numberOf(last)) + 1).padStart(6, '0')}`;
}

/** The folder itself where it is a checkpoint, else the newest in it; undefined where there is none. */
export async function newestCheckpoint(folder: string): Promise<string | undefined> {
  const { fs, path } = node(folder);
  const isOne = await fs.stat(path.join(folder, RECORD_FILE)).then(
    () => true,
    () => false,
  );
  if (isOne) return folder;
  const last = (await checkpointNames(folder)).at(-1);
  return last === undefined ? undefined : path.join(folder, last);
}

/** Makes the checkpoint `name` of what `fill` puts into the folder that it is given; all of it or nothing. */
export async function putCheckpoint(
  folder: string,
  name: string,
  fill: (aside: string) => Promise<void>,
): Promise<string> {
  const { fs, path } = node(folder);
  const first = await fs.mkdir(folder, { recursive: true });
  // Else a crash may lose the folder with all that is in it.
  for (let at = path.resolve(folder); first !== undefined; at = path.dirname(at)) {
    await syncFolder(path.dirname(at));
    if (at === path.resolve(first)) break;
  }
  await removeLeftOvers(folder);
  const target = path.join(folder, name);
  let used: string | undefined;
  try {
    await putAtomically(target, async (aside) => {
      inUse.add((used = aside));
      await fs.mkdir(aside);
      await fill(aside);
      await syncFolder(aside);
    });
  } finally {
    if (used !== undefined) inUse.delete(used);
  }
  return target;
}

/** Writes a text file that is on the disk when the promise settles. */
export async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await node(file).fs.open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes all but the newest `keep` and the one named `best`. */
export async function removeOld(folder: string, keep: number, best: string | undefined): Promise<void> {
  const { fs, path } = node(folder);
  const names = await checkpointNames(folder);
  for (const name of names.slice(0, Math.max(0, names.length - keep))) {
    if (name === best) continue;
    const aside = path.join(folder, `${name}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`);
    inUse.add(aside);
    try {
      await fs.rename(path.join(folder, name), aside);
      await fs.rm(aside, { recursive: true, force: true });
    } finally {
      inUse.delete(aside);
    }
  }
}

/** Node's modules. Throws CheckpointError in pages. */
export function node(folder: string): { fs: NodeModules['node:fs/promises']; path: NodeModules['node:path'] } {
  const [fs, path] = [nodeModule('node:fs/promises'), nodeModule('node:path')];
  if (fs && path) return { fs, path };
  throw new CheckpointError(folder, 'checkpoints need Node 20.16 or later; in a page keep session.stateDict()');
}

/** Otherwise every kill would take the room of a checkpoint. */
async function removeLeftOvers(folder: string): Promise<void> {
  const { fs, path } = node(folder);
  for (const name of await fs.readdir(folder)) {
    const writer = LEFT_OVER.exec(name)?.[1];
    const left = path.join(folder, name);
    if (writer === undefined || inUse.has(left)) continue;
    // A process with the number of one that died before it, as in containers, is not the one that left this.
    if (Number(writer) !== process.pid && isAlive(Number(writer))) continue;
    await fs.rm(left, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function numberOf(name: string): number {
  return Number(NAME.exec(name)?.[1]);
}
