import { closeNames } from '../../ir/errors.js';
import { ConfigFields } from '../config-fields.js';

/** One resolution of the UNet, on its way down and up. */
export interface UNetLevel {
  readonly channels: number;
  /** Residual blocks on the way down; there is one more on the way up. */
  readonly layers: number;
  /** Whether residual blocks are followed by transformers: `CrossAttnDownBlock2D` and `CrossAttnUpBlock2D`. */
  readonly attendsDown: boolean;
  readonly attendsUp: boolean;
  /** Heads of attention: what the configurations call `attention_head_dim`. */
  readonly heads: number;
  /** Features of the text's embeddings. */
  readonly crossAttentionDim: number;
  /** Transformer blocks behind each residual block. */
  readonly transformerLayers: number;
}

/** What a diffusers configuration of `UNet2DConditionModel` says. */
export interface UNetConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Height and width of the latents that it was trained on. */
  readonly sampleSize: readonly [number, number] | undefined;
  readonly centerInputSample: boolean;
  /** From the finest to the coarsest. */
  readonly levels: readonly UNetLevel[];
  /** Whether there is a block between the way down and the way up. */
  readonly hasMidBlock: boolean;
  readonly midBlockScaleFactor: number;
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
  readonly timeEmbeddingDim: number;
  readonly activation: 'silu' | 'swish' | 'gelu' | 'relu';
  readonly normGroups: number;
  readonly normEps: number;
  readonly downsamplePadding: number;
  readonly dropout: number;
  /** Whether transformers project by linear layers (2.x) in place of 1×1 convolutions (1.x). */
  readonly useLinearProjection: boolean;
  readonly convInKernel: number;
  readonly convOutKernel: number;
}

/** What changes results in diffusers and is not in Stable Diffusion 1.x and 2.x, with the values that turn it off. */
const OFF = {
  num_attention_heads: undefined,
  only_cross_attention: false,
  mid_block_only_cross_attention: false,
  reverse_transformer_layers_per_block: undefined,
  encoder_hid_dim: undefined,
  encoder_hid_dim_type: undefined,
  dual_cross_attention: false,
  class_embed_type: undefined,
  class_embeddings_concat: false,
  num_class_embeds: undefined,
  addition_embed_type: undefined,
  resnet_time_scale_shift: 'default',
  resnet_skip_time_act: false,
  resnet_out_scale_factor: 1,
  time_embedding_type: 'positional',
  time_embedding_act_fn: undefined,
  timestep_post_act: undefined,
  time_cond_proj_dim: undefined,
  attention_type: 'default',
  cross_attention_norm: undefined,
} as const;

/**
 * Reads a configuration of `UNet2DConditionModel`; what old files leave out has diffusers' defaults.
 * @throws {ConfigError} For values that no model can have, or that are not supported.
 */
export function unetConfig(json: unknown, name = 'config.json'): UNetConfig {
  const fields = new ConfigFields(json, name);
  fields.oneOf('_class_name', ['UNet2DConditionModel'], 'UNet2DConditionModel');
  fields.onlyOff(OFF);
  const normGroups = fields.integer('norm_num_groups', 32, 1);
  const levels = readLevels(fields, normGroups);
  const first = levels[0]!.channels;
  const freqShift = fields.number('freq_shift', 0);
  if (freqShift >= Math.floor(first / 2)) throw fields.refused('freq_shift', `a number below ${Math.floor(first / 2)}`);
  const midBlockScaleFactor = fields.number('mid_block_scale_factor', 1);
  if (midBlockScaleFactor === 0) throw fields.refused('mid_block_scale_factor', 'a number other than 0');
  const dropout = fields.number('dropout', 0);
  if (dropout < 0 || dropout > 1) throw fields.refused('dropout', 'a number in [0, 1]');
  const normEps = fields.number('norm_eps', 1e-5);
  if (normEps <= 0) throw fields.refused('norm_eps', 'a number above 0');
  return {
    inChannels: fields.integer('in_channels', 4, 1),
    outChannels: fields.integer('out_channels', 4, 1),
    sampleSize: sampleSize(fields),
    centerInputSample: fields.boolean('center_input_sample', false),
    levels,
    hasMidBlock: readMidBlock(fields),
    midBlockScaleFactor,
    flipSinToCos: fields.boolean('flip_sin_to_cos', true),
    freqShift,
    timeEmbeddingDim: fields.integer('time_embedding_dim', 4 * first, 1),
    activation: fields.oneOf('act_fn', ['silu', 'swish', 'gelu', 'relu'], 'silu'),
    normGroups,
    normEps,
    downsamplePadding: fields.integer('downsample_padding', 1),
    dropout,
    useLinearProjection: fields.boolean('use_linear_projection', false),
    convInKernel: oddKernel(fields, 'conv_in_kernel'),
    convOutKernel: oddKernel(fields, 'conv_out_kernel'),
  };
}

function readLevels(fields: ConfigFields, normGroups: number): UNetLevel[] {
  const down = blockTypes(fields, 'down_block_types', 'CrossAttnDownBlock2D', 'DownBlock2D', [true, true, true, false]);
  const up = blockTypes(fields, 'up_block_types', 'CrossAttnUpBlock2D', 'UpBlock2D', [false, true, true, true]);
  const count = down.length;
  if (count === 0) throw fields.refused('down_block_types', 'at least one block');
  if (up.length !== count) throw fields.refused('up_block_types', `as many blocks as down_block_types (${count})`);
  const channels = perLevel(fields, 'block_out_channels', count, [320, 640, 1280, 1280]);
  const layers = perLevel(fields, 'layers_per_block', count, 2);
  const heads = perLevel(fields, 'attention_head_dim', count, 8);
  const crossAttentionDim = perLevel(fields, 'cross_attention_dim', count, 1280);
  const transformerLayers = perLevel(fields, 'transformer_layers_per_block', count, 1);
  return channels.map((width, i) => {
    if (width % normGroups !== 0) {
      throw fields.refused('block_out_channels', `multiples of norm_num_groups (${normGroups})`);
    }
    if (heads[i]! > width) throw fields.refused('attention_head_dim', `no more heads than channels (${width})`);
    return {
      channels: width,
      layers: layers[i]!,
      attendsDown: down[i]!,
      attendsUp: up[count - 1 - i]!,
      heads: heads[i]!,
      crossAttentionDim: crossAttentionDim[i]!,
      transformerLayers: transformerLayers[i]!,
    };
  });
}

/** Whether each of the blocks attends to the text. */
function blockTypes(
  fields: ConfigFields,
  key: string,
  attending: string,
  plain: string,
  missing: readonly boolean[],
): readonly boolean[] {
  if (!fields.has(key)) return missing;
  const value = fields.value(key);
  const known: readonly unknown[] = [attending, plain];
  const list: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  if (list.every((type) => known.includes(type))) return list.map((type) => type === attending);
  const wrong = list.find((type) => !known.includes(type));
  const [near] = typeof wrong === 'string' ? closeNames(wrong, [attending, plain], 1) : [];
  const hint = near === undefined ? '' : ` (in place of '${String(wrong)}' perhaps '${near}')`;
  throw fields.refused(key, `a list of '${attending}' and '${plain}'${hint}`);
}

/** A whole number of at least 1 for every level: one for all, or a list of them. */
function perLevel(
  fields: ConfigFields,
  key: string,
  count: number,
  missing: number | readonly number[],
): readonly number[] {
  const value = fields.value(key) ?? missing;
  const list: readonly unknown[] = Array.isArray(value) ? value : Array.from({ length: count }, () => value);
  const isCount = (size: unknown): size is number => Number.isSafeInteger(size) && Number(size) >= 1;
  if (list.length === count && list.every(isCount)) return list;
  throw fields.refused(key, `a whole number, at least 1, or one for each of the ${count} blocks`);
}

function readMidBlock(fields: ConfigFields): boolean {
  // Here null is a value, unlike elsewhere: a UNet without that block. A file that says nothing has the block.
  if (fields.isNull('mid_block_type')) return false;
  fields.oneOf('mid_block_type', ['UNetMidBlock2DCrossAttn'], 'UNetMidBlock2DCrossAttn');
  return true;
}

function sampleSize(fields: ConfigFields): UNetConfig['sampleSize'] {
  if (!fields.has('sample_size')) return undefined;
  const value = fields.value('sample_size');
  const sizes: readonly unknown[] = Array.isArray(value) && value.length === 2 ? value : [value, value];
  const [height, width] = sizes;
  const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && Number(size) >= 1;
  if (isSize(height) && isSize(width)) return [height, width];
  throw fields.refused('sample_size', 'a whole number, at least 1, or two of them');
}

/** The size of a kernel that keeps images as large as they are. */
function oddKernel(fields: ConfigFields, key: string): number {
  const size = fields.integer(key, 3, 1);
  if (size % 2 === 0) throw fields.refused(key, 'an odd number');
  return size;
}
