/**
 * What a training step takes beyond the sum of its kernels, and what that is made of:
 *
 *     npx tsx bench/overhead/measure.ts [--steps 60] [--models mnist,characters]
 *
 * Trains the models of `npm run mnist` and `npm run example:characters` by a `Trainer` on their data, once without a profiler
 * for the time of a step, and once with one. From the trace: kernels; the device idle between kernels of a step; idle
 * between steps, by what the main thread did meanwhile; and the main thread's own time in `step()`.
 */
import { parseArgs } from 'node:util';
import { buildSession, manualSeed, type Session } from 'meganeura';
import { Profiler } from 'meganeura/profile';
import { adamW, Batches, sgd, Trainer, type BatchSource } from 'meganeura/train';
import { CharacterModel, traceCharacters } from '../../examples/characters/model.js';
import { charactersOf, windowsOf } from '../../examples/characters/text.js';
import { readText } from '../../examples/finetune/text.js';
import { loadDigits, PIXELS, shifted } from '../../examples/mnist/digits.js';
import { Mlp, traceTraining } from '../../examples/mnist/model.js';
import { wholeNumber } from '../../examples/shared/whole-number.js';
import { readTrace } from '../../lib/profile/read-trace.js';
import { summarize } from '../../lib/profile/summary.js';

interface Model {
  readonly build: (profile?: Profiler) => Promise<Session>;
  readonly data: (steps: number) => Promise<BatchSource<never>>;
}

const models: Record<string, Model> = {
  mnist: {
    build: (profile) => {
      manualSeed(1);
      const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
      return buildSession(traceTraining(new Mlp(), 64), { optimizer, ...(profile && { profile }) });
    },
    data: (steps) => {
      const { images, labels } = loadDigits().training;
      const count = 64 * steps;
      const columns = {
        images: { data: images.data.subarray(0, count * PIXELS), shape: [count, PIXELS] },
        labels: labels.subarray(0, count),
      };
      const batches = new Batches(columns, { size: 64, shuffle: true, seed: 1, transform: shifted });
      return Promise.resolve(batches as BatchSource<never>);
    },
  },
  characters: {
    build: (profile) => {
      manualSeed(1);
      const model = new CharacterModel({ alphabet: 61, window: 32, width: 64, layers: 2, heads: 4 });
      const options = { optimizer: adamW({ learningRate: 5e-3 }), clip: { norm: 1 } };
      return buildSession(traceCharacters(model, 16), { ...options, ...(profile && { profile }) });
    },
    data: async (steps) => {
      const { training } = charactersOf(await readText('examples/data/coriolanus.txt'));
      const windows = windowsOf(training.subarray(0, 16 * 32 * steps + 1), 32, 16);
      return new Batches(windows, { size: 16, shuffle: true, seed: 1 }) as BatchSource<never>;
    },
  },
};

/** Milliseconds a step, after one epoch that lets all come to its pace. */
async function train(session: Session, batches: BatchSource<never>, steps: number): Promise<number> {
  const { epochs } = await new Trainer(session, { epochs: 2, progress: false }).fit(batches);
  return (1000 * epochs[1]!.seconds) / steps;
}

async function measure({ build, data }: Model, steps: number) {
  const batches = await data(steps);
  using plain = await build();
  const milliseconds = await train(plain, batches, steps);
  const profile = new Profiler();
  using profiled = await build(profile);
  const withProfiler = await train(profiled, batches, steps);
  const { devices, host } = summarize(readTrace(await profile.bytes()));
  const { kernels, steps: recorded, span, busy, gaps, meanwhile } = devices[0]!;
  const perStep = (nanoseconds: number) => nanoseconds / 1e6 / recorded.length;
  const within = gaps.filter(({ isWithinStep }) => isWithinStep).reduce((sum, { begin, end }) => sum + end - begin, 0);
  const step = host.find(({ name }) => name === 'step');
  return {
    adapter: plain.device.describe(),
    'kernels a step': kernels.length / recorded.length,
    'dispatches a step': plain.report().dispatches,
    'step without profiler, ms': milliseconds,
    'step with profiler, ms': withProfiler,
    'in kernels, ms': perStep(busy),
    'idle within steps, ms': perStep(within),
    'idle between steps, ms': perStep(span - busy - within),
    'beyond the kernels, %': (100 * (span - busy)) / span,
    'idle between steps, by what the main thread did, ms': Object.fromEntries(
      meanwhile.map(({ name, time }) => [name, perStep(time)]),
    ),
    'main thread in step(), ms': step ? step.time / 1e6 / step.count : 0,
  };
}

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '60' }, models: { type: 'string', default: 'mnist,characters' } },
});
for (const name of values.models.split(',')) {
  const model = models[name];
  if (!model) throw new Error(`--models: there is no ${name}, only ${Object.keys(models).join(', ')}`);
  console.log(name, await measure(model, wholeNumber('steps', values.steps)));
}
