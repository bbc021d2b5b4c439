import { parseArgs } from 'node:util';
import { init } from 'egglog-wasm';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { planCost } from '../../lib/backend/planning/predict.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { expandComposites } from '../../lib/ir/expand.js';
import { isLeaf, type Graph, type Node } from '../../lib/ir/graph.js';
import { isMacro } from '../../lib/ir/ops/index.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { fromText, restoreGraph, storeGraph, toText, type StoredGraph } from '../../lib/rewrite/stored-graph.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { sgd } from '../../lib/train/optimizers/sgd.js';
import { workloads } from '../../lib/zoo/workloads/index.js';
import { smollm2Sizes, traceLlama } from '../../lib/zoo/workloads/smollm2.js';

const help = `Times rewriting of whole models, without a GPU. Each figure is the least of some runs in one process.

  npx tsx bench/rewrite/time.ts [--layers] [--whole] [--runs 5]

  (nothing)  the training graphs of meganeura explain: the first run, later ones, and reading one from the cache
  --layers   SmolLM2 of 2 to 60 layers, forward and training
  --whole    what is found layer by layer against what is found in the graph as one piece`;

const { values: options } = parseArgs({
  options: {
    layers: { type: 'boolean' },
    whole: { type: 'boolean' },
    runs: { type: 'string', default: '5' },
    help: { type: 'boolean' },
  },
});
const { rates, limits } = adapterProfiles.discrete;
const runs = Number(options.runs);

interface Times {
  /** Of the clock, and of the processor in this process: what counts on a machine with other work. */
  readonly wall: number;
  readonly processor: number;
}

async function timed<T>(body: () => T | Promise<T>): Promise<{ result: T; times: Times }> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = await body();
  const { user, system } = process.cpuUsage(before);
  return { result, times: { wall: performance.now() - start, processor: (user + system) / 1000 } };
}

async function least<T>(body: () => T | Promise<T>): Promise<{ result: T; times: Times }> {
  let best = await timed(body);
  for (let run = 1; run < runs; run++) {
    const { result, times } = await timed(body);
    const [wall, processor] = [Math.min(best.times.wall, times.wall), Math.min(best.times.processor, times.processor)];
    best = { result, times: { wall, processor } };
  }
  return best;
}

const show = ({ wall, processor }: Times) => `${wall.toFixed(0)} / ${processor.toFixed(0)}`;
const row = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
function heading(cells: readonly string[]): void {
  row(cells);
  row(cells.map((_, i) => (i === 0 ? '---' : '---:')));
}

function trainingOf(name: string, graph: Graph): Graph {
  const optimizer = name === 'mnist' ? sgd({ learningRate: 0.1, momentum: 0.9 }) : undefined;
  return trainingGraph(graph, { loss: 'loss', optimizer, gradients: !optimizer });
}

async function timeWorkloads(): Promise<void> {
  heading([
    'training graph',
    'nodes',
    'parts: differ / all',
    'inserted',
    'first',
    'later',
    'from the cache',
    'planning',
  ]);
  for (const { name, trace } of workloads) {
    const graph = trainingOf(name, trace());
    const first = await timed(() => optimize(graph, rates));
    const later = await least(() => optimize(graph, rates));
    const { graph: after, report } = later.result;
    const text = toText(storeGraph(graph, after));
    const cached = await least(() => restoreGraph(graph, fromText(text) as StoredGraph));
    const planned = await least(() => planGraph(after, limits));
    const parts = `${report.regions} / ${report.places}`;
    const times = [first, later, cached, planned].map((one) => show(one.times));
    row([name, graph.nodes().length, parts, report.inserted, ...times]);
  }
}

async function timeLayers(): Promise<void> {
  heading(['layers', 'forward: nodes', 'inserted', 'ms', 'training: nodes', 'inserted', 'ms']);
  for (const layers of [2, 5, 10, 20, 30, 40, 50, 60]) {
    const forward = traceLlama({ ...smollm2Sizes, layers }, 128);
    const cells: (string | number)[] = [];
    for (const graph of [forward, trainingOf('smollm2', forward)]) {
      const { result, times } = await least(() => optimize(graph, rates));
      cells.push(graph.nodes().length, result.report.inserted, show(times));
    }
    row([layers, ...cells]);
  }
}

/** The same computation, of which nobody knows the modules. */
function withoutModules(graph: Graph): Graph {
  const builder = new GraphBuilder();
  const copies = new Map<Node, Node>();
  const expanded = expandComposites(graph, isMacro);
  for (const node of expanded.nodes()) {
    if (isLeaf(node)) builder.adopt([node]);
    copies.set(node, isLeaf(node) ? node : builder.over(node, node.inputs.map((input) => copies.get(input)!))); // prettier-ignore
  }
  const copied = (roots: ReadonlyMap<string, Node>) =>
    new Map([...roots].map(([name, node]) => [name, copies.get(node)!]));
  return expanded.with({ outputs: copied(expanded.outputs), updates: copied(expanded.updates) });
}

async function compareWhole(): Promise<void> {
  heading([
    'graph',
    'inserted: by layer',
    'whole',
    'nodes after',
    'whole',
    'dispatches',
    'whole',
    'predicted ms',
    'whole',
  ]);
  for (const { name, trace } of workloads) {
    const traced = trace();
    for (const graph of [traced, trainingOf(name, traced)]) {
      const both = [await optimize(graph, rates), await optimize(withoutModules(graph), rates)];
      const costs = both.map((one) => planCost(planGraph(one.graph, limits), rates));
      row([
        `${name}${graph === traced ? '' : ', training'}`,
        ...both.map(({ report }) => report.inserted),
        ...both.map((one) => one.graph.nodes().length),
        ...costs.map(({ dispatches }) => dispatches),
        ...costs.map(({ microseconds }) => (microseconds / 1000).toFixed(3)),
      ]);
    }
  }
}

if (options.help) console.log(help);
else {
  await init();
  if (options.layers) await timeLayers();
  else if (options.whole) await compareWhole();
  else await timeWorkloads();
}
