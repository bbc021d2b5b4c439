import { UsageError, ValueError } from '../../ir/errors.js';
import { ConfigFields } from '../config-fields.js';
import { checkLength, readNoiseSchedule, spacedTimesteps, type NoiseSchedule } from './noise-schedule.js';
import type { Scheduler, SchedulerStep } from './scheduler.js';

/** The share of the picture left at the last timestep where training had none: σ stays finite (as diffusers has it). */
const LEAST_ALPHA = 2 ** -24;

/**
 * Euler's method on the probability-flow equation in σ = √((1 − ᾱ)/ᾱ) (algorithm 2 of Karras et al. 2022,
 * https://arxiv.org/abs/2206.00364, without churn), as diffusers' `EulerDiscreteScheduler`. Sums are made in f64.
 */
export class EulerDiscreteScheduler implements Scheduler {
  readonly #schedule: NoiseSchedule;
  readonly #endsAtZero: boolean;
  /** σ of every timestep of training. */
  readonly #trainSigmas: Float64Array;
  #timesteps: Float64Array = new Float64Array();
  /** One more than there are timesteps: the last is where the run ends. */
  #sigmas: Float64Array = new Float64Array();

  /** Use {@link EulerDiscreteScheduler.fromConfig}. */
  private constructor(schedule: NoiseSchedule, endsAtZero: boolean) {
    this.#schedule = schedule;
    this.#endsAtZero = endsAtZero;
    const last = schedule.trainTimesteps - 1;
    this.#trainSigmas = schedule.alphasCumprod.map((alpha, t) => {
      const share = t === last && schedule.rescaledToZeroSnr ? LEAST_ALPHA : alpha;
      return Math.sqrt((1 - share) / share);
    });
  }

  /**
   * From a `scheduler_config.json`, that of another scheduler as well: what Euler does not use is left alone.
   * @throws {ConfigError} For values that are out of range, or that only diffusers knows.
   */
  static fromConfig(config: unknown, name = 'scheduler_config.json'): EulerDiscreteScheduler {
    const fields = new ConfigFields(config, name);
    fields.onlyOff({
      interpolation_type: 'linear',
      timestep_type: 'discrete',
      use_karras_sigmas: false,
      use_exponential_sigmas: false,
      use_beta_sigmas: false,
    });
    const schedule = readNoiseSchedule(fields, 'linspace');
    return new EulerDiscreteScheduler(
      schedule,
      fields.oneOf('final_sigmas_type', ['zero', 'sigma_min'], 'zero') === 'zero',
    );
  }

  /** From the noisiest on, fractions too; empty before {@link setTimesteps}. */
  get timesteps(): Float64Array {
    return this.#timesteps;
  }

  /** The first sample is noise of this standard deviation. */
  get initNoiseSigma(): number {
    const largest = this.#sigmas[0] ?? this.#trainSigmas.at(-1)!;
    return this.#schedule.timestepSpacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest;
  }

  /**
   * Spaces `count` steps over the timesteps of training.
   * @throws {ValueError} For a number of steps that the schedule of training does not have.
   */
  setTimesteps(count: number): void {
    this.#timesteps = spacedTimesteps(this.#schedule, count);
    const end = this.#endsAtZero ? 0 : this.#trainSigmas[0]!;
    this.#sigmas = Float64Array.of(...this.#timesteps.map((timestep) => this.#sigmaAt(timestep)), end);
  }

  /**
   * sample / √(σ² + 1), `[sample.length]`: what the model is given, of variance 1 as in training.
   * @throws {UsageError} Before {@link setTimesteps}. @throws {ValueError} For what is none of `timesteps`.
   */
  scaleModelInput(sample: Float32Array, timestep: number): Float32Array {
    const sigma = this.#sigmas[this.#index(timestep, 'scaleModelInput')]!;
    const scale = 1 / Math.sqrt(sigma * sigma + 1);
    return sample.map((value) => value * scale);
  }

  /**
   * The sample of the timestep before, from the model's output for the scaled sample of this one, and the sample itself.
   * @throws {UsageError} Before {@link setTimesteps}. @throws {ValueError} For what is none of `timesteps`.
   * @throws {ShapeError} For arrays of different lengths.
   */
  step(modelOutput: Float32Array, timestep: number, sample: Float32Array): SchedulerStep {
    checkLength('EulerDiscreteScheduler.step', 'modelOutput', modelOutput, sample);
    const index = this.#index(timestep, 'step');
    const sigma = this.#sigmas[index]!;
    const change = this.#sigmas[index + 1]! - sigma;
    const share = 1 / (sigma * sigma + 1);

    const prevSample = new Float32Array(sample.length);
    const predOriginalSample = new Float32Array(sample.length);
    for (let i = 0; i < sample.length; i++) {
      const [x, output] = [sample[i]!, modelOutput[i]!];
      let original: number;
      switch (this.#schedule.predictionType) {
        case 'epsilon':
          original = x - sigma * output;
          break;
        case 'sample':
          original = output;
          break;
        case 'v_prediction':
          original = x * share - output * sigma * Math.sqrt(share);
          break;
      }
      predOriginalSample[i] = original;
      prevSample[i] = x + ((x - original) / sigma) * change;
    }
    return { prevSample, predOriginalSample };
  }

  /**
   * original + σ·noise: where image-to-image starts.
   * @throws {UsageError} Before {@link setTimesteps}. @throws {ValueError} For what is none of `timesteps`.
   * @throws {ShapeError} For arrays of different lengths.
   */
  addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    checkLength('EulerDiscreteScheduler.addNoise', 'noise', noise, original);
    const sigma = this.#sigmas[this.#index(timestep, 'addNoise')]!;
    return original.map((value, i) => value + sigma * noise[i]!);
  }

  /** Between whole timesteps σ is interpolated linearly. */
  #sigmaAt(timestep: number): number {
    const below = Math.floor(timestep);
    const sigma = this.#trainSigmas[below]!;
    const above = this.#trainSigmas[below + 1] ?? sigma;
    return sigma + (timestep - below) * (above - sigma);
  }

  #index(timestep: number, what: string): number {
    if (this.#timesteps.length === 0) {
      throw new UsageError(`EulerDiscreteScheduler.${what}: call setTimesteps first`);
    }
    const index = this.#timesteps.indexOf(timestep);
    if (index >= 0) return index;
    throw new ValueError(
      `EulerDiscreteScheduler.${what}: ${timestep} is none of the scheduler's timesteps: pass an element of timesteps`,
    );
  }
}
