import { ConfigFields } from '../config-fields.js';

/** What a diffusers configuration of `AutoencoderKL` says of its decoder. */
export interface VAEConfig {
  readonly latentChannels: number;
  /** Channels of pictures. */
  readonly outChannels: number;
  /** Of each resolution, from that of the picture to that of the latents. */
  readonly channels: readonly number[];
  readonly layersPerBlock: number;
  readonly activation: 'silu' | 'swish' | 'gelu' | 'relu';
  readonly normGroups: number;
  readonly usePostQuantConv: boolean;
  readonly midBlockAttends: boolean;
  /** Latents of the UNet are those of the autoencoder, less `shiftFactor`, times this. */
  readonly scalingFactor: number;
  readonly shiftFactor: number;
}

/**
 * Reads a configuration of `AutoencoderKL`; what old files leave out has diffusers' defaults.
 * @throws {ConfigError} For values that no model can have, or that are not supported.
 */
export function vaeConfig(json: unknown, name = 'config.json'): VAEConfig {
  const fields = new ConfigFields(json, name);
  fields.oneOf('_class_name', ['AutoencoderKL'], 'AutoencoderKL');
  fields.onlyOff({ latents_mean: undefined, latents_std: undefined });
  const normGroups = fields.integer('norm_num_groups', 32, 1);
  const channels = blockChannels(fields, normGroups);
  const types: unknown = fields.value('up_block_types') ?? ['UpDecoderBlock2D'];
  if (!Array.isArray(types) || !types.every((type) => type === 'UpDecoderBlock2D')) {
    throw fields.refused('up_block_types', `a list of 'UpDecoderBlock2D'`);
  }
  if (types.length !== channels.length) {
    throw fields.refused('up_block_types', `as many blocks as block_out_channels (${channels.length})`);
  }
  const scalingFactor = fields.number('scaling_factor', 0.18215);
  if (scalingFactor === 0) throw fields.refused('scaling_factor', 'a number other than 0');
  return {
    latentChannels: fields.integer('latent_channels', 4, 1),
    outChannels: fields.integer('out_channels', 3, 1),
    channels,
    layersPerBlock: fields.integer('layers_per_block', 1, 1),
    activation: fields.oneOf('act_fn', ['silu', 'swish', 'gelu', 'relu'], 'silu'),
    normGroups,
    usePostQuantConv: fields.boolean('use_post_quant_conv', true),
    midBlockAttends: fields.boolean('mid_block_add_attention', true),
    scalingFactor,
    shiftFactor: fields.number('shift_factor', 0),
  };
}

function blockChannels(fields: ConfigFields, normGroups: number): readonly number[] {
  const value: unknown = fields.value('block_out_channels') ?? [64];
  const fits = (size: unknown): size is number => Number.isSafeInteger(size) && Number(size) >= 1;
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list.length === 0 || !list.every(fits)) throw fields.refused('block_out_channels', 'a list of whole numbers');
  if (list.every((size) => size % normGroups === 0)) return list;
  throw fields.refused('block_out_channels', `multiples of norm_num_groups (${normGroups})`);
}
