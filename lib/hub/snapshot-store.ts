import type { ByteSource } from './byte-source.js';
import type { RemoteFile, Snapshot } from './snapshot.js';

/** A file that is on its way: some bytes from its start, in a place of its own. All reject with HubError. */
export interface PartialFile {
  /** Bytes that are here. */
  readonly length: number;
  /** Those, in order: to be hashed when a download goes on. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Adds bytes at the end. */
  write(bytes: Uint8Array): Promise<void>;
  /** Starts anew, with nothing. */
  restart(): Promise<void>;
  /** Makes the file whole, in one step: its content has been checked. */
  finish(): Promise<void>;
  /** Leaves the bytes to a later download of the same content, by this process or another. */
  keep(): Promise<void>;
  /** Removes the bytes. */
  discard(): Promise<void>;
}

/**
 * Keeps the files of one repository: the cache folder that Python uses too, or a page's Cache API. What it holds under
 * a name is whole, and has been checked. All reject with HubError, `no-space` or `storage`.
 */
export interface SnapshotStore {
  /** Notes which commit a revision is at, and what files it has. */
  remember(revision: string, snapshot: Snapshot): Promise<void>;
  /** The files that are here of what a revision was when it was last asked for; undefined where none is known. */
  recall(revision: string): Promise<Snapshot | undefined>;
  /** Whether a file is here, as part of the commit: where another commit has the same content, it is from now on. */
  has(commit: string, file: RemoteFile): Promise<boolean>;
  /** A place for the content of a file, with what an earlier download has left. */
  begin(file: RemoteFile): Promise<PartialFile>;
  /** Opens a file that is here. */
  open(commit: string, file: RemoteFile): Promise<ByteSource>;
  /** The path of a file that is here; undefined in pages. */
  localPath(commit: string, file: RemoteFile): string | undefined;
}
