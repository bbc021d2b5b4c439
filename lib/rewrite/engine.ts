import { EgglogError, EGraph, init, reset } from 'egglog-wasm';
import { GraphError } from '../ir/errors.js';
import { recorded, type Recorder } from '../ir/recorder.js';
import { broadcastRules, compositeRules, foldRules, ruleFiles, schema, typeRules } from './generated/program.js';
import { registerPrimitives } from './primitives.js';

/** An e-graph with all declarations and rules and no nodes: reading the rules takes longer than most graphs do. */
let prepared: EGraph | undefined;

/**
 * Runs `body` on an e-graph that knows all rules and holds no nodes. What `body` puts in is taken out again.
 * `body` is synchronous: there is one such e-graph. Throws GraphError for a rule file that egglog refuses.
 */
export async function withRules<T>(body: (egraph: EGraph) => T, recorder?: Recorder): Promise<T> {
  await init();
  prepared ??= recorded(recorder, 'rewrite: load rules', prepare);
  prepared.run('(push)');
  try {
    return body(prepared);
  } catch (error) {
    if (error instanceof EgglogError && error.kind === 'panic') {
      prepared = undefined;
      reset();
    }
    throw error;
  } finally {
    prepared?.run('(pop)');
  }
}

function prepare(): EGraph {
  const egraph = new EGraph();
  egraph.run(schema);
  registerPrimitives(egraph);
  const texts = { typeRules, foldRules, broadcastRules, ...ruleFiles, compositeRules };
  for (const [name, text] of Object.entries(texts)) {
    try {
      egraph.run(text);
    } catch (error) {
      egraph.free();
      throw new GraphError(`rewrite rules ${name}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
  return egraph;
}
