/**
 * Lets sessions find profilers by path, and all of the library the one that the environment variable `MEGANEURA_TRACE`
 * asks for. Importing this file does it; the entries whose functions
 * build sessions do.
 */
import { provideRecorders } from '../ir/recorder.js';
import { nodeModule, nodeProcess } from '../ir/node-modules.js';
import { Profiler } from './profiler.js';

/** Those that write files, by absolute path: several sessions may write into one. */
const byPath = new Map<string, Profiler>();

/** The profiler of a file, which is made anew when the process first asks for it. Throws ProfileError. */
function openProfiler(path: string): Profiler {
  const absolute = nodeModule('node:path')?.resolve(path) ?? path;
  let profiler = byPath.get(absolute);
  if (!profiler) {
    profiler = new Profiler({ path });
    byPath.set(absolute, profiler);
  }
  return profiler;
}

/**
 * The file named by `MEGANEURA_TRACE`, `%p` in it replaced by the number of the process. Worker threads, which would
 * write into the same file, get one each, with their number at its end.
 */
function tracePath(): string | undefined {
  const node = nodeProcess();
  const path = node?.env?.['MEGANEURA_TRACE'];
  if (!path) return undefined;
  const thread = nodeModule('node:worker_threads')?.threadId ?? 0;
  return path.replaceAll('%p', String(node.pid)) + (thread === 0 ? '' : `.${thread}`);
}

provideRecorders({
  open: openProfiler,
  ambient: () => {
    const path = tracePath();
    return path === undefined ? undefined : openProfiler(path);
  },
});
