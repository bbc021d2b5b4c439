/** Runs the programs of the pages, and compares what they print and draw with what the pages show. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { Results } from './run-programs.js';
import { END_OF_BLOCK, FOLDER, folderOf, type Snippet } from './snippets.js';

/** Where the pages have their pictures. */
export const PICTURES = 'docs/pictures';

/** What a program printed, piece by piece, and the files of pictures that it left in its folder. */
export interface Run {
  readonly snippet: Snippet;
  readonly outputs: readonly string[];
  readonly pictures: readonly string[];
  /** On the software adapter, whose numbers of dispatches and bytes the pages show. */
  readonly software: boolean;
}

/** Runs the snippets that are programs. Throws where the process fails, with what it said. */
export function runSnippets(snippets: readonly Snippet[]): Run[] {
  const programs = snippets.filter(({ runs }) => runs);
  if (programs.length === 0) return [];
  const results = path.join(FOLDER, 'results.json');
  const files = programs.map(programFile);
  const args = ['node_modules/tsx/dist/cli.mjs', '--tsconfig', 'tsconfig.json', 'docs-scripts/run-programs.ts'];
  const { status, stderr, stdout } = spawnSync('node', [...args, results, ...files], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (status !== 0) throw new Error(`programs of the documentation failed: ${stderr}${stdout}`);
  const { software, outputs } = JSON.parse(fs.readFileSync(results, 'utf8')) as Results;
  return programs.map((snippet, i) => {
    const folder = folderOf(files[i]!);
    const left = fs.readdirSync(folder).filter((name) => /\.(svg|png)$/.test(name));
    return {
      snippet,
      outputs: byPiece(outputs[files[i]!] ?? '', snippet.pieces.length),
      software,
      pictures: left.map((name) => path.join(folder, name)),
    };
  });
}

/** What each piece printed; what a program did not come to printed nothing. */
function byPiece(output: string, pieces: number): string[] {
  const parts = output.split(`${END_OF_BLOCK}\n`);
  return Array.from({ length: pieces }, (_, i) => (i < pieces - 1 ? parts[i] : parts.slice(i).join('')) ?? '');
}

/** The file to run: the snippet's, or what another compiler makes of it. */
function programFile({ file, source, standardDecorators }: Snippet): string {
  if (!standardDecorators) return file;
  const compiled = file.replace(/\.ts$/, '.js');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, experimentalDecorators: false },
  });
  fs.writeFileSync(compiled, outputText);
  return compiled;
}

const NUMBER = /(?<![\w.])-?\d+(?:\.\d+)?/g;

/**
 * Whether a text is what a page shows: `…` stands for anything within a line, alone in a line for any lines. With `about`
 * numbers may differ by a tenth: what training comes to is another number on another adapter.
 */
export function matches(shown: string, found: string, about = false): boolean {
  if (about) {
    const [said, got] = [shown, found].map((text) => Array.from(text.matchAll(NUMBER), Number)) as [number[], number[]];
    const near = said.every((value, i) => Math.abs(value - got[i]!) <= Math.abs(value) / 10);
    return near && said.length === got.length && shown.replaceAll(NUMBER, '#') === found.replaceAll(NUMBER, '#');
  }
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = (text: string) => (text.trim() === '…' ? '(?:.*\n)*?' : `${text.split('…').map(escaped).join('.*')}\n`);
  const lines = shown.replace(/\n$/, '').split('\n');
  const pattern = shown === '' ? '' : lines.map(line).join('');
  return new RegExp(`^${pattern}$`).test(found);
}
