import { ValueError } from '../ir/errors.js';
import { DiskCache } from './disk-cache.js';
import { HubClient } from './hub-client.js';
import { HubError } from './hub-error.js';
import { accessToken, cacheFolder, hubAddress, isOffline } from './hub-settings.js';
import { HubStorage } from './hub-storage.js';
import { LocalFolder } from './local-folder.js';
import { PageCache } from './page-cache.js';
import { isRepositoryName, looksLikePath, safePath } from './paths.js';
import { nodeModule } from '../ir/node-modules.js';
import { Repository, type FetchOptions } from './repository.js';
import { listSnapshot } from './snapshot.js';
import type { SnapshotStore } from './snapshot-store.js';

/** Where a repository is, which revision of it, with which token, and how it is got. */
export interface HubOptions extends FetchOptions {
  /** A branch, a tag or a commit. Default `main`. */
  revision?: string | undefined;
  /** For private and gated repositories; sent to the Hub only. Default: `HF_TOKEN` or what `hf auth login` keeps; false: none. */
  token?: string | false | undefined;
  /** The Hub or a mirror of it. Default: `HF_ENDPOINT`, else https://huggingface.co. */
  hubUrl?: string | undefined;
  /**
   * The folder of the cache. Default: that of Python's huggingface_hub (`HF_HUB_CACHE`, `HF_HOME`). In pages the name of
   * the cache, by default `meganeura-hub`.
   */
  cacheDir?: string | undefined;
  /** Whether only the cache may be used. Default: whether `HF_HUB_OFFLINE` is set. */
  offline?: boolean | undefined;
  /** In place of the global `fetch`. */
  fetch?: typeof fetch | undefined;
  /** How often a request that fails for reasons that may pass is made again. Default 5. */
  retries?: number | undefined;
  /** Milliseconds before the first of them; twice as many before each further one. Default 500. */
  retryDelay?: number | undefined;
  /** Milliseconds without an answer or data after which a connection is given up. Default 30,000. */
  stallTimeout?: number | undefined;
}

/** The names of all options. */
export const HUB_OPTIONS = [
  'revision',
  'token',
  'hubUrl',
  'cacheDir',
  'offline',
  'fetch',
  'retries',
  'retryDelay',
  'stallTimeout',
  'onProgress',
  'signal',
] as const satisfies readonly (keyof HubOptions)[];

/**
 * Opens a local folder where there is one of that name, else a repository on the Hub.
 * @throws {HubError} `invalid-name` where it can be neither; else as opening either of them.
 */
export async function openRepository(folderOrName: string, options: HubOptions = {}): Promise<Repository> {
  if (!(await isLocal(folderOrName))) return openHub(folderOrName, options);
  const { repository, file } = await openLocal(folderOrName);
  if (file === undefined) return repository;
  throw new HubError('invalid-name', `'${folderOrName}' is a file: give its folder, and { weights: '${file}' }`);
}

/** Whether a text is meant as a path: there is something of that name, or no repository could have it. */
export async function isLocal(text: string): Promise<boolean> {
  if (looksLikePath(text)) return true;
  const fs = nodeModule('node:fs/promises');
  return (await fs?.stat(text).catch(() => undefined)) !== undefined;
}

/**
 * Opens a local folder, or the folder of a safetensors file, whose name is then `file`. Node only.
 * @throws {HubError} `invalid-name` where there is none; `storage` where it cannot be read.
 */
export async function openLocal(path: string): Promise<{ repository: Repository; file?: string }> {
  const [fs, paths] = [nodeModule('node:fs/promises'), nodeModule('node:path')];
  if (fs === undefined || paths === undefined) {
    throw new HubError('storage', `${path}: folders need Node 20.16 or later; in a page, download from the Hub`);
  }
  const stat = await fs.stat(path).catch(() => undefined);
  if (stat?.isDirectory()) return { repository: new Repository(await LocalFolder.open(path)) };
  if (stat?.isFile() && path.endsWith('.safetensors')) {
    return { repository: new Repository(await LocalFolder.open(paths.dirname(path))), file: paths.basename(path) };
  }
  const found = stat === undefined ? 'there is nothing' : 'that is no folder and no .safetensors file';
  const meant = isRepositoryName(path) ? `; for the repository of that name on the Hub, download it` : '';
  throw new HubError(
    'invalid-name',
    `'${path}' is neither a folder (at ${paths.resolve(path)} ${found}) nor the name of a repository, as owner/name${meant}`,
  );
}

/**
 * Opens a repository on the Hub: asks for its files, and downloads none yet. Where the Hub cannot be reached, what the
 * cache has of the revision is used.
 * @throws {HubError} `reason` says why.
 */
export async function openHub(name: string, options: HubOptions = {}): Promise<Repository> {
  if (!isRepositoryName(name)) {
    const remedy = looksLikePath(name) ? '; to read a folder, load it' : ', and there is no folder of that name';
    throw new HubError('invalid-name', `'${name}' is not the name of a repository, which is owner/name${remedy}`);
  }
  const revision = safePath(options.revision ?? 'main', 'revision');
  const store = snapshotStore(name, options);
  const opened = (storage: HubStorage) => new Repository(storage);
  const recalled = await store.recall(revision);
  if (isOffline(options.offline)) {
    const message = `${name}: revision ${revision} is not in the cache, and the network must not be used`;
    const forbidden = new HubError('offline', `${message}: unset HF_HUB_OFFLINE, or pass { offline: false }`);
    if (recalled === undefined) throw forbidden;
    return opened(new HubStorage(name, recalled, store, forbidden));
  }
  const settings = {
    retries: amount('retries', options.retries ?? 5),
    retryDelay: amount('retryDelay', options.retryDelay ?? 500),
    stallTimeout: amount('stallTimeout', options.stallTimeout ?? 30_000),
    fetch: options.fetch,
  };
  const token = await accessToken(options.token);
  const hubUrl = hubAddress(options.hubUrl);
  const client = new HubClient(hubUrl, name, { ...settings, token });
  try {
    // With something to fall back on, nobody wants to wait long.
    const { retries, stallTimeout } = settings;
    const short = { retries: Math.min(retries, 2), stallTimeout: Math.min(stallTimeout, 10_000) };
    const asking = new HubClient(hubUrl, name, { ...settings, ...(recalled && short), token });
    const snapshot = await listSnapshot(asking, revision, options.signal);
    await store.remember(revision, snapshot);
    return opened(new HubStorage(name, snapshot, store, client));
  } catch (error) {
    if (recalled === undefined || !(error instanceof HubError) || error.reason !== 'network') throw error;
    return opened(new HubStorage(name, recalled, store, error));
  }
}

function snapshotStore(name: string, { cacheDir }: HubOptions): SnapshotStore {
  if (nodeModule('node:fs/promises') === undefined) return new PageCache(cacheDir, name);
  return new DiskCache(cacheFolder(cacheDir), name);
}

function amount(name: string, value: number): number {
  // Timers count in 32 bits: above that they fire at once.
  if (value >= 0 && value < 2 ** 31) return value;
  throw new ValueError(`option ${name} must be a number of at least 0 and below 2^31, got ${value}`);
}
