import { ConfigFields } from '../config-fields.js';
import { labelNames } from '../labels.js';

/** What a vision transformer is made of. */
export interface ViTConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly channels: number;
  /** Of the images, in pixels. */
  readonly height: number;
  readonly width: number;
  /** Of the squares that are a token each, in pixels. */
  readonly patchHeight: number;
  readonly patchWidth: number;
  readonly activation: string;
  readonly normEps: number;
  /** Whether the projections of attention have biases. */
  readonly attentionBias: boolean;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  /** Of the vector of the whole, in a model without classifier. */
  readonly poolerSize: number;
  readonly poolerActivation: string;
  /** Standard deviation of initial weights. */
  readonly initializerRange: number;
  /** Names of the classes; undefined for a model without classifier. */
  readonly labels: readonly string[] | undefined;
}

/**
 * Reads a `config.json` of `ViTModel` or `ViTForImageClassification`.
 * @throws {ConfigError} For values that no model can have, or that are not supported.
 */
export function vitConfig(json: unknown, name = 'config.json'): ViTConfig {
  const fields = new ConfigFields(json, name);
  fields.oneOf('model_type', ['vit'], 'vit');
  const hiddenSize = fields.integer('hidden_size', 768, 1);
  const heads = fields.integer('num_attention_heads', 12, 1);
  if (hiddenSize % heads !== 0) throw fields.refused('num_attention_heads', `a divisor of hidden_size (${hiddenSize})`);
  const [height, width] = sizePair(fields, 'image_size', 224);
  const [patchHeight, patchWidth] = sizePair(fields, 'patch_size', 16);
  if (patchHeight > height || patchWidth > width) {
    throw fields.refused('image_size', `at least a patch (${patchHeight} × ${patchWidth})`);
  }
  const architectures = fields.value('architectures');
  const isClassifier = Array.isArray(architectures) && architectures.includes('ViTForImageClassification');
  return {
    hiddenSize,
    heads,
    height,
    width,
    patchHeight,
    patchWidth,
    intermediateSize: fields.integer('intermediate_size', 3072, 1),
    layers: fields.integer('num_hidden_layers', 12, 1),
    channels: fields.integer('num_channels', 3, 1),
    activation: fields.string('hidden_act', 'gelu'),
    normEps: fields.number('layer_norm_eps', 1e-12),
    attentionBias: fields.boolean('qkv_bias', true),
    hiddenDropout: fields.number('hidden_dropout_prob', 0),
    attentionDropout: fields.number('attention_probs_dropout_prob', 0),
    poolerSize: fields.integer('pooler_output_size', hiddenSize, 1),
    poolerActivation: fields.string('pooler_act', 'tanh'),
    initializerRange: fields.number('initializer_range', 0.02),
    labels: isClassifier ? labelNames(fields) : undefined,
  };
}

/** One size, or height and width. */
function sizePair(fields: ConfigFields, key: string, missing: number): readonly [number, number] {
  const value = fields.value(key) ?? missing;
  const pair: unknown[] = Array.isArray(value) ? value : [value, value];
  const [height, width] = pair.map(Number);
  const isSize = (size: number | undefined): size is number => Number.isSafeInteger(size) && size! > 0;
  if (pair.length === 2 && isSize(height) && isSize(width)) return [height, width];
  throw fields.refused(key, 'a whole number of pixels, or a height and a width');
}
