#!/usr/bin/env node
/** The program behind the command `meganeura`. */
import { MeganeuraError } from '../ir/errors.js';
import { runCommand } from './command.js';

try {
  const { text, failed = false } = await runCommand(process.argv.slice(2));
  process.stdout.write(text);
  if (failed) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof MeganeuraError)) throw error;
  process.stderr.write(`meganeura: ${error.message}\n`);
  process.exitCode = 1;
}
