import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

function generate(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/tsx/dist/cli.mjs', 'codegen-scripts/generate.ts', ...args],
    { encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}

describe('generated files', () => {
  let copy: string;
  beforeAll(() => {
    copy = fs.mkdtempSync(path.join(os.tmpdir(), 'codegen-'));
  });
  afterAll(() => {
    fs.rmSync(copy, { recursive: true });
  });

  test('are what the op table gives now', () => {
    const { status, output } = generate('--root', copy);
    expect(status).toBe(0);
    const files = output.trim().replace('written: ', '').split(', ');
    expect(files).toContain('lib/dsl/generated/ops.ts');
    for (const file of files) {
      expect(fs.readFileSync(path.join(copy, file), 'utf8')).toBe(fs.readFileSync(file, 'utf8'));
    }
  });

  test('are found stale when one of them was edited, and written again', () => {
    fs.appendFileSync(path.join(copy, 'lib/dsl/generated/ops.ts'), '// edited\n');
    const { status, output } = generate('--check', '--root', copy);
    expect(output).toBe('stale, run `npm run codegen`: lib/dsl/generated/ops.ts\n');
    expect(status).toBe(1);
    expect(generate('--root', copy).output).toBe('written: lib/dsl/generated/ops.ts\n');
  });
});
