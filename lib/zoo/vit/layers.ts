import { add, broadcastTo, concat, permute, reshape } from '../../dsl/generated/ops.js';
import { normal } from '../../dsl/init.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import { parameter } from '../../dsl/state.js';
import type { Tensor } from '../../dsl/tensor.js';
import { ShapeError } from '../../ir/errors.js';
import { activationNamed } from '../../layers/activations.js';
import { Conv2d } from '../../layers/convolution.js';
import { Dropout } from '../../layers/dropout.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Linear } from '../../layers/linear.js';
import { SelfAttention } from '../bert/self-attention.js';
import type { Hidden } from '../hidden.js';
import type { ViTConfig } from './config.js';

/** Images [N, channels, height, width]. */
export type Pixels<N extends Dim> = Tensor<[N, number, Dim, Dim], 'f32'>;

/** A vector of each patch of an image: a convolution whose windows do not overlap. */
class PatchEmbeddings extends Module {
  projection = new Conv2d(
    this.config.channels,
    this.config.hiddenSize,
    [this.config.patchHeight, this.config.patchWidth] as const,
    { stride: [this.config.patchHeight, this.config.patchWidth] as const },
  );

  constructor(private readonly config: ViTConfig) {
    super();
    this.projection.weight.initialize(normal(0, config.initializerRange));
  }

  /** [N, channels, H, W] gives [N, patches, hiddenSize]. Throws ShapeError for images of another size. */
  forward<N extends Dim>(pixels: Pixels<N>): Hidden<N, number> {
    const { channels, height, width, hiddenSize } = this.config;
    const [images, ...size] = pixels.shape;
    if (size.join() !== [channels, height, width].join()) {
      throw new ShapeError(
        `ViT: images must be [N, ${channels}, ${height}, ${width}], as the positions of the checkpoint are for those; ` +
          `got [${[images, ...size].join(', ')}]: resize them`,
      );
    }
    const places: Tensor = this.projection.forward(pixels);
    const patches: Tensor = permute(reshape(places, [images, hiddenSize, -1]), [0, 2, 1]);
    return patches as Hidden<N, number>;
  }
}

/** The class token and the patches, with their positions. */
export class ViTEmbeddings extends Module {
  clsToken = parameter([1, 1, this.config.hiddenSize], normal(0, this.config.initializerRange));
  positionEmbeddings = parameter(
    [1, this.patches + 1, this.config.hiddenSize],
    normal(0, this.config.initializerRange),
  );
  patchEmbeddings = new PatchEmbeddings(this.config);
  private readonly dropout = new Dropout(this.config.hiddenDropout);

  constructor(private readonly config: ViTConfig) {
    super();
  }

  /** [N, channels, H, W] gives [N, 1 + patches, hiddenSize]. */
  forward<N extends Dim>(pixels: Pixels<N>): Hidden<N, number> {
    const [images] = pixels.shape;
    const first: Tensor = broadcastTo(this.clsToken, [images, 1, this.config.hiddenSize]);
    const patches: Tensor = this.patchEmbeddings.forward(pixels);
    const tokens = concat([first, patches], { axis: 1 }) as Hidden<N, number>;
    return this.dropout.forward(add(tokens, this.positionEmbeddings));
  }

  private get patches(): number {
    const { height, width, patchHeight, patchWidth } = this.config;
    return Math.floor(height / patchHeight) * Math.floor(width / patchWidth);
  }
}

/** dropout(dense(x)), under the name `output`. */
class Output extends Module {
  dense = new Linear(this.width, this.config.hiddenSize);
  private readonly dropout = new Dropout(this.config.hiddenDropout);

  constructor(
    private readonly width: number,
    private readonly config: ViTConfig,
  ) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>): Hidden<B, T> {
    return this.dropout.forward(this.dense.forward(x));
  }
}

class ViTAttention extends Module {
  attention = new SelfAttention(this.config.hiddenSize, {
    heads: this.config.heads,
    dropout: this.config.attentionDropout,
    bias: this.config.attentionBias,
  });
  output = new Output(this.config.hiddenSize, this.config);

  constructor(private readonly config: ViTConfig) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>): Hidden<B, T> {
    return this.output.forward(this.attention.forward(x));
  }
}

/** Attention and a feed-forward, each behind a norm and added to what came in: x [B, T, hiddenSize] gives the same. */
export class ViTLayer extends Module {
  attention = new ViTAttention(this.config);
  intermediate = { dense: new Linear(this.config.hiddenSize, this.config.intermediateSize) };
  output = new Output(this.config.intermediateSize, this.config);
  layernormBefore = new LayerNorm(this.config.hiddenSize, { eps: this.config.normEps });
  layernormAfter = new LayerNorm(this.config.hiddenSize, { eps: this.config.normEps });
  private readonly activation = activationNamed(this.config.activation);

  constructor(private readonly config: ViTConfig) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>): Hidden<B, T> {
    const attended = add(x, this.attention.forward(this.layernormBefore.forward(x)));
    const inner = this.activation(this.intermediate.dense.forward(this.layernormAfter.forward(attended)));
    return add(attended, this.output.forward(inner));
  }
}
