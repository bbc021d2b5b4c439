import { interpolate, pad } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import { Conv2d } from '../../layers/convolution.js';
import type { Images } from './feature-maps.js';

/** A convolution that keeps height and width; the size of the kernel is odd. */
export function sameSize(inChannels: number, outChannels: number, kernel = 3) {
  return new Conv2d<number, number, number, number, number>(inChannels, outChannels, kernel, {
    padding: (kernel - 1) / 2,
  });
}

/**
 * A 3×3 convolution of stride 2, diffusers' `Downsample2D`: [B, C, H, W] gives [B, C, ⌈H/2⌉, ⌈W/2⌉] with its usual
 * padding of 1.
 */
export class Downsample2D extends Module {
  conv = new Conv2d<number, number, number, number, number>(this.channels, this.channels, 3, {
    stride: 2,
    padding: this.padding,
  });

  /** Where `padding` is 0, a row and a column of zeros stand at the lower and right edge, as in diffusers. */
  constructor(
    private readonly channels: number,
    private readonly padding: number,
  ) {
    super();
  }

  forward(x: Images): Images {
    return this.conv.forward(this.padding === 0 ? pad(x, [0, 1, 0, 1]) : x);
  }
}

/**
 * Each place repeated until the map has that height and width, by default twice its own, then a 3×3 convolution:
 * diffusers' `Upsample2D`. [B, C, H, W] gives [B, C, height, width].
 */
export class Upsample2D extends Module {
  conv = sameSize(this.channels, this.channels);

  constructor(private readonly channels: number) {
    super();
  }

  forward(x: Images, height = 2 * x.shape[2], width = 2 * x.shape[3]): Images {
    return this.conv.forward(interpolate(x, [height, width], { mode: 'nearest' }));
  }
}
