import type { RotaryScaling } from '../../layers/rotary-embedding.js';
import { ConfigFields } from '../config-fields.js';
import { tokenList } from '../token-list.js';

/** What a checkpoint of the Llama form says of itself. */
export interface LlamaConfig {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values: fewer than `heads` in grouped-query attention. */
  readonly keyValueHeads: number;
  readonly headDim: number;
  /** The longest sequence that the model was trained for. */
  readonly maxPositions: number;
  readonly normEps: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RotaryScaling | undefined;
  /** Whether the projections of attention, and those of the feed-forward, have biases. */
  readonly attentionBias: boolean;
  readonly mlpBias: boolean;
  /** Whether the last layer's weight is the embedding. */
  readonly tieWordEmbeddings: boolean;
  /** Standard deviation of initial weights. */
  readonly initializerRange: number;
  /** Tokens that end a text. */
  readonly endTokens: readonly number[];
}

/**
 * Reads a `config.json` of `LlamaForCausalLM` as transformers 4 writes it (`rope_theta`, `rope_scaling`) and as
 * version 5 does (`rope_parameters`).
 * @throws {ConfigError} For values that no model can have, or that are not supported.
 */
export function llamaConfig(json: unknown, name = 'config.json'): LlamaConfig {
  const fields = new ConfigFields(json, name);
  fields.oneOf('hidden_act', ['silu', 'swish'], 'silu');
  fields.onlyOff({ use_sliding_window: false, sliding_window: undefined });
  const hiddenSize = fields.integer('hidden_size', undefined, 1);
  const heads = fields.integer('num_attention_heads', undefined, 1);
  const keyValueHeads = fields.integer('num_key_value_heads', heads, 1);
  if (heads % keyValueHeads !== 0) {
    throw fields.refused('num_key_value_heads', `a divisor of num_attention_heads (${heads})`);
  }
  if (!fields.has('head_dim') && hiddenSize % heads !== 0) {
    throw fields.refused('num_attention_heads', `a divisor of hidden_size (${hiddenSize})`);
  }
  const rope = fields.has('rope_parameters') ? fields.fields('rope_parameters') : fields;
  return {
    vocabSize: fields.integer('vocab_size', undefined, 1),
    hiddenSize,
    intermediateSize: fields.integer('intermediate_size', undefined, 1),
    layers: fields.integer('num_hidden_layers', undefined, 1),
    heads,
    keyValueHeads,
    headDim: fields.integer('head_dim', hiddenSize / heads, 2),
    maxPositions: fields.integer('max_position_embeddings', 2048, 1),
    normEps: fields.number('rms_norm_eps', 1e-6),
    ropeTheta: rope.number('rope_theta', 10000),
    ropeScaling: scaling(rope === fields ? fields.fields('rope_scaling', true) : rope),

    attentionBias: fields.boolean('attention_bias', false),
    mlpBias: fields.boolean('mlp_bias', false),
    tieWordEmbeddings: fields.boolean('tie_word_embeddings', false),
    initializerRange: fields.number('initializer_range', 0.02),
    endTokens: tokenList(fields, 'eos_token_id'),
  };
}

/** How positions are stretched: `rope_scaling`, with its kind under `type` in old files. */
function scaling(fields: ConfigFields): RotaryScaling | undefined {
  const key = fields.has('rope_type') ? 'rope_type' : 'type';
  const type = fields.oneOf(key, ['default', 'linear', 'llama3'], 'default');
  switch (type) {
    case 'default':
      return undefined;
    case 'linear':
      return { type, factor: fields.number('factor') };
    case 'llama3':
      return {
        type,
        factor: fields.number('factor'),
        lowFreqFactor: fields.number('low_freq_factor'),
        highFreqFactor: fields.number('high_freq_factor'),
        originalMaxPositions: fields.integer('original_max_position_embeddings', undefined, 1),
      };
  }
}
