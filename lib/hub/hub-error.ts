import { MeganeuraError } from '../ir/errors.js';

/**
 * Why a repository could not be got or read:
 *
 * - `invalid-name`: neither a folder that exists nor the name of a repository; also other options that cannot be.
 * - `repository-not-found`, `revision-not-found`, `file-not-found`.
 * - `unauthorized`: a token is needed, or was refused (401). `forbidden`: the account may not read it, as with gated
 *   repositories whose terms it has not accepted (403).
 *   `refused`: the server answered with another status that is no success.
 * - `offline`: what is asked for is not in the cache, and there is no network or it must not be used.
 * - `network`: the server could not be reached, failed, stalled, or cut the connection, after some tries.
 * - `wrong-size`, `wrong-hash`: what came is not what the repository lists.
 * - `missing-shard`: the index names a file, or places a tensor in one, that is not there.
 * - `unsafe-path`: a path leads out of the repository's folder.
 * - `malformed`: an index, a configuration or an answer of the server that is not in its format.
 * - `no-space`: the disk, or what the browser grants a page, is full. `storage`: it cannot be written or read.
 * - `aborted`: the `AbortSignal` fired; its reason is the error's `cause`.
 */
export type HubErrorReason =
  | 'invalid-name'
  | 'repository-not-found'
  | 'revision-not-found'
  | 'file-not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'refused'
  | 'offline'
  | 'network'
  | 'wrong-size'
  | 'wrong-hash'
  | 'missing-shard'
  | 'unsafe-path'
  | 'malformed'
  | 'no-space'
  | 'storage'
  | 'aborted';

/** A repository that could not be got or read. `reason` says why, the message what to do; neither holds a token. */
export class HubError extends MeganeuraError {
  constructor(
    readonly reason: HubErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Throws the HubError of an abort where the signal has fired. `what` was being done. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new HubError('aborted', `${what} was aborted`, { cause: signal.reason });
}

/** Errors of `node:fs` and of a page's storage as a HubError; those that are one stay as they are. */
export function storageError(error: unknown, what: string): unknown {
  if (error instanceof MeganeuraError) return error;
  const { code, name } = error as { code?: unknown; name?: unknown };
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(code)) || name === 'QuotaExceededError';
  return full
    ? new HubError('no-space', `${what}: there is no space left (${String(code ?? name)}); free some, and try again`, {
        cause: error,
      })
    : new HubError('storage', `${what}: ${String(error)}`, { cause: error });
}
