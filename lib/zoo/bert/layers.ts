import { child } from '../../dsl/decorators.js';
import { add } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import { activationNamed } from '../../layers/activations.js';
import { Dropout } from '../../layers/dropout.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Linear } from '../../layers/linear.js';
import type { Hidden } from '../hidden.js';
import type { BertConfig } from './config.js';
import { SelfAttention, type KeyMask } from './self-attention.js';

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
  self = new SelfAttention(this.config.hiddenSize, {
    heads: this.config.heads,
    dropout: this.config.attentionDropout,
  });
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
