import { ConfigFields } from '../config-fields.js';

/** What a BERT is made of. */
export interface BertConfig {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  /** The longest sequence. */
  readonly maxPositions: number;
  /** Kinds of segments: 2 where the model was trained on pairs. */
  readonly tokenTypes: number;
  readonly activation: string;
  readonly normEps: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  /** The token that stands for nothing. */
  readonly padToken: number;
  /** Standard deviation of initial weights. */
  readonly initializerRange: number;
}

/**
 * Reads a `config.json` of `BertModel`.
 * @throws {ConfigError} For values that no model can have, or that are not supported: decoders, relative positions.
 */
export function bertConfig(json: unknown, name = 'config.json'): BertConfig {
  const fields = new ConfigFields(json, name);
  fields.oneOf('model_type', ['bert'], 'bert');
  fields.onlyOff({ is_decoder: false, add_cross_attention: false, position_embedding_type: 'absolute' });
  const hiddenSize = fields.integer('hidden_size', 768, 1);
  const heads = fields.integer('num_attention_heads', 12, 1);
  if (hiddenSize % heads !== 0) throw fields.refused('num_attention_heads', `a divisor of hidden_size (${hiddenSize})`);
  const vocabSize = fields.integer('vocab_size', 30522, 1);
  const padToken = fields.integer('pad_token_id', 0);
  if (padToken >= vocabSize) throw fields.refused('pad_token_id', `a token, below vocab_size (${vocabSize})`);
  return {
    vocabSize,
    hiddenSize,
    heads,
    intermediateSize: fields.integer('intermediate_size', 3072, 1),
    layers: fields.integer('num_hidden_layers', 12, 1),
    maxPositions: fields.integer('max_position_embeddings', 512, 1),
    tokenTypes: fields.integer('type_vocab_size', 2, 1),
    activation: fields.string('hidden_act', 'gelu'),
    normEps: fields.number('layer_norm_eps', 1e-12),
    hiddenDropout: fields.number('hidden_dropout_prob', 0.1),
    attentionDropout: fields.number('attention_probs_dropout_prob', 0.1),
    padToken,
    initializerRange: fields.number('initializer_range', 0.02),
  };
}
