import { closeNames } from '../ir/errors.js';
import type { ByteSource } from './byte-source.js';
import { HubError, storageError, throwIfAborted, type HubErrorReason } from './hub-error.js';
import { safePath } from './paths.js';

/** How far a download is, over all files that were asked for. */
export interface DownloadProgress {
  /** Bytes that are here, those from the cache included. */
  readonly loadedBytes: number;
  /** Bytes of all files that were asked for. */
  readonly totalBytes: number;
  /** The file that they were last part of. */
  readonly file: string;
}

export interface FetchOptions {
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Where the files of a repository are. Paths have been checked, and are in `files`. */
export interface FileStorage {
  /** What messages call it: `owner/name` or a folder. */
  readonly name: string;
  /** Bytes of every file, by its path with `/` between the parts. */
  readonly files: ReadonlyMap<string, number>;
  /** Why only some of the repository's files may be known: there was no network, and these are what the cache has. */
  readonly offline?: HubError | undefined;
  /** Brings files here that are not. */
  fetch(paths: readonly string[], options: FetchOptions): Promise<void>;
  /** Opens a file, bringing it here first where it is not. */
  open(path: string, options: FetchOptions): Promise<ByteSource>;
  /** The path of a file on this machine, where it has one. It must be here. */
  localPath(path: string): string | undefined;
}

/**
 * The files of a model: a repository on the Hub at one commit, or a local folder. Of the former, files are brought here
 * when they are first asked for.
 */
export class Repository {
  /** @internal Use `openRepository`. `prefix`: the folder within the storage, empty or with a `/` at its end. */
  constructor(
    private readonly storage: FileStorage,
    private readonly prefix = '',
  ) {}

  /** What messages call it: `owner/name` or the path of the folder. */
  get name(): string {
    return this.prefix === '' ? this.storage.name : `${this.storage.name}/${this.prefix.slice(0, -1)}`;
  }

  /** Paths of all files, relative to the repository, with `/` between the parts. */
  get files(): string[] {
    const paths = [...this.storage.files.keys()].filter((path) => path.startsWith(this.prefix));
    return paths.map((path) => path.slice(this.prefix.length));
  }

  /** Whether there is a file of that path, written as in `files`. */
  has(path: string): boolean {
    return this.storage.files.has(this.prefix + path);
  }

  /**
   * A folder in it, as a repository of its own: `unet` of a diffusion pipeline.
   * @throws {HubError} `file-not-found`, when nothing is in it; `unsafe-path`.
   */
  folder(path: string): Repository {
    const folder = new Repository(this.storage, `${this.prefix}${safePath(path, this.name)}/`);
    if (folder.files.length > 0) return folder;
    throw this.missing('file-not-found', `${this.name}: there is no folder '${path}' in it`);
  }

  /** Brings files here, so that they can be opened without a network. @throws {HubError} As {@link Repository.open}. */
  async fetch(paths: readonly string[], options: FetchOptions = {}): Promise<void> {
    const checked = paths.map((path) => this.known(path));
    throwIfAborted(options.signal, `${this.name}: the download`);
    await this.storage.fetch(checked, options);
  }

  /**
   * Opens a file, to be read in pieces.
   * @throws {HubError} `file-not-found` and `unsafe-path`; for a repository on the Hub whatever a download can end in.
   */
  async open(path: string, options: FetchOptions = {}): Promise<ByteSource> {
    const known = this.known(path);
    throwIfAborted(options.signal, `${this.name}: reading ${path}`);
    return this.storage.open(known, options);
  }

  /** The path of a file on this machine, after {@link Repository.fetch}; undefined in pages. */
  localPath(path: string): string | undefined {
    return this.storage.localPath(this.known(path));
  }

  /** All bytes of a file. @throws {HubError} As {@link Repository.open}. */
  async bytes(path: string, options: FetchOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const source = await this.open(path, options);
    try {
      const bytes = new Uint8Array(source.size);
      const got = await source.read(bytes, 0);
      if (got === bytes.length) return bytes;
      throw new HubError('storage', `${source.name}: expected ${bytes.length} bytes, got ${got}: it was cut off`);
    } catch (error) {
      throw storageError(error, `${source.name} cannot be read`);
    }
  }

  /** A file as text. @throws {HubError} As {@link Repository.open}; `malformed` where it is not in UTF-8. */
  async text(path: string, options: FetchOptions = {}): Promise<string> {
    const bytes = await this.bytes(path, options);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new HubError('malformed', `${this.name}: ${path} is no text in UTF-8; get it again`, { cause });
    }
  }

  /** What a file of JSON holds, as Python writes it. @throws {HubError} As {@link Repository.text}; `malformed` where it is no JSON. */
  async json(path: string, options: FetchOptions = {}): Promise<unknown> {
    const text = await this.text(path, options);
    try {
      return parseJson(text);
    } catch (cause) {
      const message = `${this.name}: ${path} is no JSON: ${(cause as Error).message}; get it again, or correct it`;
      throw new HubError('malformed', message, { cause });
    }
  }

  private known(path: string): string {
    const full = this.prefix + safePath(path, this.name);
    if (this.storage.files.has(full)) return full;
    const close = closeNames(path, this.files).map((name) => `'${name}'`);
    const hint = close.length > 0 ? `; close: ${close.join(', ')}` : '';
    throw this.missing('file-not-found', `${this.name}: there is no file '${path}' in it${hint}`);
  }

  /** @internal The error for files that are missing: `offline` where they may only be missing from the cache. */
  missing(reason: HubErrorReason, message: string): HubError {
    const { offline } = this.storage;
    if (offline === undefined) return new HubError(reason, message);
    const text = `${message}; only the cache was looked at, since there was no network: ${offline.message}`;
    return new HubError('offline', text, { cause: offline });
  }
}

/** Python writes infinities, which JSON lacks: diffusers' schedulers have them. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const finite = text.replace(/"(?:[^"\\]|\\.)*"|\bInfinity\b/g, (part) => (part === 'Infinity' ? '1e999' : part));
    if (finite === text) throw error;
    return JSON.parse(finite);
  }
}
