import { activationNames, type ActivationName } from '../../layers/activations.js';
import { ConfigFields } from '../config-fields.js';
import { llamaConfig, type LlamaConfig } from '../llama/config.js';

/** The part that sees: a vision transformer over square patches. */
export interface VisionConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly channels: number;
  /** Edges of images and of patches, in pixels. */
  readonly imageSize: number;
  readonly patchSize: number;
  readonly activation: ActivationName;
  readonly normEps: number;
}

/** What a checkpoint of SmolVLM's form says of itself. */
export interface SmolVLMConfig {
  readonly vision: VisionConfig;
  readonly text: LlamaConfig;
  /** How many patches along each edge become one vector for the text. */
  readonly scaleFactor: number;
  /** The token that stands for such a vector. */
  readonly imageToken: number;
}

/**
 * Reads a `config.json` of `SmolVLMForConditionalGeneration` or `Idefics3ForConditionalGeneration`; what it leaves out
 * is what transformers then takes.
 * @throws {ConfigError} For values that no model can have, or that are not supported.
 */
export function smolVLMConfig(json: unknown, name = 'config.json'): SmolVLMConfig {
  const fields = new ConfigFields(json, name);
  const text = llamaConfig(fields.value('text_config'), `${name}: text_config`);
  const tied = { tieWordEmbeddings: fields.boolean('tie_word_embeddings', false) };
  const vision = visionConfig(fields.fields('vision_config'));
  const scaleFactor = fields.integer('scale_factor', 2, 1);
  const patches = vision.imageSize / vision.patchSize;
  if (patches % scaleFactor !== 0) {
    throw fields.refused('scale_factor', `a divisor of the ${patches} patches along an edge`);
  }
  return {
    vision,
    text: { ...text, ...tied },
    scaleFactor,
    imageToken: fields.integer('image_token_id', 128257),
  };
}

function visionConfig(fields: ConfigFields): VisionConfig {
  const hiddenSize = fields.integer('hidden_size', 1152, 1);
  const heads = fields.integer('num_attention_heads', 16, 1);
  const imageSize = fields.integer('image_size', 224, 1);
  const patchSize = fields.integer('patch_size', 32, 1);
  if (hiddenSize % heads !== 0) throw fields.refused('num_attention_heads', `a divisor of hidden_size (${hiddenSize})`);
  if (imageSize % patchSize !== 0) throw fields.refused('patch_size', `a divisor of image_size (${imageSize})`);
  return {
    hiddenSize,
    intermediateSize: fields.integer('intermediate_size', 3072, 1),
    layers: fields.integer('num_hidden_layers', 12, 1),
    heads,
    channels: fields.integer('num_channels', 3, 1),
    imageSize,
    patchSize,
    activation: fields.oneOf('hidden_act', activationNames, 'gelu_pytorch_tanh'),
    normEps: fields.number('layer_norm_eps', 1e-6),
  };
}
