import { ConfigFields } from '../config-fields.js';
import { tokenList } from '../token-list.js';

/** What a Whisper is made of. */
export interface WhisperConfig {
  readonly vocabSize: number;
  /** Bins of the log-mel spectrograms. */
  readonly melBins: number;
  /** Width of encoder and decoder. */
  readonly width: number;
  readonly encoder: WhisperSideConfig;
  readonly decoder: WhisperSideConfig;
  /** Vectors that the encoder makes of a window: half as many as it has frames. */
  readonly sourcePositions: number;
  /** The most tokens of a text. */
  readonly targetPositions: number;
  readonly activation: string;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly activationDropout: number;
  /** Whether the last layer's weight is the embedding of the tokens. */
  readonly tieWordEmbeddings: boolean;
  /** The token that stands for nothing. */
  readonly padToken: number;
  /** Standard deviation of initial weights. */
  readonly initializerRange: number;
  /** What generation starts and ends with, and what it must not give, where `generation_config.json` says nothing. */
  readonly startToken: number;
  readonly endTokens: readonly number[];
  readonly suppressTokens: readonly number[];
  readonly beginSuppressTokens: readonly number[];
}

/** Layers of the encoder, or of the decoder. */
export interface WhisperSideConfig {
  readonly layers: number;
  readonly heads: number;
  readonly hidden: number;
}

/**
 * Reads a `config.json` of `WhisperForConditionalGeneration`.
 * @throws {ConfigError} For values that no model can have, or that are not supported.
 */
export function whisperConfig(json: unknown, name = 'config.json'): WhisperConfig {
  const fields = new ConfigFields(json, name);
  fields.oneOf('model_type', ['whisper'], 'whisper');
  // scale_embedding is written down by all and read by none, transformers included.
  fields.onlyOff({ apply_spec_augment: false, encoder_layerdrop: 0, decoder_layerdrop: 0 });
  const width = fields.integer('d_model', 384, 2);
  if (width % 2 !== 0) throw fields.refused('d_model', 'an even number');
  const vocabSize = fields.integer('vocab_size', 51865, 1);
  const padToken = fields.integer('pad_token_id', 50256);
  if (padToken >= vocabSize) throw fields.refused('pad_token_id', `a token, below vocab_size (${vocabSize})`);
  const side = (part: 'encoder' | 'decoder'): WhisperSideConfig => {
    const heads = fields.integer(`${part}_attention_heads`, 6, 1);
    if (width % heads !== 0) throw fields.refused(`${part}_attention_heads`, `a divisor of d_model (${width})`);
    return {
      heads,
      layers: fields.integer(`${part}_layers`, 4, 1),
      hidden: fields.integer(`${part}_ffn_dim`, 1536, 1),
    };
  };
  return {
    vocabSize,
    width,
    padToken,
    melBins: fields.integer('num_mel_bins', 80, 1),
    encoder: side('encoder'),
    decoder: side('decoder'),
    sourcePositions: fields.integer('max_source_positions', 1500, 1),
    targetPositions: fields.integer('max_target_positions', 448, 1),
    activation: fields.string('activation_function', 'gelu'),
    dropout: fields.number('dropout', 0),
    attentionDropout: fields.number('attention_dropout', 0),
    activationDropout: fields.number('activation_dropout', 0),
    tieWordEmbeddings: fields.boolean('tie_word_embeddings', true),
    initializerRange: fields.number('init_std', 0.02),
    startToken: fields.integer('decoder_start_token_id', 50257),
    endTokens: fields.has('eos_token_id') ? tokenList(fields, 'eos_token_id') : [50256],
    suppressTokens: tokenList(fields, 'suppress_tokens'),
    beginSuppressTokens: tokenList(fields, 'begin_suppress_tokens'),
  };
}
