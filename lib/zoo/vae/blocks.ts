import { add } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import { ResidualBlock } from '../../layers/residual-block.js';
import { ProjectedAttention } from '../diffusion/attention.js';
import { toImages, toSequence, type Images } from '../diffusion/feature-maps.js';
import { Upsample2D } from '../diffusion/resample.js';
import type { VAEConfig } from './config.js';

/** Of all norms of the autoencoder; diffusers does not let configurations change it. */
export const VAE_NORM_EPS = 1e-6;

/** The coarsest resolution: `UNetMidBlock2D`, with attention of one head over the places of the map. */
export class DecoderMidBlock extends Module {
  private readonly channels = this.config.channels.at(-1)!;
  attentions = this.config.midBlockAttends ? [this.attention()] : [];
  resnets = Array.from({ length: 2 }, () => residual(this.config, this.channels, this.channels));

  constructor(private readonly config: VAEConfig) {
    super();
  }

  forward(x: Images): Images {
    const [, , height, width] = x.shape;
    const [before, after] = [this.resnets[0]!, this.resnets[1]!];
    const mixed = this.attentions.reduce(
      (y, layer) => add(toImages(layer.forward(toSequence(y)), height, width), y),
      before.forward(x),
    );
    return after.forward(mixed);
  }

  private attention(): ProjectedAttention {
    const norm = { groups: this.config.normGroups, eps: VAE_NORM_EPS };
    return new ProjectedAttention(this.channels, 1, { bias: true, norm });
  }
}

/** A resolution, and the step to the next: `UpDecoderBlock2D`. */
export class DecoderBlock extends Module {
  resnets = Array.from({ length: this.config.layersPerBlock + 1 }, (_, i) =>
    residual(this.config, i === 0 ? this.inChannels : this.outChannels, this.outChannels),
  );
  upsamplers = this.isLast ? [] : [new Upsample2D(this.outChannels)];

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
    const y = this.resnets.reduce((mixed, resnet) => resnet.forward(mixed), x);
    return this.upsamplers.reduce((small, upsampler) => upsampler.forward(small), y);
  }
}

function residual({ normGroups, activation }: VAEConfig, inChannels: number, outChannels: number): ResidualBlock {
  const options = { groups: normGroups, eps: VAE_NORM_EPS, nonLinearity: activation };
  return new ResidualBlock(inChannels, outChannels, { ...options, tembChannels: null });
}
