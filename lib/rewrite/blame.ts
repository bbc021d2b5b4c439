import { EgglogError, type InsertEntry } from 'egglog-wasm';
import { declaredEGraph, loadRules, ruleTexts } from './program.js';
import { RuleError } from './rule-error.js';

const MOST_ROUNDS = 16;
const CONSEQUENCES = '(saturate (seq (saturate (run types)) (saturate (run folding))))';
const alwaysTrue: ReadonlySet<string> = new Set(['type rules', 'folding rules']);

/**
 * Whether an error of a run means that a rule made tensors equal which are not: their constants, shapes or dtypes differ.
 */
export function isConflict(error: unknown): error is Error {
  return error instanceof RuleError || (error instanceof EgglogError && error.kind === 'runtime');
}

/**
 * Finds the rule after which `conflict` arises: applies each by itself, in rounds, to the same graph, until one fails.
 * Returns an error that names it; `conflict` as a RuleError where none of them fails by itself.
 */
export function blamedRule(
  entries: readonly InsertEntry[],
  conflict: Error,
  mostRows: number,
  texts: Readonly<Record<string, string>> = ruleTexts,
): RuleError {
  const egraph = declaredEGraph();
  const names: string[] = [];
  try {
    for (const [file, text] of Object.entries(texts)) {
      // What follows from a rule by types and arithmetic alone is the rule's doing.
      if (alwaysTrue.has(file)) loadRules(egraph, file, text);
      if (file !== 'type rules') loadRules(egraph, file, eachAlone(text, names));
    }
    egraph.insert(entries);
    for (let round = 0, size = -1; round < MOST_ROUNDS && size !== egraph.size && size < mostRows; round++) {
      size = egraph.size;
      for (const [i, name] of names.entries()) {
        try {
          egraph.run(`(run-schedule (run alone-${i}) ${CONSEQUENCES})`);
        } catch (error) {
          if (!isConflict(error)) throw error;
          return new RuleError(`the rewrite rule '${name}' makes tensors equal that are not: ${error.message}`, {
            cause: error,
          });
        }
      }
    }
  } finally {
    egraph.free();
  }
  return new RuleError(`rewrite rules together make tensors equal that are not: ${conflict.message}`, {
    cause: conflict,
  });
}

/** The rules of a text, each in a ruleset of its own; their names go into `names`, in the order of the numbers. */
function eachAlone(text: string, names: string[]): string {
  const first = names.length;
  const rules = text
    .replace(/^\(ruleset [^)]*\)$/gm, '')
    .replace(/:ruleset\s+\S+\s+:name\s+"([^"]*)"/g, (_, name: string) => {
      return `:ruleset alone-${names.push(name) - 1} :name "${name}"`;
    });
  const declared = names.slice(first).map((_, i) => `(ruleset alone-${first + i})`);
  // In the first line, so that messages tell the lines of the file.
  return `${declared.join(' ')}${rules}`;
}
