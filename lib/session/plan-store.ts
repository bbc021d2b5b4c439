/** Where texts are kept from one run of a program to the next: a folder in Node, the Cache API in pages. */
import { environmentVariable, nodeModule } from '../ir/node-modules.js';

/** Keeps texts by key. Neither method throws for what is not there or cannot be kept. */
export interface PlanStore {
  read(key: string): Promise<string | undefined>;
  write(key: string, text: string): Promise<void>;
}

/** How many texts are kept; those that nobody asked for longest go first. */
const MOST_KEPT = 256;

/**
 * The store that an option asks for: the folder of that name, none for `false`; by default that of the environment variable
 * `MEGANEURA_CACHE` (`off` for none), or `meganeura` in `XDG_CACHE_HOME` or `~/.cache`. In pages the Cache API, whose name
 * the option gives. Where the library runs from its sources there is no default: they change without a new version.
 */
export function planStore(option: string | false | undefined): PlanStore | undefined {
  if (option === false) return undefined;
  const path = nodeModule('node:path');
  if (!path) {
    const name = option ?? (isSource() ? undefined : 'meganeura-plans');
    return name !== undefined && 'caches' in globalThis ? new PageStore(name) : undefined;
  }
  const given = option ?? environmentVariable('MEGANEURA_CACHE');
  if (given === 'off' && option === undefined) return undefined;
  const folder = given ?? (isSource() ? undefined : usualFolder());
  return folder === undefined ? undefined : new FolderStore(path.resolve(folder, 'plans'));
}

/** Whether this file is TypeScript. Some bundlers leave `import.meta` empty. */
function isSource(): boolean {
  return (import.meta.url as string | undefined)?.endsWith('.ts') ?? false;
}

function usualFolder(): string | undefined {
  const [path, os] = [nodeModule('node:path')!, nodeModule('node:os')!];
  const given = environmentVariable('XDG_CACHE_HOME');
  if (given !== undefined) return path.join(given, 'meganeura');
  const home = os.homedir();
  return home === '' ? undefined : path.join(home, '.cache', 'meganeura');
}

/** Texts as files of a folder. Node only. */
export class FolderStore implements PlanStore {
  constructor(private readonly folder: string) {}

  async read(key: string): Promise<string | undefined> {
    const fs = nodeModule('node:fs/promises')!;
    const file = this.file(key);
    try {
      const text = await fs.readFile(file, 'utf8');
      const now = new Date();
      await fs.utimes(file, now, now).catch(() => undefined);
      return text;
    } catch {
      return undefined;
    }
  }

  /** Written aside and renamed: who reads meanwhile, here or in another process, gets all of the old or of the new text. */
  async write(key: string, text: string): Promise<void> {
    const fs = nodeModule('node:fs/promises')!;
    const file = this.file(key);
    const aside = `${file}.${crypto.randomUUID()}.tmp`;
    try {
      await fs.mkdir(this.folder, { recursive: true });
      await fs.writeFile(aside, text);
      await fs.rename(aside, file);
      await this.prune();
    } catch {
      // A folder that cannot be written to only costs time.
      await fs.rm(aside, { force: true }).catch(() => undefined);
    }
  }

  private async prune(): Promise<void> {
    const fs = nodeModule('node:fs/promises')!;
    const names = await fs.readdir(this.folder);
    if (names.length <= MOST_KEPT) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const file = nodeModule('node:path')!.join(this.folder, name);
        // Another process may have removed it.
        return { file, used: await fs.stat(file).then(({ mtimeMs }) => mtimeMs, () => 0) }; // prettier-ignore
      }),
    );
    files.sort((a, b) => a.used - b.used);
    await Promise.all(files.slice(0, -MOST_KEPT).map(({ file }) => fs.rm(file, { force: true })));
  }

  private file(key: string): string {
    return nodeModule('node:path')!.join(this.folder, `${key}.json`);
  }
}

/** Texts in a cache of the Cache API. */
export class PageStore implements PlanStore {
  constructor(private readonly name: string) {}

  async read(key: string): Promise<string | undefined> {
    try {
      const kept = await (await caches.open(this.name)).match(address(key));
      return await kept?.text();
    } catch {
      return undefined;
    }
  }

  async write(key: string, text: string): Promise<void> {
    try {
      const cache = await caches.open(this.name);
      await cache.put(address(key), new Response(text));
      // In the order in which they came.
      const kept = await cache.keys();
      for (const request of kept.slice(0, Math.max(0, kept.length - MOST_KEPT))) await cache.delete(request);
    } catch {
      // A page that may keep nothing, or no more, rewrites again.
    }
  }
}

/** Keys of the Cache API are addresses; nothing is ever asked of this one. */
function address(key: string): string {
  return `https://cache.invalid/${key}`;
}
