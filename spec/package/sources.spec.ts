import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Files of lib with their texts. */
const sources = new Map(
  (fs.readdirSync('lib', { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join('lib', file.split(path.sep).join('/')))
    .map((file) => [file, fs.readFileSync(file, 'utf8')]),
);

/** What a file imports when it runs: names of packages and modules, without the library's own. */
function packagesOf(source: string): string[] {
  if (!/(from|import|import\() ?'[^.]/.test(source)) return [];
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  return ts
    .preProcessFile(outputText)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !name.startsWith('.'));
}

test('bundlers for browsers find the packages that there are, and no module of Node', () => {
  const found = new Set([...sources.values()].flatMap(packagesOf));
  expect([...found].sort()).toEqual([
    '@huggingface/hub',
    '@huggingface/jinja',
    '@huggingface/tokenizers',
    'egglog-wasm',
    'reflect-metadata/lite',
  ]);
});

test('nothing reads the documentation of operations, which builds leave out', () => {
  expect([...sources].filter(([, source]) => /\.doc\b/.test(source)).map(([file]) => file)).toEqual([]);
});

describe('the entries of the package', () => {
  const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | { types: string; default: string }>;
    sideEffects: string[];
  };
  const sourceOf = (built: string) => built.replace(/^\.\/dist\/(.*?)(\.d\.ts|\.js)$/, '$1.ts');
  const entries = Object.values(manifest.exports).filter((entry) => typeof entry === 'object');

  test('are files of lib, types first', () => {
    for (const entry of entries) {
      expect(Object.keys(entry)).toEqual(['types', 'default']);
      expect(sourceOf(entry.types)).toBe(sourceOf(entry.default));
      expect(sources.has(sourceOf(entry.default))).toBe(true);
    }
    expect(entries.length).toBe([...sources.keys()].filter((file) => /^lib\/(\w+\/)?index\.ts$/.test(file)).length);
  });

  test('have no name twice', async () => {
    const all: string[] = [];
    for (const entry of entries) {
      const names = (await import(path.resolve(sourceOf(entry.default)))) as Record<string, unknown>;
      all.push(...Object.keys(names));
    }
    expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
    expect(all.length).toBeGreaterThan(300);
  });

  test('bring profilers along where they build sessions, and bundlers keep them', () => {
    const bringing = [...sources].filter(([, source]) => /^import '.*\/register\.js';/m.test(source));
    expect(bringing.map(([file]) => file).sort()).toEqual(['lib/index.ts', 'lib/zoo/index.ts']);
    expect(manifest.sideEffects.map(sourceOf).sort()).toEqual(
      [...bringing.map(([file]) => file), 'lib/profile/register.ts'].sort(),
    );
  });
});

test('declarations bring the library that they need: `Symbol.dispose` is in none of an ES year', () => {
  const disposable = [...sources].filter(([, source]) => source.includes('[Symbol.dispose]'));
  expect(disposable.map(([file]) => file)).toEqual(['lib/session/session.ts']);
  for (const [, source] of disposable) {
    expect(source).toContain('/// <reference lib="esnext.disposable" preserve="true" />');
  }
});
