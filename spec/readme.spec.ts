import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const readme = fs.readFileSync('README.md', 'utf8');

test('the program in the README is the one in examples, and runs', () => {
  const [, program] = /```ts\n([^]*?)```/.exec(readme)!;
  expect(program).toBe(fs.readFileSync('examples/readme.ts', 'utf8'));

  // Where it may write a file.
  const folder = path.resolve('out/spec');
  fs.mkdirSync(folder, { recursive: true });
  const args = [path.resolve('node_modules/tsx/dist/cli.mjs'), '--tsconfig', path.resolve('tsconfig.json')];
  const { stdout, stderr } = spawnSync('node', [...args, path.resolve('examples/readme.ts')], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('1\n640\n');
  expect(fs.existsSync(path.join(folder, 'mlp.safetensors'))).toBe(true);
});

test('the program for the Hub in the README is the one in examples, which the compiler checks', () => {
  const [, program] = [...readme.matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1]!);
  expect(program).toBe(fs.readFileSync('examples/readme-hub.ts', 'utf8'));
});

test('links and commands in the README lead somewhere', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
  expect(links.length).toBeGreaterThan(4);
  expect(links.filter((link) => !fs.existsSync(link))).toEqual([]);
  const { scripts } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const commands = [...readme.matchAll(/npm (?:run )?(mnist|test|example:[\w-]+)\b/g)].map((match) => match[1]!);
  expect(commands).toEqual(expect.arrayContaining(['mnist', 'test']));
  expect(commands.filter((name) => !(name in scripts))).toEqual([]);
});
