/** The command `meganeura`. Node only. */
import { closeNames, UsageError } from '../ir/errors.js';
import { explainCommand, EXPLAIN_USAGE } from '../explain/command.js';
import { runCommand as profileCommand } from '../profile/command.js';

const isHelp = (arg: string) => arg === '--help' || arg === '-h';

/** Runs the command; gives what it prints. Throws a MeganeuraError for wrong arguments and files. */
export async function runCommand(args: readonly string[]): Promise<string> {
  const [name, ...rest] = args;
  if (name === undefined || isHelp(name)) return `${profileCommand(['--help'])}\n${EXPLAIN_USAGE}`;
  switch (name) {
    case 'explain':
      return rest.some(isHelp) ? EXPLAIN_USAGE : explainCommand(rest);
    case 'profile':
      return profileCommand(args);
    default: {
      const [close] = closeNames(name, ['explain', 'profile'], 1);
      const hint = close === undefined ? 'there are explain and profile' : `did you mean '${close}'?`;
      throw new UsageError(`there is no command '${name}'; ${hint}`);
    }
  }
}
