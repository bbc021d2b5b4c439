import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findSwiftShader, unpackOnce } from '../../../lib/backend/device/swiftshader.js';

const ARCHIVE = path.resolve('node_modules/@sparticuz/chromium/bin/swiftshader.tar.br');
const FILES = ['libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json'];

const onLinux = process.platform === 'linux' && process.arch === 'x64' ? describe : describe.skip;

onLinux('SwiftShader out of @sparticuz/chromium', () => {
  let parent: string;
  beforeEach(() => {
    parent = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-spec-'));
  });
  afterEach(() => fs.rmSync(parent, { recursive: true }));

  test('is found', () => {
    const found = findSwiftShader();
    expect([found?.manifest, found?.loader].map((file) => fs.existsSync(file!))).toEqual([true, true]);
  });

  test('is unpacked once', () => {
    const folder = unpackOnce(ARCHIVE, 'driver', [parent]);
    expect(fs.readdirSync(folder).sort()).toEqual(FILES);
    const before = fs.statSync(folder);
    expect(unpackOnce(ARCHIVE, 'driver', [parent])).toBe(folder);
    expect(fs.statSync(folder)).toEqual(before);
    expect(fs.readdirSync(parent)).toEqual(['driver']);
  });

  test('goes where it can be written', () => {
    const blocked = path.join(parent, 'a-file');
    fs.writeFileSync(blocked, '');
    expect(unpackOnce(ARCHIVE, 'driver', [blocked, parent])).toBe(path.join(parent, 'driver'));
    expect(() => unpackOnce(ARCHIVE, 'driver', [blocked])).toThrow(/a-file/);
  });

  test('survives processes that unpack at once', async () => {
    const module = path.resolve('lib/backend/device/swiftshader.ts');
    const script = `const { unpackOnce } = await import(${JSON.stringify(module)});
      console.log(unpackOnce(${JSON.stringify(ARCHIVE)}, 'driver', [${JSON.stringify(parent)}]));`;
    const run = () => promisify(execFile)('node', ['--import', 'tsx', '--input-type=module', '-e', script]);
    const outputs = await Promise.all([run(), run(), run()]);
    expect(new Set(outputs.map(({ stdout }) => stdout.trim()))).toEqual(new Set([path.join(parent, 'driver')]));
    expect(fs.readdirSync(parent)).toEqual(['driver']);
    expect(fs.readdirSync(path.join(parent, 'driver')).sort()).toEqual(FILES);
  });
});
