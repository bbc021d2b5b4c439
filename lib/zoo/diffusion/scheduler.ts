/** What one step of denoising gives. */
export interface SchedulerStep {
  /** The sample of the next, less noisy timestep. */
  readonly prevSample: Float32Array;
  /** What the model takes for the picture itself, x₀. */
  readonly predOriginalSample: Float32Array;
}

/**
 * What turns a model of noise into pictures. The loop is the same for all:
 *
 * ```ts
 * scheduler.setTimesteps(30);
 * let sample = gaussianNoise(4 * 64 * 64, new RandomStream(seed, 0)).map((x) => x * scheduler.initNoiseSigma);
 * for (const timestep of scheduler.timesteps) {
 *   const output = await model(scheduler.scaleModelInput(sample, timestep), timestep);
 *   sample = scheduler.step(output, timestep, sample).prevSample;
 * }
 * ```
 *
 * Methods name what they throw where they are implemented; none changes its arguments.
 */
export interface Scheduler {
  /** From the noisiest on; empty before `setTimesteps`. */
  readonly timesteps: Float64Array;
  /** The first sample is noise of this standard deviation: read it after `setTimesteps`. */
  readonly initNoiseSigma: number;
  /** Spaces `count` steps over the timesteps of training: `timesteps` has them from then on. */
  setTimesteps(count: number): void;
  /** What the model is to be given in place of `sample`. */
  scaleModelInput(sample: Float32Array, timestep: number): Float32Array;
  /** The sample of the next timestep, from the model's output at this one. All arrays are of one length. */
  step(modelOutput: Float32Array, timestep: number, sample: Float32Array): SchedulerStep;
  /** The picture `original` as it is at that timestep: what training makes samples of. */
  addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array;
}
