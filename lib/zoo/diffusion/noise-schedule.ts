import type { RandomStream } from '../../dsl/random.js';
import { ShapeError, ValueError } from '../../ir/errors.js';
import type { ConfigFields } from '../config-fields.js';

/** What a diffusion model's output means. */
export type PredictionType = 'epsilon' | 'sample' | 'v_prediction';

/** How the timesteps of a run are spread over those of training (table 2 of https://arxiv.org/abs/2305.08891). */
export type TimestepSpacing = 'leading' | 'linspace' | 'trailing';

/** What all schedulers read from diffusers' `scheduler_config.json`. */
export interface NoiseSchedule {
  /** Steps of training: timesteps are 0 … trainTimesteps − 1. */
  readonly trainTimesteps: number;
  /** ᾱ[t] = Π (1 − β[s]), s ≤ t: the share of the picture, squared, in the sample of timestep t. `[trainTimesteps]` */
  readonly alphasCumprod: Float64Array;
  readonly predictionType: PredictionType;
  readonly timestepSpacing: TimestepSpacing;
  /** Added to each timestep of 'leading'. */
  readonly stepsOffset: number;
  readonly rescaledToZeroSnr: boolean;
}

/** Fields by diffusers' names, with its values for those that a file leaves out; `spacing` is the scheduler's own. */
export function readNoiseSchedule(fields: ConfigFields, spacing: TimestepSpacing): NoiseSchedule {
  fields.onlyOff({ trained_betas: undefined });
  const trainTimesteps = fields.integer('num_train_timesteps', 1000, 1);
  const start = fields.number('beta_start', 0.0001);
  const end = fields.number('beta_end', 0.02);
  for (const [key, beta] of Object.entries({ beta_start: start, beta_end: end })) {
    if (beta <= 0 || beta >= 1) throw fields.refused(key, 'a number in (0, 1)');
  }
  const scaled = fields.oneOf('beta_schedule', ['linear', 'scaled_linear'], 'linear') === 'scaled_linear';
  const rescaledToZeroSnr = fields.boolean('rescale_betas_zero_snr', false);
  const betas = scaled
    ? linspace(Math.sqrt(start), Math.sqrt(end), trainTimesteps).map((root) => root * root)
    : linspace(start, end, trainTimesteps);
  let product = 1;
  const alphasCumprod = betas.map((beta) => (product *= 1 - beta));
  return {
    trainTimesteps,
    alphasCumprod: rescaledToZeroSnr ? zeroTerminalSnr(alphasCumprod) : alphasCumprod,
    predictionType: fields.oneOf('prediction_type', ['epsilon', 'sample', 'v_prediction'], 'epsilon'),
    timestepSpacing: fields.oneOf('timestep_spacing', ['leading', 'linspace', 'trailing'], spacing),
    stepsOffset: fields.integer('steps_offset', 0),
    rescaledToZeroSnr,
  };
}

/**
 * The timesteps of a run of `count` steps, from the noisiest on; whole numbers but for 'linspace'.
 * @throws {ValueError} For a count that is not in 1 … trainTimesteps, or when a timestep lies beyond those of training.
 */
export function spacedTimesteps(schedule: NoiseSchedule, count: number): Float64Array {
  const { trainTimesteps: total, timestepSpacing, stepsOffset } = schedule;
  if (!Number.isInteger(count) || count < 1 || count > total) {
    throw new ValueError(`setTimesteps: the number of steps must be a whole number in 1 … ${total}, got ${count}`);
  }
  const timesteps = Float64Array.from({ length: count }, (_, i) => {
    switch (timestepSpacing) {
      case 'linspace':
        return count === 1 ? 0 : ((total - 1) / (count - 1)) * (count - 1 - i);
      case 'leading':
        return Math.floor(total / count) * (count - 1 - i) + stepsOffset;
      case 'trailing':
        return roundHalfToEven(total - i * (total / count)) - 1;
    }
  });
  if (timesteps[0]! >= total) {
    throw new ValueError(
      `setTimesteps: ${count} steps and steps_offset ${stepsOffset} lead to timestep ${timesteps[0]!}, ` +
        `and training had ${total}: take fewer steps`,
    );
  }
  return timesteps;
}

/** To the nearest whole number, and from the middle to the even one: as NumPy does it. */
export function roundHalfToEven(x: number): number {
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** Standard normal noise, `[count]`, for initial latents and for steps with noise of their own. */
export function gaussianNoise(count: number, random: RandomStream): Float32Array {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new ValueError(`gaussianNoise: the number of values must be a whole number, at least 0, got ${count}`);
  }
  return Float32Array.from({ length: count }, () => random.normal());
}

/** @throws {ShapeError} When an array is not as long as the sample. */
export function checkLength(what: string, name: string, array: ArrayLike<number>, sample: ArrayLike<number>): void {
  if (array.length !== sample.length) {
    throw new ShapeError(
      `${what}: ${name} has ${array.length} values and the sample ${sample.length}: they must be alike`,
    );
  }
}

function linspace(start: number, end: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    count === 1 ? start : start + ((end - start) / (count - 1)) * i,
  );
}

/** √ᾱ moved and stretched so that its last is 0 and its first stays (algorithm 1 of https://arxiv.org/abs/2305.08891). */
function zeroTerminalSnr(alphasCumprod: Float64Array): Float64Array {
  const roots = alphasCumprod.map(Math.sqrt);
  const [first, last] = [roots[0]!, roots.at(-1)!];
  if (first === last) return alphasCumprod;
  return roots.map((root) => (((root - last) * first) / (first - last)) ** 2);
}
