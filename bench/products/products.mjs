/**
 * Products of few rows with matrices, as a decoding step has them: by slices in workgroup memory, and by tiles in
 * registers, in one run. Needs nothing but the built library (`npm run build`) and a WebGPU adapter:
 *
 *   node bench/products/products.mjs [--rounds 20] [--json]
 */
import { parseArgs } from 'node:util';

const lib = new URL('../../dist/lib/', import.meta.url);
const [
  { openDevice },
  { Executor, planLimits },
  { toStorage },
  { StateStore },
  { planGraph },
  { GraphBuilder },
  { Graph },
] = await Promise.all(
  [
    'backend/device/open.js',
    'backend/execution/executor.js',
    'backend/execution/feed.js',
    'backend/execution/state.js',
    'backend/planning/plan.js',
    'ir/build.js',
    'ir/graph.js',
  ].map((path) => import(new URL(path, lib).href)),
);

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, json: { type: 'boolean', default: false } },
});

/** Rows, summed dimension, columns, batches; `transposed`: the matrix is stored [n, k], as those of linear layers. */
const cases = [
  { name: 'logits', m: 1, k: 576, n: 49152, transposed: true },
  { name: 'query', m: 1, k: 576, n: 576, transposed: true },
  { name: 'key', m: 1, k: 576, n: 192, transposed: true },
  { name: 'gate', m: 1, k: 576, n: 1536, transposed: true },
  { name: 'down', m: 1, k: 1536, n: 576, transposed: true },
  { name: '4096 × 4096', m: 1, k: 4096, n: 4096, transposed: true },
  { name: '4 rows', m: 4, k: 576, n: 1536, transposed: true },
  { name: '8 rows', m: 8, k: 576, n: 1536, transposed: true },
  { name: 'scores', m: 3, k: 64, n: 2048, batch: 3, transposed: true },
  { name: 'mixed values', m: 3, k: 2048, n: 64, batch: 3, transposed: false },
];

/** Different matrices of a case, so that they do not stay in a cache: bytes of them all, and how many at most. */
const ALL_BYTES = 256 * 2 ** 20;
const MOST_COPIES = 64;

const device = await openDevice();

/** One product for each matrix. */
function graphOf({ m, k, n, batch, transposed }, copies) {
  const builder = new GraphBuilder();
  const { g } = builder;
  const lead = batch === undefined ? [] : [batch];
  const x = builder.leaf('input', 'x', [...lead, m, k], 'f32');
  const shape = [...lead, ...(transposed ? [n, k] : [k, n])];
  const weights = Array.from({ length: copies }, (_, i) => builder.leaf('parameter', `w${i}`, shape, 'f32'));
  const count = shape.reduce((product, size) => product * size, 1);
  return new Graph({
    inputs: new Map([['x', x]]),
    parameters: new Map(
      weights.map((node, i) => [
        `w${i}`,
        { node, initial: () => Float32Array.from({ length: count }, (_, j) => Math.sin(0.01 * j + i)) },
      ]),
    ),
    outputs: new Map(weights.map((w, i) => [`y${i}`, g.matmul(x, transposed ? g.transpose(w) : w)])),
  });
}

async function sideOf(graph, state, changes) {
  const plan = planGraph(graph, { ...planLimits(device), ...changes });
  const executor = await Executor.create(device, plan, state.retain());
  for (const [name, node] of plan.graph.inputs) {
    const values = Float32Array.from({ length: node.shape.reduce((a, b) => a * b, 1) }, (_, j) => Math.cos(0.1 * j));
    executor.write(node, toStorage(name, node, values));
  }
  const wait = () => executor.read(plan.graph.outputs.get('y0'));
  return {
    executor,
    kernel: plan.kernels[0].label,
    result: wait,
    /** Milliseconds a product. */
    async time(steps) {
      await wait();
      const start = performance.now();
      for (let i = 0; i < steps; i++) executor.step();
      await wait();
      return (performance.now() - start) / steps / graph.parameters.size;
    },
  };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

async function measure(entry) {
  const bytes = 4 * entry.k * entry.n * (entry.batch ?? 1);
  const copies = Math.max(1, Math.min(MOST_COPIES, Math.floor(ALL_BYTES / bytes)));
  const graph = graphOf(entry, copies);
  const state = new StateStore(device);
  // Whatever the adapter, what a GPU gets; with 64 invocations neither slices nor tiles in workgroup memory fit.
  const sides = [
    await sideOf(graph, state, { software: false }),
    await sideOf(graph, state, { software: false, maxInvocations: 64 }),
  ];
  const times = [[], []];
  let steps = 1;
  for (const side of sides) {
    side.executor.step();
    const [first] = [await side.time(1)];
    steps = Math.max(1, Math.min(50, Math.round(20 / Math.max(first * copies, 0.01))));
  }
  const [slices, registers] = await Promise.all(sides.map((side) => side.result()));
  const scale = registers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = registers.reduce((most, value, i) => Math.max(most, Math.abs(value - slices[i])), 0);
  if (worst > 1e-4 * scale) throw new Error(`${entry.name}: the kernels differ by ${worst} of ${scale}`);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [i, side] of sides.entries()) times[i].push(await side.time(steps));
  }
  for (const { executor } of sides) executor.dispose();
  state.release();
  const [own, other] = times.map(median);
  return {
    case: entry.name,
    kernels: sides.map(({ kernel }) => kernel),
    microseconds: 1000 * own,
    registers: 1000 * other,
    ratio: other / own,
    'GB/s': bytes / own / 1e6,
  };
}

const rows = [];
for (const entry of cases) {
  const row = await measure(entry);
  rows.push(row);
  if (!options.json) {
    const shown = Object.entries(row).map(([key, value]) => `${key} ${typeof value === 'number' ? value.toPrecision(3) : value}`); // prettier-ignore
    console.log(shown.join(', '));
  }
}
const mean = Math.exp(rows.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / rows.length);
console.log(
  options.json
    ? JSON.stringify({ adapter: device.info, rows, mean })
    : `geometric mean of ratios ${mean.toPrecision(3)}`,
);
device.dispose();
