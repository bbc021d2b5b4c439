import { checkedOptions, describeValue } from '../../dsl/emit.js';
import { RandomStream } from '../../dsl/random.js';
import { ShapeError, UsageError, ValueError } from '../../ir/errors.js';
import { showShape } from '../../ir/shape.js';
import { gaussianNoise } from '../diffusion/noise-schedule.js';
import type { Scheduler } from '../diffusion/scheduler.js';
import { RUN_OPTIONS, type RunOptions } from '../session-pool.js';
import type { UNetConfig } from './config.js';

/** Values with their shape, row-major. */
export interface ShapedValues {
  /** Row-major. */
  readonly data: Float32Array;
  /** [] for a scalar. */
  readonly shape: readonly number[];
}

/** Where a denoising run is. */
export interface DenoiseStep {
  /** Steps that are done, from 1. */
  readonly step: number;
  /** How many there are in all. */
  readonly steps: number;
  /** The timestep that was left. */
  readonly timestep: number;
  /** The latents now, [B, C, H, W]. */
  readonly latents: Float32Array;
  /** What the model takes for the latents without noise, [B, C, H, W]. */
  readonly predicted: Float32Array;
}

/** Options of `StableDiffusionUNet.denoise`. */
export interface DenoiseOptions extends RunOptions {
  /** The text encoder's output for the prompt of every picture, [B, S, crossAttentionDim]. */
  readonly prompt: ShapedValues;
  /**
   * What guidance leads away from: as `prompt`, mostly for empty texts; one, [1, S, crossAttentionDim], stands for all.
   * Needed where `guidanceScale` is above 1.
   */
  readonly negativePrompt?: ShapedValues | undefined;
  /** How noise is taken away: a DDIMScheduler or an EulerDiscreteScheduler. Its timesteps are set, so each run needs its own. */
  readonly scheduler: Scheduler;
  /** Default 50. */
  readonly steps?: number | undefined;
  /**
   * How far to go from the noise seen with the negative prompt to that seen with the prompt, and beyond (Ho and Salimans
   * 2022, arXiv:2207.12598). At 1 or less there is no guidance, and a step costs half. Default 7.5.
   */
  readonly guidanceScale?: number | undefined;
  /** Of the latents, an eighth of the picture's. Default: what the model was trained on. */
  readonly height?: number | undefined;
  /** Of the latents, an eighth of the picture's. Default: what the model was trained on. */
  readonly width?: number | undefined;
  /** Of the noise to start from. Default 0. */
  readonly seed?: number | undefined;
  /** That noise itself, [B, C, H, W], of standard deviation 1, in place of `seed`. */
  readonly noise?: Float32Array | undefined;
  /** Called after each step, and waited for. */
  readonly onStep?: ((step: DenoiseStep) => void | Promise<void>) | undefined;
  /** Ends the run between two steps, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const OPTIONS = [
  ...RUN_OPTIONS,
  'prompt',
  'negativePrompt',
  'scheduler',
  'steps',
  'guidanceScale',
  'height',
  'width',
  'seed',
  'noise',
  'onStep',
  'signal',
] as const satisfies readonly (keyof DenoiseOptions)[];

/** What a run works with, checked. */
export interface DenoisePlan {
  /** Pictures. */
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** How many sequences the model sees in a step: with guidance twice the pictures, those of the negative prompt first. */
  readonly rows: number;
  /** Their text, [rows, tokens, crossAttentionDim]. */
  readonly text: ShapedValues;
  /** Noise of standard deviation 1 to start from, [batch, C, H, W]. */
  readonly noise: Float32Array;
  readonly guidanceScale: number;
}

/** The model's answer for `rows` samples [rows, C, H, W] at a timestep. */
export type NoiseModel = (sample: Float32Array, timestep: number) => Promise<Float32Array>;

/**
 * Checks the options of a run, sets the scheduler's timesteps, and draws the noise.
 * @throws {NameError} For options that there are not. @throws {ShapeError} For values that do not fit the model.
 * @throws {ValueError} For numbers out of range. @throws {UsageError} For a negative prompt that is missing.
 */
export function planDenoising(config: UNetConfig, options: DenoiseOptions): DenoisePlan {
  checkedOptions('denoise', OPTIONS, options);
  const { inChannels, outChannels, levels, sampleSize } = config;
  if (inChannels !== outChannels) {
    const needed = `this one takes ${inChannels} channels and gives ${outChannels}`;
    throw new UsageError(`denoise: the model must give as many channels as it takes; ${needed}: call forward yourself`);
  }
  const { guidanceScale = 7.5, seed = 0, scheduler, steps = 50 } = options;
  if (!Number.isFinite(guidanceScale)) {
    throw new ValueError(`denoise: guidanceScale must be a finite number, got ${describeValue(guidanceScale)}`);
  }
  if (!Number.isInteger(seed)) throw new ValueError(`denoise: seed must be a whole number, got ${describeValue(seed)}`);
  const height = sizeOf('height', options.height ?? sampleSize?.[0]);
  const width = sizeOf('width', options.width ?? sampleSize?.[1]);
  const features = levels[0]!.crossAttentionDim;
  const prompt = checkedText('prompt', options.prompt, features);
  const batch = prompt.shape[0]!;
  const guided = guidanceScale > 1;
  const text = guided ? joined(checkedNegative(options, prompt, features), prompt) : prompt;
  const shape = [batch, inChannels, height, width];
  const count = shape.reduce((product, size) => product * size, 1);
  const noise = options.noise ?? gaussianNoise(count, new RandomStream(seed >>> 0, 0));
  if (noise.length !== count) {
    throw new ShapeError(`denoise: noise must have the ${count} values of ${showShape(shape)}, got ${noise.length}`);
  }
  scheduler.setTimesteps(steps);
  return { batch, height, width, rows: text.shape[0]!, text, noise, guidanceScale };
}

/** The loop over the scheduler's timesteps; gives the latents without noise, [batch, C, H, W]. */
export async function runDenoising(
  model: NoiseModel,
  plan: DenoisePlan,
  { scheduler, onStep, signal }: DenoiseOptions,
): Promise<Float32Array> {
  const { initNoiseSigma, timesteps } = scheduler;
  let latents: Float32Array = plan.noise.map((value) => value * initNoiseSigma);
  for (const [i, timestep] of timesteps.entries()) {
    signal?.throwIfAborted();
    const scaled = scheduler.scaleModelInput(latents, timestep);
    const output = await model(repeated(scaled, plan.rows / plan.batch), timestep);
    const step = scheduler.step(guided(output, plan), timestep, latents);
    latents = step.prevSample;
    await onStep?.({ step: i + 1, steps: timesteps.length, timestep, latents, predicted: step.predOriginalSample });
  }
  return latents;
}

/** negative + scale·(positive − negative), of the two halves of the model's output. */
function guided(output: Float32Array, { rows, batch, guidanceScale }: DenoisePlan): Float32Array {
  if (rows === batch) return output;
  const half = output.length / 2;
  return Float32Array.from({ length: half }, (_, i) => {
    return output[i]! + guidanceScale * (output[half + i]! - output[i]!);
  });
}

function repeated(values: Float32Array, times: number): Float32Array {
  const result = new Float32Array(times * values.length);
  for (let copy = 0; copy < times; copy++) result.set(values, copy * values.length);
  return result;
}

function checkedNegative(options: DenoiseOptions, prompt: ShapedValues, features: number): ShapedValues {
  if (options.negativePrompt === undefined) {
    throw new UsageError(
      'denoise: guidance needs negativePrompt, the embeddings of the empty prompt; without it set guidanceScale to 1',
    );
  }
  const negative = checkedText('negativePrompt', options.negativePrompt, features);
  const [batch, tokens] = prompt.shape as [number, number];
  const [rows, length] = negative.shape as [number, number];
  if ((rows !== batch && rows !== 1) || length !== tokens) {
    const expected = `${showShape(prompt.shape)} as prompt${batch === 1 ? '' : `, or ${showShape([1, tokens, features])}`}`;
    throw new ShapeError(`denoise: negativePrompt must be ${expected}, got ${showShape(negative.shape)}`);
  }
  return { data: repeated(negative.data, batch / rows), shape: prompt.shape };
}

/** Plain JavaScript may give anything. */
function checkedText(name: string, given: ShapedValues | undefined, features: number): ShapedValues {
  const expected = `[pictures, tokens, ${features}] with its data in a Float32Array`;
  if (!(given?.data instanceof Float32Array) || !Array.isArray(given.shape)) {
    throw new ShapeError(`denoise: ${name} must be { data, shape } of ${expected}, got ${describeValue(given)}`);
  }
  const { data, shape } = given;
  const fits = shape.length === 3 && shape.every((size) => Number.isSafeInteger(size) && size >= 1);
  if (!fits || shape[2] !== features || data.length !== shape.reduce((product, size) => product * size, 1)) {
    const got = `${showShape(shape)} with ${data.length} values`;
    throw new ShapeError(`denoise: ${name} must be ${expected}, got ${got}`);
  }
  return given;
}

/** Both, one after the other along the batch. */
function joined(first: ShapedValues, second: ShapedValues): ShapedValues {
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { data, shape: [first.shape[0]! + second.shape[0]!, ...first.shape.slice(1)] };
}

function sizeOf(name: string, size: number | undefined): number {
  if (size === undefined) {
    throw new UsageError(`denoise: give ${name}: the model's configuration has no sample_size to take it from`);
  }
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new ValueError(`denoise: ${name} must be a whole number of at least 1, got ${describeValue(size)}`);
  }
  return size;
}
