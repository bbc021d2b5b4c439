/**
 * Writes into the pages what their programs print, what the compiler says of them, and the pictures that they draw:
 * `npm run docs:update`, or with the files of some pages. Blocks whose text stands for what was found, `…`
 * included, stay as they are.
 */
import fs from 'node:fs';
import path from 'node:path';
import { checkTypes, mistakesByPiece } from './check-types.js';
import { pageFiles, readPage, withBlocks, type Block } from './markdown.js';
import { matches, PICTURES, runSnippets } from './run-snippets.js';
import { isAbout, snippetsOf, writeSnippets } from './snippets.js';

const wanted = process.argv.slice(2);
const pages = pageFiles()
  .filter((file) => wanted.length === 0 || wanted.includes(file))
  .filter((file) => file !== 'docs/ops.md')
  .map((file) => readPage(file));
const snippets = pages.flatMap(snippetsOf);
writeSnippets(snippets);

const texts = new Map<Block, string>();
const show = (block: Block | undefined, found: string, what: string) => {
  if (block && !matches(block.text, found, isAbout(block))) texts.set(block, found);
  if (!block && found !== '') console.error(`${what}:\n${found}`);
};

for (const standard of [false, true]) {
  const own = snippets.filter(({ standardDecorators }) => standardDecorators === standard);
  if (own.length === 0) continue;
  const { mistakes, hovers } = checkTypes(
    own.map(({ file }) => file),
    standard ? { experimentalDecorators: false } : {},
  );
  for (const snippet of own) {
    const found = mistakesByPiece(snippet, mistakes.get(snippet.file) ?? []);
    snippet.pieces.forEach(({ block, editor }, i) => {
      show(editor, found[i]!, `${snippet.page.file}:${block.line} does not compile`);
    });
    for (const { said, found: type } of hovers.get(snippet.file) ?? []) {
      if (said !== type) console.error(`${snippet.page.file}: hovering shows ${type}, not ${said}`);
    }
  }
}

for (const { snippet, outputs, pictures } of runSnippets(snippets)) {
  snippet.pieces.forEach(({ block, output }, i) => {
    show(output, outputs[i]!, `${snippet.page.file}:${block.line} prints what the page does not show`);
  });
  for (const picture of pictures) {
    fs.mkdirSync(PICTURES, { recursive: true });
    fs.copyFileSync(picture, path.join(PICTURES, path.basename(picture)));
  }
}

for (const page of pages) {
  const text = withBlocks(page, texts);
  if (text === page.text) continue;
  fs.writeFileSync(page.file, text);
  console.log(`written: ${page.file}`);
}
