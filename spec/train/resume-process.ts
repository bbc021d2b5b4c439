/**
 * Trains the perceptron of `npm run mnist` on some digits, or the transformer of `npm run example:characters`, tiny, on
 * some text, one after the other: `resume-process.ts <folder> [mnist] [characters]`. Each saves there every few steps and goes on from what is there. Says when each
 * step is about to be submitted, and of each model what its training came to; to be killed.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { CharacterModel, traceCharacters } from '../../examples/characters/model.js';
import { charactersOf, windowsOf } from '../../examples/characters/text.js';
import { readText } from '../../examples/finetune/text.js';
import { loadDigits, PIXELS, shifted } from '../../examples/mnist/digits.js';
import { Mlp, traceTraining } from '../../examples/mnist/model.js';
import { buildSession, manualSeed, type Session } from 'meganeura';
import { adamW, Batches, cosineSchedule, sgd, Trainer, type BatchSource } from 'meganeura/train';
import { checkpointNames } from '../../lib/train/checkpoint-folder.js';
import { bitsOf } from './checkpoint-models.js';

const EPOCHS = 3;
const say = (line: object) => console.log(JSON.stringify(line));

async function train<Feeds extends object>(name: string, session: Session<Feeds>, batches: BatchSource<Feeds>) {
  const folder = path.join(process.argv[2]!, name);
  const schedule = cosineSchedule({ learningRate: 0.05, totalSteps: 60 });
  const trainer = new Trainer(session, {
    epochs: EPOCHS,
    progress: false,
    learningRate: (step) => {
      say({ model: name, step });
      return schedule(step);
    },
    checkpoint: { folder, every: { steps: 4 } },
  });
  const names = await checkpointNames(folder);
  const { losses } = await trainer.fit(batches, names.length > 0 ? { resume: folder } : {});
  const bits = createHash('sha256').update(JSON.stringify(await bitsOf(session)));
  say({ model: name, losses, bits: bits.digest('hex') });
  session.dispose();
}

/** 7 batches an epoch, and a rest that is no whole batch. */
async function mnist() {
  const { training } = loadDigits();
  const [size, count] = [16, 7 * 16 + 5];
  // Digits of all classes: they lie one class behind the other.
  const picked = Array.from({ length: count }, (_, i) => Math.floor((i * training.labels.length) / count));
  const data = new Float32Array(count * PIXELS);
  picked.forEach((from, to) =>
    data.set(training.images.data.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS),
  );
  const labels = Int32Array.from(picked, (from) => training.labels[from]!);
  manualSeed(1);
  const session = await buildSession(traceTraining(new Mlp(), size), {
    optimizer: sgd({ learningRate: 0, momentum: 0.9 }),
  });
  const batches = new Batches(
    { images: { data, shape: [count, PIXELS] }, labels },
    { size, shuffle: true, seed: 1, transform: shifted },
  );
  await train('mnist', session, batches);
}

async function characters() {
  const text = await readText('examples/data/coriolanus.txt');
  const { alphabet, training } = charactersOf(text.slice(0, 500));
  manualSeed(1);
  const model = new CharacterModel({ alphabet: alphabet.length, window: 8, width: 16, layers: 2, heads: 2 });
  const session = await buildSession(traceCharacters(model, 8), { optimizer: adamW(), clip: { norm: 1 } });
  const batches = new Batches(windowsOf(training, 8, 8), { size: 8, shuffle: true, seed: 1 });
  await train('characters', session, batches);
}

const models = process.argv.slice(3);
if (models.includes('mnist')) await mnist();
if (models.includes('characters')) await characters();
