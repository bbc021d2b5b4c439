import { EgglogError, init, memoryBytes, reset, type EGraph } from 'egglog-wasm';
import { LiveRules } from './live-rules.js';
import type { Phases } from './phases.js';
import { declaredEGraph, loadRules, ruleTexts } from './program.js';
import { RoundLost } from './saturate.js';

/** The phase in which rules are read: for each rule once in a process. */
export const READING = 'read rules';

/** An e-graph with all declarations and no nodes, and the rules that it has not read yet: reading takes longer than most graphs do. */
let prepared: { readonly egraph: EGraph; readonly rules: LiveRules; readonly bytes: number } | undefined;

/** What egglog's memory may grow by, in bytes, before it is begun anew: each graph leaves some 150 KB that egglog never gives back. */
const MOST_GROWTH = 2 ** 27;

/**
 * Runs `body` on an e-graph that holds no nodes and knows all rules that can apply to nodes of these constructors. What
 * `body` puts in is taken out again. `body` is synchronous: there is one such e-graph. Throws RuleError for a rule file
 * that egglog refuses.
 */
export async function withRules<T>(
  constructors: Iterable<string>,
  body: (egraph: EGraph) => T,
  phases: Phases,
): Promise<T> {
  await init();
  const egraph = phases.time(READING, () => prepare(constructors));
  egraph.run('(push)');
  try {
    return body(egraph);
  } catch (error) {
    const failure = error instanceof RoundLost ? error.cause : error;
    if (failure instanceof EgglogError && failure.kind === 'panic') {
      prepared = undefined;
      reset();
    }
    throw error;
  } finally {
    prepared?.egraph.run('(pop)');
    if (prepared && memoryBytes() - prepared.bytes > MOST_GROWTH) {
      prepared = undefined;
      reset();
    }
  }
}

function prepare(constructors: Iterable<string>): EGraph {
  prepared ??= { egraph: declaredEGraph(), rules: new LiveRules(ruleTexts), bytes: memoryBytes() };
  const { egraph, rules } = prepared;
  try {
    for (const [file, text] of rules.take(constructors)) loadRules(egraph, file, text);
  } catch (error) {
    prepared = undefined;
    egraph.free();
    throw error;
  }
  return egraph;
}
