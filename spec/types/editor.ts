import path from 'node:path';
import ts from 'typescript';

const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)).config,
  ts.sys,
  process.cwd(),
);

/** Parses what programs share, the compiler's own libraries above all, once. */
const registry = ts.createDocumentRegistry();
let versions = 0;

/** One file as an editor shows it: TypeScript's language service over text that is on no disk. */
export class Editor {
  private readonly file = path.resolve('spec/types/virtual.ts');
  private readonly service: ts.LanguageService;

  constructor(private readonly text: string) {
    const version = String(versions++);
    // Nothing is used but looked at.
    const options = { ...config.options, noUnusedLocals: false, noUnusedParameters: false };
    this.service = ts.createLanguageService(
      {
        getCompilationSettings: () => options,
        getScriptFileNames: () => [this.file],
        // The registry knows files by name and version.
        getScriptVersion: (file) => (file === this.file ? version : '1'),
        getScriptSnapshot: (file) => {
          const content = this.readFile(file);
          return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
        },
        getCurrentDirectory: () => process.cwd(),
        getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
        fileExists: (file) => file === this.file || ts.sys.fileExists(file),
        readFile: (file) => this.readFile(file),
        directoryExists: (directory) => ts.sys.directoryExists(directory),
        getDirectories: (directory) => ts.sys.getDirectories(directory),
      },
      registry,
    );
  }

  /** What hovering shows above each `^?`, by the name that it points at. */
  hovers(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const marker of this.text.matchAll(/^.*\^\?/gm)) {
      const column = marker[0].indexOf('^');
      const lineStart = this.text.lastIndexOf('\n', marker.index - 2) + 1;
      const info = this.service.getQuickInfoAtPosition(this.file, lineStart + column);
      const line = this.text.slice(lineStart, this.text.indexOf('\n', lineStart));
      const word = [...line.matchAll(/\w+/g)].find(({ 0: { length }, index }) => column < index + length);
      found[word?.[0] ?? ''] = info ? ts.displayPartsToString(info.displayParts) : '';
    }
    return found;
  }

  /** Every mistake: its line, from 0, the text it is at, and all that is said about it. */
  mistakes(): { line: number; at: string; message: string }[] {
    const diagnostics = [
      ...this.service.getSyntacticDiagnostics(this.file),
      ...this.service.getSemanticDiagnostics(this.file),
    ];
    return diagnostics.map(({ start = 0, length = 0, messageText }) => ({
      line: this.text.slice(0, start).split('\n').length - 1,
      at: this.text.slice(start, start + length),
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
  }

  /** How many types the checker instantiated to check the file and what it imports. */
  instantiations(): number {
    const program = this.service.getProgram() as ts.Program & { getInstantiationCount(): number };
    const mistakes = this.mistakes();
    if (mistakes.length > 0) throw new Error(`${mistakes[0]!.at}: ${mistakes[0]!.message}`);
    return program.getInstantiationCount();
  }

  private readFile(file: string): string | undefined {
    return file === this.file ? this.text : ts.sys.readFile(file);
  }
}
