/**
 * A page's Cache API as a place for repositories. Contents are kept in parts of equal size, so that a download that was
 * cut goes on from the last whole one, also after the page was loaded anew; browsers keep them on disk.
 * https://developer.mozilla.org/en-US/docs/Web/API/Cache
 */
import { BlobSource, type ByteSource } from './byte-source.js';
import { HubError, storageError } from './hub-error.js';
import { isCommit, type RemoteFile, type Snapshot } from './snapshot.js';
import type { PartialFile, SnapshotStore } from './snapshot-store.js';

const NAME = 'meganeura-hub';
/** Keys are addresses; nothing is ever asked of this one. */
const ORIGIN = 'https://cache.invalid';
/** Bytes of all parts but the last. */
const PART_BYTES = 2 ** 24;

export class PageCache implements SnapshotStore {
  constructor(
    private readonly name = NAME,
    /** `owner/name`. */
    private readonly repository: string,
  ) {}

  async remember(revision: string, snapshot: Snapshot): Promise<void> {
    await stored(this.repository, async () => {
      const json = JSON.stringify({ commit: snapshot.commit, files: [...snapshot.files.values()] });
      const cache = await openCache(this.name);
      for (const name of new Set([revision, snapshot.commit])) await cache.put(this.ref(name), new Response(json));
    });
  }

  recall(revision: string): Promise<Snapshot | undefined> {
    return stored(this.repository, async () => {
      const cache = await openCache(this.name);
      const noted = await cache.match(this.ref(revision));
      if (noted === undefined) return undefined;
      const { commit, files } = (await noted.json()) as { commit: string; files: RemoteFile[] };
      if (!isCommit(commit)) return undefined;
      const here: RemoteFile[] = [];
      for (const file of files) if (await cache.match(this.whole(file))) here.push(file);
      return { commit, files: new Map(here.map((file) => [file.path, file])) };
    });
  }

  has(_commit: string, file: RemoteFile): Promise<boolean> {
    return stored(file.path, async () => (await (await openCache(this.name)).match(this.whole(file))) !== undefined);
  }

  begin(file: RemoteFile): Promise<PartialFile> {
    return stored(file.path, async () => PagePart.open(await openCache(this.name), this.whole(file)));
  }

  open(_commit: string, file: RemoteFile): Promise<ByteSource> {
    return stored(file.path, async () => {
      const cache = await openCache(this.name);
      const blob = new Blob(await partsOf(cache, this.whole(file)));
      const name = `${this.repository}/${file.path}`;
      if (blob.size === file.size) return new BlobSource(name, blob);
      await cache.delete(this.whole(file));
      throw new HubError('storage', `${name}: the browser has removed parts of it from its cache; load it again`);
    });
  }

  localPath(): undefined {
    return undefined;
  }

  private ref(revision: string): string {
    return `${ORIGIN}/${this.repository}/refs/${encodeURIComponent(revision)}`;
  }

  /** The key that says that a content is whole; its parts are below it. */
  private whole({ etag }: RemoteFile): string {
    return `${ORIGIN}/${this.repository}/blobs/${etag}`;
  }
}

/** The parts of a content that is on its way. Two pages that download the same write the same parts. */
class PagePart implements PartialFile {
  /** Bytes that are not in the cache yet: the last part. */
  #pending: Uint8Array<ArrayBuffer>[] = [];
  #pendingBytes = 0;

  private constructor(
    private readonly cache: Cache,
    private readonly whole: string,
    private parts: number,
  ) {}

  static async open(cache: Cache, whole: string): Promise<PagePart> {
    // After the browser has made room parts may be missing.
    await cache.delete(whole);
    const parts = await partsOf(cache, whole);
    const full = parts.findIndex(({ size }) => size !== PART_BYTES);
    return new PagePart(cache, whole, full < 0 ? parts.length : full);
  }

  get length(): number {
    return this.parts * PART_BYTES + this.#pendingBytes;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void> {
    for (let i = 0; i < this.parts; i++) {
      const part = await stored(this.whole, () => this.cache.match(partOf(this.whole, i)));
      if (part === undefined) throw new HubError('storage', 'the browser has removed parts of a download; try again');
      yield new Uint8Array(await part.arrayBuffer());
    }
    yield* this.#pending;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      // A copy: the array may be used again.
      const piece = new Uint8Array(bytes.subarray(at, at + PART_BYTES - this.#pendingBytes));
      this.#pending.push(piece);
      this.#pendingBytes += piece.length;
      at += piece.length;
      if (this.#pendingBytes === PART_BYTES) await this.flush();
    }
  }

  async restart(): Promise<void> {
    await this.discard();
    this.parts = 0;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  async finish(): Promise<void> {
    if (this.#pendingBytes > 0) await this.flush();
    await stored(this.whole, () => this.cache.put(this.whole, new Response(String(this.parts))));
  }

  /** Parts are in the cache already; what is pending comes again. */
  keep(): Promise<void> {
    return Promise.resolve();
  }

  async discard(): Promise<void> {
    await stored(this.whole, async () => {
      for (let i = 0; await this.cache.delete(partOf(this.whole, i)); i++);
    });
  }

  private async flush(): Promise<void> {
    const body = new Blob(this.#pending);
    await stored(this.whole, () => this.cache.put(partOf(this.whole, this.parts), new Response(body)));
    this.#pending = [];
    this.#pendingBytes = 0;
    this.parts++;
  }
}

function partOf(whole: string, index: number): string {
  return `${whole}/${index}`;
}

/** The parts that are there from the first on. */
async function partsOf(cache: Cache, whole: string): Promise<Blob[]> {
  const parts: Blob[] = [];
  for (;;) {
    const part = await cache.match(partOf(whole, parts.length));
    if (part === undefined) return parts;
    parts.push(await part.blob());
  }
}

function openCache(name: string): Promise<Cache> {
  const { caches } = globalThis as { caches?: CacheStorage };
  if (caches !== undefined) return caches.open(name);
  const remedy = 'the Cache API needs a secure page (https or localhost); in Node, 20.16 or later is needed';
  throw new HubError('storage', `there is nowhere to keep downloads: ${remedy}`);
}

async function stored<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storageError(error, `${what} cannot be kept in the page's cache`);
  }
}
