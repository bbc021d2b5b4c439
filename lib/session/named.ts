import { closeNames, NameError } from '../ir/errors.js';

/** What `all` has by this name. Throws NameError, with the names that come close or that there are. */
export function found<T>(kind: string, name: unknown, all: ReadonlyMap<string, T>): T {
  const wanted = String(name);
  const value = all.get(wanted);
  if (value !== undefined) return value;
  const close = closeNames(wanted, all.keys());
  const known = all.size > 0 ? `there are ${quoted([...all.keys()].slice(0, 8))}` : 'there are none';
  throw new NameError(
    `the session has no ${kind} '${wanted}'; ${close.length > 0 ? `did you mean ${quoted(close)}?` : known}`,
  );
}

/** Names as messages list them: `'a', 'b'`. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
