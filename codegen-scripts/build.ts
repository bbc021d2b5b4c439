/**
 * Builds lib into a folder, `dist` unless another is named: what npm packs.
 *
 *     tsx codegen-scripts/build.ts [folder]
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { opList } from '../lib/ir/ops/index.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** JavaScript without the properties `doc` of its object literals, and how many they were. */
function withoutDocs(source: string): { text: string; count: number } {
  const file = ts.createSourceFile('ops.js', source, ts.ScriptTarget.Latest);
  const places: ts.PropertyAssignment[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'doc') places.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  // From the end on, so that places before stay where they are; the comma goes too.
  const text = places.reduceRight(
    (rest, { pos, end }) => rest.slice(0, pos) + rest.slice(rest[end] === ',' ? end + 1 : end),
    source,
  );
  return { text, count: places.length };
}

/**
 * Takes the operations' documentation out: a twentieth of what a page would load, and only generated files show it.
 * Throws Error where there is not one text for each operation.
 */
function dropDocs(folder: string): void {
  let dropped = 0;
  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    const file = path.join(folder, name);
    const { text, count } = withoutDocs(fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(file, text);
    dropped += count;
  }
  if (dropped !== opList.length) throw new Error(`build: ${opList.length} operations have ${dropped} properties 'doc'`);
}

const target = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
fs.rmSync(target, { recursive: true, force: true });
const compiler = path.join(root, 'node_modules/typescript-7/bin/tsc');
const args = [compiler, '-p', path.join(root, 'tsconfig.build.json'), '--outDir', target];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
if (status === 0) {
  dropDocs(path.join(target, 'lib/ir/ops'));
  // npm does it for what it installs; in a clone `npx meganeura` runs this file, and once linked only this.
  fs.chmodSync(path.join(target, 'lib/command/main.js'), 0o755);
} else process.exitCode = 1;
