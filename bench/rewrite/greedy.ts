import { parseArgs } from 'node:util';
import type { EGraph } from 'egglog-wasm';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { planCost, type PlanCost } from '../../lib/backend/planning/predict.js';
import { expandComposites } from '../../lib/ir/expand.js';
import type { Graph } from '../../lib/ir/graph.js';
import { isMacro } from '../../lib/ir/ops/index.js';
import {
  attributesOf,
  operationOf,
  readCandidates,
  type Candidate,
  type Candidates,
} from '../../lib/rewrite/candidates.js';
import { withCopies } from '../../lib/rewrite/copies.js';
import type { AdapterRates } from '../../lib/rewrite/cost.js';
import { encode } from '../../lib/rewrite/encode.js';
import { withRules } from '../../lib/rewrite/engine.js';
import { extract } from '../../lib/rewrite/extract.js';
import { constructorName, encodedOps } from '../../lib/rewrite/names.js';
import { operationCost } from '../../lib/rewrite/operation-cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { Phases } from '../../lib/rewrite/phases.js';
import { rebuild } from '../../lib/rewrite/rebuild.js';
import { regionsOf } from '../../lib/rewrite/regions.js';
import { replay } from '../../lib/rewrite/replay.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { sgd } from '../../lib/train/optimizers/sgd.js';
import { graphs } from './graphs.js';

const names = Object.keys(graphs);

const help = `Rewrites whole models by equality saturation and greedily, with the same rules, engine and cost.

  npx tsx bench/rewrite/greedy.ts [names…] [--json]

  names    of: ${names.join(', ')}; all by default
  --json   one object a line

Greedy: a ruleset alone to its end, extraction, and on from the program that it gave with the next ruleset; all of them
again as long as the predicted time falls. "Once" is the first pass alone.`;

/** In the order in which saturation runs them. */
const RULESETS = ['algebra', 'activations', 'views', 'products', 'broadcasts', 'composites'];
const CONSTRUCTORS = [...encodedOps.map((op) => constructorName(op.name)), 'Constant'];
const MOST_ROUNDS = 16;
const MOST_PASSES = 8;
const CONSEQUENCES =
  '(seq (saturate (seq (saturate (run types)) (saturate (run folding)))) (saturate (run commutativity)) (saturate (run types)))';

const { limits, rates } = adapterProfiles.discrete;

function candidateCost(candidate: Candidate, { types }: Candidates, adapter: AdapterRates): number {
  const op = operationOf(candidate);
  if (!op) return 0;
  const operands = candidate.operands.map((index) => types[index]!);
  return operationCost(op, operands, types[candidate.result]!, attributesOf(op, candidate), adapter);
}

/** The best program that one ruleset finds from `graph`, and its predicted time. */
function step(egraph: EGraph, graph: Graph, ruleset: string): { graph: Graph; cost: number } {
  const regions = regionsOf(graph.nodes());
  const { entries, indices } = encode(regions);
  const values = egraph.insert(entries);
  for (let round = 0, size = -1; round < MOST_ROUNDS && size !== egraph.size; round++) {
    size = egraph.size;
    egraph.run(`(run-schedule ${CONSEQUENCES} (run ${ruleset}))`);
  }
  egraph.run(`(run-schedule ${CONSEQUENCES})`);
  const { found, classOf } = readCandidates(egraph);
  const classes = indices.map(
    (region) =>
    Array.from(egraph.find('Tensor', region.map((index) => values[index]!)), classOf), // prettier-ignore
  );
  const replayed = replay(found, regions, classes, (candidate) => candidateCost(candidate, found, rates));
  const roots = graph.roots().map((node) => replayed.classOf.get(node)!);
  const { picks, cost } = extract(
    replayed.candidates,
    withCopies(replayed.candidates, replayed.costs, roots, rates),
    roots,
  );
  return { graph: rebuild(graph, replayed, picks), cost };
}

/** The program after one pass over the rulesets, and after as many as make it better. */
async function greedy(original: Graph): Promise<{ once: Graph; best: Graph; passes: number }> {
  let best = expandComposites(original, isMacro);
  let cost = Infinity;
  let once: Graph | undefined;
  for (let pass = 1; ; pass++) {
    let current = { graph: best, cost };
    for (const ruleset of RULESETS) {
      const { graph } = current;
      current = await withRules(CONSTRUCTORS, (egraph) => step(egraph, graph, ruleset), new Phases(undefined));
    }
    once ??= current.graph;
    if (!(current.cost < cost - 1e-6)) return { once, best, passes: pass - 1 };
    best = current.graph;
    cost = current.cost;
    if (pass === MOST_PASSES) return { once, best, passes: pass };
  }
}

async function compare(name: string, training: boolean): Promise<void> {
  const traced = graphs[name]!();
  const optimizer = name === 'mnist' ? sgd({ learningRate: 0.1, momentum: 0.9 }) : undefined;
  const graph: Graph = training ? trainingGraph(traced, { loss: 'loss', optimizer, gradients: !optimizer }) : traced;
  const { once, best, passes } = await greedy(graph);
  const saturated = (await optimize(graph, rates)).graph;
  const cost = (program: Graph): PlanCost => planCost(planGraph(program, limits), rates);
  const costs = { none: cost(graph), once: cost(once), greedy: cost(best), egglog: cost(saturated) };
  const title = `${name}${training ? ' training' : ''}`;
  if (options.json) {
    console.log(JSON.stringify({ graph: title, passes, ...costs }));
    return;
  }
  const megabytes = ({ bytes }: PlanCost) => (bytes / 1e6).toFixed(bytes < 1e8 ? 2 : 0);
  const milliseconds = ({ microseconds }: PlanCost) => (microseconds / 1000).toFixed(3);
  const all = [costs.none, costs.once, costs.greedy, costs.egglog];
  const less = (of: (cost: PlanCost) => number) => `${(100 * (1 - of(costs.egglog) / of(costs.greedy))).toFixed(1)} %`;
  const cells = [
    title,
    all.map(({ dispatches }) => dispatches).join(' / '),
    all.map(megabytes).join(' / '),
    all.map(milliseconds).join(' / '),
    less(({ bytes }) => bytes),
    less(({ microseconds }) => microseconds),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (options.help) {
  console.log(help);
} else {
  const chosen = positionals.length > 0 ? positionals : names;
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no graph '${unknown}'; ${help}`);
  if (!options.json) {
    const numbers = 'not rewritten / greedy once / greedy / egglog';
    console.log(`| graph | dispatches, ${numbers} | MB | ms | fewer bytes than greedy | less time |`);
    console.log('| --- | --- | --- | --- | --- | --- |');
  }
  for (const name of chosen) for (const training of [false, true]) await compare(name, training);
}
