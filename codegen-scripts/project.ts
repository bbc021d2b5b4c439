import { readFileSync, writeFileSync, mkdirSync, existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IndentationText, Project, QuoteKind, type SourceFile } from 'ts-morph';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** A generated file: where it goes, what it is made from, and how: TypeScript by declarations, Markdown as text. */
export type GeneratedFile = {
  /** Path from the repository's root. */
  readonly path: string;
  /** What the file is made from, for its first line. */
  readonly source: string;
} & ({ readonly write: (file: SourceFile) => void } | { readonly text: () => string });

/** The text of a generated file, its first line naming the generator and the source. */
export function render(generated: GeneratedFile): string {
  const { path, source } = generated;
  const notice = `Generated from ${source} by \`npm run codegen\`: do not edit.`;
  if ('text' in generated) return `<!-- ${notice} -->\n\n${generated.text()}`;
  const project = new Project({
    useInMemoryFileSystem: true,
    skipFileDependencyResolution: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  const file = project.createSourceFile(path);
  generated.write(file);
  return `// ${notice}\n${file.getFullText()}`;
}

/**
 * Writes the files that differ from what is on disk, under `root`, and returns their paths. With `check`, writes nothing.
 */
export function emit(
  files: readonly GeneratedFile[],
  { check, root = repository }: { check: boolean; root?: string | undefined },
): string[] {
  const stale: string[] = [];
  for (const generated of files) {
    const target = resolve(root, generated.path);
    const text = render(generated);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    stale.push(relative(root, target));
    if (check) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return stale;
}

/** A path from the repository's root, as an absolute one. */
export function fromRoot(path: string): string {
  return resolve(repository, path);
}
