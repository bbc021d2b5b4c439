import { add, mul, silu } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { attention } from '../../layers/attention.js';
import { Linear } from '../../layers/linear.js';
import { RMSNorm } from '../../layers/rms-norm.js';
import { PretrainedModel } from '../pretrained.js';
import { smolVLAConfig, type SmolVLAConfig } from './config.js';

/** [B, T, D] */
type Hidden = Tensor<[number, number, number], 'f32'>;
type Projection = Linear<number, number, false>;

function projection(inFeatures: number, outFeatures: number): Projection {
  return new Linear(inFeatures, outFeatures, { bias: false });
}

/** Grouped-query attention without mask and without positions. */
class ExpertAttention extends Module {
  qProj = projection(this.config.hiddenSize, this.config.heads * this.config.headDim);
  kProj = projection(this.config.hiddenSize, this.config.keyValueHeads * this.config.headDim);
  vProj = projection(this.config.hiddenSize, this.config.keyValueHeads * this.config.headDim);
  oProj = projection(this.config.heads * this.config.headDim, this.config.hiddenSize);

  constructor(private readonly config: SmolVLAConfig) {
    super();
  }

  forward(x: Hidden, context: Hidden): Hidden {
    const { heads, keyValueHeads } = this.config;
    const [q, k, v] = [this.qProj.forward(x), this.kProj.forward(context), this.vProj.forward(context)];
    const mixed: Hidden = attention(q, k, v, { heads, keyValueHeads });
    return this.oProj.forward(mixed);
  }
}

/** down(silu(gate(x))·up(x)) */
class ExpertFeedForward extends Module {
  gate = projection(this.config.hiddenSize, this.config.intermediateSize);
  up = projection(this.config.hiddenSize, this.config.intermediateSize);
  down = projection(this.config.intermediateSize, this.config.hiddenSize);

  constructor(private readonly config: SmolVLAConfig) {
    super();
  }

  forward(x: Hidden): Hidden {
    return this.down.forward(mul(silu(this.gate.forward(x)), this.up.forward(x)));
  }
}

/** Attention and a feed-forward, each of a norm and added. */
class ExpertLayer extends Module {
  norm1: RMSNorm<number> = new RMSNorm(this.config.hiddenSize, { eps: this.config.normEps });
  attn = new ExpertAttention(this.config);
  norm2: RMSNorm<number> = new RMSNorm(this.config.hiddenSize, { eps: this.config.normEps });
  mlp = new ExpertFeedForward(this.config);

  constructor(private readonly config: SmolVLAConfig) {
    super();
  }

  /** Without a context it attends to itself. */
  forward(x: Hidden, context?: Hidden): Hidden {
    const normed = this.norm1.forward(x);
    const mixed = add(x, this.attn.forward(normed, context ?? normed));
    return add(mixed, this.mlp.forward(this.norm2.forward(mixed)));
  }
}

/**
 * The action expert of SmolVLA (Shukor et al. 2025, arXiv:2506.01844), as the public Inferena benchmark has it: a
 * transformer over noisy actions, whose layers attend by turns to the actions and to what the vision-language model sees.
 */
export class SmolVLAActionExpert extends PretrainedModel {
  /** Reads a configuration. Throws ConfigError. */
  static readonly parseConfig = smolVLAConfig;

  /** Of noisy actions: actionDim to hiddenSize. */
  actionProj = projection(this.config.actionDim, this.config.hiddenSize);
  /** Of the time's embedding: timeDim to hiddenSize. */
  timeProj = projection(this.config.timeDim, this.config.hiddenSize);
  /** Of the context: contextDim to hiddenSize. */
  kvProj = projection(this.config.contextDim, this.config.hiddenSize);
  /** Each of [B, T, hiddenSize] to the same shape. */
  layers = Array.from({ length: this.config.layers }, () => new ExpertLayer(this.config));
  /** Of what the last layer gives. */
  norm: RMSNorm<number> = new RMSNorm(this.config.hiddenSize, { eps: this.config.normEps });
  /** How actions change: hiddenSize to actionDim. */
  head = projection(this.config.hiddenSize, this.config.actionDim);

  /** Use {@link SmolVLAActionExpert.fromConfig}. */
  constructor(readonly config: SmolVLAConfig) {
    super();
  }

  /**
   * Noisy actions [B, T, actionDim], the embedding of the time [B, 1, timeDim] (or [B, T, timeDim], one for each action)
   * and the context [B, S, contextDim] give how actions change, [B, T, actionDim].
   */
  forward<B extends Dim, T extends Dim, S extends Dim, Times extends Dim>(
    actions: Tensor<[B, T, number], 'f32'>,
    time: Tensor<[B, Times, number], 'f32'>,
    context: Tensor<[B, S, number], 'f32'>,
  ): Tensor<[B, T, number], 'f32'> {
    // While it is traced, every size is a number.
    const change: Tensor = this.change(actions as Hidden, time as Hidden, context as Hidden);
    return change as Tensor<[B, T, number], 'f32'>;
  }

  private change(actions: Hidden, time: Hidden, context: Hidden): Hidden {
    const projected = this.kvProj.forward(context);
    const embedded = add(this.actionProj.forward(actions), this.timeProj.forward(time));
    const last = this.layers.reduce<Hidden>((x, layer, i) => {
      return layer.forward(x, i % this.config.selfAttentionEvery === 0 ? undefined : projected);
    }, embedded);
    return this.head.forward(this.norm.forward(last));
  }
}
