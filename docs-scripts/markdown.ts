/** The pages of the documentation, and what is in them that can be checked: blocks of code, headings, links. */
import fs from 'node:fs';
import path from 'node:path';

/** A fenced block. */
export interface Block {
  /** What stands behind the fence: `ts run`. The first word is the language. */
  readonly info: string;
  readonly text: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  /** Where the text is in the page. */
  readonly start: number;
  readonly end: number;
  /** TypeScript in a comment right before the block: what it needs and readers need not see. */
  readonly preamble: string;
}

export interface Page {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

/** README, the changelog, and every page under docs; what tools installed there is none of ours. */
export function pageFiles(root = '.'): string[] {
  const found = fs.readdirSync(path.join(root, 'docs'), { recursive: true }) as string[];
  const pages = found
    .map((file) => path.posix.join('docs', file.split(path.sep).join('/')))
    .filter((file) => file.endsWith('.md') && !/(^|\/)(node_modules|\.vitepress|api)\//.test(file));
  const top = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'].filter((file) => fs.existsSync(path.join(root, file)));
  return [...top, ...pages.sort()];
}

export function readPage(file: string, root = '.'): Page {
  return parsePage(file, fs.readFileSync(path.join(root, file), 'utf8'));
}

/** Throws where a fence is not closed. */
export function parsePage(file: string, text: string): Page {
  const blocks: Block[] = [];
  const fence = /^(<!-- ts\n([^]*?)-->\n\s*)?```(.*)\n([^]*?)^```$/gm;
  for (const match of text.matchAll(fence)) {
    const [whole, comment = '', preamble = '', info = '', body = ''] = match;
    const start = match.index + comment.length + 3 + info.length + 1;
    if (start + body.length + 3 !== match.index + whole.length) throw new Error(`${file}: a fence within another`);
    const line = text.slice(0, match.index + comment.length).split('\n').length;
    blocks.push({ info: info.trim(), text: body, line, start, end: start + body.length, preamble });
  }
  const fences = [...text.matchAll(/^```/gm)].length;
  if (fences !== 2 * blocks.length) throw new Error(`${file}: ${fences} fences but ${blocks.length} blocks`);
  return { file, text, blocks };
}

/** The page with the text of some blocks replaced. */
export function withBlocks(page: Page, texts: ReadonlyMap<Block, string>): string {
  let text = page.text;
  for (const block of [...page.blocks].reverse()) {
    const other = texts.get(block);
    if (other !== undefined) text = text.slice(0, block.start) + other + text.slice(block.end);
  }
  return text;
}

/** The page without what stands in fences and in code within lines, line by line as before. */
function prose({ text }: Page): string {
  return text
    .replace(/^```[^]*?^```$/gm, (block) => block.replace(/[^\n]/g, ''))
    .replace(/<!--[^]*?-->/g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]*`/g, '``');
}

/** Links and pictures. */
export function linksOf(page: Page): Link[] {
  const text = prose(page);
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(({ index, 1: target }) => ({
    target: target!,
    line: text.slice(0, index).split('\n').length,
  }));
}

/** What a link may name after `#`: headings in lower case with dashes, numbered where they repeat. */
export function anchorsOf({ text }: Page): Set<string> {
  const anchors = new Set<string>();
  const withoutBlocks = text.replace(/^```[^]*?^```$/gm, '');
  for (const [, heading] of withoutBlocks.matchAll(/^#{1,6} (.*)$/gm)) {
    const slug = heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Every link to a file or heading that is not there, as `page:line: target`. */
export function deadLinks(pages: readonly Page[]): string[] {
  const anchors = new Map(pages.map((page) => [page.file, anchorsOf(page)]));
  return pages.flatMap((page) =>
    linksOf(page)
      .filter(({ target }) => !/^[a-z]+:/.test(target) && !leadsSomewhere(page, target, anchors))
      .map(({ target, line }) => `${page.file}:${line}: ${target}`),
  );
}

function leadsSomewhere(page: Page, target: string, anchors: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const [file = '', anchor] = target.split('#');
  const there = file === '' ? page.file : path.posix.join(path.posix.dirname(page.file), file);
  // Made from docstrings when the site is built, which looks at these links itself.
  if (there.startsWith('docs/api/')) return true;
  return fs.existsSync(there) && (anchor === undefined || anchors.get(there)?.has(anchor) === true);
}
