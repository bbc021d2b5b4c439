/**
 * Times operations of meganeura, jax-js and tfjs in one process on one adapter:
 *
 *     cd bench/ops && npm ci && npm start [-- --only softmax,conv --rounds 7 --cpu --json]
 *
 * Results are compared first, so that all sides compute the same. Rounds alternate, because the machine may slow down
 * while they go on. In a round a side submits a number of calls, the same for all sides, and waits once, by reading the
 * last result: so overheads of submitting count as often as calls, that of reading once. Ratios are theirs / ours.
 * `--cpu` takes the processor time of the process in place of time: on a software adapter, which runs in the process, it
 * can be compared also while others use the machine.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { globals } from 'webgpu';
import { openNodeGPU } from '../../lib/backend/device/node.ts';
import { openDevice } from '../../lib/index.ts';
import { compare, measure } from './measure.mjs';
import { rowOf, tableHead } from './report.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '7' },
    cpu: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const clock = values.cpu ? 'cpu' : 'wall';

// Before the others are imported: they look for these when they start. What they ask for is noted.
Object.assign(globalThis, globals);
const gpu = await openNodeGPU();
const adapters = new Set();
const noted = {
  wgslLanguageFeatures: gpu.wgslLanguageFeatures,
  getPreferredCanvasFormat: () => gpu.getPreferredCanvasFormat(),
  requestAdapter: async (options) => {
    const adapter = await gpu.requestAdapter(options);
    if (adapter) adapters.add([adapter.info.vendor, adapter.info.device, adapter.info.description].join(' '));
    return adapter;
  },
};
Object.defineProperty(globalThis, 'navigator', { value: { gpu: noted, userAgent: 'node' }, configurable: true });
globalThis.self ??= globalThis;
// Iterator helpers that jax-js calls and Node 20 lacks.
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
iterators.map ??= function* (change) {
  for (const value of this) yield change(value);
};
iterators.filter ??= function* (keep) {
  for (const value of this) if (keep(value)) yield value;
};

const device = await openDevice();
const jax = await import('@jax-js/jax');
if (!(await jax.init('webgpu')).includes('webgpu')) throw new Error('jax-js has no WebGPU');
jax.defaultDevice('webgpu');
const tf = await import('@tensorflow/tfjs-core');
// Its relative imports lack extensions, which only require() completes.
createRequire(import.meta.url)('@tensorflow/tfjs-core/dist/register_all_gradients.js');
await import('@tensorflow/tfjs-backend-webgpu');
if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs has no WebGPU');
if (adapters.size !== 1) throw new Error(`the sides run on different adapters: ${[...adapters].join('; ')}`);

const { cases } = await import('./cases/index.mjs');
const { jaxJs, meganeura, tensorFlowJs } = await import('./sides.mjs');
const makers = {
  ours: meganeura,
  jax: (benchCase) => jaxJs(benchCase, jax),
  tf: (benchCase) => tensorFlowJs(benchCase, tf),
};

const wanted = values.only.split(',');
const measured = [];
if (!values.json) {
  console.log(device.describe());
  const what = clock === 'cpu' ? 'processor time of the whole process, ' : '';
  console.log(`${what}medians of ${rounds} rounds, and (in brackets) their middle half as a part of the median\n`);
  console.log(tableHead());
}
for (const benchCase of cases) {
  if (!wanted.some((part) => `${benchCase.family} ${benchCase.name}`.includes(part))) continue;
  const sides = {};
  for (const side of Object.keys(makers)) if (benchCase[side]) sides[side] = await makers[side](benchCase);
  await compare(benchCase, sides);
  const row = { family: benchCase.family, name: benchCase.name, ...(await measure(sides, { rounds, clock })) };
  for (const side of Object.values(sides)) side.dispose();
  measured.push(row);
  if (!values.json) console.log(rowOf(row));
}
if (values.json) console.log(JSON.stringify({ adapter: device.describe(), rounds, clock, cases: measured }, null, 1));
