/**
 * A training step of causal attention by itself, with its weights stored for the gradients and with weights that these
 * compute again, on the GPU that is there:
 *
 *     npx tsx bench/attention/gradients.ts [heads x tokens x size …, such as 9x2048x64]
 *
 * Prints the least milliseconds of a step of several rounds, in turns, and the bytes of intermediates of both.
 */
import { gradients } from '../../lib/autodiff/gradients.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, leafName } from '../../lib/ir/graph.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';

const SIZES = process.argv.length > 2 ? process.argv.slice(2) : ['6x1500x64', '9x2048x64', '16x4096x64', '32x2048x128'];
const ROUNDS = 5;
const STEPS = 10;
const MEBIBYTE = 2 ** 20;

/** q, k and v [heads, tokens, size] give the gradients of the sum of their attention, each element times its like of a fourth. */
async function trained(heads: number, tokens: number, size: number): Promise<Graph> {
  const builder = new GraphBuilder();
  const leaf = (name: string) => builder.leaf('input', name, [1, heads, tokens, size], 'f32');
  const [q, k, v, upstream] = [leaf('q'), leaf('k'), leaf('v'), leaf('upstream')];
  const result = builder.add('scaledDotProductAttention', [q, k, v], { causal: true });
  const loss = builder.g.sum(builder.g.mul(result, upstream));
  const found = gradients(builder, loss, [q, k, v]);
  const outputs = new Map([['result', result], ...found.map((node, i) => [`gradient ${i}`, node!] as const)]);
  const inputs = new Map([q, k, v, upstream].map((node) => [leafName(node), node]));
  return (await optimize(new Graph({ inputs, outputs }), discreteRates)).graph;
}

const device = await openDevice();
if (device.info.software) throw new Error('a software adapter stores weights in any case: this needs a GPU');

for (const text of SIZES) {
  const [heads, tokens, size] = text.split('x').map(Number) as [number, number, number];
  const graph = await trained(heads, tokens, size);
  const scores = 4 * heads * tokens ** 2;
  const sides = [];
  // Whether weights are stored follows from what a tensor may have.
  for (const [name, maxBindingSize] of [
    ['stored', 64 * scores],
    ['computed again', scores],
  ] as const) {
    // prettier-ignore
    const plan = planGraph(graph, { ...planLimits(device), maxBindingSize, maxBufferSize: 64 * scores });
    const executor = await Executor.create(device, plan, new StateStore(device));
    for (const [input, node] of plan.graph.inputs) {
      const values = Float32Array.from({ length: heads * tokens * size }, (_, i) => Math.sin(i * 0.37 + input.length));
      executor.write(node, values);
    }
    const bytes = plan.memory.arenas.reduce((sum, arena) => sum + arena, 0);
    sides.push({ name, executor, bytes, dispatches: plan.kernels.length, least: Infinity });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of sides) {
      const start = performance.now();
      for (let i = 0; i < STEPS; i++) side.executor.step();
      await side.executor.read(side.executor.plan.graph.outputs.get('gradient 0')!);
      side.least = Math.min(side.least, (performance.now() - start) / STEPS);
    }
  }
  for (const { name, bytes, dispatches, least } of sides) {
    console.log(
      `${text} ${name}: ${least.toPrecision(3)} ms, ${dispatches} dispatches, ${(bytes / MEBIBYTE).toFixed(1)} MiB`,
    );
  }
  console.log(`${text}: ${(sides[1]!.least / sides[0]!.least).toFixed(2)} times as long computed again`);
  for (const { executor } of sides) executor.dispose();
}
device.dispose();
