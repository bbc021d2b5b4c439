import type { RandomStream } from '../../dsl/random.js';
import { UsageError, ValueError } from '../../ir/errors.js';
import { ConfigFields } from '../config-fields.js';
import {
  checkLength,
  gaussianNoise,
  readNoiseSchedule,
  roundHalfToEven,
  spacedTimesteps,
  type NoiseSchedule,
} from './noise-schedule.js';
import type { Scheduler, SchedulerStep } from './scheduler.js';

/** What {@link DDIMScheduler.step} can be told. */
export interface DDIMStepOptions {
  /** Share of the noise of DDPM that each step adds: 0 (default) is deterministic, 1 is DDPM. */
  readonly eta?: number;
  /** Where the noise of `eta` comes from. */
  readonly random?: RandomStream;
  /** The noise of `eta` itself, `[sample.length]`, instead of `random`. */
  readonly noise?: Float32Array;
}

/**
 * Denoising diffusion implicit models (Song et al. 2020, https://arxiv.org/abs/2010.02502, formulas 12 and 16), as
 * diffusers' `DDIMScheduler`. Samples are arrays of any shape; sums are made in f64.
 */
export class DDIMScheduler implements Scheduler {
  /** The first sample is noise of this standard deviation. */
  readonly initNoiseSigma = 1;
  readonly #schedule: NoiseSchedule;
  /** ᾱ before the first timestep. */
  readonly #finalAlpha: number;
  /** x₀ is kept within ±this. */
  readonly #clip: number;
  #timesteps: Float64Array = new Float64Array();

  /** Use {@link DDIMScheduler.fromConfig}. */
  private constructor(schedule: NoiseSchedule, finalAlpha: number, clip: number) {
    this.#schedule = schedule;
    this.#finalAlpha = finalAlpha;
    this.#clip = clip;
  }

  /**
   * From a `scheduler_config.json`, that of another scheduler as well: what DDIM does not use is left alone.
   * @throws {ConfigError} For values that are out of range, or that only diffusers knows.
   */
  static fromConfig(config: unknown, name = 'scheduler_config.json'): DDIMScheduler {
    const fields = new ConfigFields(config, name);
    fields.onlyOff({ thresholding: false });
    const schedule = readNoiseSchedule(fields, 'leading');
    if (schedule.rescaledToZeroSnr && schedule.predictionType === 'epsilon') {
      throw fields.refused('rescale_betas_zero_snr', 'false, since no picture follows from noise alone (epsilon)');
    }
    const toOne = fields.boolean('set_alpha_to_one', true);
    const clip = fields.boolean('clip_sample', true) ? fields.number('clip_sample_range', 1) : Infinity;
    return new DDIMScheduler(schedule, toOne ? 1 : schedule.alphasCumprod[0]!, clip);
  }

  /** Whole numbers, from the noisiest on; empty before {@link setTimesteps}. */
  get timesteps(): Float64Array {
    return this.#timesteps;
  }

  /**
   * Spaces `count` steps over the timesteps of training.
   * @throws {ValueError} For a number of steps that the schedule of training does not have.
   */
  setTimesteps(count: number): void {
    this.#timesteps = spacedTimesteps(this.#schedule, count).map(roundHalfToEven);
  }

  /** The sample itself: DDIM's are as the model wants them. */
  scaleModelInput(sample: Float32Array): Float32Array {
    return sample;
  }

  /**
   * The sample of the timestep before, from the model's output at this one. All arrays are of one length.
   * @throws {UsageError} Before {@link setTimesteps}, or when noise is wanted and there is no source of it.
   * @throws {ValueError} For a timestep that training does not have.
   * @throws {ShapeError} For arrays of different lengths.
   */
  step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    options: DDIMStepOptions = {},
  ): SchedulerStep {
    const { trainTimesteps, predictionType, alphasCumprod } = this.#schedule;
    if (this.#timesteps.length === 0) throw new UsageError('DDIMScheduler.step: call setTimesteps first');
    checkLength('DDIMScheduler.step', 'modelOutput', modelOutput, sample);
    const alpha = this.#alpha(timestep, 'step');
    const before = timestep - Math.floor(trainTimesteps / this.#timesteps.length);
    const alphaBefore = before >= 0 ? alphasCumprod[before]! : this.#finalAlpha;
    const [signal, noise] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
    const eta = options.eta ?? 0;
    if (!(eta >= 0 && eta <= 1)) throw new ValueError(`DDIMScheduler.step: eta must be in [0, 1], got ${eta}`);
    const variance = ((1 - alphaBefore) / (1 - alpha)) * (1 - alpha / alphaBefore);
    const deviation = eta * Math.sqrt(variance);
    const direction = Math.sqrt(1 - alphaBefore - deviation * deviation);
    const added = eta > 0 ? stepNoise(options, sample) : undefined;

    const prevSample = new Float32Array(sample.length);
    const predOriginalSample = new Float32Array(sample.length);
    for (let i = 0; i < sample.length; i++) {
      const [x, output] = [sample[i]!, modelOutput[i]!];
      let original: number;
      let epsilon: number;
      switch (predictionType) {
        case 'epsilon':
          original = (x - noise * output) / signal;
          epsilon = output;
          break;
        case 'sample':
          original = output;
          epsilon = (x - signal * output) / noise;
          break;
        case 'v_prediction':
          original = signal * x - noise * output;
          epsilon = signal * output + noise * x;
          break;
      }
      original = Math.min(Math.max(original, -this.#clip), this.#clip);
      predOriginalSample[i] = original;
      prevSample[i] = Math.sqrt(alphaBefore) * original + direction * epsilon + (added ? deviation * added[i]! : 0);
    }
    return { prevSample, predOriginalSample };
  }

  /**
   * √ᾱ·original + √(1 − ᾱ)·noise: what training shows the model at a timestep, and where image-to-image starts.
   * @throws {ValueError} For a timestep that training does not have.
   * @throws {ShapeError} For arrays of different lengths.
   */
  addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    checkLength('DDIMScheduler.addNoise', 'noise', noise, original);
    const alpha = this.#alpha(timestep, 'addNoise');
    const [signal, deviation] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
    return original.map((value, i) => signal * value + deviation * noise[i]!);
  }

  #alpha(timestep: number, what: string): number {
    const alpha = this.#schedule.alphasCumprod[timestep];
    if (alpha === undefined) {
      const last = this.#schedule.trainTimesteps - 1;
      throw new ValueError(`DDIMScheduler.${what}: a timestep is a whole number in 0 … ${last}, got ${timestep}`);
    }
    return alpha;
  }
}

function stepNoise({ random, noise }: DDIMStepOptions, sample: Float32Array): Float32Array {
  if ((random === undefined) === (noise === undefined)) {
    throw new UsageError('DDIMScheduler.step: eta above 0 needs either random, a RandomStream, or noise');
  }
  if (noise === undefined) return gaussianNoise(sample.length, random!);
  checkLength('DDIMScheduler.step', 'noise', noise, sample);
  return noise;
}
