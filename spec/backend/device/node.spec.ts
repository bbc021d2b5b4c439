import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Runs an ES module in a Node of its own, which has no `navigator.gpu`; `openDevice` is imported for it. */
function runNode(body: string, preload = '') {
  const open = path.resolve('lib/backend/device/open.ts');
  const script = `${preload}\nconst { openDevice } = await import(${JSON.stringify(open)});\n${body}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const { status, signal, stdout, stderr } = spawnSync('node', args, { encoding: 'utf8', timeout: 50_000 });
  return { status, signal, stdout: stdout.trim(), stderr: stderr.trim() };
}

/** Makes a package look as if it were not installed. */
const hide = (name: string) => `
  import Module from 'node:module';
  import fs from 'node:fs';
  const resolve = Module._resolveFilename, exists = fs.existsSync;
  Module._resolveFilename = (request, ...rest) => {
    if (request !== '${name}') return resolve(request, ...rest);
    throw Object.assign(new Error("Cannot find module '${name}'"), { code: 'MODULE_NOT_FOUND' });
  };
  fs.existsSync = (file) => !String(file).includes('${name}') && exists(file);`;

const PRINT_ERROR = `await openDevice().catch((error) => console.log(error.name + ': ' + error.message));`;

describe('a device in Node', () => {
  test('is opened by itself, and does not keep the process alive', () => {
    const result = runNode(`const device = await openDevice();
      const buffer = device.gpu.createBuffer({ size: 64, usage: 0x80 | 0x08 });
      device.gpu.queue.writeBuffer(buffer, 0, new Uint8Array(64));
      await device.settled();
      console.log(device.describe());`);
    expect(result).toEqual({
      status: 0,
      signal: null,
      stderr: '',
      stdout: expect.stringMatching(/^.+ \(.+\), .+ buffers, f16/),
    });
  });

  test('leaves the globals alone', () => {
    const result = runNode(`const before = Object.getOwnPropertyNames(globalThis);
      await openDevice();
      console.log(Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name)).join());`);
    expect(result).toMatchObject({ status: 0, stdout: '' });
  });

  test('that lacks the package webgpu says what to install', () => {
    const { stdout } = runNode(PRINT_ERROR, hide('webgpu'));
    expect(stdout).toMatch(/^NoAdapterError: .*run `npm install webgpu`/);
  });

  test('that finds no GPU says what to install', () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') return;
    const preload = `${hide('@sparticuz/chromium')}\nprocess.env.VK_LOADER_DRIVERS_DISABLE = '*';`;
    const { stdout } = runNode(PRINT_ERROR, preload);
    expect(stdout).toBe(
      'NoAdapterError: no GPU found on this machine: install its driver or, for a software GPU, run ' +
        '`npm install --save-dev @sparticuz/chromium@143.0.4`',
    );
  });

  test('in which the drivers are overridden says so', () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') return;
    const { stdout } = runNode(PRINT_ERROR, `process.env.VK_DRIVER_FILES = '/none.json';`);
    expect(stdout).toMatch(/^NoAdapterError: .*VK_DRIVER_FILES .* unset it$/);
  });
});
