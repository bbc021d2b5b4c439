import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { mseLoss } from '../../lib/dsl/generated/ops.js';
import { input } from '../../lib/dsl/input.js';
import type { Module } from '../../lib/dsl/module.js';
import type { Tensor } from '../../lib/dsl/tensor.js';
import { trace } from '../../lib/dsl/trace.js';
import { StateDictError } from '../../lib/dsl/weights.js';
import { elementCount } from '../../lib/ir/shape.js';
import { buildInferenceSession, buildSession } from '../../lib/session/build.js';
import { ConfigError } from '../../lib/zoo/config-fields.js';
import { StableDiffusionUNet } from '../../lib/zoo/unet/model.js';
import { expectClose } from '../values.js';
import { formulaWeights, formulaValues, unetReference } from './formulas.js';
import { Reference } from './reference.js';

type Sizes4 = [number, number, number, number];
type Sizes3 = [number, number, number];

const reference = new Reference('sd-unet-tiny');
const config = JSON.parse(fs.readFileSync(path.join(reference.folder, 'config.json'), 'utf8')) as object;

describe('a checkpoint of diffusers', () => {
  it('gives its outputs, loss and gradients', async () => {
    const model = await StableDiffusionUNet.fromPretrained(reference.folder);
    expect(model.training).toBe(false);
    const attending = model.downBlocks.flatMap(({ attentions }) => attentions)[0];
    const taps = {
      'intermediate.time_embedding': tapped(model.timeEmbedding),
      'intermediate.conv_in': tapped(model.convIn),
      ...(attending && { 'intermediate.attention.0': tapped(attending.transformerBlocks[0]!.attn2) }),
      ...(model.midBlock && { 'intermediate.mid_block': tapped(model.midBlock) }),
    };
    const inputs = {
      sample: input(reference.shape('input.sample') as Sizes4),
      timestep: input(reference.shape('input.timestep') as [number], 'i32'),
      encoderHiddenStates: input(reference.shape('input.encoder_hidden_states') as Sizes3),
      target: input(reference.shape('input.target') as Sizes4),
    };
    const graph = trace(model, inputs, ({ sample, timestep, encoderHiddenStates, target }) => {
      const output = model.forward(sample, timestep, encoderHiddenStates);
      const inner = Object.entries(taps).map(([name, tap]) => [name, tap.output!] as const);
      return { 'output.sample': output, loss: mseLoss(output, target), ...Object.fromEntries(inner) };
    });
    using session = await buildSession(graph, { gradients: true });
    session.step({
      sample: reference.floats('input.sample'),
      timestep: reference.integers('input.timestep'),
      encoderHiddenStates: reference.floats('input.encoder_hidden_states'),
      target: reference.floats('input.target'),
    });
    for (const name of graph.outputs.keys()) {
      if (name !== 'loss' && reference.has(name)) reference.expectClose(await session.read(name as 'loss'), name);
    }
    reference.expectLoss(await session.read('loss'));
    await reference.expectGradients(session);
  }, 600_000);

  it('is found in the folder `unet` of a pipeline, with and without being told', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'model_index.json'), '{ "_class_name": "StableDiffusionPipeline" }');
    fs.cpSync(reference.folder, path.join(folder, 'unet'), { recursive: true });
    const told = await StableDiffusionUNet.fromPretrained(folder, { folder: 'unet' });
    const found = await StableDiffusionUNet.fromPretrained(folder);
    expect(found.parameterCount()).toBe(told.parameterCount());
  });

  it('that does not fit its configuration is refused with every name', async () => {
    const folder = temporaryFolder();
    const weights = 'diffusion_pytorch_model.safetensors';
    fs.copyFileSync(path.join(reference.folder, weights), path.join(folder, weights));
    fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, mid_block_type: null }));
    const names = StableDiffusionUNet.fromConfig(config).namedParameters().keys();
    const unexpected = [...names].filter((name) => name.startsWith('mid_block.'));
    const failure = await StableDiffusionUNet.fromPretrained(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StateDictError);
    for (const name of unexpected) expect((failure as Error).message).toContain(name);
  });
});

/** Weights are filled by name, so that a wrong name shows as well. */
describe('UNets of other forms are those of diffusers', () => {
  it.each(unetReference.cases.map((one) => [one.name, one] as const))(
    '%s',
    async (_, { config, parameters, sample, timestep, text, output }) => {
      const model = StableDiffusionUNet.fromConfig(config).eval();
      expect(model.parameterCount()).toBe(parameters);
      model.loadStateDict(formulaWeights(model));
      const inputs = {
        sample: input(sample as Sizes4),
        timestep: input([timestep.length]),
        encoderHiddenStates: input(text as Sizes3),
      };
      using session = await buildInferenceSession(
        trace(model, inputs, ({ sample, timestep, encoderHiddenStates }) =>
          model.forward(sample, timestep, encoderHiddenStates),
        ),
      );
      session.step({
        sample: formulaValues(elementCount(sample), 0.37),
        timestep: Float32Array.from(timestep),
        encoderHiddenStates: formulaValues(elementCount(text), 0.23, 1),
      });
      expectClose(await session.read('output'), output, 1e-4);
    },
    600_000,
  );
});

describe('the full size', () => {
  // The configuration that runwayml/stable-diffusion-v1-5 has; parameters as its model card and diffusers count them.
  const down = ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'];
  const up = ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'];
  const first = {
    _class_name: 'UNet2DConditionModel',
    _diffusers_version: '0.6.0',
    act_fn: 'silu',
    attention_head_dim: 8,
    block_out_channels: [320, 640, 1280, 1280],
    center_input_sample: false,
    cross_attention_dim: 768,
    down_block_types: down,
    downsample_padding: 1,
    flip_sin_to_cos: true,
    freq_shift: 0,
    in_channels: 4,
    layers_per_block: 2,
    mid_block_scale_factor: 1,
    norm_eps: 1e-5,
    norm_num_groups: 32,
    out_channels: 4,
    sample_size: 64,
    up_block_types: up,
  };

  it('of 1.x has 859,520,964 parameters and can be traced', () => {
    const model = StableDiffusionUNet.fromConfig(first);
    expect(model.parameterCount()).toBe(859_520_964);
    const inputs = { sample: input([1, 4, 64, 64]), timestep: input([1], 'i32'), text: input([1, 77, 768]) };
    const graph = trace(model, inputs, ({ sample, timestep, text }) => model.forward(sample, timestep, text));
    expect(graph.outputs.get('output')?.shape).toEqual([1, 4, 64, 64]);
  });

  it('of 2.x has 865,910,724', () => {
    const second = {
      ...first,
      attention_head_dim: [5, 10, 20, 20],
      cross_attention_dim: 1024,
      dual_cross_attention: false,
      num_class_embeds: null,
      only_cross_attention: false,
      sample_size: 96,
      upcast_attention: true,
      use_linear_projection: true,
    };
    expect(StableDiffusionUNet.fromConfig(second).parameterCount()).toBe(865_910_724);
  });
});

describe('configurations that cannot be followed are refused', () => {
  it.each([
    [{ _class_name: 'UNet2DModel' }, '_class_name: expected one of \'UNet2DConditionModel\', got "UNet2DModel"'],
    [{ resnet_time_scale_shift: 'scale_shift' }, 'resnet_time_scale_shift: expected "default"'],
    [{ addition_embed_type: 'text_time' }, 'addition_embed_type: expected no such field'],
    [{ only_cross_attention: [true, false] }, 'only_cross_attention: expected false'],
    [{ num_attention_heads: 8 }, 'num_attention_heads: expected no such field'],
    [{ down_block_types: ['CrossAttnDownBlock2D', 'DownBlok2D'] }, "in place of 'DownBlok2D' perhaps 'DownBlock2D'"],
    [{ up_block_types: ['UpBlock2D'] }, 'up_block_types: expected as many blocks as down_block_types (2)'],
    [{ block_out_channels: [24, 44] }, 'block_out_channels: expected multiples of norm_num_groups (8)'],
    [{ block_out_channels: [24] }, 'block_out_channels: expected a whole number, at least 1, or one for each of the 2'],
    [{ attention_head_dim: [4, 96] }, 'attention_head_dim: expected no more heads than channels (48)'],
    [{ mid_block_type: 'UNetMidBlock2D' }, "mid_block_type: expected one of 'UNetMidBlock2DCrossAttn'"],
    [{ conv_in_kernel: 2 }, 'conv_in_kernel: expected an odd number, got 2'],
    [{ norm_num_groups: 0 }, 'norm_num_groups: expected a whole number, at least 1, got 0'],
    [{ freq_shift: 12 }, 'freq_shift: expected a number below 12, got 12'],
    [{ sample_size: 'large' }, 'sample_size: expected a whole number, at least 1, or two of them'],
    [{ dropout: 2 }, 'dropout: expected a number in [0, 1], got 2'],
    [{ act_fn: 'mish' }, "act_fn: expected one of 'silu', 'swish', 'gelu', 'relu', got \"mish\""],
  ])('%j', (change, message) => {
    const refused = () => StableDiffusionUNet.fromConfig({ ...config, ...BASE, ...change });
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(message);
  });
});

/** The sizes that the messages above name, whichever checkpoint the rest is from. */
const BASE = {
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
  block_out_channels: [24, 48],
  norm_num_groups: 8,
  attention_head_dim: 4,
  layers_per_block: 1,
  cross_attention_dim: 32,
  transformer_layers_per_block: 1,
};

/** What a module's forward gives while the rest is traced. */
function tapped(module: Module): { output: Tensor | undefined } {
  const tap: { output: Tensor | undefined } = { output: undefined };
  const forward = module.forward.bind(module);
  module.forward = (...args: never[]) => (tap.output = forward(...args) as Tensor);
  return tap;
}

const folders: string[] = [];

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unet-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true });
});
