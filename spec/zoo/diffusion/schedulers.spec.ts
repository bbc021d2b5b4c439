import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { RandomStream } from '../../../lib/dsl/random.js';
import { ShapeError, UsageError, ValueError } from '../../../lib/ir/errors.js';
import { ConfigError } from '../../../lib/zoo/config-fields.js';
import { DDIMScheduler } from '../../../lib/zoo/diffusion/ddim.js';
import { EulerDiscreteScheduler } from '../../../lib/zoo/diffusion/euler.js';
import { schedulerFromConfig } from '../../../lib/zoo/diffusion/load-scheduler.js';
import { gaussianNoise } from '../../../lib/zoo/diffusion/noise-schedule.js';
import type { Scheduler } from '../../../lib/zoo/diffusion/scheduler.js';
import { expectClose } from '../../values.js';

interface Case {
  config: Record<string, unknown>;
  steps: number;
  eta: number;
  timesteps: number[];
  initNoiseSigma: number;
  noise: number[];
  noised: number[];
  noises: number[][];
  samples: number[][];
  originals: number[][];
}

const { cases } = JSON.parse(readFileSync('spec/reference/schedulers/schedulers.json', 'utf8')) as { cases: Case[] };

/** diffusers multiplies 1000 factors of ᾱ in f32, rounding each: 1000 · 2⁻²⁴ = 6e-5 at worst, and 2e-5 was seen. */
const TOLERANCE = 5e-5;

const fakeModel = (x: Float32Array) => x.map((value) => 0.1 * value + 0.05);

describe('schedulers walk as those of diffusers', () => {
  it.each(cases.map((one) => [`${JSON.stringify(one.config)}, ${one.steps} steps, eta ${one.eta}`, one] as const))(
    '%s',
    (_, { config, steps, eta, ...expected }) => {
      const scheduler = schedulerFromConfig(config);
      scheduler.setTimesteps(steps);
      expectClose(scheduler.timesteps, expected.timesteps, 1e-7);
      expectClose([scheduler.initNoiseSigma], [expected.initNoiseSigma], TOLERANCE);
      const noise = Float32Array.from(expected.noise);
      const ramp = Float32Array.from({ length: 6 }, (__, i) => -1 + (2 / 5) * i);
      const middle = scheduler.timesteps[Math.floor(steps / 2)]!;
      expectClose(scheduler.addNoise(ramp, noise, middle), expected.noised, TOLERANCE);

      let sample: Float32Array = noise.map((value) => value * scheduler.initNoiseSigma);
      scheduler.timesteps.forEach((timestep, i) => {
        const output = fakeModel(scheduler.scaleModelInput(sample, timestep));
        const result =
          scheduler instanceof DDIMScheduler && eta > 0
            ? scheduler.step(output, timestep, sample, { eta, noise: Float32Array.from(expected.noises[i]!) })
            : scheduler.step(output, timestep, sample);
        expectClose(result.prevSample, expected.samples[i]!, TOLERANCE);
        expectClose(result.predOriginalSample, expected.originals[i]!, TOLERANCE);
        sample = result.prevSample;
      });
    },
  );
});

describe('bad input', () => {
  const config = { beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 };

  it('names the field, what it may be and what it is', () => {
    const refusal = (bad: object, kind: { fromConfig: (config: unknown) => Scheduler } = EulerDiscreteScheduler) =>
      expect(() => kind.fromConfig({ ...config, ...bad }));
    refusal({ beta_schedule: 'scaled-linear' }).toThrow(
      new ConfigError(
        "scheduler_config.json: beta_schedule: expected one of 'linear', 'scaled_linear', got \"scaled-linear\": " +
          "did you mean 'scaled_linear'?",
      ),
    );
    refusal({ beta_end: 1.5 }).toThrow('beta_end: expected a number in (0, 1), got 1.5');
    refusal({ num_train_timesteps: 0 }).toThrow('num_train_timesteps: expected a whole number, at least 1, got 0');
    refusal({ use_karras_sigmas: true }).toThrow(
      'use_karras_sigmas: expected false (nothing else is supported), got true',
    );
    refusal({ thresholding: true }, DDIMScheduler).toThrow(ConfigError);
    refusal({ rescale_betas_zero_snr: true }, DDIMScheduler).toThrow('no picture follows from noise alone');
    refusal({ trained_betas: [0.1] }).toThrow(
      'trained_betas: expected no such field (nothing else is supported), got [0.1]',
    );
    expect(() => schedulerFromConfig([])).toThrow('expected a JSON object, got []');
    expect(() => schedulerFromConfig({ _class_name: 'PNDMScheduler' })).toThrow(
      '_class_name: expected one of DDIMScheduler, EulerDiscreteScheduler',
    );
  });

  it('refuses steps and timesteps that there are not', () => {
    const ddim = DDIMScheduler.fromConfig({ ...config, steps_offset: 1 });
    const euler = EulerDiscreteScheduler.fromConfig(config);
    const x = new Float32Array(4);
    expect(() => ddim.step(x, 1, x)).toThrow(UsageError);
    expect(() => euler.scaleModelInput(x, 1)).toThrow(UsageError);
    for (const count of [0, 1.5, NaN, 1001]) expect(() => ddim.setTimesteps(count)).toThrow(ValueError);
    expect(() => ddim.setTimesteps(1000)).toThrow('lead to timestep 1000, and training had 1000: take fewer steps');
    ddim.setTimesteps(10);
    euler.setTimesteps(10);
    expect(() => ddim.step(x, 1000, x)).toThrow('a timestep is a whole number in 0 … 999, got 1000');
    expect(() => euler.step(x, 3, x)).toThrow(ValueError);
    expect(() => ddim.step(new Float32Array(3), 1, x)).toThrow(ShapeError);
    expect(() => ddim.step(x, 1, x, { eta: 0.5 })).toThrow('needs either random, a RandomStream, or noise');
    expect(() => ddim.step(x, 1, x, { eta: 2 })).toThrow('eta must be in [0, 1], got 2');
  });
});

it('noise follows from the seed and is standard normal', () => {
  const noise = gaussianNoise(20_000, new RandomStream(3, 0));
  expect(noise).toEqual(gaussianNoise(20_000, new RandomStream(3, 0)));
  const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
  const variance = noise.reduce((sum, x) => sum + (x - mean) ** 2, 0) / noise.length;
  // Three standard deviations of the mean and of the variance of 20,000 numbers.
  expect(Math.abs(mean)).toBeLessThan(3 / Math.sqrt(20_000));
  expect(Math.abs(variance - 1)).toBeLessThan(3 * Math.sqrt(2 / 20_000));
});
