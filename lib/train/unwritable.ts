/** Why files cannot be written, by the code of the system's error, and what to do. */
const unwritable: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space (ENOSPC)',
  EDQUOT: 'the quota of this user is used up: free some space (EDQUOT)',
  EFBIG: 'a file became larger than this file system or process may write (EFBIG)',
  EACCES: 'the folder cannot be written: allow it, or choose another one (EACCES)',
  EPERM: 'the folder cannot be written: allow it, or choose another one (EPERM)',
  EROFS: 'the file system is read-only: choose another folder (EROFS)',
  ENOTDIR: 'a part of the path is a file: choose another folder (ENOTDIR)',
  EISDIR: 'the path is a folder: choose the name of a file (EISDIR)',
  EEXIST: 'the path is a file: choose another folder (EEXIST)',
  ENOTEMPTY: 'another process writes to the same folder: give each a folder of its own (ENOTEMPTY)',
};

/** What an error that the system gave for writing means; undefined for others. */
export function unwritableReason(error: unknown): string | undefined {
  return unwritable[errorCode(error) ?? ''];
}

/** The code of a system error, such as ENOENT, also where others wrap it. */
export function errorCode(error: unknown): string | undefined {
  for (let at = error; typeof at === 'object' && at !== null; at = 'cause' in at ? at.cause : undefined) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
