/**
 * The TypeScript of the pages as files that a compiler checks and Node runs. What stands behind the fence says what a block is:
 *
 * - `ts`: a part of a program, which must compile. A comment `<!-- ts … -->` before it holds what it needs from elsewhere.
 * - `ts run`: a program. Each is run, in a folder of its own, and what it prints is the next block `text output`.
 * - `ts continues`: goes on where the block before it ended.
 * - `ts is examples/file.ts`: that file, word by word; with `run` it is run where it is.
 * - `ts from lib/file.ts`: lines of that file, in its order.
 * - `ts standard-decorators`: compiled without `experimentalDecorators`, to show what happens then.
 *
 * A block `text editor` behind one has what the compiler says of it; without one it must say nothing.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Block, Page } from './markdown.js';

/** Where the files are written: in the repository, so that packages are found from there. */
export const FOLDER = 'out/docs';

/** A line that the programs print where a block ends, so that what each block prints can be told apart. */
export const END_OF_BLOCK = '\u2063end of block';

/** Whether the numbers of an output may differ somewhat: `text output about`. */
export const isAbout = (output: Block | undefined) => output?.info === 'text output about';

/** One block, and the blocks behind it that belong to it. */
interface Piece {
  readonly block: Block;
  readonly output: Block | undefined;
  readonly editor: Block | undefined;
}

/** One file: a block, or several of which each continues the one before. */
export interface Snippet {
  readonly page: Page;
  readonly pieces: readonly Piece[];
  readonly runs: boolean;
  readonly standardDecorators: boolean;
  /** The example that it is, where it is one. */
  readonly example: string | undefined;
  /** Path of the file from the root of the repository. */
  readonly file: string;
  readonly source: string;
  /** First line of each piece in the source, from 1. */
  readonly lines: readonly number[];
}

/** The folder that a program runs in. */
export function folderOf(file: string): string {
  return path.posix.join(FOLDER, 'runs', file.replace(/\.[jt]s$/, '').replaceAll(/[^\w-]+/g, '_'));
}

/** Lines that are quoted from a file. */
export interface Quotation {
  readonly page: Page;
  readonly block: Block;
  readonly from: string;
}

const isTypeScript = ({ info }: Block) => /^ts\b/.test(info);
const flagsOf = ({ info }: Block) => info.split(/\s+/).slice(1);

export function snippetsOf(page: Page): Snippet[] {
  const groups: Piece[][] = [];
  page.blocks.forEach((block, i) => {
    if (!isTypeScript(block) || flagsOf(block)[0] === 'from') return;
    const behind = page.blocks.slice(i + 1);
    const next = behind.findIndex(isTypeScript);
    const own = next < 0 ? behind : behind.slice(0, next);
    const piece = {
      block,
      output: own.find(({ info }) => /^text output\b/.test(info)),
      editor: own.find(({ info }) => info === 'text editor'),
    };
    if (!flagsOf(block).includes('continues')) groups.push([piece]);
    else if (groups.length > 0) groups.at(-1)!.push(piece);
    else throw new Error(`${page.file}:${block.line}: nothing to continue`);
  });
  return groups.map((pieces, i) => snippetOf(page, pieces, i));
}

function snippetOf(page: Page, pieces: readonly Piece[], index: number): Snippet {
  const flags = flagsOf(pieces[0]!.block);
  const runs = flags.includes('run');
  const example = flags.includes('is') ? flags[flags.indexOf('is') + 1] : undefined;
  const lines: number[] = [];
  let source = '';
  for (const { block } of pieces) {
    source += block.preamble;
    lines.push(source.split('\n').length);
    source += block.text;
    if (runs && !example) source += `console.log('${END_OF_BLOCK}');\n`;
  }
  // What has neither imports nor exports would be a script, whose names are everyone's.
  if (!example) source += 'export {};\n';
  const name = page.file.replace(/\.md$/, '').replaceAll(/[^\w-]+/g, '_');
  return {
    page,
    pieces,
    runs,
    example,
    standardDecorators: flags.includes('standard-decorators'),
    file: example ?? path.posix.join(FOLDER, name, `${index}.ts`),
    source,
    lines,
  };
}

export function quotationsOf(page: Page): Quotation[] {
  return page.blocks
    .filter((block) => isTypeScript(block) && flagsOf(block)[0] === 'from')
    .map((block) => ({ page, block, from: flagsOf(block)[1] ?? '' }));
}

/** The first line of a quotation that is not in its file after the lines before it; undefined where all are. */
export function missingLine({ block, from }: Quotation): string | undefined {
  const trimmed = (text: string) => text.split('\n').map((line) => line.trim());
  const lines = trimmed(fs.readFileSync(from, 'utf8'));
  let at = 0;
  for (const line of trimmed(block.text)) {
    if (line === '') continue;
    at = lines.indexOf(line, at) + 1;
    if (at === 0) return line;
  }
  return undefined;
}

/**
 * The examples of the op reference as one file: their operands stand in comments, `// x: f32[4] = […]`, and the call is
 * one expression.
 */
export function opReferenceSource(page: Page): string {
  const calls = page.blocks.filter(isTypeScript).map(({ text, line }) => {
    const operands = [...text.matchAll(/^\/\/ (\w+): (\w+)(\[[^\]]*\]) =/gm)];
    const types = operands.map(([, name, dtype, shape]) => `${name!}: Tensor<${shape!}, '${dtype!}'>`);
    const call = text
      .split('\n')
      .filter((part) => !part.startsWith('//'))
      .join('\n');
    return `// docs/ops.md:${line}\n((${types.join(', ')}) => { ${call} });`;
  });
  const names = [
    ...new Set(page.blocks.flatMap(({ text }) => [...text.matchAll(/^(\w+)\(/gm)].map(([, name]) => name!))),
  ];
  return `import { ${names.join(', ')}, type Tensor } from 'meganeura';\n${calls.join('\n')}\n`;
}

/** Writes the files of all snippets, and no others. */
export function writeSnippets(snippets: readonly Snippet[], others: Readonly<Record<string, string>> = {}): void {
  fs.rmSync(FOLDER, { recursive: true, force: true });
  const made = snippets.filter(({ example }) => !example).map(({ file, source }) => [file, source] as const);
  const files = [...made, ...Object.entries(others)];
  for (const [file, source] of files) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, source);
  }
}
