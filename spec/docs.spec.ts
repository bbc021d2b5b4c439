import { beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { checkTypes, mistakesByPiece, type Checked } from '../docs-scripts/check-types.js';
import { deadLinks, linksOf, pageFiles, readPage } from '../docs-scripts/markdown.js';
import { matches, PICTURES, runSnippets, type Run } from '../docs-scripts/run-snippets.js';
import {
  FOLDER,
  isAbout,
  missingLine,
  opReferenceSource,
  quotationsOf,
  snippetsOf,
  writeSnippets,
} from '../docs-scripts/snippets.js';

const pages = pageFiles().map((file) => readPage(file));
const reference = pages.find(({ file }) => file === 'docs/ops.md')!;
const written = pages.filter((page) => page !== reference);
const snippets = written.flatMap(snippetsOf);
const examples = path.posix.join(FOLDER, 'op-reference.ts');

/** `page:line`, as editors open it. */
const place = (file: string, line: number) => `${file}:${line}`;

beforeAll(() => {
  writeSnippets(snippets, { [examples]: opReferenceSource(reference) });
});

describe('every piece of TypeScript in the documentation', () => {
  let checked: Checked;
  let withStandardDecorators: Checked;
  beforeAll(() => {
    const filesOf = (standard: boolean) =>
      snippets.filter(({ standardDecorators }) => standardDecorators === standard).map(({ file }) => file);
    checked = checkTypes([...filesOf(false), examples]);
    withStandardDecorators = checkTypes(filesOf(true), { experimentalDecorators: false });
  }, 240_000);

  test('compiles, or the page shows what the compiler says', () => {
    const wrong = snippets.flatMap((snippet) => {
      const { mistakes } = snippet.standardDecorators ? withStandardDecorators : checked;
      const found = mistakesByPiece(snippet, mistakes.get(snippet.file)!);
      return snippet.pieces.flatMap(({ block, editor }, i) =>
        matches(editor?.text ?? '', found[i]!) ? [] : [{ at: place(snippet.page.file, block.line), says: found[i]! }],
      );
    });
    expect(wrong).toEqual([]);
  });

  test('shows when hovered over what the page says', () => {
    const hovers = snippets.flatMap(({ file }) => checked.hovers.get(file) ?? []);
    expect(hovers.length).toBeGreaterThan(3);
    expect(hovers.map(({ found }) => found)).toEqual(hovers.map(({ said }) => said));
  });

  test('compiles in the op reference', () => {
    expect(checked.mistakes.get(examples)).toEqual([]);
  });

  test('is the example that it is said to be', () => {
    const examples = snippets.filter(({ example }) => example);
    const others = examples.filter(({ example, source }) => fs.readFileSync(example!, 'utf8') !== source);
    expect(examples.length).toBeGreaterThan(1);
    expect(others.map(({ page, example }) => `${page.file}: ${example!}`)).toEqual([]);
  });

  test('is in the file that it is quoted from', () => {
    const quotations = written.flatMap(quotationsOf);
    expect(quotations.length).toBeGreaterThan(3);
    const missing = quotations.map((quotation) => ({
      at: place(quotation.page.file, quotation.block.line),
      line: missingLine(quotation),
    }));
    expect(missing.filter(({ line }) => line !== undefined)).toEqual([]);
  });
});

describe('every program in the documentation', () => {
  let runs: Run[];
  beforeAll(() => {
    runs = runSnippets(snippets);
  }, 300_000);

  test('prints what the page shows', () => {
    expect(runs.length).toBeGreaterThan(10);
    // On a GPU they must run; dispatches and bytes, which they print, are others.
    const failed = runs
      .flatMap(({ outputs }) => outputs)
      .filter((output) => /^(?:Uncaught|InternalError)/m.test(output));
    expect(failed).toEqual([]);
    const others = runs
      .filter(({ software }) => software)
      .flatMap(({ snippet, outputs }) =>
        snippet.pieces.flatMap(({ block, output }, i) =>
          matches(output?.text ?? '', outputs[i]!, isAbout(output))
            ? []
            : [{ at: place(snippet.page.file, block.line), prints: outputs[i] }],
        ),
      );
    expect(others).toEqual([]);
  });

  test('draws the picture that the page shows', () => {
    const drawn = runs.flatMap(({ pictures }) => pictures);
    const others = drawn.filter((file) => {
      const shown = path.join(PICTURES, path.basename(file));
      return !fs.existsSync(shown) || fs.readFileSync(shown, 'utf8') !== fs.readFileSync(file, 'utf8');
    });
    expect(others).toEqual([]);
  });
});

describe('links', () => {
  test('lead somewhere, to a heading where they name one', () => {
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(100);
    expect(deadLinks(pages)).toEqual([]);
  });

  test('reach every page and every picture', () => {
    const targets = new Set(
      pages.flatMap((page) =>
        linksOf(page).map(({ target }) => path.posix.join(path.posix.dirname(page.file), target.split('#')[0]!)),
      ),
    );
    const pictures = fs.readdirSync(PICTURES).map((file) => path.posix.join(PICTURES, file));
    const all = [...pages.map(({ file }) => file).filter((file) => file.startsWith('docs/')), ...pictures];
    expect(all.filter((file) => !targets.has(file) && file !== 'docs/index.md')).toEqual([]);
  });
});

test('commands in the documentation are those of package.json', () => {
  const { scripts } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => ({ file, name: name! })),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ name }) => !(name in scripts))).toEqual([]);
});

test('every class of errors that is exported is in the guide to errors', () => {
  const entries = fs
    .readdirSync('lib')
    .map((folder) => (folder === 'index.ts' ? 'lib/index.ts' : `lib/${folder}/index.ts`));
  const sources = entries.filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file, 'utf8'));
  const classes = new Set(
    sources.flatMap((source) => [...source.matchAll(/\b[A-Z]\w*Error\b/g)].map(([name]) => name)),
  );
  const guide = fs.readFileSync('docs/guides/errors.md', 'utf8');
  expect(classes.size).toBeGreaterThan(25);
  expect([...classes].filter((name) => !guide.includes(`| \`${name}\``) && name !== 'MeganeuraError')).toEqual([]);
});
