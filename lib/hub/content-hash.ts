import { nodeModule, type NodeModules } from '../ir/node-modules.js';
import { Sha } from './sha.js';
import type { RemoteFile } from './snapshot.js';

/** The hash of a file's content, computed as it comes. */
export interface ContentHash {
  update(bytes: Uint8Array): unknown;
  /** In hexadecimal. */
  digest(): string;
}

/**
 * The hash that names a file's content: sha256, or git's, which is sha1 with the size before the content.
 * https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
export function contentHash({ etag, size }: RemoteFile): ContentHash {
  const large = etag.length === 64;
  const crypto = nodeModule('node:crypto');
  const hash = crypto === undefined ? (large ? Sha.of256() : Sha.of1()) : nodeHash(crypto, large);
  if (!large) hash.update(new TextEncoder().encode(`blob ${size}\0`));
  return hash;
}

function nodeHash({ createHash }: NodeModules['node:crypto'], large: boolean): ContentHash {
  const hash = createHash(large ? 'sha256' : 'sha1');
  return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
}
