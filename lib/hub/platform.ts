import type * as crypto from 'node:crypto';
import type * as fs from 'node:fs/promises';
import type * as os from 'node:os';
import type * as path from 'node:path';

/** Node's own modules, asked for when a function is called and not by `import`, which bundlers for browsers follow. */
export interface NodeModules {
  'node:crypto': typeof crypto;
  'node:fs/promises': typeof fs;
  'node:os': typeof os;
  'node:path': typeof path;
}

/** A module of Node, or undefined in pages and in Node before 20.16. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  const platform: { process?: Partial<NodeJS.Process> } = globalThis;
  return platform.process?.getBuiltinModule?.(name);
}

/** Variables of the environment that are set and not empty; none in pages. */
export function environmentVariable(name: string): string | undefined {
  const platform: { process?: Partial<NodeJS.Process> } = globalThis;
  const value = platform.process?.env?.[name];
  return value === '' ? undefined : value;
}
