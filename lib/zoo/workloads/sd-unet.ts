import { child, param } from '../../dsl/decorators.js';
import { add, concat, conv2d, groupNorm, interpolate, mseLoss, silu } from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import { Module } from '../../dsl/module.js';
import { parameter } from '../../dsl/state.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { withDeterministicWeights } from './weights.js';
import { values, type Workload } from './workload.js';

type Images = Tensor<[number, number, number, number], 'f32'>;

const LEVELS = [64, 128, 256] as const;
const GROUPS = 16;

class Conv extends Module {
  @param weight = parameter([this.outputs, this.inputs, this.size, this.size]);

  constructor(
    readonly inputs: number,
    readonly outputs: number,
    readonly size = 3,
    private readonly stride = 1,
  ) {
    super();
  }

  forward(x: Images): Images {
    return conv2d(x, this.weight, { stride: this.stride, padding: (this.size - 1) / 2 });
  }
}

class GroupNorm extends Module {
  @param weight = parameter([this.channels]);
  @param bias = parameter([this.channels]);

  constructor(readonly channels: number) {
    super();
  }

  forward(x: Images): Images {
    return groupNorm(x, GROUPS, { weight: this.weight, bias: this.bias });
  }
}

class ResidualBlock extends Module {
  @child norm1 = new GroupNorm(this.inputs);
  @child conv1 = new Conv(this.inputs, this.outputs);
  @child norm2 = new GroupNorm(this.outputs);
  @child conv2 = new Conv(this.outputs, this.outputs);
  @child resConv = this.inputs === this.outputs ? null : new Conv(this.inputs, this.outputs, 1);

  constructor(
    private readonly inputs: number,
    private readonly outputs: number,
  ) {
    super();
  }

  forward(x: Images): Images {
    const first = this.conv1.forward(silu(this.norm1.forward(x)));
    const second = this.conv2.forward(silu(this.norm2.forward(first)));
    return add(second, this.resConv ? this.resConv.forward(x) : x);
  }
}

/** The denoiser of the public Inferena benchmark: a UNet of convolutions, without attention and without time. */
class UNet extends Module {
  @child convIn = new Conv(4, LEVELS[0]);
  @child encoderBlocks = LEVELS.map((channels, i) => new ResidualBlock(LEVELS[i - 1] ?? channels, channels));
  @child downsamples = LEVELS.slice(0, -1).map((channels) => new Conv(channels, channels, 3, 2));
  @child middle = new ResidualBlock(LEVELS[2], LEVELS[2]);
  @child decoderBlocks = [...LEVELS].reverse().map((channels, i, upwards) => {
    return new ResidualBlock((upwards[i - 1] ?? channels) + channels, channels);
  });
  @child normOut = new GroupNorm(LEVELS[0]);
  @child convOut = new Conv(LEVELS[0], 4);

  /** Latents `[n, 4, h, w]` → noise of the same shape. */
  forward(latents: Images): Images {
    const skips: Images[] = [];
    let x = this.convIn.forward(latents);
    this.encoderBlocks.forEach((block, i) => {
      x = block.forward(x);
      skips.push(x);
      x = this.downsamples[i]?.forward(x) ?? x;
    });
    x = this.middle.forward(x);
    this.decoderBlocks.forEach((block, i) => {
      const [, , h, w] = x.shape;
      const larger: Images = i === 0 ? x : interpolate(x, [2 * h, 2 * w]);
      x = block.forward(concat([larger, skips.at(-1 - i)!], { axis: 1 }));
    });
    return this.convOut.forward(silu(this.normOut.forward(x)));
  }
}

const SHAPE = [2, 4, 32, 32] as number[] as [number, number, number, number];
const COUNT = 2 * 4 * 32 * 32;

export const sdUnet: Workload = {
  name: 'sd-unet',
  trace: () => {
    const model = new UNet();
    const graph = trace(model, { latents: input(SHAPE), noise: input(SHAPE) }, ({ latents, noise }) => {
      const predicted = model.forward(latents);
      return { predicted, loss: mseLoss(predicted, noise) };
    });
    return withDeterministicWeights(graph);
  },
  feeds: () => ({
    latents: values(COUNT, (j) => Math.sin(0.01 * j)),
    noise: values(COUNT, (j) => Math.cos(0.007 * j)),
  }),
  loss: 0.504667,
};
