import { concat } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import { ResidualBlock } from '../../layers/residual-block.js';
import type { Images, Sequence, Vectors } from '../diffusion/feature-maps.js';
import { Downsample2D, Upsample2D } from '../diffusion/resample.js';
import type { UNetConfig, UNetLevel } from './config.js';
import { ImageTransformer } from './transformer.js';

/** What the blocks are told of a denoising step. */
export interface Condition {
  /** The embedding of the timestep, [B, timeEmbeddingDim]. */
  readonly time: Vectors;
  /** The embeddings of the text, [B, S, crossAttentionDim]. */
  readonly text: Sequence;
}

/** A level on the way down: `DownBlock2D`, and `CrossAttnDownBlock2D` where the level attends. */
export class DownBlock extends Module {
  attentions = transformers(this.config, this.level, this.level.attendsDown ? this.level.layers : 0);
  resnets = Array.from({ length: this.level.layers }, (_, i) =>
    residual(this.config, i === 0 ? this.inChannels : this.level.channels, this.level.channels),
  );
  downsamplers = this.isLast ? [] : [new Downsample2D(this.level.channels, this.config.downsamplePadding)];

  constructor(
    private readonly config: UNetConfig,
    private readonly level: UNetLevel,
    private readonly inChannels: number,
    /** Whether it is the coarsest level, behind which nothing is made smaller. */
    private readonly isLast: boolean,
  ) {
    super();
  }

  /** The outputs of every layer, which the way up gets too; the last is the output of the block. */
  forward(x: Images, { time, text }: Condition): Images[] {
    const outputs: Images[] = [];
    for (const [i, resnet] of this.resnets.entries()) {
      const mixed = resnet.forward(outputs.at(-1) ?? x, time);
      outputs.push(this.attentions[i]?.forward(mixed, text) ?? mixed);
    }
    for (const downsampler of this.downsamplers) outputs.push(downsampler.forward(outputs.at(-1)!));
    return outputs;
  }
}

/** Between the ways: `UNetMidBlock2DCrossAttn`. */
export class MidBlock extends Module {
  attentions = transformers(this.config, this.level, 1);
  resnets = Array.from({ length: 2 }, () =>
    residual(this.config, this.level.channels, this.level.channels, this.config.midBlockScaleFactor),
  );

  constructor(
    private readonly config: UNetConfig,
    private readonly level: UNetLevel,
  ) {
    super();
  }

  forward(x: Images, { time, text }: Condition): Images {
    const [before, after] = [this.resnets[0]!, this.resnets[1]!];
    return after.forward(this.attentions[0]!.forward(before.forward(x, time), text), time);
  }
}

/** A level on the way up: `UpBlock2D`, and `CrossAttnUpBlock2D` where the level attends. */
export class UpBlock extends Module {
  /** How many outputs of the way down it takes: one more than the level has layers there. */
  readonly layers = this.level.layers + 1;
  attentions = transformers(this.config, this.level, this.level.attendsUp ? this.layers : 0);
  resnets = Array.from({ length: this.layers }, (_, i) => {
    const channels = i === 0 ? this.inChannels : this.level.channels;
    // The last is what the level started with: the output of the level above.
    const skipped = i === this.layers - 1 ? this.skipChannels : this.level.channels;
    return residual(this.config, channels + skipped, this.level.channels);
  });
  upsamplers = this.isLast ? [] : [new Upsample2D(this.level.channels)];

  /**
   * `inChannels`: of the level below. `skipChannels`: of what the level started with on the way down. `isLast`: whether
   * it is the finest level, behind which nothing is made larger.
   */
  constructor(
    private readonly config: UNetConfig,
    private readonly level: UNetLevel,
    private readonly inChannels: number,
    private readonly skipChannels: number,
    private readonly isLast: boolean,
  ) {
    super();
  }

  /** `skips`: outputs of the way down, the latest first; `next`: one of the size that the output must have. */
  forward(x: Images, skips: readonly Images[], next: Images | undefined, { time, text }: Condition): Images {
    let y = x;
    for (const [i, resnet] of this.resnets.entries()) {
      y = resnet.forward(concat([y, skips[i]!], { axis: 1 }), time);
      y = this.attentions[i]?.forward(y, text) ?? y;
    }
    if (next === undefined) return y;
    const [, , height, width] = next.shape;
    return this.upsamplers.reduce((small, upsampler) => upsampler.forward(small, height, width), y);
  }
}

function transformers(config: UNetConfig, level: UNetLevel, count: number): ImageTransformer[] {
  return Array.from({ length: count }, () => new ImageTransformer(config, level));
}

function residual(config: UNetConfig, inChannels: number, outChannels: number, scale = 1): ResidualBlock {
  return new ResidualBlock(inChannels, outChannels, {
    tembChannels: config.timeEmbeddingDim,
    groups: config.normGroups,
    eps: config.normEps,
    nonLinearity: config.activation,
    dropout: config.dropout,
    outputScaleFactor: scale,
  });
}
