/**
 * Runs one forward step of each model of the zoo at full size, with initial weights:
 *
 *     npx tsx bench/full-size/measure.ts [names…]
 *
 */
import { parseArgs } from 'node:util';
import { buildInferenceSession, type TracedGraph } from 'meganeura';
import { fullSizes, type FullSize } from './models.js';

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.find((name) => !fullSizes.some((model) => model.name === name));
if (unknown !== undefined)
  throw new Error(`there is no '${unknown}', only ${fullSizes.map(({ name }) => name).join(', ')}`);

for (const model of fullSizes) {
  if (positionals.length === 0 || positionals.includes(model.name)) await measure(model);
}

async function measure({ name, parameterCount, trace }: FullSize): Promise<void> {
  const start = performance.now();
  const graph = trace();
  const traced = performance.now();
  const session = await buildInferenceSession(graph);
  const built = performance.now();
  session.step(zeroFeeds(graph));
  const output = (await session.read('output' as never)) as ArrayLike<number>;
  const ran = performance.now();
  const report = session.report();
  const memory = session.memory();
  const finite = Array.from(output).every(Number.isFinite);
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  console.log(
    `${name}: ${parameterCount().toLocaleString('en-US')} parameters, ${report.nodesAfter} nodes, ` +
      `${report.dispatches} dispatches; MiB: ${mebibytes(memory.parameters)} parameters, ` +
      `${mebibytes(memory.total - memory.parameters)} others (+${(100 * (memory.total / memory.parameters - 1)).toFixed(1)} %); ` +
      `seconds: ${seconds(start, traced)} trace, ${seconds(traced, built)} build, ${seconds(built, ran)} first step; ` +
      `${finite ? 'all outputs finite' : 'SOME OUTPUTS ARE NOT FINITE'}; ` +
      `peak host ${mebibytes(process.resourceUsage().maxRSS * 1024)} MiB`,
  );
  session.dispose();
}

/** Zeros, which are tokens, pictures and times as well. */
function zeroFeeds(graph: TracedGraph): Record<string, number[]> {
  return Object.fromEntries(
    [...graph.inputs].map(([name, { shape }]) => [name, new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0)]),
  );
}
