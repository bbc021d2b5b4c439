import { EgglogError, EGraph } from 'egglog-wasm';
import {
  broadcastRules,
  compositeRules,
  foldRules,
  frozenRules,
  ruleFiles,
  schema,
  typeRules,
} from './generated/program.js';
import { registerPrimitives } from './primitives.js';
import { RuleError } from './rule-error.js';

/** Texts of rules by the file that they are in, or what they are made from; types come first. */
export const ruleTexts: Readonly<Record<string, string>> = {
  'type rules': typeRules,
  'folding rules': foldRules,
  'freezing rules': frozenRules,
  'broadcast rules': broadcastRules,
  ...ruleFiles,
  'composite rules': compositeRules,
};

/** An e-graph that knows every operation and no rule. */
export function declaredEGraph(): EGraph {
  const egraph = new EGraph();
  egraph.run(schema);
  registerPrimitives(egraph);
  return egraph;
}

/** Adds rules. Throws RuleError with file, line and egglog's message for a text that egglog refuses. */
export function loadRules(egraph: EGraph, file: string, text: string): void {
  // Generated texts begin with a line break, which the files have not.
  const body = text.replace(/^\n/, '');
  try {
    egraph.run(body);
  } catch (error) {
    if (!(error instanceof EgglogError)) throw error;
    const line = error.span ? `:${error.span.start.line}` : '';
    throw new RuleError(`rewrite rules ${file}${line}: ${error.message}`, { cause: error });
  }
}
