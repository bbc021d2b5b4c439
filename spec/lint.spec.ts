import { beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';

/** What eslint says of a file if it had this text: rules that fire, perhaps among others; none where none is named. */
const cases = [
  { file: 'lib/ir/errors.ts', code: `import '../hub/strict-json.js';`, rules: ['import-x/no-restricted-paths'] },
  { file: 'lib/ir/errors.ts', code: `import '../index.js';`, rules: ['import-x/no-restricted-paths'] },
  { file: 'lib/zoo/labels.ts', code: `import '../layers/index.js';`, rules: ['import-x/no-restricted-paths'] },
  { file: 'lib/backend/device/info.ts', code: `import '../../ir/errors.js';`, rules: [] },
  {
    file: 'lib/backend/device/info.ts',
    code: `import '../../autodiff/gradients.js';`,
    rules: ['import-x/no-restricted-paths'],
  },
  {
    file: 'lib/backend/device/info.ts',
    code: `import '../../train/chart.js';`,
    rules: ['import-x/no-restricted-paths'],
  },
  { file: 'lib/hub/strict-json.ts', code: `import '../ir/errors.js';`, rules: [] },
  { file: 'lib/hub/strict-json.ts', code: `import '../train/chart.js';`, rules: ['import-x/no-restricted-paths'] },
  { file: 'lib/hub/strict-json.ts', code: `import './safetensors-error.js';`, rules: ['import-x/no-cycle'] },
  { file: 'lib/train/chart.ts', code: `import '../hub/strict-json.js';`, rules: [] },
  {
    file: 'lib/train/chart.ts',
    code: `import '../../spec/reference-dir.js';`,
    rules: ['import-x/no-restricted-paths'],
  },
  { file: 'lib/ir/errors.ts', code: `export const x: any = 1;`, rules: ['@typescript-eslint/no-explicit-any'] },
  { file: 'lib/ir/errors.ts', code: `export const x = 1 as unknown as string;`, rules: ['no-restricted-syntax'] },
  { file: 'lib/ir/errors.ts', code: `export const x = GPUBufferUsage.STORAGE;`, rules: ['no-restricted-globals'] },
];

describe('the linter', () => {
  let found: string[][];
  beforeAll(() => {
    // In a process of its own: eslint and its parser are slow and odd inside jest's modules.
    const script = `
      import { ESLint } from 'eslint';
      import tseslint from 'typescript-eslint';
      // None of the rules in question needs types, and these take most of the time.
      const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });
      const found = [];
      for (const { file, code } of JSON.parse(process.argv[1])) {
        const [result] = await eslint.lintText(code + '\\n', { filePath: file });
        found.push([...new Set(result.messages.map(({ ruleId, message }) => ruleId ?? message))]);
      }
      console.log(JSON.stringify(found));`;
    const args = ['--input-type=module', '-e', script, JSON.stringify(cases)];
    const { stdout, stderr } = spawnSync('node', args, { encoding: 'utf8' });
    expect(stderr).toBe('');
    found = JSON.parse(stdout) as string[][];
  });

  test.each(cases.map((item, index) => ({ ...item, index })))('$file: $code $rules', ({ index, rules }) => {
    expect(found[index]).toEqual(rules.length === 0 ? [] : expect.arrayContaining(rules));
  });
});
