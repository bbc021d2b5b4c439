import type { ByteSource } from './byte-source.js';
import { downloadFile } from './download-file.js';
import type { HubClient } from './hub-client.js';
import { HubError } from './hub-error.js';
import type { FetchOptions, FileStorage } from './repository.js';
import type { RemoteFile, Snapshot } from './snapshot.js';
import type { SnapshotStore } from './snapshot-store.js';

/** A repository on the Hub at one commit, whose files are downloaded when they are asked for. */
export class HubStorage implements FileStorage {
  readonly files: ReadonlyMap<string, number>;
  readonly commit: string;

  /** @param source Where files come from that the store lacks, or why they cannot. */
  constructor(
    readonly name: string,
    private readonly snapshot: Snapshot,
    private readonly store: SnapshotStore,
    private readonly source: HubClient | HubError,
  ) {
    this.commit = snapshot.commit;
    this.files = new Map([...snapshot.files].map(([path, { size }]) => [path, size]));
  }

  get offline(): HubError | undefined {
    return this.source instanceof HubError ? this.source : undefined;
  }

  async fetch(paths: readonly string[], { onProgress, signal }: FetchOptions): Promise<void> {
    const files = paths.map((path) => this.file(path));
    const totalBytes = files.reduce((bytes, { size }) => bytes + size, 0);
    const missing: RemoteFile[] = [];
    let loadedBytes = 0;
    for (const file of files) {
      if (await this.store.has(this.commit, file)) loadedBytes += file.size;
      else missing.push(file);
    }
    const last = files.at(-1);
    if (missing.length === 0 && last !== undefined) onProgress?.({ loadedBytes, totalBytes, file: last.path });
    for (const file of missing) {
      const before = loadedBytes;
      const onLoaded = (bytes: number) => {
        loadedBytes = before + bytes;
        onProgress?.({ loadedBytes, totalBytes, file: file.path });
      };
      await this.download(file, onLoaded, signal);
    }
  }

  async open(path: string, options: FetchOptions): Promise<ByteSource> {
    await this.fetch([path], options);
    return this.store.open(this.commit, this.file(path));
  }

  localPath(path: string): string | undefined {
    return this.store.localPath(this.commit, this.file(path));
  }

  private async download(file: RemoteFile, onLoaded: (bytes: number) => void, signal?: AbortSignal): Promise<void> {
    const where = `${this.name}: ${file.path}`;
    const client = this.source;
    if (client instanceof HubError) throw new HubError('offline', `${where} is not in the cache`, { cause: client });
    const path = file.path.split('/').map(encodeURIComponent).join('/');
    const url = `${client.hubUrl}/${this.name}/resolve/${this.commit}/${path}`;
    await downloadFile(client, url, file, this.store, { signal, onLoaded });
    if (await this.store.has(this.commit, file)) return;
    throw new HubError('storage', `${where} was downloaded, but is not in the cache: was it removed? try again`);
  }

  private file(path: string): RemoteFile {
    // `Repository` asks only for files that are listed.
    return this.snapshot.files.get(path)!;
  }
}
