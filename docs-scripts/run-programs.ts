/**
 * Runs programs one after the other in this process, each in a folder of its own, and writes what they printed: the
 * file named first gets a JSON object. One process, since opening a device and loading the library take longer than most of
 * them. On the software adapter where there is one: what the pages show (dispatches, bytes) is other on a GPU.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { manualSeed } from 'meganeura';
import { openNodeGPU } from '../lib/backend/device/node.js';
import { folderOf } from './snippets.js';

/** What is written. */
export interface Results {
  /** Whether the programs ran on the software adapter. */
  readonly software: boolean;
  /** What each printed, by its path. */
  readonly outputs: Readonly<Record<string, string>>;
}

const [results, ...programs] = process.argv.slice(2).map((file) => path.resolve(file));
if (results === undefined) throw new Error('usage: run-programs.ts <results.json> <program.ts>…');

const root = process.cwd();
let printed = '';
const print = (...values: readonly unknown[]) => {
  printed += `${values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ')}\n`;
};
// As a terminal shows it: programs print results with the one, warnings with the other.
console.log = console.info = console.warn = console.error = print;
process.stdout.write = (text: string | Uint8Array) => {
  printed += String(text);
  return true;
};

/** What Node shows of an error in its first line; the stack behind it names files of this machine. */
function shown(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}\n` : `Uncaught ${inspect(error)}\n`;
}
process.on('unhandledRejection', (error) => (printed += shown(error)));

const gpu = await openNodeGPU({ software: true }).catch(() => undefined);
if (gpu) {
  const requestAdapter = () => gpu.requestAdapter({ forceFallbackAdapter: true });
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: { requestAdapter } }, configurable: true });
}

const outputs: Record<string, string> = {};
for (const program of programs) {
  printed = '';
  const folder = folderOf(path.relative(root, program));
  fs.mkdirSync(path.resolve(folder), { recursive: true });
  process.chdir(folder);
  manualSeed(0);
  try {
    await import(pathToFileURL(program).href);
  } catch (error) {
    printed += shown(error);
  }
  // Rejections that nobody waits for are reported after this turn.
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.chdir(root);
  outputs[path.relative(root, program)] = printed;
}
fs.writeFileSync(results, JSON.stringify({ software: gpu !== undefined, outputs } satisfies Results));
