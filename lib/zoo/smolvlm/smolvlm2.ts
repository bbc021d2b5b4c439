import { embedding, reshape } from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { UsageError } from '../../ir/errors.js';
import { Linear } from '../../layers/linear.js';
import type { DecoderProgram, MoreFeeds } from '../generation/cached-decoder.js';
import { DecoderCache } from '../generation/decoder-cache.js';
import { GenerativePretrainedModel, type ModelGenerateOptions } from '../generation/generative-model.js';
import {
  isIds,
  type FinishReason,
  type GenerateOptions,
  type Prompt,
  type TextGenerator,
} from '../generation/text-generator.js';
import { expandImages } from '../image/image-prompt.js';
import { loadPreprocessorConfig } from '../image/load-preprocessor-config.js';
import type { Picture } from '../image/picture.js';
import { TilingImageProcessor, type TiledPixelValues } from '../image/tiling-processor.js';
import { initializeNormal } from '../initialize.js';
import { nextTokenLoss, type DecoderOptions } from '../llama/model.js';
import { SessionPool } from '../session-pool.js';
import type { ChatMessage } from '../text/chat-template.js';
import { smolVLMConfig, type SmolVLMConfig } from './config.js';
import { SmolVLMModel } from './model.js';

/** What {@link SmolVLM2.forward} takes beside token ids. */
export interface SmolVLMOptions extends DecoderOptions {
  /** Pictures, [N, channels, size, size]: their vectors take the places of the image tokens, in reading order. */
  readonly pixelValues?: Tensor<[number, number, number, number], 'f32'> | undefined;
}

/** Options of {@link SmolVLM2.generate}. */
export interface CaptionOptions extends ModelGenerateOptions {
  /** The pictures that the prompt speaks of, in order; those of a text that is no conversation come before it. */
  readonly images?: readonly Picture[];
}

/**
 * SmolVLM2 and SmolVLM: pictures and text to text (Marafioti et al. 2025, arXiv:2504.05299). Fields have the names of
 * the checkpoint `SmolVLMForConditionalGeneration`.
 *
 *     const model = await SmolVLM2.fromPretrained('HuggingFaceTB/SmolVLM2-256M-Video-Instruct');
 *     const images = [await loadPicture('cat.jpg')];
 *     for await (const piece of model.generate('What is this?', { images })) process.stdout.write(piece);
 */
export class SmolVLM2 extends GenerativePretrainedModel {
  /** Reads a `config.json`. Throws ConfigError. */
  static readonly parseConfig = smolVLMConfig;
  static override readonly checkpoint = {
    kinds: ['smolvlm', 'SmolVLMForConditionalGeneration', 'idefics3', 'Idefics3ForConditionalGeneration'],
    ignore: [/\.rotary_emb\.inv_freq$/, /\.position_ids$/],
  };

  /** The parts that see and read: all but the last layer. */
  model = new SmolVLMModel(this.config);
  /** Hidden states to logits: hiddenSize of the text to vocabSize. */
  lmHead = new Linear(this.config.text.hiddenSize, this.config.text.vocabSize, { bias: false });

  /** For one picture of that size. */
  readonly #vision = new SessionPool((channels, edge) =>
    trace(this, { pixelValues: input([1, channels, edge, edge]) }, ({ pixelValues }) => ({
      features: this.imageFeatures(pixelValues),
    })),
  );

  constructor(readonly config: SmolVLMConfig) {
    super();
    initializeNormal(this, config.text.initializerRange);
    if (config.text.tieWordEmbeddings) this.lmHead.weight = this.model.textModel.embedTokens.weight;
  }

  /** Token ids [B, T] i32, and pictures where image tokens are among them, to the logits [B, T, V] behind each. */
  forward<B extends Dim, T extends Dim>(
    ids: Tensor<[B, T], 'i32'>,
    { pixelValues, ...options }: SmolVLMOptions = {},
  ): Tensor<[B, T, number], 'f32'> {
    const { textModel } = this.model;
    const embedded = pixelValues
      ? this.model.embed(ids, this.imageFeatures(pixelValues))
      : textModel.embedTokens.forward(ids);
    return this.lmHead.forward(textModel.forwardEmbedded(embedded, options));
  }

  /** The vectors for the text of pictures [N, channels, size, size], all under each other: [N·vectors, textSize]. */
  imageFeatures(pixelValues: Tensor<[number, number, number, number], 'f32'>): Tensor<[number, number], 'f32'> {
    const features = this.model.forward(pixelValues);
    return reshape(features, [features.shape[0] * features.shape[1], this.config.text.hiddenSize]);
  }

  /** The mean cross-entropy of each token given what stands before it; labels of −100, as of image tokens, do not count. */
  loss<B extends Dim, T extends Dim>(
    ids: Tensor<[B, T], 'i32'>,
    labels: Tensor<[B, T], 'i32'>,
    options: SmolVLMOptions = {},
  ): Tensor<[], 'f32'> {
    return nextTokenLoss(this.forward(ids, options), labels);
  }

  /** As for text alone, with pictures: see {@link CaptionOptions}. Throws ValueError where their number is another. */
  override generate(prompt: Prompt, options: CaptionOptions = {}): AsyncGenerator<string, FinishReason, undefined> {
    const { images = [], ...rest } = options;
    if (images.length === 0) return super.generate(prompt, rest);
    return this.run(rest, async (generator, own) => {
      const { ids, more } = await this.read(generator, prompt, images, own);
      return generator.generate(ids, own, more);
    });
  }

  /** How many vectors a picture becomes. */
  get vectorsPerImage(): number {
    const { vision, scaleFactor } = this.config;
    return (vision.imageSize / vision.patchSize / scaleFactor) ** 2;
  }

  protected override readonly contentAsParts = true;

  protected override get decoderConfig() {
    return this.config.text;
  }

  protected override readonly program: DecoderProgram = {
    cache: (length) => {
      const { layers, keyValueHeads: heads, headDim } = this.config.text;
      return new DecoderCache(layers, { batch: 1, heads, length, headDim });
    },
    idle: (rows) => ({ vectors: new Float32Array(rows * this.config.text.hiddenSize) }),
    trace: (rows, cache) => {
      const { hiddenSize } = this.config.text;
      const inputs = {
        ids: input([1, rows], 'i32'),
        position: input([], 'i32'),
        last: input([1], 'i32'),
        vectors: input([1, rows, hiddenSize]),
      };
      return trace(
        this,
        inputs,
        ({ ids, position, last, vectors }) => {
          const embedded = this.model.replace(ids, vectors);
          const hidden = this.model.textModel.forwardEmbedded(embedded, { past: { cache, position } });
          return { logits: this.lmHead.forward(embedding(last, reshape(hidden, [rows, hiddenSize]))) };
        },
        { modules: { cache } },
      );
    },
  };

  /** Frees what `generate` has built, for text and for pictures. Harmless when repeated. */
  override dispose(): void {
    super.dispose();
    this.#vision.dispose();
  }

  /** The ids of a prompt with pictures, and the vectors for its image tokens. */
  private async read(
    generator: TextGenerator,
    prompt: Prompt,
    images: readonly Picture[],
    options: GenerateOptions,
  ): Promise<{ ids: readonly number[]; more: MoreFeeds }> {
    if (isIds(prompt)) throw new UsageError('generate: pictures need a prompt that is text or a conversation, got ids');
    const tokenizer = generator.requireTokenizer('the prompt is text');
    const pixels = await this.process(images);
    const isChat = options.chat ?? tokenizer.chatTemplate !== undefined;
    const { text } = generator.promptText(isChat ? withImages(prompt, images.length) : prompt, options);
    const ids = tokenizer.encode(expandImages(text, pixels.grids[0]!, this.vectorsPerImage), {
      addSpecialTokens: !isChat,
    });
    const features = await this.features(generator, pixels, options.signal);
    return { ids, more: vectorsOf(ids, this.config.imageToken, features, this.config.text.hiddenSize) };
  }

  private async process(images: readonly Picture[]): Promise<TiledPixelValues> {
    const { repository } = this;
    if (!repository)
      throw new UsageError('generate: a model from fromConfig() has no image processor: use fromPretrained()');
    const config = await loadPreprocessorConfig(repository, 'image_processor');
    return TilingImageProcessor.fromConfig(config, `${repository.name}: the image processor`).process([images]);
  }

  /** The vectors of all tiles; one tile a step, since there may be many. */
  private async features(
    generator: TextGenerator,
    { data, shape }: TiledPixelValues,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array> {
    const [, tiles, channels, edge] = shape;
    const weights = await generator.session(signal);
    const session = await this.#vision.get([channels, edge], { weights }, signal);
    const size = data.length / tiles;
    const each: Float32Array[] = [];
    for (let tile = 0; tile < tiles; tile++) {
      signal?.throwIfAborted();
      session.step({ pixelValues: data.subarray(tile * size, (tile + 1) * size) });
      each.push(await session.read('features'));
    }
    const features = new Float32Array(each.length * (each[0]?.length ?? 0));
    each.forEach((part, i) => features.set(part, i * part.length));
    return features;
  }
}

/** A text as a message with the pictures before it; conversations say themselves where pictures are. */
function withImages(prompt: string | readonly ChatMessage[], count: number): readonly ChatMessage[] {
  if (typeof prompt !== 'string') return prompt;
  const pictures = Array.from({ length: count }, () => ({ type: 'image' }));
  return [{ role: 'user', content: [...pictures, { type: 'text', text: prompt }] }];
}

/** For the rows of each step, the vectors that image tokens get; the others' are 0. */
function vectorsOf(ids: readonly number[], imageToken: number, features: Float32Array, width: number): MoreFeeds {
  const rowOf = new Int32Array(ids.length);
  let row = 0;
  ids.forEach((id, i) => (rowOf[i] = id === imageToken ? row++ : -1));
  return (start, count, rows) => {
    const vectors = new Float32Array(rows * width);
    for (let i = 0; i < count; i++) {
      const from = rowOf[start + i]!;
      if (from >= 0) vectors.set(features.subarray(from * width, (from + 1) * width), i * width);
    }
    return { vectors };
  };
}
