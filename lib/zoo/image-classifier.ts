import { checkedOptions, describeValue } from '../dsl/emit.js';
import { input } from '../dsl/input.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { trace } from '../dsl/trace.js';
import { UsageError, ValueError } from '../ir/errors.js';
import { evaluating } from './evaluating.js';
import { decodePicture, loadPicture } from './image/decode.js';
import { ImageProcessor } from './image/image-processor.js';
import { loadPreprocessorConfig } from './image/load-preprocessor-config.js';
import type { Picture } from './image/picture.js';
import { PretrainedModel } from './pretrained.js';
import { RUN_OPTIONS, SessionPool, type RunOptions } from './session-pool.js';
import { softmax } from './text/logits.js';

/** A picture, the bytes of a file of one, or the path of the file (in a page its address). */
export type PictureSource = Picture | Uint8Array | string;

/** Options of `classify`. */
export interface ClassifyOptions extends RunOptions {
  /** How many classes to give, the likeliest first. Default 5. */
  readonly topK?: number | undefined;
  /** Ends it before the step, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A class, and how likely a picture is of it. */
export interface Classification {
  /** The name of the class, as the checkpoint has it. */
  readonly label: string;
  /** The number of the class, from 0. */
  readonly index: number;
  /** From 0 to 1; those of all classes sum to 1. */
  readonly probability: number;
}

/** Base of the models that say what is to be seen on a picture. */
export abstract class ImageClassifier extends PretrainedModel {
  #processor: ImageProcessor | undefined;
  readonly #sessions = new SessionPool((...sizes: number[]) => this.traceClassifier(sizes));

  /** Names of the classes; undefined for a model without classifier. */
  abstract get labels(): readonly string[] | undefined;

  /** Logits [N, classes] of pixels [N, 3, H, W], which have been normalised as in training. */
  abstract logits<N extends Dim>(pixels: Tensor<[N, number, Dim, Dim], 'f32'>): Tensor<[N, number], 'f32'>;

  /** What a `preprocessor_config.json` would say, where the checkpoint says it elsewhere. */
  protected get defaultPreprocessing(): object | undefined {
    return undefined;
  }

  /**
   * The likeliest classes of a picture, or of each of some. They are resized, cut and normalised as the checkpoint says.
   * A session is built for each number of pictures and their size, and kept until `dispose`.
   *
   *     const [best] = await model.classify('cat.jpg', { topK: 3 });
   *
   * Throws PictureError for what is no picture, MissingPackageError where a package to read it is missing, UsageError for
   * a model without classifier or without a configuration of the preprocessing, ValueError and NameError for wrong
   * options, and the reason of `signal` when that aborts.
   */
  async classify(picture: PictureSource, options?: ClassifyOptions): Promise<Classification[]>;
  async classify(pictures: readonly PictureSource[], options?: ClassifyOptions): Promise<Classification[][]>;
  async classify(
    given: PictureSource | readonly PictureSource[],
    options: ClassifyOptions = {},
  ): Promise<Classification[] | Classification[][]> {
    const { topK = 5, signal } = checkedOptions(
      'classify',
      ['topK', 'signal', ...RUN_OPTIONS],
      options,
    ) as ClassifyOptions;
    if (!Number.isInteger(topK) || topK < 1) {
      throw new ValueError(`classify: topK must be a number of classes, at least 1, got ${describeValue(topK)}`);
    }
    const { labels } = this;
    if (labels === undefined) throw new UsageError('classify: the model has no classifier: take a checkpoint with one');
    signal?.throwIfAborted();
    const sources: readonly PictureSource[] = isList(given) ? given : [given];
    if (sources.length === 0) return [];
    const processor = (this.#processor ??= await this.processor());
    const pictures = await Promise.all(sources.map(readPicture));
    const { data, shape } = processor.process(pictures);
    const logits = await this.#sessions.use(signal, async () => {
      const session = await this.#sessions.get(shape, options, signal);
      signal?.throwIfAborted();
      session.step({ pixels: data });
      return session.read('logits');
    });
    const count = labels.length;
    const best = pictures.map((_, i) => likeliest(logits.subarray(i * count, (i + 1) * count), labels, topK));
    return isList(given) ? best : best[0]!;
  }

  /** Frees what `classify` has built. Harmless when repeated; the next call builds it anew. */
  dispose(): void {
    this.#sessions.dispose();
  }

  private async processor(): Promise<ImageProcessor> {
    const { repository } = this;
    const own = this.defaultPreprocessing;
    const isThere = ['preprocessor_config.json', 'processor_config.json'].some((file) => repository?.has(file));
    if (repository && isThere) {
      const config = await loadPreprocessorConfig(repository, 'image_processor');
      return ImageProcessor.fromConfig(config, `${repository.name}: preprocessor_config.json`);
    }
    if (own !== undefined) return ImageProcessor.fromConfig(own);
    throw new UsageError(
      `classify: ${repository?.name ?? 'a model without checkpoint'} has no preprocessor_config.json, which says how ` +
        'pictures become pixels: add one, or call forward() with pixels',
    );
  }

  private traceClassifier(sizes: readonly number[]) {
    const [count, channels, height, width] = sizes as [number, number, number, number];
    return evaluating(this, () =>
      trace(this, { pixels: input([count, channels, height, width]) }, ({ pixels }) => ({
        logits: this.logits(pixels),
      })),
    );
  }
}

function isList(given: PictureSource | readonly PictureSource[]): given is readonly PictureSource[] {
  return Array.isArray(given);
}

async function readPicture(source: PictureSource): Promise<Picture> {
  if (typeof source === 'string') return loadPicture(source);
  return source instanceof Uint8Array ? decodePicture(source) : source;
}

function likeliest(logits: Float32Array, labels: readonly string[], count: number): Classification[] {
  const probabilities = softmax(Float64Array.from(logits));
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!);
  return order.slice(0, count).map((index) => {
    return { label: labels[index]!, index, probability: probabilities[index]! };
  });
}
