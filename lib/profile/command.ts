/** The subcommand `profile` of `meganeura`. Node only. */
import { ProfileError } from './errors.js';
import { fileSystem } from './node.js';
import { readTrace } from './read-trace.js';
import { profileReport } from './report.js';
import { summarize } from './summary.js';
import { timelineSvg } from './timeline.js';

const USAGE = `usage: meganeura profile <trace> [--svg <file>]

Prints where the time of a recorded run went, and draws it: by default beside the trace, with .svg at its end.
Record one by MEGANEURA_TRACE=<trace> or by the option profile of buildSession; https://ui.perfetto.dev shows all of it.
`;

/** Runs the command; returns what it prints. Throws ProfileError for wrong arguments and files. */
export function runCommand(args: readonly string[]): string {
  const [command, ...rest] = args;
  if (args.length === 0 || args.some((arg) => arg === '--help' || arg === '-h')) return USAGE;
  if (command !== 'profile') throw new ProfileError(`there is no command '${command}'\n${USAGE}`);
  const { trace, svg } = readArguments(rest);
  const fs = fileSystem('this command runs');
  const data = readTrace(attempt('read', trace, () => fs.readFileSync(trace)));
  const summary = summarize(data);
  const name = trace.split(/[\\/]/).at(-1)!;
  attempt('write', svg, () => fs.writeFileSync(svg, timelineSvg(data, summary, name)));
  return `${profileReport(summary)}\nwrote ${svg}\n`;
}

function readArguments(args: readonly string[]): { trace: string; svg: string } {
  let trace: string | undefined;
  let svg: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--svg') {
      svg = args[++i];
      if (svg === undefined) throw new ProfileError(`--svg needs the path of a file\n${USAGE}`);
    } else if (arg.startsWith('-') || trace !== undefined) {
      throw new ProfileError(`unexpected argument '${arg}'\n${USAGE}`);
    } else trace = arg;
  }
  if (trace === undefined) throw new ProfileError(`profile needs the path of a trace\n${USAGE}`);
  return { trace, svg: svg ?? `${trace}.svg` };
}

function attempt<T>(what: string, path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProfileError(`cannot ${what} ${path}: ${reason}`, { cause: error });
  }
}
