import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';

const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { browser: Record<string, false> };

/** Files that bundlers for browsers replace by nothing: `lib/….ts`. */
const mapped = Object.keys(manifest.browser).map((file) => file.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts'));

/** Each file of lib with what it imports: paths of lib files, or names of packages. */
const imports = new Map(
  (fs.readdirSync('lib', { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join('lib', file.split(path.sep).join('/')))
    .map((file) => [file, importsOf(file)]),
);

function importsOf(file: string): string[] {
  const source = fs.readFileSync(file, 'utf8');
  return [...source.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gm)]
    .map((match) => (match[1] ?? match[2])!)
    .map((name) =>
      name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, '.ts') : name,
    );
}

/** Node's modules, and a package that has binaries for it. */
const isForNode = (name: string) => name.startsWith('node:') || name === 'sharp';

describe("what bundlers for browsers see of Node's modules", () => {
  test('the map names files that exist', () => {
    expect(mapped.filter((file) => !imports.has(file))).toEqual([]);
  });

  test('is nothing: a file that imports them is mapped to nothing, or imported only by such files', () => {
    const needsNode = [...imports].filter(([, names]) => names.some(isForNode));
    const hidden = new Set([...needsNode.map(([file]) => file), ...mapped]);
    const leaks = [...imports]
      .filter(([file]) => !hidden.has(file))
      .flatMap(([file, names]) => names.map((name) => ({ file, name })))
      .filter(({ name }) => hidden.has(name) && !mapped.includes(name));
    expect(leaks).toEqual([]);
    expect(needsNode.map(([file]) => file)).toEqual(expect.arrayContaining(mapped));
  });
});

test('declarations bring the library that they need: `Symbol.dispose` is in none of an ES year', () => {
  const files = [...imports.keys()].map((file) => [file, fs.readFileSync(file, 'utf8')] as const);
  const disposable = files.filter(([, source]) => source.includes('[Symbol.dispose]'));
  expect(disposable.map(([file]) => file)).toEqual(['lib/session/session.ts']);
  for (const [, source] of disposable) {
    expect(source).toContain('/// <reference lib="esnext.disposable" preserve="true" />');
  }
});
