import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MeganeuraError, NameError, ShapeError, UsageError, ValueError } from '../../lib/ir/errors.js';
import { elementCount } from '../../lib/ir/shape.js';
import { EulerDiscreteScheduler } from '../../lib/zoo/diffusion/euler.js';
import { schedulerFromConfig } from '../../lib/zoo/diffusion/load-scheduler.js';
import type { DenoiseOptions, DenoiseStep, ShapedValues } from '../../lib/zoo/unet/denoise.js';
import { StableDiffusionUNet } from '../../lib/zoo/unet/model.js';
import { expectClose } from '../values.js';
import { formulaValues, unetReference } from './formulas.js';
import { LiveBuffers } from '../live-buffers.js';

/** The pipeline's latents are of this checkpoint, whatever REFERENCE_DIR has. */
let unet: StableDiffusionUNet;

beforeAll(async () => {
  unet = await StableDiffusionUNet.fromPretrained('spec/reference/sd-unet-tiny');
});
afterAll(() => unet.dispose());

function text(shape: readonly number[], step: number, phase: number): ShapedValues {
  return { data: formulaValues(elementCount(shape), step, phase), shape };
}

function scaled(values: ArrayLike<number>, factor: number): number[] {
  return Array.from(values, (value) => value * factor);
}

const SHAPE = [1, 7, 32];

function options(more: Partial<DenoiseOptions> = {}): DenoiseOptions {
  return {
    prompt: text(SHAPE, 0.23, 1),
    negativePrompt: text(SHAPE, 0.31, 2),
    scheduler: EulerDiscreteScheduler.fromConfig({}),
    steps: 2,
    ...more,
  };
}

describe('denoise', () => {
  it.each(unetReference.runs.map((run) => [`${run.scheduler._class_name}, guidance ${run.guidance}`, run] as const))(
    'ends where the pipeline of diffusers does: %s',
    async (_, { scheduler, steps, guidance, text: shape, latents, timesteps, output }) => {
      const seen: DenoiseStep[] = [];
      const result = await unet.denoise({
        prompt: text(shape, 0.23, 1),
        negativePrompt: text(shape, 0.31, 2),
        scheduler: schedulerFromConfig(scheduler),
        steps,
        guidanceScale: guidance,
        noise: formulaValues(elementCount(latents), 0.37),
        onStep: (step) => void seen.push(step),
      });
      expect(result.shape).toEqual(latents);
      // Euler's latents start at σ = 14.6, and small ones are what is left of large ones: their errors are of that size.
      const largest = Math.max(...output.map(Math.abs));
      expectClose(scaled(result.data, 1 / largest), scaled(output, 1 / largest), 1e-5);
      expect(seen.map(({ timestep }) => timestep)).toEqual(timesteps);
      expect(seen.map(({ step }) => step)).toEqual(timesteps.map((_, i) => i + 1));
      expect(seen.at(-1)?.latents).toEqual(result.data);
    },
    600_000,
  );

  it('gives the same for the same seed, also beside another run, and another for another', async () => {
    const [first, second, other] = await Promise.all([
      unet.denoise(options({ seed: 5 })),
      unet.denoise(options({ seed: 5 })),
      unet.denoise(options({ seed: 6, prompt: text(SHAPE, 0.5, 0) })),
    ]);
    expect(second).toEqual(first);
    expect(other.data).not.toEqual(first.data);
  }, 600_000);

  it('takes one negative prompt for all pictures', async () => {
    const prompt = text([2, 7, 32], 0.23, 1);
    const one = text(SHAPE, 0.31, 2);
    const both = { data: Float32Array.of(...one.data, ...one.data), shape: [2, 7, 32] };
    const size = { height: 4, width: 6, steps: 1 };
    const expected = await unet.denoise(options({ prompt, negativePrompt: both, ...size }));
    expect(await unet.denoise(options({ prompt, negativePrompt: one, ...size }))).toEqual(expected);
    expect(expected.shape).toEqual([2, 4, 4, 6]);
  }, 600_000);

  it('ends with the reason of a signal, and frees what it has built', async () => {
    using buffers = await LiveBuffers.start();
    const controller = new AbortController();
    const seen: number[] = [];
    const onStep = ({ step }: DenoiseStep) => {
      seen.push(step);
      controller.abort(new Error('enough'));
    };
    const size = { height: 3, width: 2, guidanceScale: 1 };
    const run = unet.denoise(options({ ...size, steps: 9, onStep, signal: controller.signal }));
    await expect(run).rejects.toThrow('enough');
    expect(seen).toEqual([1]);
    expect(buffers.count).toBe(0);
  }, 600_000);

  const refusals: readonly (readonly [message: string, type: typeof MeganeuraError, change: object])[] = [
    ['guidance needs negativePrompt', UsageError, { negativePrompt: undefined }],
    ['prompt must be [pictures, tokens, 32]', ShapeError, { prompt: text([1, 7, 31], 1, 0) }],
    ['negativePrompt must be [1, 7, 32] as prompt', ShapeError, { negativePrompt: text([1, 6, 32], 1, 0) }],
    ['[1, 7, 32] with 3 values', ShapeError, { prompt: { data: new Float32Array(3), shape: SHAPE } }],
    ['prompt must be { data, shape } of [pictures, tokens, 32]', ShapeError, { prompt: 'a cat' }],
    ['noise must have the 1024 values of [1, 4, 16, 16], got 3', ShapeError, { noise: new Float32Array(3) }],
    ['the number of steps must be a whole number in 1 … 1000, got 0', ValueError, { steps: 0 }],
    ['height must be a whole number of at least 1, got 1.5', ValueError, { height: 1.5 }],
    ['guidanceScale must be a finite number, got NaN', ValueError, { guidanceScale: NaN }],
    ['seed must be a whole number, got 0.5', ValueError, { seed: 0.5 }],
    ["there is no option 'guidance'", NameError, { guidance: 3 }],
  ];

  it.each(refusals)('refuses what does not fit: %s', async (message, type, change) => {
    const failure = await unet.denoise(options(change)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(type);
    expect((failure as Error).message).toContain(message);
  });

  it('refuses a model that does not give what it takes', async () => {
    const inpainting = StableDiffusionUNet.fromConfig({ ...unetReference.cases[1]!.config });
    const run = inpainting.denoise(options());
    await expect(run).rejects.toThrow('takes 5 channels and gives 3: call forward yourself');
  });
});
