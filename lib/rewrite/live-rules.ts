/** A command of a program: where it stands, and for a rule the constructors that it looks for and that it makes. */
interface Command {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly looksFor: readonly string[];
  readonly makes: readonly string[];
}

/**
 * Gives out the rules of some texts as they are needed: a rule that looks for an operation which is nowhere cannot apply,
 * and of the rules for all operations most models need a third. Reading rules takes time, and so does trying them.
 */
export class LiveRules {
  private waiting: readonly Command[];
  private readonly constructors = new Set<string>();

  /** @param texts by the file that they are from. */
  constructor(private readonly texts: Readonly<Record<string, string>>) {
    this.waiting = Object.entries(texts).flatMap(([file, text]) => commandsOf(file, text));
  }

  /**
   * The rules not given out yet that may apply where there are nodes of these constructors, and of those that rules given
   * out so far may make: a text for each file, in which everything stands in the line where it stood.
   */
  take(constructors: Iterable<string>): Map<string, string> {
    for (const constructor of constructors) this.constructors.add(constructor);
    const taken: Command[] = [];
    for (let hasGrown = true; hasGrown;) {
      const isLive = ({ looksFor }: Command) => looksFor.every((name) => this.constructors.has(name));
      const live = this.waiting.filter(isLive);
      this.waiting = this.waiting.filter((command) => !isLive(command));
      taken.push(...live);
      const before = this.constructors.size;
      for (const { makes } of live) for (const name of makes) this.constructors.add(name);
      hasGrown = this.constructors.size > before;
    }
    return this.textsOf(taken);
  }

  private textsOf(commands: readonly Command[]): Map<string, string> {
    const texts = new Map<string, string>();
    for (const [file, text] of Object.entries(this.texts)) {
      const mine = commands.filter((command) => command.file === file).sort((a, b) => a.start - b.start);
      if (mine.length === 0) continue;
      let result = '';
      let at = 0;
      for (const { start, end } of mine) {
        result += linesIn(text.slice(at, start)) + text.slice(start, end);
        at = end;
      }
      texts.set(file, result);
    }
    return texts;
  }
}

function linesIn(text: string): string {
  return text.replace(/[^\n]/g, '');
}

/** What stands at the top of a text. What is no rule, such as the declaration of a ruleset, looks for nothing. */
function commandsOf(file: string, text: string): Command[] {
  const commands: Command[] = [];
  let depth = 0;
  let start = 0;
  let queryEnd = 0;
  for (const { 0: token, index } of text.matchAll(/;[^\n]*|"(?:[^"\\]|\\.)*"|[()]/g)) {
    if (token === '(' && depth++ === 0) [start, queryEnd] = [index, 0];
    if (token !== ')') continue;
    depth--;
    if (depth === 1 && queryEnd === 0) queryEnd = index;
    if (depth > 0) continue;
    const end = index + 1;
    const isRule = text.startsWith('(rule ', start);
    const looksFor = isRule ? constructorsIn(text.slice(start, queryEnd)) : [];
    commands.push({ file, start, end, looksFor, makes: isRule ? constructorsIn(text.slice(queryEnd, end)) : [] });
  }
  return commands;
}

/** Not those that names and comments speak of. */
function constructorsIn(text: string): string[] {
  const code = text.replace(/;[^\n]*|"(?:[^"\\]|\\.)*"/g, '');
  return Array.from(code.matchAll(/\(([A-Z]\w*)/g), (match) => match[1]!);
}
