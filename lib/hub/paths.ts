import { HubError } from './hub-error.js';
import { quote } from './strict-json.js';

/**
 * Returns a path of a repository that stays within its folder on every platform: relative, `/` between its parts, none
 * of which is empty, `.` or `..`.
 *
 * @param where The file or the server that has named it.
 * @throws {HubError} `unsafe-path`, for others: absolute ones, Windows' drives and backslashes, control characters.
 */
export function safePath(path: string, where: string): string {
  const safe =
    path !== '' &&
    !/[\\\u0000-\u001f\u007f]|^[a-z]:/i.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:/i.test(part));
  if (safe) return path;
  throw new HubError(
    'unsafe-path',
    `${where}: ${quote(path)} is no path within the repository; files outside of it are not read or written`,
  );
}

/**
 * Whether a text is the name of a repository: `name` or `owner/name`, as huggingface_hub has it.
 * https://github.com/huggingface/huggingface_hub, `validate_repo_id` in utils/_validators.py
 */
export function isRepositoryName(text: string): boolean {
  return (
    text.length <= 96 &&
    /^[\w.-]+(?:\/[\w.-]+)?$/.test(text) &&
    !/--|\.\./.test(text) &&
    !text.split('/').some((part) => /^[-.]|[-.]$/.test(part)) &&
    !text.endsWith('.git')
  );
}

/** Whether a text can only be meant as a path: `./x`, `../x`, `/x`, `~/x`, `C:\x`. */
export function looksLikePath(text: string): boolean {
  return /^(?:\.{1,2}(?:[\\/]|$)|[\\/~]|[a-z]:)|\\/i.test(text);
}
