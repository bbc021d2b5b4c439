/**
 * Takes the noise from latents, and shows how:
 *
 *     npm run example:denoise -- stable-diffusion-v1-5/stable-diffusion-v1-5
 *
 * Writes out/denoise.png, from left to right latents on their way (above) and what the model takes for the picture in
 * them (below), out/denoise.safetensors, the latents at the end, and where the repository has a decoder (`vae`)
 * out/denoise-picture.png. `--scheduler euler`, `--steps 20`, `--guidance 5`,
 * `--seed 3`, `--size 32` (of the latents) and `--out folder` do what they say. `--text file.safetensors` has the
 * embeddings `prompt` and `negative`, [1, tokens, features], of a text encoder; without it noise stands for them.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from 'meganeura';
import { openRepository, saveSafetensors } from 'meganeura/hub';
import {
  DDIMScheduler,
  encodePng,
  EulerDiscreteScheduler,
  latentPicture,
  StableDiffusionDecoder,
  StableDiffusionUNet,
  type DenoiseStep,
} from 'meganeura/zoo';
import { contactSheet } from './denoise/sheet.js';
import { madeUpTexts, readTexts } from './denoise/text.js';
import { Bar } from './shared/bar.js';
import { downloadBar } from './shared/download.js';
import { run } from './shared/run.js';

/** How noise grew in the training of Stable Diffusion, for repositories that do not say. */
const NOISE = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  clip_sample: false,
  set_alpha_to_one: false,
  steps_offset: 1,
};
const SCHEDULERS = { ddim: DDIMScheduler, euler: EulerDiscreteScheduler };
/** Pictures beside each other, at most, and how wide one is, at least. */
const COLUMNS = 8;
const PIXELS = 128;

await run(async (signal) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      scheduler: { type: 'string', default: 'ddim' },
      steps: { type: 'string', default: '20' },
      guidance: { type: 'string', default: '7.5' },
      seed: { type: 'string', default: '0' },
      size: { type: 'string' },
      text: { type: 'string' },
      out: { type: 'string', default: 'out' },
    },
  });
  const [name] = positionals;
  if (name === undefined) throw new UsageError('npm run example:denoise -- <repository or folder>');
  const kind = Object.entries(SCHEDULERS).find(([known]) => known === values.scheduler)?.[1];
  if (!kind) throw new UsageError(`--scheduler is ${Object.keys(SCHEDULERS).join(' or ')}, got '${values.scheduler}'`);

  const download = downloadBar();
  const model = await StableDiffusionUNet.fromPretrained(name, { onProgress: download.onProgress, signal }).finally(
    download.end,
  );
  const repository = await openRepository(name, { signal });
  const config = 'scheduler/scheduler_config.json';
  const scheduler = kind.fromConfig(repository.has(config) ? await repository.json(config, { signal }) : NOISE);

  const seed = Number(values.seed);
  const texts =
    values.text === undefined
      ? madeUpTexts(model.config.levels[0]!.crossAttentionDim, seed)
      : await readTexts(values.text);
  if (values.text === undefined) console.error('noise stands for the prompt: --text gives embeddings of one');

  const bar = new Bar();
  const seen: DenoiseStep[] = [];
  const start = performance.now();
  let first = start;
  const size = values.size === undefined ? undefined : Number(values.size);
  const { data, shape } = await model
    .denoise({
      ...texts,
      scheduler,
      steps: Number(values.steps),
      guidanceScale: Number(values.guidance),
      seed,
      height: size,
      width: size,
      signal,
      onStep: (step) => {
        seen.push(step);
        // The first step has the compilation in it.
        if (step.step === 1) first = performance.now();
        const left = ((performance.now() - first) / Math.max(1, step.step - 1)) * (step.steps - step.step);
        const text = step.step === 1 ? '' : `, ${Math.ceil(left / 1000)} s left`;
        bar.draw('denoising', step.step / step.steps, `${step.step} of ${step.steps}${text}`);
      },
    })
    .finally(() => bar.end());

  await fs.mkdir(values.out, { recursive: true });
  const tile = shape.slice(1) as [number, number, number];
  const shown = spread(seen, COLUMNS);
  const rows = [
    shown.map(({ latents }) => latentPicture(latents, tile)),
    shown.map(({ predicted }) => latentPicture(predicted, tile)),
  ];
  const [sheet, latents, picture] = ['denoise.png', 'denoise.safetensors', 'denoise-picture.png'].map((file) =>
    path.join(values.out, file),
  ) as [string, string, string];
  await fs.writeFile(sheet, await encodePng(contactSheet(rows, Math.ceil(PIXELS / tile[2]))));
  await saveSafetensors(latents, { latents: { data, shape } });
  model.dispose();
  const written = [sheet, latents];
  if (repository.has('vae/config.json')) {
    const decoder = await StableDiffusionDecoder.fromPretrained(name, {
      onProgress: download.onProgress,
      signal,
    }).finally(download.end);
    const [decoded] = await decoder.decode({ data, shape }, { signal });
    await fs.writeFile(picture, await encodePng(decoded!));
    decoder.dispose();
    written.push(picture);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${seen.length} steps in ${seconds} s, compilation included; wrote ${written.join(', ')}`);
});

/** At most `count` of them, the first and the last among them, at equal distances. */
function spread<T>(all: readonly T[], count: number): T[] {
  const last = Math.min(count, all.length) - 1;
  return Array.from({ length: last + 1 }, (_, i) => all[last === 0 ? 0 : Math.round((i * (all.length - 1)) / last)]!);
}
