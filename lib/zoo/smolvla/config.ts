import { ConfigFields } from '../config-fields.js';

/** Sizes of the action expert of SmolVLA. */
export interface SmolVLAConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values: fewer than `heads` in grouped-query attention. */
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly normEps: number;
  /** Numbers in one action. */
  readonly actionDim: number;
  /** Features of the embedding of the time. */
  readonly timeDim: number;
  /** Features of the context, what the vision-language model sees. */
  readonly contextDim: number;
  /** Every how many layers, from the first on, one attends to the actions themselves; the others to the context. */
  readonly selfAttentionEvery: number;
}

/**
 * Reads a configuration in the names of transformers and LeRobot; what it leaves out is as in SmolVLA.
 * @throws {ConfigError} For values that no model can have.
 */
export function smolVLAConfig(json: unknown, name = 'config.json'): SmolVLAConfig {
  const fields = new ConfigFields(json, name);
  const hiddenSize = fields.integer('hidden_size', 720, 1);
  const heads = fields.integer('num_attention_heads', 15, 1);
  const keyValueHeads = fields.integer('num_key_value_heads', 5, 1);
  if (heads % keyValueHeads !== 0) {
    throw fields.refused('num_key_value_heads', `a divisor of num_attention_heads (${heads})`);
  }
  const normEps = fields.number('rms_norm_eps', 1e-5);
  if (normEps <= 0) throw fields.refused('rms_norm_eps', 'a number above 0');
  return {
    hiddenSize,
    intermediateSize: fields.integer('intermediate_size', 2048, 1),
    layers: fields.integer('num_hidden_layers', 16, 1),
    heads,
    keyValueHeads,
    headDim: fields.integer('head_dim', 64, 1),
    normEps,
    actionDim: fields.integer('max_action_dim', 32, 1),
    timeDim: fields.integer('time_dim', 2 * hiddenSize, 1),
    contextDim: fields.integer('context_dim', 320, 1),
    selfAttentionEvery: fields.integer('self_attn_every_n_layers', 2, 1),
  };
}
