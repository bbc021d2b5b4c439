/**
 * Times a training step of the MNIST perceptron (784-128-10, SGD with momentum) with meganeura and with jax-js, in one
 * process on one adapter:
 *
 *     cd bench/mnist && npm ci && npm start [-- --rounds 15 --read-every 10 --upload]
 *
 * Both start from the same weights and see the same digits; their losses are compared. Runs alternate, because the
 * machine may slow down while they go on; times are medians. `--upload` feeds every step anew.
 */
import { parseArgs } from 'node:util';
import { globals } from 'webgpu';
import { loadDigits } from '../../examples/mnist/digits.ts';
import { openNodeGPU } from '../../lib/backend/device/node.ts';
import { openDevice, RandomStream } from '../../lib/index.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    steps: { type: 'string', default: '20' },
    'read-every': { type: 'string', default: '10' },
    upload: { type: 'boolean', default: false },
  },
});
const [rounds, steps, readEvery] = [values.rounds, values.steps, values['read-every']].map(Number);
const { upload } = values;

// Before jax-js is imported: it looks for these when it starts.
Object.assign(globalThis, globals);
const gpu = await openNodeGPU();
Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
globalThis.self ??= globalThis;
const device = await openDevice();
const { jaxJs } = await import('./jax.mjs');
const { meganeura } = await import('./ours.mjs');

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** `count` digits of all classes, in random order. */
function batchOf(count, random) {
  const { training } = loadDigits();
  const rows = Array.from({ length: count }, () => Math.floor(random.uniform() * training.labels.length));
  const images = new Float32Array(count * 784);
  rows.forEach((row, i) => images.set(training.images.data.subarray(row * 784, (row + 1) * 784), i * 784));
  return { images, labels: Int32Array.from(rows, (row) => training.labels[row]) };
}

function initialWeights(random) {
  const uniform = (count, bound) => Float32Array.from({ length: count }, () => (2 * random.uniform() - 1) * bound);
  return {
    'hidden.weight': uniform(128 * 784, 1 / 28),
    'hidden.bias': uniform(128, 1 / 28),
    'output.weight': uniform(10 * 128, 1 / Math.sqrt(128)),
    'output.bias': uniform(10, 1 / Math.sqrt(128)),
  };
}

/** Milliseconds a step; the loss is read after every `readEvery` steps, which waits for them. */
async function timeSteps(trainer) {
  const start = performance.now();
  for (let step = 1; step <= steps; step++) {
    trainer.step();
    if (step % readEvery === 0) await trainer.loss();
  }
  await trainer.loss();
  return (performance.now() - start) / steps;
}

console.log(device.describe());
console.log(
  `medians of ${rounds} runs of ${steps} steps, the loss read every ${readEvery} steps, ` +
    (upload ? 'a batch uploaded each step' : 'one batch, on the device'),
);
for (const batch of [32, 128]) {
  const random = new RandomStream(1, 0);
  const settings = {
    ...batchOf(batch, random),
    batch,
    initial: initialWeights(random),
    learningRate: 0.01,
    momentum: 0.9,
    upload,
  };
  const trainers = { meganeura: await meganeura(settings), 'jax-js': await jaxJs(settings) };
  const times = { meganeura: [], 'jax-js': [] };
  const losses = {};
  for (const [name, trainer] of Object.entries(trainers)) {
    await timeSteps(trainer);
    losses[name] = await trainer.loss();
  }
  const difference = Math.abs(losses['meganeura'] - losses['jax-js']);
  if (!(difference < 1e-4))
    throw new Error(`not the same model: losses ${JSON.stringify(losses)} after ${steps} steps`);
  for (let round = 0; round < rounds; round++) {
    for (const [name, trainer] of Object.entries(trainers)) times[name].push(await timeSteps(trainer));
  }
  const [ours, theirs] = [median(times['meganeura']), median(times['jax-js'])];
  console.log(
    `batch ${String(batch).padStart(3)}: meganeura ${ours.toFixed(2)} ms, jax-js ${theirs.toFixed(2)} ms a step: ` +
      `${(theirs / ours).toFixed(2)} times as fast (both have loss ${losses['meganeura'].toFixed(4)} after ${steps} steps)`,
  );
  for (const trainer of Object.values(trainers)) trainer.dispose();
}
