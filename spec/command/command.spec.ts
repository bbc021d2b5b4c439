import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../../lib/command/command.js';
import { infoText } from '../../lib/command/info.js';
import { selfTestCases } from '../../lib/command/self-test/cases.js';
import { selfTest } from '../../lib/command/self-test/self-test.js';
import { openDevice } from '../../lib/backend/device/open.js';
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
    const { text } = await runCommand(['explain', 'mnist', '--training', '--json']);
    const result = JSON.parse(text) as Record<string, number>;
    expect(result['dispatches']).toBeLessThanOrEqual(8);
    expect(result['nodesAfter']).toBeLessThan(result['nodesBefore']!);
  });

  test('for another adapter', async () => {
    const { text } = await runCommand(['explain', 'mnist', '--adapter', 'software']);
    expect(text).toMatch(/^mnist, planned for SwiftShader, a software adapter\n/);
  });

  test('with a picture of a module', async () => {
    const svg = path.join(folder, 'output.svg');
    const { text } = await runCommand(['explain', 'mnist', '--svg', svg, '--module', 'output']);
    expect(text).toContain(`wrote ${svg}`);
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

test('help names the subcommands', async () => {
  for (const args of [[], ['--help'], ['-h']]) {
    const { text } = await runCommand(args);
    for (const name of ['init', 'info', 'profile', 'explain']) expect(text).toContain(`usage: meganeura ${name} `);
  }
  expect((await runCommand(['explain', '--help'])).text).toMatch(/^usage: meganeura explain/);
});

test('profile is handed on', async () => {
  await expect(runCommand(['profile'])).rejects.toThrow(ProfileError);
});

test('an unknown subcommand', async () => {
  await expect(runCommand(['explian'])).rejects.toThrow(
    new UsageError("there is no command 'explian'; did you mean 'explain'?"),
  );
});

describe('meganeura init', () => {
  test.each<[string, string[], string]>([
    ['no folder', [], 'init needs the path of a folder\nusage: '],
    ['two folders', ['a', 'b'], 'init takes one folder, got a b'],
    ['an option', ['--force', 'a'], "unexpected argument '--force'\nusage: "],
    ['a folder that cannot be made', ['/dev/null/a'], 'init: cannot make /dev/null/a: '],
  ])('%s', async (_, args, message) => {
    const error = await runCommand(['init', ...args]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message.slice(0, message.length)).toBe(message);
  });

  test('refuses a folder that is not empty, and leaves it as it is', async () => {
    const used = path.join(folder, 'used');
    fs.mkdirSync(used);
    fs.writeFileSync(path.join(used, 'notes.txt'), '');
    await expect(runCommand(['init', used])).rejects.toThrow(
      new UsageError(`init: ${used} is not empty, it has notes.txt: name a new folder`),
    );
    expect(fs.readdirSync(used)).toEqual(['notes.txt']);
  });

  test('takes an empty folder, and makes a name for npm of its own', async () => {
    const empty = path.join(folder, '_Mein Modell');
    fs.mkdirSync(empty);
    const { text } = await runCommand(['init', empty]);
    // In a clone, as here, it is not npm that has the packages.
    const target = JSON.stringify(empty);
    expect(text.split('\n').slice(1)).toEqual([
      '',
      expect.stringMatching(/^ {2}npm pack .+ .+egglog-wasm"? --pack-destination /),
      `  cd ${target}`,
      expect.stringMatching(/^ {2}npm install \.\/meganeura-[\d.]+\.tgz \.\/egglog-wasm-[\d.]+\.tgz$/),
      '  npm start',
      '',
    ]);
    const manifest = JSON.parse(fs.readFileSync(path.join(empty, 'package.json'), 'utf8')) as {
      name: string;
      dependencies: Record<string, string>;
    };
    expect([manifest.name, Object.keys(manifest.dependencies)]).toEqual(['mein-modell', ['meganeura', 'webgpu']]);
  });
});

describe('the self-test of meganeura info', () => {
  const { 'functions of elements': functions, 'training a convolution': convolution, order } = selfTestCases;

  test('finds a kernel that is wrong, in what is computed and in what is learnt', async () => {
    const shared = await openDevice();
    const { gpu } = shared;
    const original = gpu.createShaderModule.bind(gpu);
    // A compiler that takes one function for another.
    gpu.createShaderModule = (descriptor) =>
      original({ ...descriptor, code: descriptor.code.replaceAll(/\bexp\(/g, 'exp2(') });
    try {
      const { results } = await selfTest(shared, { functions: functions!, convolution: convolution! });
      expect(results.map(({ name }) => name)).toEqual(['functions', 'convolution']);
      expect(results[0]!.failure).toMatch(
        /^exponentials\[0\] is [\d.]+, and should be [\d.]+; \d+ of 1000 values are wrong$/,
      );
      expect(results[1]!.failure).toMatch(/^loss\[0\] is /);
    } finally {
      gpu.createShaderModule = original;
    }
  });

  test('goes on where a case cannot be run', async () => {
    const broken = () => {
      throw new Error('no such thing');
    };
    const { results } = await selfTest(await openDevice(), { broken, order: order! });
    expect(results).toEqual([
      { name: 'broken', failure: 'no such thing' },
      { name: 'order', failure: undefined },
    ]);
  });

  test('is told in words', () => {
    const versions = {
      meganeura: '1.2.3',
      node: '20.1.0',
      platform: 'linux x64',
      'egglog-wasm': '0.1.0',
      optional: [],
    };
    const failed = {
      adapter: 'a GPU',
      right: false,
      milliseconds: 3210,
      results: [
        { name: 'order', failure: 'sorted[3] is 1, and should be 2; 1 of 9 values are wrong' },
        { name: 'products', failure: undefined },
      ],
    };
    const text = infoText({ versions, adapters: [], selfTest: failed });
    expect(text).toContain(
      'self-test of a GPU, 2 checks against the interpreter in 3.2 s: this GPU computes wrong, 1 failed\n' +
        '  order: sorted[3] is 1, and should be 2; 1 of 9 values are wrong\n',
    );
    const right = { ...failed, right: true, results: [{ name: 'order', failure: undefined }] };
    expect(infoText({ versions, adapters: [], selfTest: right })).toMatch(/ in 3\.2 s: this GPU computes right\n$/);
  });

  test('has no unknown options', async () => {
    await expect(runCommand(['info', '--jsn'])).rejects.toThrow(/^unexpected argument '--jsn'\nusage: meganeura info /);
  });
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
