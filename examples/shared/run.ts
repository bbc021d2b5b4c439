import { MeganeuraError } from 'meganeura';

/** Runs a program that Ctrl-C ends. Errors that the library throws on purpose are one line, and no stack. */
export async function run(main: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Error('interrupted')));
  try {
    await main(controller.signal);
  } catch (error) {
    const isExpected = error instanceof MeganeuraError || controller.signal.aborted || isUsage(error);
    console.error(isExpected ? (error as Error).message : error);
    process.exitCode = 1;
  }
}

/** What `parseArgs` throws. */
function isUsage(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}
