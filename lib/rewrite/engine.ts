import { EgglogError, init, reset, type EGraph } from 'egglog-wasm';
import type { Phases } from './phases.js';
import { declaredEGraph, loadRules, ruleTexts } from './program.js';
import { RoundLost } from './saturate.js';

/** An e-graph with all declarations and rules and no nodes: reading the rules takes longer than most graphs do. */
let prepared: EGraph | undefined;

/**
 * Runs `body` on an e-graph that knows all rules and holds no nodes. What `body` puts in is taken out again.
 * `body` is synchronous: there is one such e-graph. Throws RuleError for a rule file that egglog refuses.
 */
export async function withRules<T>(body: (egraph: EGraph) => T, phases: Phases): Promise<T> {
  await init();
  prepared ??= phases.time('read rules', prepare);
  prepared.run('(push)');
  try {
    return body(prepared);
  } catch (error) {
    const failure = error instanceof RoundLost ? error.cause : error;
    if (failure instanceof EgglogError && failure.kind === 'panic') {
      prepared = undefined;
      reset();
    }
    throw error;
  } finally {
    prepared?.run('(pop)');
  }
}

function prepare(): EGraph {
  const egraph = declaredEGraph();
  try {
    for (const [file, text] of Object.entries(ruleTexts)) loadRules(egraph, file, text);
  } catch (error) {
    egraph.free();
    throw error;
  }
  return egraph;
}
