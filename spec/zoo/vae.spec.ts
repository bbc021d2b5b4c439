import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { input } from '../../lib/dsl/input.js';
import { trace } from '../../lib/dsl/trace.js';
import { saveSafetensors } from '../../lib/hub/safetensors-file.js';
import { ShapeError } from '../../lib/ir/errors.js';
import { elementCount } from '../../lib/ir/shape.js';
import { buildInferenceSession } from '../../lib/session/build.js';
import { ConfigError } from '../../lib/zoo/config-fields.js';
import { StableDiffusionDecoder } from '../../lib/zoo/vae/model.js';
import { expectClose } from '../values.js';
import { formulaValues, formulaWeights, unetReference } from './formulas.js';

describe('StableDiffusionDecoder', () => {
  it.each(unetReference.decoders.map((one) => [one.name, one] as const))(
    'makes the pictures that diffusers makes: %s',
    async (_, { config, parameters, latents: shape, output, pictures }) => {
      const model = StableDiffusionDecoder.fromConfig(config);
      expect(model.parameterCount()).toBe(parameters);
      model.loadStateDict(formulaWeights(model));
      const data = formulaValues(elementCount(shape), 0.37);
      const graph = trace(model, { latents: input(shape) });
      using session = await buildInferenceSession(graph);
      const { scalingFactor, shiftFactor } = model.config;
      session.step({ latents: data.map((value) => value / scalingFactor + shiftFactor) });
      expectClose(await session.read('output'), output, 1e-4);

      const made = await model.decode({ data, shape });
      model.dispose();
      expect(made).toHaveLength(shape[0]);
      for (const { width, height } of made) expect([height, width]).toEqual([2 * model.scale, 3 * model.scale]);
      const bytes = made.flatMap(({ data }) => [...data]);
      expect(bytes).toHaveLength(pictures.length);
      // Rounding may go the other way where a value is at the middle of two bytes.
      expect(Math.max(...bytes.map((byte, i) => Math.abs(byte - pictures[i]!)))).toBeLessThanOrEqual(1);
      expect(bytes.filter((byte, i) => byte !== pictures[i]).length).toBeLessThanOrEqual(2);
    },
    600_000,
  );

  it('loads whole autoencoders from the folder `vae` of a pipeline, also under the names of old ones', async () => {
    const { config } = unetReference.decoders[0]!;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vae-'));
    const vae = path.join(folder, 'vae');
    fs.mkdirSync(vae);
    fs.writeFileSync(path.join(folder, 'model_index.json'), '{}');
    fs.writeFileSync(path.join(vae, 'config.json'), JSON.stringify(config));
    const old = new Map([
      ['to_q', 'query'],
      ['to_k', 'key'],
      ['to_v', 'value'],
      ['to_out.0', 'proj_attn'],
    ]);
    const named = Object.entries(formulaWeights(StableDiffusionDecoder.fromConfig(config))).map(
      ([name, { shape, data }]) => {
        const oldName = name.replace(/to_[qkv]|to_out\.0/, (found) => old.get(found)!);
        return [oldName, { shape, data: Float32Array.from(data) }] as const;
      },
    );
    const encoder = ['encoder.conv_in.weight', { shape: [1], data: new Float32Array(1) }] as const;
    await saveSafetensors(path.join(vae, 'diffusion_pytorch_model.safetensors'), [encoder, ...named]);
    const model = await StableDiffusionDecoder.fromPretrained(folder);
    expect(model.parameterCount()).toBe(unetReference.decoders[0]!.parameters);
    fs.rmSync(folder, { recursive: true });
  });

  it('of Stable Diffusion 1.x has 49,490,199 of the 83,653,863 parameters of the autoencoder', () => {
    const model = StableDiffusionDecoder.fromConfig({
      block_out_channels: [128, 256, 512, 512],
      layers_per_block: 2,
      up_block_types: Array.from({ length: 4 }, () => 'UpDecoderBlock2D'),
    });
    expect(model.parameterCount()).toBe(49_490_199);
    const graph = trace(model, { latents: input([1, 4, 64, 64]) });
    expect(graph.outputs.get('output')?.shape).toEqual([1, 3, 512, 512]);
  });

  it('refuses latents that do not fit', async () => {
    const model = StableDiffusionDecoder.fromConfig(unetReference.decoders[0]!.config);
    const run = model.decode({ data: new Float32Array(3), shape: [1, 3, 1, 1] });
    await expect(run).rejects.toThrow(ShapeError);
    await expect(run).rejects.toThrow('latents must be [pictures, 4, height, width], got [1, 3, 1, 1] with 3 values');
  });

  it.each([
    [{ _class_name: 'AutoencoderTiny' }, '_class_name: expected one of \'AutoencoderKL\', got "AutoencoderTiny"'],
    [{ up_block_types: ['UpBlock2D'] }, "up_block_types: expected a list of 'UpDecoderBlock2D'"],
    [{ block_out_channels: [64, 128] }, 'up_block_types: expected as many blocks as block_out_channels (2)'],
    [{ block_out_channels: [65] }, 'block_out_channels: expected multiples of norm_num_groups (32)'],
    [{ latents_mean: [0, 0, 0, 0] }, 'latents_mean: expected no such field'],
    [{ scaling_factor: 0 }, 'scaling_factor: expected a number other than 0'],
  ])('refuses %j', (config, message) => {
    const refused = () => StableDiffusionDecoder.fromConfig(config);
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(message);
  });
});
