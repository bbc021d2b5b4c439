import type { ConfigFields } from './config-fields.js';

/** The tokens in a field that holds one, a list of them, or none. Throws ConfigError for anything else. */
export function tokenList(fields: ConfigFields, key: string): readonly number[] {
  const value = fields.value(key) ?? [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const isToken = (token: unknown): token is number => Number.isSafeInteger(token) && Number(token) >= 0;
  if (list.every(isToken)) return list;
  throw fields.refused(key, 'a token or a list of tokens');
}
