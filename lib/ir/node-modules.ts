/** Node's own modules and globals, asked for when they are used: bundlers for browsers follow every `import`. */
import type * as crypto from 'node:crypto';
import type * as fs from 'node:fs';
import type * as promises from 'node:fs/promises';
import type module from 'node:module';
import type * as os from 'node:os';
import type * as path from 'node:path';
import type * as url from 'node:url';
import type * as workers from 'node:worker_threads';
import type * as zlib from 'node:zlib';
import { UsageError } from './errors.js';

export interface NodeModules {
  'node:crypto': typeof crypto;
  'node:fs': typeof fs;
  'node:fs/promises': typeof promises;
  'node:module': typeof module;
  'node:os': typeof os;
  'node:path': typeof path;
  'node:url': typeof url;
  'node:worker_threads': typeof workers;
  'node:zlib': typeof zlib;
}

/** The process, in Node. */
export function nodeProcess(): Partial<NodeJS.Process> | undefined {
  return (globalThis as { process?: Partial<NodeJS.Process> }).process;
}

/** A module of Node, or undefined in pages and in Node before 20.16. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  return nodeProcess()?.getBuiltinModule?.(name);
}

/** A module of Node, for what only Node does. Throws UsageError where there is none. */
export function requiredNodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  const found = nodeModule(name);
  if (found) return found;
  throw new UsageError(`${name} is not there: this needs Node 20.16 or later`);
}

/** Variables of the environment that are set and not empty; none in pages. */
export function environmentVariable(name: string): string | undefined {
  const value = nodeProcess()?.env?.[name];
  return value === '' ? undefined : value;
}
