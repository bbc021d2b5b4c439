import { child } from '../../dsl/decorators.js';
import { add } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { activationNamed } from '../../layers/activations.js';
import { attention } from '../../layers/attention.js';
import { Dropout } from '../../layers/dropout.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Linear } from '../../layers/linear.js';
import type { BertConfig } from './config.js';

/** Vectors of tokens, [B, T, hiddenSize]. */
export type Hidden<B extends Dim, T extends Dim> = Tensor<[B, T, number], 'f32'>;

/** Which keys may be seen; broadcasts to [B, heads, T, T]. */
export type KeyMask = Tensor<[Dim, number, number, Dim], 'bool'>;

/** The projections of attention, before they are joined. */
class SelfAttention extends Module {
  query = new Linear(this.config.hiddenSize, this.config.hiddenSize);
  key = new Linear(this.config.hiddenSize, this.config.hiddenSize);
  value = new Linear(this.config.hiddenSize, this.config.hiddenSize);

  constructor(private readonly config: BertConfig) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>, mask: KeyMask | undefined): Hidden<B, T> {
    const { heads, attentionDropout } = this.config;
    const dropout = this.training ? attentionDropout : 0;
    return attention(this.query.forward(x), this.key.forward(x), this.value.forward(x), { heads, mask, dropout });
  }
}

/** norm(residual + dropout(dense(x))): how each half of a layer ends. */
class JoinedOutput extends Module {
  dense = new Linear(this.width, this.config.hiddenSize);
  @child({ name: 'LayerNorm' }) layerNorm = new LayerNorm(this.config.hiddenSize, { eps: this.config.normEps });
  private readonly dropout = new Dropout(this.config.hiddenDropout);

  constructor(
    private readonly width: number,
    private readonly config: BertConfig,
  ) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>, residual: Hidden<B, T>): Hidden<B, T> {
    return this.layerNorm.forward(add(residual, this.dropout.forward(this.dense.forward(x))));
  }
}

class BertAttention extends Module {
  self = new SelfAttention(this.config);
  output = new JoinedOutput(this.config.hiddenSize, this.config);

  constructor(private readonly config: BertConfig) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>, mask: KeyMask | undefined): Hidden<B, T> {
    return this.output.forward(this.self.forward(x, mask), x);
  }
}

class Intermediate extends Module {
  dense = new Linear(this.config.hiddenSize, this.config.intermediateSize);
  private readonly activation = activationNamed(this.config.activation);

  constructor(private readonly config: BertConfig) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>): Hidden<B, T> {
    return this.activation(this.dense.forward(x));
  }
}

/** Attention and a feed-forward, each followed by a norm: x [B, T, hiddenSize] gives the same. */
export class BertLayer extends Module {
  attention = new BertAttention(this.config);
  intermediate = new Intermediate(this.config);
  output = new JoinedOutput(this.config.intermediateSize, this.config);

  constructor(private readonly config: BertConfig) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>, mask: KeyMask | undefined): Hidden<B, T> {
    const attended = this.attention.forward(x, mask);
    return this.output.forward(this.intermediate.forward(attended), attended);
  }
}
