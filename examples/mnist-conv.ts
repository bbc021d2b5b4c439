/**
 * Trains a small convolutional network on handwritten digits, once for each seed, and says how many of those that it never
 * saw it knows: `npm run example:mnist-conv`, or `npm run example:mnist-conv -- --seeds 4 --epochs 2 --out folder`.
 * Writes the weights of each run and the learning curves of all to out/mnist-conv.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildSession, manualSeed } from 'meganeura';
import { saveParameters } from 'meganeura/hub';
import { Batches, cosineSchedule, lineChart, sgd, Trainer } from 'meganeura/train';
import { ConvNet, traceConvNet } from './mnist/convolutional.js';
import { loadDigits, shifted } from './mnist/digits.js';
import { curves, describeReport } from './mnist/show.js';
import { run } from './shared/run.js';
import { wholeNumber } from './shared/whole-number.js';

const BATCH = 64;
const LEARNING_RATE = 0.05;

await run(async (signal) => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      epochs: { type: 'string', default: '10' },
      out: { type: 'string', default: 'out/mnist-conv' },
    },
  });
  const seeds = values.seeds.split(',').map((seed) => wholeNumber('seeds', seed));
  const epochs = wholeNumber('epochs', values.epochs);
  const { out } = values;
  const digits = loadDigits();
  await fs.mkdir(out, { recursive: true });

  /** One run, from initial weights that follow from the seed, as do the order of the digits and their shifts. */
  const train = async (seed: number) => {
    manualSeed(seed);
    const graph = traceConvNet(new ConvNet(), BATCH);
    const optimizer = sgd({ learningRate: LEARNING_RATE, momentum: 0.9 });
    using session = await buildSession(graph, { optimizer, signal });
    if (seed === seeds[0])
      console.log(`${session.device.describe()}\n${describeReport(session.report(), session.memory())}`);
    const batches = new Batches(digits.training, { size: BATCH, shuffle: true, seed, transform: shifted });
    const totalSteps = epochs * Math.floor(batches.samples / BATCH);
    const trainer = new Trainer(session, {
      epochs,
      learningRate: cosineSchedule({ learningRate: LEARNING_RATE, totalSteps }),
    });
    const history = await trainer.fit(batches, { validation: new Batches(digits.test, { size: BATCH }), signal });
    await saveParameters(session, path.join(out, `seed-${seed}.safetensors`));
    const { accuracy } = history.epochs.at(-1)!.validation!;
    console.log(`seed ${seed}: ${percent(accuracy)} of ${digits.test.labels.length}, ${history.seconds.toFixed(1)} s`);
    return { history, accuracy };
  };

  const runs = [];
  for (const seed of seeds) runs.push({ name: `seed ${seed},`, ...(await train(seed)) });
  const histories = Object.fromEntries(runs.map(({ name, history }) => [name, history]));
  const picture = path.join(out, 'curves.svg');
  await fs.writeFile(picture, lineChart(curves('MNIST, convolutional', histories)));
  const mean = runs.reduce((sum, { accuracy }) => sum + accuracy, 0) / runs.length;
  console.log(`mean test accuracy: ${percent(mean)}; wrote ${picture}`);
});

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
