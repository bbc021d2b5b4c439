/** What a repository holds at a commit, as the Hub lists it. */
import type { HubClient } from './hub-client.js';
import { HubError } from './hub-error.js';
import { safePath } from './paths.js';

/** Files that one repository may list. */
const MAX_FILES = 100_000;

export interface RemoteFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** The hash of its content in hexadecimal, by which the cache names it: sha256 of large files, git's sha1 of others. */
  readonly etag: string;
}

export interface Snapshot {
  /** In hexadecimal. */
  readonly commit: string;
  readonly files: ReadonlyMap<string, RemoteFile>;
}

/** Whether a text names a commit, and not a branch or a tag. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/**
 * Asks the Hub for the files of a revision, and the commit that it is now.
 * @throws {HubError} What the server's refusal means; `malformed` for an answer that is no list of files; `unsafe-path`
 *   when one of them leads out of the repository.
 */
export async function listSnapshot(
  client: HubClient,
  revision: string,
  signal: AbortSignal | undefined,
): Promise<Snapshot> {
  const { hubUrl, repository } = client;
  const { listFiles, modelInfo } = await import('@huggingface/hub');
  const what = `${repository} (revision ${revision})`;
  const fetch = client.fetchFor(what, signal);
  try {
    const { sha } = await modelInfo({ name: repository, revision, hubUrl, fetch, additionalFields: ['sha'] });
    if (typeof sha !== 'string' || !isCommit(sha)) throw malformed(what, 'no commit');
    const files = new Map<string, RemoteFile>();
    for await (const entry of listFiles({
      repo: { type: 'model', name: repository },
      revision: sha,
      recursive: true,
      hubUrl,
      fetch,
    })) {
      if (entry.type === 'file') files.set(entry.path, remoteFile(entry, what));
      if (files.size > MAX_FILES) throw malformed(what, `more than ${MAX_FILES} files`);
    }
    return { commit: sha, files };
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw malformed(what, String(error), error);
  }
}

function remoteFile(
  entry: { path?: unknown; size?: unknown; oid?: unknown; lfs?: { oid?: unknown; size?: unknown } },
  what: string,
): RemoteFile {
  const { path, lfs } = entry;
  const etag = String(lfs?.oid ?? entry.oid);
  const size = lfs?.size ?? entry.size;
  if (typeof path !== 'string') throw malformed(what, 'a file without a path');
  if (!(lfs === undefined ? /^[0-9a-f]{40}$/ : /^[0-9a-f]{64}$/).test(etag))
    throw malformed(what, `no hash of ${path}`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw malformed(what, `no size of ${path}`);
  return { path: safePath(path, what), size, etag };
}

function malformed(what: string, got: string, cause?: unknown): HubError {
  return new HubError('malformed', `${what}: expected a list of files, got ${got}; is hubUrl that of a Hub?`, {
    cause,
  });
}
