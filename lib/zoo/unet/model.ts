import { add, mul, timestepEmbedding } from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { activationNamed } from '../../layers/activations.js';
import { GroupNorm } from '../../layers/group-norm.js';
import { TimestepEmbedding } from '../../layers/timestep-embedding.js';
import type { Images, Sequence, Vectors } from '../diffusion/feature-maps.js';
import { sameSize } from '../diffusion/resample.js';
import { evaluating } from '../evaluating.js';
import { PretrainedModel } from '../pretrained.js';
import { SessionPool } from '../session-pool.js';
import { DownBlock, MidBlock, UpBlock, type Condition } from './blocks.js';
import { unetConfig, type UNetConfig } from './config.js';
import { planDenoising, runDenoising, type DenoiseOptions, type ShapedValues } from './denoise.js';

/**
 * The UNet of Stable Diffusion 1.x and 2.x (Rombach et al. 2021, arXiv:2112.10752): diffusers' `UNet2DConditionModel` of
 * those, with its names.
 */
export class StableDiffusionUNet extends PretrainedModel {
  /** Reads a `config.json`. Throws ConfigError. */
  static readonly parseConfig = unetConfig;
  static override readonly checkpoint = { kinds: ['UNet2DConditionModel'], pipelineFolder: 'unet' };
  /** Calls of `denoise` that have not ended. */
  #runs = 0;
  readonly #sessions = new SessionPool((rows, height, width, tokens) => this.traced(rows, height, width, tokens));

  /** Latents [B, inChannels, H, W] to as many channels as the finest level has. */
  convIn = sameSize(this.config.inChannels, this.finest, this.config.convInKernel);
  /** Sines and cosines of the timestep to [B, timeEmbeddingDim]. */
  timeEmbedding = new TimestepEmbedding(this.finest, this.config.timeEmbeddingDim, {
    act: this.config.activation,
  });
  /** From the finest level to the coarsest. */
  downBlocks = this.config.levels.map((level, i, levels) => {
    return new DownBlock(this.config, level, levels[i - 1]?.channels ?? level.channels, i === levels.length - 1);
  });
  /** At the coarsest level; null where the configuration has none. */
  midBlock = this.config.hasMidBlock ? new MidBlock(this.config, this.config.levels.at(-1)!) : null;
  /** From the coarsest level to the finest. */
  upBlocks = [...this.config.levels].reverse().map((level, i, levels) => {
    const below = levels[i - 1] ?? level;
    const above = levels[i + 1] ?? level;
    return new UpBlock(this.config, level, below.channels, above.channels, i === levels.length - 1);
  });
  /** Over the channels of the finest level. */
  convNormOut: GroupNorm<number> = new GroupNorm(this.config.normGroups, this.finest, { eps: this.config.normEps });
  /** Channels of the finest level to [B, outChannels, H, W]. */
  convOut = sameSize(this.finest, this.config.outChannels, this.config.convOutKernel);

  /** Use {@link StableDiffusionUNet.fromPretrained} or {@link StableDiffusionUNet.fromConfig}. */
  constructor(readonly config: UNetConfig) {
    super();
  }

  /**
   * What the noisy latents `sample` [B, inChannels, H, W] hold of noise (or what else the scheduler's `predictionType`
   * says), at the timestep of each of them, [B], which may be a fraction, given embeddings of the text
   * [B, S, crossAttentionDim]; gives [B, outChannels, H, W].
   */
  forward<B extends Dim, H extends Dim, W extends Dim, S extends Dim>(
    sample: Tensor<[B, number, H, W], 'f32'>,
    timestep: Tensor<[B], 'i32'> | Tensor<[B], 'f32'>,
    encoderHiddenStates: Tensor<[B, S, number], 'f32'>,
  ): Tensor<[B, number, H, W], 'f32'> {
    // While it is traced, every size is a number.
    const noise: Tensor = this.denoised(sample as Images, timestep, encoderHiddenStates as Sequence);
    return noise as Tensor<[B, number, H, W], 'f32'>;
  }

  /**
   * Takes noise away step by step, until the latents of pictures are left, [B, C, H, W], for a decoder to make pictures
   * of:
   *
   *     const { data, shape } = await unet.denoise({ prompt, negativePrompt, scheduler, steps: 30, seed: 1 });
   *
   * The session is built by the first call for a size and stays until {@link StableDiffusionUNet.dispose}; a call that is
   * aborted frees what it has built.
   *
   * @throws {ShapeError} For embeddings or noise that do not fit the model. @throws {ValueError} For numbers out of range.
   * @throws {UsageError} Where guidance has no negative prompt to lead away from.
   * @throws What building a session throws, and the reason of `signal` when that aborts.
   */
  async denoise(options: DenoiseOptions): Promise<ShapedValues> {
    const plan = planDenoising(this.config, options);
    const { rows, height, width, text, batch } = plan;
    const sizes = [rows, height, width, text.shape[1]!];
    const isNew = !this.#sessions.has(sizes);
    this.#runs++;
    try {
      const session = await this.#sessions.get(sizes, options, options.signal);
      const model = (sample: Float32Array, timestep: number) => {
        session.step({ sample, timestep: new Float32Array(rows).fill(timestep), encoderHiddenStates: text.data });
        return session.read('output');
      };
      const data = await runDenoising(model, plan, options);
      return { data, shape: [batch, this.config.outChannels, height, width] };
    } catch (error) {
      // What an aborted call has made goes, unless another has come to use it: memory is then what it was before.
      if (isNew && options.signal?.aborted === true && this.#runs === 1) await this.#sessions.free(sizes);
      throw error;
    } finally {
      this.#runs--;
    }
  }

  /** Frees the sessions of {@link StableDiffusionUNet.denoise}. Harmless when repeated. */
  dispose(): void {
    this.#sessions.dispose();
  }

  private traced(rows: number, height: number, width: number, tokens: number) {
    const { inChannels, levels } = this.config;
    const inputs = {
      sample: input([rows, inChannels, height, width]),
      timestep: input([rows]),
      encoderHiddenStates: input([rows, tokens, levels[0]!.crossAttentionDim]),
    };
    return evaluating(this, () =>
      trace(this, inputs, ({ sample, timestep, encoderHiddenStates }) => ({
        output: this.forward(sample, timestep, encoderHiddenStates),
      })),
    );
  }

  private denoised(sample: Images, timestep: Tensor, text: Sequence): Images {
    const { centerInputSample, flipSinToCos, freqShift, activation } = this.config;
    const sines = timestepEmbedding(timestep, this.finest, { flipSinToCos, downscaleFreqShift: freqShift });
    const condition: Condition = { time: this.timeEmbedding.forward(sines as Vectors), text };
    const skips = [this.convIn.forward(centerInputSample ? add(mul(sample, 2), -1) : sample)];
    for (const block of this.downBlocks) skips.push(...block.forward(skips.at(-1)!, condition));
    let x = skips.at(-1)!;
    if (this.midBlock) x = this.midBlock.forward(x, condition);
    for (const [i, block] of this.upBlocks.entries()) {
      const taken = skips.splice(-block.layers).reverse();
      x = block.forward(x, taken, i === this.upBlocks.length - 1 ? undefined : skips.at(-1), condition);
    }
    return this.convOut.forward(activationNamed(activation)(this.convNormOut.forward(x)));
  }

  /** Channels of the finest level. */
  private get finest(): number {
    return this.config.levels[0]!.channels;
  }
}
