/**
 * Trains a small transformer to write a text character by character, and compares it with what the best model that sees one
 * character only could do:
 *
 *     npm run example:characters -- my-text.txt
 *
 * Without a file it learns examples/data/coriolanus.txt. Ctrl-C saves; `--resume` goes on from there, or after a crash from
 * the checkpoint before it. `--epochs 2`, `--learning-rate 5e-3`, `--seed 1`, `--length 300` (characters that it writes),
 * `--temperature 0.8` and `--out folder` do what they say. Writes checkpoints and the learning curve to out/characters.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { buildSession, manualSeed } from 'meganeura';
import { adamW, Batches, cosineSchedule, lineChart, Trainer } from 'meganeura/train';
import { CharacterModel, traceCharacters } from './characters/model.js';
import { learningCurve, write } from './characters/show.js';
import { bigramEntropy, charactersOf, windowsOf } from './characters/text.js';
import { readText } from './finetune/text.js';
import { run } from './shared/run.js';
import { wholeNumber } from './shared/whole-number.js';

const BATCH = 16;
const WINDOW = 32;
const TEXT = fileURLToPath(new URL('data/coriolanus.txt', import.meta.url));

await run(async (signal) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      resume: { type: 'boolean', default: false },
      epochs: { type: 'string', default: '2' },
      'learning-rate': { type: 'string', default: '5e-3' },
      seed: { type: 'string', default: '1' },
      length: { type: 'string', default: '300' },
      temperature: { type: 'string', default: '0.8' },
      out: { type: 'string', default: 'out/characters' },
    },
  });
  const [epochs, seed, length] = (['epochs', 'seed', 'length'] as const).map((name) =>
    wholeNumber(name, values[name]),
  ) as [number, number, number];
  const learningRate = Number(values['learning-rate']);
  const { alphabet, training, heldOut } = charactersOf(await readText(positionals[0] ?? TEXT));

  manualSeed(seed);
  const model = new CharacterModel({ alphabet: alphabet.length, window: WINDOW, width: 64, layers: 2, heads: 4 });
  using session = await buildSession(traceCharacters(model, BATCH), {
    optimizer: adamW({ learningRate, weightDecay: 0.01 }),
    clip: { norm: 1 },
    signal,
  });
  const bound = bigramEntropy(heldOut, alphabet.length);
  console.log(
    `${session.device.describe()}\n${training.length} characters to learn, ${heldOut.length} held out, ${alphabet.length} ` +
      `different; ${model.parameterCount()} parameters; bigram entropy of the held-out part: ${bound.toFixed(3)} nats`,
  );

  const batches = new Batches(windowsOf(training, WINDOW, BATCH), { size: BATCH, shuffle: true, seed });
  const validation = new Batches(windowsOf(heldOut, WINDOW, 1), { size: BATCH });
  const totalSteps = epochs * Math.floor(batches.samples / BATCH);
  const checkpoints = path.join(values.out, 'checkpoints');
  const trainer = new Trainer(session, {
    epochs,
    learningRate: cosineSchedule({ learningRate, warmupSteps: Math.floor(totalSteps / 20), totalSteps }),
    checkpoint: { folder: checkpoints, every: { steps: 100 } },
  });
  const history = await trainer.fit(batches, { validation, signal, ...(values.resume ? { resume: checkpoints } : {}) });

  const { loss } = history.epochs.at(-1)!.validation!;
  const picture = path.join(values.out, 'curve.svg');
  await fs.writeFile(picture, lineChart(learningCurve(history, bound)));
  console.log(
    await write(model, session, {
      alphabet,
      first: heldOut[0]!,
      length,
      temperature: Number(values.temperature),
      seed,
    }),
  );
  console.log(
    `\nheld-out loss ${loss.toFixed(3)} nats a character, bigram entropy ${bound.toFixed(3)}; ` +
      `${history.losses.length} steps, ${history.seconds.toFixed(1)} s; wrote ${picture}`,
  );
});
