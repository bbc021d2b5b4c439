import { contentHash } from './content-hash.js';
import type { Answer, HubClient } from './hub-client.js';
import { HubError, throwIfAborted } from './hub-error.js';
import type { RemoteFile } from './snapshot.js';
import type { PartialFile, SnapshotStore } from './snapshot-store.js';

/**
 * What must have come for the tries to be counted anew: so many bytes, or such a part of what was left. A server that
 * gives a few bytes each time is not waited for.
 */
const PROGRESS_BYTES = 2 ** 20;
const PROGRESS_PART = 1 / 16;

export interface DownloadFileOptions {
  readonly signal: AbortSignal | undefined;
  /** Called with the bytes of the file that are here. */
  readonly onLoaded: (bytes: number) => void;
}

/**
 * Downloads a file into a store, going on where an earlier download ended, and checks its size and hash.
 *
 * @throws {HubError} `wrong-size` and `wrong-hash`, after which nothing of it is kept; `no-space`, likewise; `network` and
 *   `aborted`, after which the next download goes on from there; what the server's refusal means.
 */
export async function downloadFile(
  client: HubClient,
  url: string,
  file: RemoteFile,
  store: SnapshotStore,
  options: DownloadFileOptions,
): Promise<void> {
  const what = `${client.repository}: ${file.path}`;
  throwIfAborted(options.signal, `${what}: the download`);
  const part = await store.begin(file);
  try {
    // What an earlier download left may be wrong where this one's bytes are right.
    const resumed = part.length > 0;
    if (!(await isRight(client, url, file, part, options))) {
      await part.restart();
      if (!resumed || !(await isRight(client, url, file, part, options))) throw wrongHash(client, what);
    }
    await part.finish();
  } catch (error) {
    const useless = error instanceof HubError && ['wrong-hash', 'wrong-size', 'no-space'].includes(error.reason);
    await (useless ? part.discard() : part.keep());
    throw error;
  }
}

/** Gets the rest of a file, and tells whether all of it has the hash that the repository lists. */
async function isRight(
  client: HubClient,
  url: string,
  file: RemoteFile,
  part: PartialFile,
  options: DownloadFileOptions,
): Promise<boolean> {
  const what = `${client.repository}: ${file.path}`;
  if (part.length > file.size) await part.restart();
  let hash = contentHash(file);
  for await (const chunk of part.chunks()) {
    throwIfAborted(options.signal, `${what}: the download`);
    hash.update(chunk);
  }
  options.onLoaded(part.length);

  const retry = client.retry(options.signal);
  let counted = part.length;
  while (part.length < file.size) {
    let ended = false;
    try {
      const headers = { 'Accept-Encoding': 'identity', ...(part.length > 0 && { Range: `bytes=${part.length}-` }) };
      const answer = await client.request(url, { what, headers, signal: options.signal });
      try {
        if (!continues(answer, file, part, what)) {
          await part.restart();
          hash = contentHash(file);
          counted = 0;
        }
        if (answer.status !== 416) await append(answer, file, part, what, hash, options);
      } finally {
        answer.cancel();
      }
      ended = part.length < file.size;
      const message = `${what}: the server ended after ${part.length} of ${file.size} bytes`;
      if (ended) throw new HubError('wrong-size', message);
    } catch (error) {
      const progress = Math.min(PROGRESS_BYTES, (file.size - counted) * PROGRESS_PART);
      if (part.length > counted && part.length - counted >= progress) retry.progressed();
      counted = part.length;
      await (ended ? retry.after(error, true) : retry.after(error));
    }
  }
  return hash.digest() === file.etag;
}

/** Whether an answer goes on where the part ends; else it starts at the file's start. */
function continues({ status, headers }: Answer, { size }: RemoteFile, part: PartialFile, what: string): boolean {
  const wrongSize = (got: string) =>
    new HubError(
      'wrong-size',
      `${what}: the repository lists ${size} bytes, but the server has ${got}; try again later`,
    );
  if (status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
    if (total !== undefined && total !== '*' && Number(total) !== size) throw wrongSize(total);
    if (Number(start) === part.length) return true;
    throw new HubError(
      'malformed',
      `${what}: expected bytes from ${part.length} on, got '${headers.get('content-range') ?? ''}'`,
    );
  }
  const length = headers.get('content-length');
  // Of compressed answers it is the compressed length.
  if (status === 200 && length !== null && headers.get('content-encoding') === null && Number(length) !== size) {
    throw wrongSize(length);
  }
  return part.length === 0;
}

async function append(
  answer: Answer,
  { size }: RemoteFile,
  part: PartialFile,
  what: string,
  hash: { update(bytes: Uint8Array): unknown },
  { onLoaded }: DownloadFileOptions,
): Promise<void> {
  for await (const chunk of answer.chunks()) {
    if (part.length + chunk.length > size) {
      throw new HubError(
        'wrong-size',
        `${what}: the server sent more than the ${size} bytes that the repository lists`,
      );
    }
    await part.write(chunk);
    hash.update(chunk);
    onLoaded(part.length);
  }
}

function wrongHash(client: HubClient, what: string): HubError {
  return new HubError(
    'wrong-hash',
    `${what}: what came from ${client.hubUrl} has another hash than the repository lists, and was removed; try again, ` +
      `and if it stays so, distrust the network or the mirror`,
  );
}
