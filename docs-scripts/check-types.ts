/** What the compiler says of snippets: all in one program. */
import path from 'node:path';
import ts from 'typescript';
import type { Snippet } from './snippets.js';

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)).config,
  ts.sys,
  process.cwd(),
);

/** What is said of one file: the place, and the message as `tsc` prints it. */
export interface Mistake {
  readonly line: number;
  readonly text: string;
}

/** What hovering over a name shows, where the page says it: `//    ^? Tensor<[64, 10], "f32">` in the line below. */
export interface Hover {
  readonly line: number;
  readonly said: string;
  readonly found: string;
}

export interface Checked {
  /** By file. */
  readonly mistakes: ReadonlyMap<string, readonly Mistake[]>;
  readonly hovers: ReadonlyMap<string, readonly Hover[]>;
}

/** Type-checks files of the repository with its own options, but that examples may leave things unused. */
export function checkTypes(files: readonly string[], changes: ts.CompilerOptions = {}): Checked {
  const program = ts.createProgram(
    files.map((file) => path.resolve(file)),
    { ...options, noUnusedLocals: false, noUnusedParameters: false, ...changes },
  );
  const checker = program.getTypeChecker();
  const mistakes = new Map<string, Mistake[]>();
  const hovers = new Map<string, Hover[]>();
  for (const file of files) {
    const source = program.getSourceFile(path.resolve(file))!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    mistakes.set(
      file,
      found.map(({ start = 0, code, messageText }) => ({
        line: source.getLineAndCharacterOfPosition(start).line + 1,
        text: `error TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      })),
    );
    hovers.set(file, hoversIn(source, checker));
  }
  return { mistakes, hovers };
}

function hoversIn(source: ts.SourceFile, checker: ts.TypeChecker): Hover[] {
  const lines = source.text.split('\n');
  return lines.flatMap((line, i) => {
    const match = /^\s*\/\/\s*\^\? (.*)$/.exec(line);
    if (!match) return [];
    const position = source.getPositionOfLineAndCharacter(i - 1, line.indexOf('^'));
    const node = nodeAt(source, position);
    const type = checker.getTypeAtLocation(node);
    const found = checker.typeToString(type, node, ts.TypeFormatFlags.NoTruncation);
    return [{ line: i + 1, said: match[1]!, found: found.replaceAll(/import\("[^"]*"\)\./g, '') }];
  });
}

function nodeAt(node: ts.Node, position: number): ts.Node {
  let found = node;
  node.forEachChild((child) => {
    if (child.getStart() <= position && position < child.getEnd()) found = nodeAt(child, position);
  });
  return found;
}

/** What is said of each piece of a snippet, as a block `text editor` shows it. */
export function mistakesByPiece(snippet: Snippet, mistakes: readonly Mistake[]): string[] {
  return snippet.lines.map((first, i) => {
    const next = snippet.lines[i + 1] ?? Infinity;
    const own = mistakes.filter(({ line }) => line >= first && line < next);
    return own.map(({ text }) => `${text}\n`).join('');
  });
}
