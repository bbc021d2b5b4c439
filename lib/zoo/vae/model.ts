import { silu } from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { checkedOptions } from '../../dsl/emit.js';
import { ShapeError } from '../../ir/errors.js';
import { elementCount, showShape } from '../../ir/shape.js';
import { Conv2d } from '../../layers/convolution.js';
import { GroupNorm } from '../../layers/group-norm.js';
import type { Images } from '../diffusion/feature-maps.js';
import { sameSize } from '../diffusion/resample.js';
import { evaluating } from '../evaluating.js';
import type { Picture } from '../image/picture.js';
import { PretrainedModel } from '../pretrained.js';
import { RUN_OPTIONS, SessionPool, type RunOptions } from '../session-pool.js';
import type { ShapedValues } from '../unet/denoise.js';
import { DecoderBlock, DecoderMidBlock, VAE_NORM_EPS } from './blocks.js';
import { vaeConfig, type VAEConfig } from './config.js';

/** Options of `StableDiffusionDecoder.decode`. */
export interface DecodeLatentsOptions extends RunOptions {
  /** Ends it before a picture, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** [B, latentChannels, h, w] gives [B, outChannels, H, W]. */
class Decoder extends Module {
  convIn = sameSize(this.config.latentChannels, this.config.channels.at(-1)!);
  midBlock = new DecoderMidBlock(this.config);
  upBlocks = [...this.config.channels].reverse().map((channels, i, all) => {
    return new DecoderBlock(this.config, all[i - 1] ?? channels, channels, i === all.length - 1);
  });
  convNormOut: GroupNorm<number> = new GroupNorm(this.config.normGroups, this.config.channels[0]!, {
    eps: VAE_NORM_EPS,
  });
  convOut = sameSize(this.config.channels[0]!, this.config.outChannels);

  constructor(private readonly config: VAEConfig) {
    super();
  }

  forward(x: Images): Images {
    const coarse = this.midBlock.forward(this.convIn.forward(x));
    const fine = this.upBlocks.reduce((y, block) => block.forward(y), coarse);
    return this.convOut.forward(silu(this.convNormOut.forward(fine)));
  }
}

/**
 * What makes pictures of Stable Diffusion's latents: the decoder of diffusers' `AutoencoderKL` (Rombach et al. 2021,
 * arXiv:2112.10752), with its names. What the checkpoint has for encoding is left out.
 */
export class StableDiffusionDecoder extends PretrainedModel {
  /** Reads a `config.json`. Throws ConfigError. */
  static readonly parseConfig = vaeConfig;
  static override readonly checkpoint = {
    kinds: ['AutoencoderKL'],
    pipelineFolder: 'vae',
    ignore: [/^encoder\./, /^quant_conv\./],
    // Repositories of before diffusers 0.18 call the projections of attention so.
    renamed: [
      ['.query.weight', '.to_q.weight'],
      ['.query.bias', '.to_q.bias'],
      ['.key.weight', '.to_k.weight'],
      ['.key.bias', '.to_k.bias'],
      ['.value.weight', '.to_v.weight'],
      ['.value.bias', '.to_v.bias'],
      ['.proj_attn.weight', '.to_out.0.weight'],
      ['.proj_attn.bias', '.to_out.0.bias'],
    ] as const,
  };
  readonly #sessions = new SessionPool((height: number, width: number) => this.traced(height, width));

  /** Latents [B, latentChannels, h, w] to pictures [B, outChannels, H, W]. */
  decoder = new Decoder(this.config);
  /** A 1×1 convolution of the latents before; null where the configuration has none. */
  postQuantConv = this.config.usePostQuantConv
    ? new Conv2d<number, number, number>(this.config.latentChannels, this.config.latentChannels, 1)
    : null;

  /** Use {@link StableDiffusionDecoder.fromPretrained} or {@link StableDiffusionDecoder.fromConfig}. */
  constructor(readonly config: VAEConfig) {
    super();
  }

  /** How many pixels a place of the latents has in width and in height. */
  get scale(): number {
    return 2 ** (this.config.channels.length - 1);
  }

  /**
   * Latents of the autoencoder [B, latentChannels, h, w], which are those of the UNet divided by `scalingFactor`, plus
   * `shiftFactor`, give pictures in −1 … 1 (and a little beyond), [B, outChannels, scale·h, scale·w].
   */
  forward<B extends Dim>(latents: Tensor<[B, number, Dim, Dim], 'f32'>): Tensor<[B, number, number, number], 'f32'> {
    // While it is traced, every size is a number.
    const x = latents as Images;
    const pictures: Tensor = this.decoder.forward(this.postQuantConv ? this.postQuantConv.forward(x) : x);
    return pictures as Tensor<[B, number, number, number], 'f32'>;
  }

  /**
   * The pictures of latents as `StableDiffusionUNet.denoise` gives them, [B, latentChannels, h, w], one after the other.
   * @throws {ShapeError} For latents that do not fit the model, and where the model does not make pictures in colour.
   * @throws What building a session throws, and the reason of `signal` when that aborts.
   */
  async decode({ data, shape }: ShapedValues, options: DecodeLatentsOptions = {}): Promise<Picture[]> {
    checkedOptions('decode', [...RUN_OPTIONS, 'signal'], options);
    const { latentChannels, outChannels, scalingFactor, shiftFactor } = this.config;
    const [batch = 0, channels, height = 0, width = 0] = shape;
    if (shape.length !== 4 || channels !== latentChannels || data.length !== elementCount(shape)) {
      const got = `${showShape(shape)} with ${data.length} values`;
      throw new ShapeError(`decode: latents must be [pictures, ${latentChannels}, height, width], got ${got}`);
    }
    if (outChannels !== 3) throw new ShapeError(`decode: pictures have 3 channels, this model's have ${outChannels}`);
    const session = await this.#sessions.get([height, width], options, options.signal);
    const size = channels * height * width;
    const pictures: Picture[] = [];
    for (let i = 0; i < batch; i++) {
      options.signal?.throwIfAborted();
      const own = data.subarray(i * size, (i + 1) * size).map((value) => value / scalingFactor + shiftFactor);
      session.step({ latents: own });
      pictures.push(toPicture(await session.read('output'), this.scale * height, this.scale * width));
    }
    return pictures;
  }

  /** Frees the sessions of {@link StableDiffusionDecoder.decode}. Harmless when repeated. */
  dispose(): void {
    this.#sessions.dispose();
  }

  private traced(height: number, width: number) {
    const inputs = { latents: input([1, this.config.latentChannels, height, width]) };
    return evaluating(this, () => trace(this, inputs, ({ latents }) => ({ output: this.forward(latents) })));
  }
}

/** [3, H, W] in −1 … 1 as bytes. */
function toPicture(values: Float32Array, height: number, width: number): Picture {
  const places = height * width;
  const data = new Uint8ClampedArray(3 * places);
  for (let place = 0; place < places; place++) {
    for (let colour = 0; colour < 3; colour++) {
      data[3 * place + colour] = 127.5 * (1 + values[colour * places + place]!);
    }
  }
  return { data, width, height };
}
