import { add } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import { attention } from '../../layers/attention.js';
import { GroupNorm } from '../../layers/group-norm.js';
import { Linear } from '../../layers/linear.js';
import { ResidualBlock, Upsample, type Images } from '../unet/residual-block.js';
import { toImages, toSequence, type Sequence } from '../unet/transformer.js';
import type { VAEConfig } from './config.js';

/** Of all norms of the autoencoder; diffusers does not let configurations change it. */
export const VAE_NORM_EPS = 1e-6;

/** Attention of one head over the places of a feature map, added to it. [B, C, H, W] gives the same shape. */
export class ImageAttention extends Module {
  groupNorm: GroupNorm<number> = new GroupNorm(this.normGroups, this.channels, { eps: VAE_NORM_EPS });
  toQ: Linear<number, number> = new Linear(this.channels, this.channels);
  toK: Linear<number, number> = new Linear(this.channels, this.channels);
  toV: Linear<number, number> = new Linear(this.channels, this.channels);
  toOut: readonly Linear<number, number>[] = [new Linear(this.channels, this.channels)];

  constructor(
    private readonly channels: number,
    private readonly normGroups: number,
  ) {
    super();
  }

  forward(x: Images): Images {
    const [, , height, width] = x.shape;
    const places = toSequence(this.groupNorm.forward(x));
    const [q, k, v] = [this.toQ.forward(places), this.toK.forward(places), this.toV.forward(places)];
    const mixed: Sequence = attention(q, k, v, { heads: 1 });
    return add(toImages(this.toOut[0]!.forward(mixed), height, width), x);
  }
}

/** The coarsest resolution: `UNetMidBlock2D`. */
export class DecoderMidBlock extends Module {
  private readonly channels = this.config.channels.at(-1)!;
  attentions = this.config.midBlockAttends ? [new ImageAttention(this.channels, this.config.normGroups)] : [];
  resnets = Array.from({ length: 2 }, () => residual(this.config, this.channels, this.channels));

  constructor(private readonly config: VAEConfig) {
    super();
  }

  forward(x: Images): Images {
    const [before, after] = [this.resnets[0]!, this.resnets[1]!];
    return after.forward(this.attentions.reduce((y, layer) => layer.forward(y), before.forward(x)));
  }
}

/** A resolution, and the step to the next: `UpDecoderBlock2D`. */
export class DecoderBlock extends Module {
  resnets = Array.from({ length: this.config.layersPerBlock + 1 }, (_, i) =>
    residual(this.config, i === 0 ? this.inChannels : this.outChannels, this.outChannels),
  );
  upsamplers = this.isLast ? [] : [new Upsample(this.outChannels)];

  constructor(
    private readonly config: VAEConfig,
    private readonly inChannels: number,
    private readonly outChannels: number,
    /** Whether it is that of the picture, behind which nothing is made larger. */
    private readonly isLast: boolean,
  ) {
    super();
  }

  forward(x: Images): Images {
    const [, , height, width] = x.shape;
    const y = this.resnets.reduce((mixed, resnet) => resnet.forward(mixed), x);
    return this.upsamplers.reduce((small, upsampler) => upsampler.forward(small, 2 * height, 2 * width), y);
  }
}

function residual({ normGroups, activation }: VAEConfig, inChannels: number, outChannels: number): ResidualBlock {
  return new ResidualBlock({ inChannels, outChannels, normGroups, activation, normEps: VAE_NORM_EPS });
}
