import { parseArgs } from 'node:util';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { isLeaf, type Graph } from '../../lib/ir/graph.js';
import { discreteRates, softwareRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { sgd } from '../../lib/train/optimizers/sgd.js';
import { workloads } from '../../lib/zoo/workloads/index.js';
import type { Workload } from '../../lib/zoo/workloads/workload.js';

const help = `Builds whole models and says what each stage of it took.

  npx tsx bench/workloads/measure.ts [names…] [--training] [--step] [--repeat n] [--gpu] [--no-optimize]

  names          of: ${workloads.map(({ name }) => name).join(', ')}; all by default
  --training     with gradients of every parameter (mnist: with the update by SGD with momentum)
  --step         allocate, compile and run one step: minutes on a software adapter
  --repeat n     with --step: n more, and the milliseconds of each of them, between two readings of the loss
  --gpu          plan for a large discrete GPU, whatever is there; not with --step
  --no-optimize  leave the graph as it was traced`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    training: { type: 'boolean', default: false },
    step: { type: 'boolean', default: false },
    repeat: { type: 'string', default: '0' },
    gpu: { type: 'boolean', default: false },
    'no-optimize': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const MEBIBYTE = 2 ** 20;
const times = new Map<string, string>();

/** Runs a stage and notes its seconds: by the clock, and of all processors, which other work disturbs less. */
async function stage<T>(name: string, body: () => T | Promise<T>): Promise<T> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await body();
  const { user, system } = process.cpuUsage(used);
  times.set(
    name,
    `${((performance.now() - start) / 1000).toFixed(2)} (processors ${((user + system) / 1e6).toFixed(2)})`,
  );
  return result;
}

/** Milliseconds of a step, of `count` that are submitted one after the other: the least of three times. */
async function repeated(executor: Executor, count: number): Promise<number> {
  const loss = executor.plan.graph.outputs.get('loss')!;
  const rounds: number[] = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) executor.step();
    await executor.read(loss);
    rounds.push((performance.now() - start) / count);
  }
  return Math.min(...rounds);
}

const operations = (graph: Graph) => graph.nodes().filter((node) => !isLeaf(node)).length;

async function measure(workload: Workload): Promise<Record<string, string | number>> {
  times.clear();
  const device = await openDevice();
  const traced = await stage('trace', workload.trace);
  const optimizer = workload.name === 'mnist' ? sgd({ learningRate: 0.1, momentum: 0.9 }) : undefined;
  const graph: Graph = options.training
    ? await stage('differentiate', () => trainingGraph(traced, { loss: 'loss', optimizer, gradients: !optimizer }))
    : traced;
  const adapter = options.gpu
    ? adapterProfiles.discrete
    : { limits: planLimits(device), rates: device.info.software ? softwareRates : discreteRates };
  const rewritten = options['no-optimize']
    ? graph
    : await stage('rewrite', async () => (await optimize(graph, adapter.rates)).graph);
  const plan = await stage('plan', () => planGraph(rewritten, adapter.limits));
  const texts = await stage('kernel texts', () => plan.kernels.map(({ wgsl }) => wgsl(() => false)));
  const bytes = (all: Iterable<number>) => [...all].reduce((sum, size) => sum + size, 0);
  const parameters = [...graph.parameters.values()].map(
    ({ node }) => node.shape.reduce((count, size) => count * size, 1) * 4,
  );
  const row: Record<string, string | number> = {
    workload: `${workload.name}${options.training ? ' training' : ''}`,
    nodes: operations(graph),
    rewritten: operations(rewritten),
    dispatches: plan.kernels.length,
    'distinct kernels': new Set(texts).size,
    'parameters MiB': Math.round(bytes(parameters) / MEBIBYTE),
    'intermediates MiB': Math.round(bytes(plan.memory.arenas) / MEBIBYTE),
    'without reuse MiB': Math.round(plan.bytesWithoutReuse / MEBIBYTE),
  };
  if (options.step) {
    const executor = await stage('allocate and compile', () => Executor.create(device, plan, new StateStore(device)));
    const feeds = { ...Object.fromEntries(graph.inputDefaults), ...workload.feeds() };
    for (const [name, node] of plan.graph.inputs) executor.write(node, toStorage(name, node, feeds[name]!));
    const loss = await stage('first step', () => {
      executor.step();
      return executor.read(plan.graph.outputs.get('loss')!);
    });
    const count = Number(options.repeat);
    if (count > 0) row['ms a step'] = (await repeated(executor, count)).toPrecision(4);
    row['loss'] = loss[0]!.toPrecision(8);
    row['expected'] = workload.loss ?? '';
    row['device MiB'] = Math.round(executor.memory().total / MEBIBYTE);
    row['peak host MiB'] = Math.round(process.resourceUsage().maxRSS / 1024);
    executor.dispose();
  }
  for (const [name, seconds] of times) row[`${name} s`] = seconds;
  return row;
}

if (options.help) {
  console.log(help);
} else if (options.gpu && options.step) {
  throw new Error('--gpu plans for an adapter that need not be there: it cannot run a --step');
} else {
  const chosen = positionals.length > 0 ? positionals : workloads.map(({ name }) => name);
  for (const name of chosen) {
    const workload = workloads.find((known) => known.name === name);
    if (!workload) throw new Error(`there is no workload '${name}'; ${help}`);
    const row = await measure(workload);
    console.log(Object.entries(row).map(([key, value]) => `${key}: ${value}`).join('\n') + '\n'); // prettier-ignore
  }
}
