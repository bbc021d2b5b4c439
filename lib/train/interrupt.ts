import { MeganeuraError } from '../ir/errors.js';
import { nodeProcess } from '../ir/node-modules.js';

/** Ctrl-C, while a training listens for it. */
export interface InterruptListener {
  readonly signal: AbortSignal;
  /** Lets go of Ctrl-C, which then ends the process as ever. */
  dispose(): void;
}

/**
 * Aborts a signal at the first Ctrl-C (SIGINT) in place of ending the process; a second one ends it. Undefined in pages,
 * where there is none.
 */
export function listenForInterrupt(): InterruptListener | undefined {
  const process = nodeProcess();
  if (!process?.once || !process.off) return undefined;
  const controller = new AbortController();
  const listener = () => controller.abort(new MeganeuraError('Ctrl-C'));
  process.once('SIGINT', listener);
  return { signal: controller.signal, dispose: () => void process.off?.('SIGINT', listener) };
}
