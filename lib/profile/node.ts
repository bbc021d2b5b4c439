/** What this folder needs of Node, asked for when it is used: browsers may import it. */
import type * as fs from 'node:fs';
import { nodeModule, nodeProcess } from '../ir/node-modules.js';
import { ProfileError } from './errors.js';

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
