import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../../lib/command/command.js';
import { UsageError } from '../../lib/ir/errors.js';
import { ExplainError } from '../../lib/explain/errors.js';
import { ProfileError } from '../../lib/profile/errors.js';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-command-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('meganeura explain', () => {
  test('MNIST as one JSON object: a step of training has at most 8 dispatches', async () => {
    const result = JSON.parse(await runCommand(['explain', 'mnist', '--training', '--json'])) as Record<string, number>;
    expect(result['dispatches']).toBeLessThanOrEqual(8);
    expect(result['nodesAfter']).toBeLessThan(result['nodesBefore']!);
  });

  test('for another adapter', async () => {
    expect(await runCommand(['explain', 'mnist', '--adapter', 'software'])).toMatch(
      /^mnist, planned for SwiftShader, a software adapter\n/,
    );
  });

  test('with a picture of a module', async () => {
    const svg = path.join(folder, 'output.svg');
    expect(await runCommand(['explain', 'mnist', '--svg', svg, '--module', 'output'])).toContain(`wrote ${svg}`);
    expect(fs.readFileSync(svg, 'utf8')).toContain('mnist: output');
  });

  test.each<[string, string[], string]>([
    ['no workload', [], 'explain needs a workload\nusage: '],
    ['an unknown workload', ['minst'], "there is no workload 'minst'; did you mean 'mnist'?"],
    ['two workloads', ['mnist', 'whisper'], 'explain takes one workload, got mnist whisper'],
    ['an unknown option', ['mnist', '--jsn'], "unexpected argument '--jsn'\nusage: "],
    ['an option without value', ['mnist', '--adapter'], '--adapter needs a value\nusage: '],
    ['an unknown adapter', ['mnist', '--adapter', 'h100'], "there is no adapter 'h100'; there are discrete, software"],
    [
      'a name of Object',
      ['mnist', '--adapter', 'toString'],
      "there is no adapter 'toString'; there are discrete, software",
    ],
    ['a module and no picture', ['mnist', '--module', 'hidden'], '--module says what to draw: it needs --svg'],
    ['a file in no folder', ['mnist', '--svg', '/no/such/folder/a.svg'], 'cannot write /no/such/folder/a.svg: '],
  ])('%s', async (_, args, message) => {
    const error = await runCommand(['explain', ...args]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ExplainError);
    expect((error as Error).message.slice(0, message.length)).toBe(message);
  });
});

test('help names both subcommands', async () => {
  for (const args of [[], ['--help'], ['-h']]) {
    const text = await runCommand(args);
    expect(text).toContain('usage: meganeura profile <trace>');
    expect(text).toContain('usage: meganeura explain <workload>');
  }
  expect(await runCommand(['explain', '--help'])).toMatch(/^usage: meganeura explain/);
});

test('profile is handed on', async () => {
  await expect(runCommand(['profile'])).rejects.toThrow(ProfileError);
});

test('an unknown subcommand', async () => {
  await expect(runCommand(['explian'])).rejects.toThrow(
    new UsageError("there is no command 'explian'; did you mean 'explain'?"),
  );
});

test('the program prints errors without a stack and fails', () => {
  const args = ['--import', 'tsx', 'lib/command/main.ts', 'explain', 'mnist', '--adapter', 'h100'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([
    1,
    '',
    "meganeura: there is no adapter 'h100'; there are discrete, software\n",
  ]);
});
