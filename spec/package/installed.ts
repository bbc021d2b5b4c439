/** This package and egglog-wasm as npm packs them, in the node_modules of a project outside of the repository. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const TYPESCRIPT_7 = path.resolve('node_modules/typescript-7/bin/tsc');
export const TYPESCRIPT_6 = path.resolve('node_modules/typescript/bin/tsc');

/** What the packages depend on. Their own dependencies are found from where they are. */
const DEPENDENCIES = ['@huggingface/hub', 'reflect-metadata'];

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project that has the packages, and no optional one. */
export class InstalledProject {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-package-'));
  readonly command = path.join(this.folder, 'node_modules/meganeura/dist/lib/command/main.js');

  constructor() {
    const stage = path.join(this.folder, 'stage');
    succeed(process.execPath, ['--import', 'tsx', 'codegen-scripts/build.ts', path.join(stage, 'dist')]);
    for (const file of ['package.json', 'README.md', 'LICENSE']) fs.copyFileSync(file, path.join(stage, file));
    this.unpack('meganeura', stage);
    this.unpack('egglog-wasm', 'egglog-wasm');
    for (const name of DEPENDENCIES) this.link(name);
    this.write('package.json', '{ "type": "module" }');
    fs.rmSync(stage, { recursive: true });
  }

  /** Packs and unpacks; npm's own install would ask the registry for the dependencies. */
  private unpack(name: string, source: string): void {
    const args = ['pack', path.resolve(source), '--ignore-scripts', '--json', '--pack-destination', this.folder];
    const [{ filename }] = JSON.parse(succeed('npm', args).stdout) as [{ filename: string }];
    const target = path.join(this.folder, 'node_modules', name);
    fs.mkdirSync(target, { recursive: true });
    const archive = path.join(this.folder, filename);
    succeed('tar', ['-xzf', archive, '-C', target, '--strip-components', '1']);
    fs.rmSync(archive);
  }

  /** Makes a package of the repository one of the project, or of a folder in it. */
  link(name: string, folder = '.'): void {
    const target = path.join(this.folder, folder, 'node_modules', name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.symlinkSync(path.resolve('node_modules', name), target);
  }

  write(file: string, contents: string): void {
    const target = path.join(this.folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, contents);
  }

  /** Runs Node in the project, or in a folder of it. */
  node(args: readonly string[], folder = '.', env: NodeJS.ProcessEnv = {}): Ran {
    return run(process.execPath, args, path.join(this.folder, folder), env);
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export function run(program: string, args: readonly string[], cwd = '.', env: NodeJS.ProcessEnv = {}): Ran {
  // Jest and CI ask for colours, in which nothing would match. Node complains of both variables at once.
  const inherited = Object.entries(process.env).filter(([name]) => name !== 'FORCE_COLOR');
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    // What one run compiles must not be there in the next, unless a test is about that.
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', MEGANEURA_CACHE: 'off', ...env },
    timeout: 240_000,
  });
  return { status, stdout, stderr };
}

/** Throws Error with all that it printed where it fails. */
export function succeed(program: string, args: readonly string[], cwd = '.'): Ran {
  const ran = run(program, args, cwd);
  if (ran.status === 0) return ran;
  throw new Error(`${program} ${args.join(' ')} ended with ${String(ran.status)}:\n${ran.stdout}${ran.stderr}`);
}
