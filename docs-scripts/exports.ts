/** What the package exports, and what its docstrings say of it. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Something that an entry exports, or a member of it: `buildSession`, `Session.step`. */
export interface Documented {
  readonly entry: string;
  readonly name: string;
  /** `file:line` of the declaration. */
  readonly place: string;
  /** The docstring without its tags; '' where there is none. */
  readonly text: string;
}

export interface Api {
  readonly exports: readonly Documented[];
  /**
   * Methods and fields, static ones too, of exported classes, without those that are named in the constructor; fields of
   * exported interfaces and of types that are written as `{ … }`.
   */
  readonly members: readonly Documented[];
}

/** The sources of the package's entries by name: `meganeura/train` is lib/train/index.ts. */
export function entries(): Map<string, string> {
  const { name, exports } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as {
    name: string;
    exports: Record<string, string | { types: string }>;
  };
  return new Map(
    Object.entries(exports).flatMap(([key, value]) =>
      typeof value === 'string'
        ? []
        : [[path.posix.join(name, key), value.types.replace(/^\.\/dist\/(.*)\.d\.ts$/, '$1.ts')] as const],
    ),
  );
}

/** Every export of every entry with its docstring, read from the sources: nothing is type-checked. */
export function readApi(): Api {
  const files = entries();
  const config = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)).config as object;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  // Names and comments need neither the compiler's own libraries nor those of packages.
  const program = ts.createProgram([...files.values()], { ...options, noLib: true, types: [] });
  const checker = program.getTypeChecker();
  const exports: Documented[] = [];
  const members: Documented[] = [];
  for (const [entry, file] of files) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(path.resolve(file))!)!;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      exports.push(documented(entry, exported.name, symbol, checker));
      for (const member of membersOf(symbol)) {
        if (isOpen(member)) members.push(documented(entry, `${exported.name}.${member.name}`, member, checker));
      }
    }
  }
  return { exports, members };
}

function membersOf({ flags, members, exports, declarations }: ts.Symbol): ts.Symbol[] {
  const literals = (declarations ?? []).flatMap((declaration) =>
    ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type) ? [declaration.type] : [],
  );
  const tables = [members, flags & ts.SymbolFlags.Class ? exports : undefined];
  const written = literals.map((node) => (node as ts.TypeLiteralNode & { symbol: ts.Symbol }).symbol.members);
  return [...tables, ...written].flatMap((table) => [...(table?.values() ?? [])]);
}

function documented(entry: string, name: string, symbol: ts.Symbol, checker: ts.TypeChecker): Documented {
  const [declaration] = symbol.declarations ?? [];
  const source = declaration?.getSourceFile();
  const line = source ? source.getLineAndCharacterOfPosition(declaration!.getStart()).line + 1 : 0;
  return {
    entry,
    name,
    place: `${path.relative('.', source?.fileName ?? '')}:${line}`,
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
  };
}

/** Whether users see a member: private and internal ones, overridden ones and constructors are left out. */
function isOpen({ declarations = [], name }: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override;
  return (
    declarations.length > 0 &&
    !name.startsWith('__') &&
    !name.startsWith('#') &&
    declarations.every(
      (declaration) =>
        !(ts.getCombinedModifierFlags(declaration) & hidden) &&
        !ts.isParameter(declaration) &&
        !ts.isTypeParameterDeclaration(declaration) &&
        !ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal'),
    )
  );
}
