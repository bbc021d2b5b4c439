/** The command `meganeura`. Node only. */
import { closeNames, UsageError } from '../ir/errors.js';
import { explainCommand, EXPLAIN_USAGE } from '../explain/command.js';
import { runCommand as profileCommand } from '../profile/command.js';
import { infoCommand, INFO_USAGE } from './info.js';
import { initCommand, INIT_USAGE } from './init.js';
import type { CommandResult } from './result.js';

interface Subcommand {
  readonly usage: string;
  readonly run: (args: readonly string[]) => CommandResult | Promise<CommandResult>;
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  init: { usage: INIT_USAGE, run: initCommand },
  info: { usage: INFO_USAGE, run: infoCommand },
  profile: { usage: profileCommand([]), run: (args) => ({ text: profileCommand(['profile', ...args]) }) },
  explain: { usage: EXPLAIN_USAGE, run: async (args) => ({ text: await explainCommand(args) }) },
};

const isHelp = (arg: string) => arg === '--help' || arg === '-h';

/** Runs the command. Throws a MeganeuraError for wrong arguments and files. */
export async function runCommand(args: readonly string[]): Promise<CommandResult> {
  const [name, ...rest] = args;
  if (name === undefined || isHelp(name)) {
    return { text: Object.values(subcommands).map(({ usage }) => usage).join('\n') }; // prettier-ignore
  }
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!subcommand) {
    const [close] = closeNames(name, Object.keys(subcommands), 1);
    const hint = close === undefined ? `there are ${Object.keys(subcommands).join(', ')}` : `did you mean '${close}'?`;
    throw new UsageError(`there is no command '${name}'; ${hint}`);
  }
  return rest.some(isHelp) ? { text: subcommand.usage } : subcommand.run(rest);
}
