/** What this folder needs of Node, asked for when it is used: browsers may import it. */
import type * as fs from 'node:fs';
import type * as path from 'node:path';
import type * as workers from 'node:worker_threads';
import { ProfileError } from './errors.js';

interface NodeModules {
  'node:fs': typeof fs;
  'node:path': typeof path;
  'node:worker_threads': typeof workers;
}

/** The process, in Node. */
export function nodeProcess(): Partial<NodeJS.Process> | undefined {
  return (globalThis as { process?: Partial<NodeJS.Process> }).process;
}

/** A module of Node, or undefined in pages and in Node before 20.16. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  return nodeProcess()?.getBuiltinModule?.(name);
}

/** Node's file system. Throws ProfileError in pages. `what`: what it is for. */
export function fileSystem(what: string): typeof fs {
  const found = nodeModule('node:fs');
  if (found) return found;
  throw new ProfileError(`${what} in Node 20.16 or later only; elsewhere pass a Profiler and take its bytes()`);
}

/**
 * Calls `body` when the process has nothing left to do, again after what it returned is done, and at last when the
 * process ends, where nothing can be waited for any more. Does nothing in pages.
 */
export function atProcessEnd(body: () => Promise<void> | undefined): void {
  const node = nodeProcess();
  node?.on?.('beforeExit', () => void body());
  node?.once?.('exit', () => void body());
}
