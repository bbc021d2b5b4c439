/** An expression of egglog's language: an atom (strings with their quotes) or a list. */
export type Expression = string | readonly Expression[];

/** A rule as its text says it. */
export interface RuleText {
  readonly name: string;
  readonly ruleset: string;
  readonly query: readonly Expression[];
  readonly actions: readonly Expression[];
  readonly text: string;
}

/** The rules of a program. Throws for other commands that rewrite, so that no rule goes untested. */
export function rulesIn(program: string): RuleText[] {
  return parse(program).flatMap(({ expression, text }) => {
    const [head, query, actions, ...options] = expression as [string, ...(readonly Expression[])[]];
    if (head === 'ruleset') return [];
    if (head !== 'rule') throw new Error(`a command that is neither a rule nor a ruleset: ${text}`);
    const option = (key: string) => (options as Expression[])[(options as Expression[]).indexOf(key) + 1] as string;
    const [name, ruleset] = [option(':name').slice(1, -1), option(':ruleset')];
    return [{ name, ruleset, query: query!, actions: actions!, text }];
  });
}

/** The commands of a program, with their texts. */
function parse(program: string): { expression: readonly Expression[]; text: string }[] {
  const commands: { expression: readonly Expression[]; text: string }[] = [];
  const stack: Expression[][] = [];
  let start = 0;
  for (const match of program.matchAll(/;[^\n]*|"(?:[^"\\]|\\.)*"|[()]|[^\s()";]+/g)) {
    const token = match[0];
    if (token.startsWith(';')) continue;
    if (token === '(') {
      if (stack.length === 0) start = match.index;
      stack.push([]);
    } else if (token === ')') {
      const list = stack.pop()!;
      if (stack.length > 0) stack.at(-1)!.push(list);
      else commands.push({ expression: list, text: program.slice(start, match.index + 1) });
    } else stack.at(-1)!.push(token);
  }
  return commands;
}
