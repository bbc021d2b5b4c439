/**
 * Trains a small network on handwritten digits: `npm run mnist`, or `npm run mnist -- --epochs 5 --seed 2 --json`.
 * Writes the weights to out/mnist.safetensors and the learning curves to out/mnist.svg.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildInferenceSession, buildSession, manualSeed, MeganeuraError } from 'meganeura';
import { loadParameters, saveParameters } from 'meganeura/hub';
import { Batches, indexOfMax, lineChart, sgd, Trainer } from 'meganeura/train';
import { CLASSES, loadDigits, PIXELS, shifted, type Digits } from './mnist/digits.js';
import { Mlp, traceInference, traceTraining } from './mnist/model.js';
import { bytesWithoutReuse, curves, describeReport, drawDigits } from './mnist/show.js';
import { wholeNumber } from './shared/whole-number.js';

const BATCH = 64;
const LEARNING_RATE = 0.1;
const OUT = fileURLToPath(new URL('../out/', import.meta.url));

async function main({ seed, epochs, json, out }: Arguments): Promise<void> {
  const start = performance.now();
  const weights = path.join(out, 'mnist.safetensors');
  const picture = path.join(out, 'mnist.svg');
  const say = (text: string) => {
    if (!json) console.log(text);
  };

  const { training, test } = loadDigits();
  manualSeed(seed);
  const model = new Mlp();
  const session = await buildSession(traceTraining(model, BATCH), {
    optimizer: sgd({ learningRate: LEARNING_RATE, momentum: 0.9 }),
  });
  const [report, memory] = [session.report(), session.memory()];
  say(session.device.describe());
  say(describeReport(report, memory));

  const batches = new Batches(training, { size: BATCH, shuffle: true, seed, transform: shifted });
  const validation = new Batches(test, { size: BATCH });
  const stepsPerEpoch = Math.floor(training.labels.length / BATCH);
  const trainer = new Trainer(session, {
    epochs,
    // A half cosine, from the optimizer's rate down to 0 (Loshchilov and Hutter 2017).
    learningRate: (step) => (LEARNING_RATE / 2) * (1 + Math.cos((Math.PI * step) / (epochs * stepsPerEpoch))),
    progress: !json && { lines: true },
  });
  const history = await trainer.fit(batches, { validation });
  const accuracy = history.epochs.at(-1)!.validation!.accuracy;
  say(`test accuracy: ${(100 * accuracy).toFixed(2)} % of ${test.labels.length} digits it never saw`);

  await fs.mkdir(out, { recursive: true });
  await saveParameters(session, weights);
  await fs.writeFile(picture, lineChart(curves('MNIST, 784-128-10', { '': history })));
  session.dispose();
  say(
    `wrote ${path.relative('.', weights)} and ${path.relative('.', picture)}; guesses of the weights in that file:\n`,
  );
  say(await guessTen(model, weights, test));

  if (!json) return;
  const steps = history.epochs.reduce((sum, epoch) => sum + epoch.steps, 0);
  const trainingSeconds = history.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const result = {
    adapter: session.device.describe(),
    accuracy,
    seconds: (performance.now() - start) / 1000,
    millisecondsPerStep: (1000 * trainingSeconds) / steps,
    dispatches: report.dispatches,
    nodesBefore: report.nodesBefore,
    nodesAfter: report.nodesAfter,
    bytes: memory.total,
    bytesWithoutReuse: bytesWithoutReuse(memory),
  };
  console.log(JSON.stringify(result));
}

/** Reads the weights back from the file, and lets them look at one digit of each class. */
async function guessTen(model: Mlp, weights: string, { images, labels }: Digits): Promise<string> {
  const shown = new Float32Array(CLASSES * PIXELS);
  for (let label = 0; label < CLASSES; label++) {
    const at = labels.indexOf(label) * PIXELS;
    shown.set(images.data.subarray(at, at + PIXELS), label * PIXELS);
  }
  using session = await buildInferenceSession(traceInference(model, CLASSES));
  await loadParameters(session, weights);
  session.step({ images: shown });
  const logits = await session.read('logits');
  const captions = Array.from({ length: CLASSES }, (_, label) => {
    const guess = indexOfMax(logits.subarray(label * CLASSES, (label + 1) * CLASSES));
    return `→ ${guess}${guess === label ? '' : `, is ${label}`}`;
  });
  return drawDigits(shown, captions);
}

interface Arguments {
  readonly seed: number;
  readonly epochs: number;
  readonly json: boolean;
  /** The folder to write to. */
  readonly out: string;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      epochs: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
      out: { type: 'string', default: OUT },
    },
  });
  const { seed, epochs, json, out } = values;
  return { seed: wholeNumber('seed', seed), epochs: wholeNumber('epochs', epochs), json, out };
}

try {
  await main(readArguments());
} catch (error) {
  // What the library threw on purpose says what to do; a stack would only hide it.
  console.error(error instanceof MeganeuraError ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
}
