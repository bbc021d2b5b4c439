import { add, geglu } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import { Conv2d } from '../../layers/convolution.js';
import { GroupNorm } from '../../layers/group-norm.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Linear } from '../../layers/linear.js';
import { ProjectedAttention } from '../diffusion/attention.js';
import { toImages, toSequence, type Images, type Sequence } from '../diffusion/feature-maps.js';
import type { UNetConfig, UNetLevel } from './config.js';

/** Of the norm before a transformer; diffusers does not let configurations change it. */
const TRANSFORMER_NORM_EPS = 1e-6;

/** a·gelu(b) of a projection to twice the features. */
export class GatedProjection extends Module {
  proj: Linear<number, number> = new Linear(this.width, 2 * this.inner);

  constructor(
    private readonly width: number,
    private readonly inner: number,
  ) {
    super();
  }

  forward(x: Sequence): Sequence {
    return geglu(this.proj.forward(x));
  }
}

/** GEGLU to four times the features and back. */
export class GatedFeedForward extends Module {
  // Between them diffusers has a dropout, which has no state: hence the gap in the names.
  net = {
    '0': new GatedProjection(this.width, 4 * this.width),
    '2': new Linear<number, number>(4 * this.width, this.width),
  };

  constructor(private readonly width: number) {
    super();
  }

  forward(x: Sequence): Sequence {
    return this.net['2'].forward(this.net['0'].forward(x));
  }
}

/** Self-attention, attention to the text and a feed-forward, each of a norm and added: `BasicTransformerBlock`. */
export class BasicTransformerBlock extends Module {
  norm1: LayerNorm<number> = new LayerNorm(this.width);
  attn1 = new ProjectedAttention(this.width, this.level.heads);
  norm2: LayerNorm<number> = new LayerNorm(this.width);
  attn2 = new ProjectedAttention(this.width, this.level.heads, { contextWidth: this.level.crossAttentionDim });
  norm3: LayerNorm<number> = new LayerNorm(this.width);
  ff = new GatedFeedForward(this.width);

  constructor(
    private readonly width: number,
    private readonly level: UNetLevel,
  ) {
    super();
  }

  forward(x: Sequence, text: Sequence): Sequence {
    const own = add(x, this.attn1.forward(this.norm1.forward(x)));
    const crossed = add(own, this.attn2.forward(this.norm2.forward(own), text));
    return add(crossed, this.ff.forward(this.norm3.forward(crossed)));
  }
}

/**
 * Transformer blocks over the places of a feature map, between projections, added to it: `Transformer2DModel`.
 * [B, C, H, W] with the text's embeddings [B, S, crossAttentionDim] gives [B, C, H, W].
 */
export class ImageTransformer extends Module {
  private readonly channels = this.level.channels;
  /** Where the heads do not divide the channels, diffusers leaves the rest out. */
  private readonly width = this.level.heads * Math.floor(this.channels / this.level.heads);

  norm: GroupNorm<number> = new GroupNorm(this.config.normGroups, this.channels, { eps: TRANSFORMER_NORM_EPS });
  projIn = this.projection(this.channels, this.width);
  transformerBlocks = Array.from(
    { length: this.level.transformerLayers },
    () => new BasicTransformerBlock(this.width, this.level),
  );
  projOut = this.projection(this.width, this.channels);

  constructor(
    private readonly config: UNetConfig,
    private readonly level: UNetLevel,
  ) {
    super();
  }

  forward(x: Images, text: Sequence): Images {
    const [, , height, width] = x.shape;
    const normed = this.norm.forward(x);
    const { projIn, projOut } = this;
    const places = projIn instanceof Linear ? projIn.forward(toSequence(normed)) : toSequence(projIn.forward(normed));
    const mixed = this.transformerBlocks.reduce((y, block) => block.forward(y, text), places);
    const back =
      projOut instanceof Linear
        ? toImages(projOut.forward(mixed), height, width)
        : projOut.forward(toImages(mixed, height, width));
    return add(back, x);
  }

  private projection(inFeatures: number, outFeatures: number): Pointwise {
    return this.config.useLinearProjection
      ? new Linear(inFeatures, outFeatures)
      : new Conv2d(inFeatures, outFeatures, 1);
  }
}

/** A linear map of the channels of every place. */
type Pointwise = Linear<number, number> | Conv2d<number, number, number>;
