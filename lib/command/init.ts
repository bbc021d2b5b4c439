/** The subcommand `init`. Node only. */
import { requiredNodeModule } from '../ir/node-modules.js';
import { UsageError } from '../ir/errors.js';
import type { CommandResult } from './result.js';
import { templateFiles } from './template.js';
import { cloneFolder, ownManifest, versionOf } from './versions.js';

export const INIT_USAGE = `usage: meganeura init <folder>

Makes a project that trains a small model: npm install and npm start in the folder. The folder must be new or empty.
`;

/** Runs the subcommand. Throws UsageError for wrong arguments, a folder that is not empty or cannot be written. */
export function initCommand(args: readonly string[]): CommandResult {
  const [folder, ...rest] = args;
  const unknown = args.find((arg) => arg.startsWith('-'));
  if (unknown !== undefined) throw new UsageError(`unexpected argument '${unknown}'\n${INIT_USAGE}`);
  if (folder === undefined) throw new UsageError(`init needs the path of a folder\n${INIT_USAGE}`);
  if (rest.length > 0) throw new UsageError(`init takes one folder, got ${args.join(' ')}`);
  const path = requiredNodeModule('node:path');
  const { version, peerDependencies } = ownManifest();
  const webgpu = peerDependencies['webgpu'] ?? '*';
  const files = templateFiles({ name: packageName(path.basename(path.resolve(folder))), version, webgpu });
  try {
    write(folder, files);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`init: cannot make ${folder}: ${reason}`, { cause: error });
  }
  const enter = path.resolve(folder) === process.cwd() ? [] : [`cd ${quoted(folder)}`];
  const clone = cloneFolder();
  const commands = clone === undefined ? [...enter, 'npm install'] : installFromClone(clone, version, folder, enter);
  const steps = [...commands, 'npm start'].map((command) => `  ${command}\n`).join('');
  return { text: `made ${Object.keys(files).join(', ')}\n\n${steps}` };
}

/** npm may not have what a clone has: the project gets what npm would pack of it. */
function installFromClone(clone: string, version: string, folder: string, enter: readonly string[]): string[] {
  const archives = [`./meganeura-${version}.tgz`, `./egglog-wasm-${versionOf('egglog-wasm') ?? version}.tgz`];
  const workspace = requiredNodeModule('node:path').join(clone, 'egglog-wasm');
  return [
    `npm pack ${quoted(clone)} ${quoted(workspace)} --pack-destination ${quoted(folder)}`,
    ...enter,
    `npm install ${archives.join(' ')}`,
  ];
}

/** A path as a shell takes it for one. */
function quoted(path: string): string {
  return /^[\w./\\:-]+$/.test(path) ? path : JSON.stringify(path);
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  const fs = requiredNodeModule('node:fs');
  const path = requiredNodeModule('node:path');
  fs.mkdirSync(folder, { recursive: true });
  const [present] = fs.readdirSync(folder);
  if (present !== undefined) throw new UsageError(`init: ${folder} is not empty, it has ${present}: name a new folder`);
  for (const [name, contents] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, contents, { flag: 'wx' });
  }
}

/** What npm takes as a name: lower case letters, digits, dots, hyphens and underscores, no dot or underscore first. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
  return name || 'model';
}
