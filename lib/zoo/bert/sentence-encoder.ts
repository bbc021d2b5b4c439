import { checkedOptions, describeValue } from '../../dsl/emit.js';
import { UsageError, ValueError } from '../../ir/errors.js';
import { RUN_OPTIONS, type RunOptions } from '../session-pool.js';
import type { Tokenizer } from '../text/tokenizer.js';
import type { BertConfig } from './config.js';
import type { Pooling, SentenceSettings } from './sentence-settings.js';

/** Options of `Bert.encode`. */
export interface EncodeOptions extends RunOptions {
  /** Whether vectors are made to have length 1. Default: as the checkpoint says, true where it says nothing. */
  readonly normalize?: boolean | undefined;
  /** Default: as the checkpoint says, the mean where it says nothing. */
  readonly pooling?: Pooling | undefined;
  /** Which of two joined texts each token is of, 0 or 1, for each list of ids, as BERT was trained. Default all 0. */
  readonly tokenTypes?: readonly (readonly number[])[] | undefined;
  /** The most texts of one step. Default 8. */
  readonly batchSize?: number | undefined;
  /** Ends it between two steps, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const OPTIONS = ['normalize', 'pooling', 'tokenTypes', 'batchSize', 'signal', ...RUN_OPTIONS];

/** Texts, or their token ids with the special tokens around them. */
export type Texts = readonly string[] | readonly (readonly number[])[];

/** Some texts of about one length: ids, types and mask, [rows, length]. */
export interface PaddedBatch {
  readonly ids: Int32Array;
  readonly types: Int32Array;
  /** 1 for tokens, 0 for padding. */
  readonly mask: readonly number[];
  readonly rows: number;
  readonly length: number;
}

/** Vectors [rows, hiddenSize] of a batch. */
export type Encoder = (batch: PaddedBatch, pooling: Pooling, options: EncodeOptions) => Promise<Float32Array>;

/** The shortest sequence that a session is built for; others are twice as long, and so on. */
const SHORTEST = 16;

/** Texts to one vector each: batches of padded token ids, in few sizes, so that few sessions are built. */
export class SentenceEncoder {
  /** @param tokenizer Undefined where the checkpoint has none: then texts are refused. */
  constructor(
    private readonly config: BertConfig,
    private readonly settings: SentenceSettings,
    private readonly tokenizer: Tokenizer | undefined,
    private readonly run: Encoder,
  ) {}

  /**
   * The vector [hiddenSize] of each text, in their order.
   * @throws {ValueError} For ids out of range and lists of ids that are empty or too long; longer texts are cut off.
   * @throws {UsageError} For texts where there is no tokenizer.
   */
  async encode(texts: Texts, options: EncodeOptions): Promise<Float32Array[]> {
    const { normalize, pooling, batchSize, signal } = this.checked(options);
    if (!Array.isArray(texts)) throw new UsageError(`encode takes a list of texts, got ${describeValue(texts)}`);
    const all = texts.map((text: string | readonly number[], i) => {
      const ids = this.idsOf(text, i);
      return { ids, types: this.typesOf(ids, options.tokenTypes?.[i], i) };
    });
    const vectors: Float32Array[] = [];
    // By length, so that little is padding.
    const order = [...all.keys()].sort((a, b) => all[a]!.ids.length - all[b]!.ids.length);
    for (let start = 0; start < order.length; start += batchSize) {
      signal?.throwIfAborted();
      const places = order.slice(start, start + batchSize);
      const batch = this.padded(places.map((place) => all[place]!));
      const rows = await this.run(batch, pooling, options);
      const width = rows.length / batch.rows;
      places.forEach((place, i) => {
        const vector = rows.slice(i * width, (i + 1) * width);
        vectors[place] = normalize ? ofLengthOne(vector) : vector;
      });
    }
    return vectors;
  }

  private checked(options: EncodeOptions) {
    const given = checkedOptions('encode', OPTIONS, options) as EncodeOptions;
    const { normalize = this.settings.normalize, pooling = this.settings.pooling, batchSize = 8, signal } = given;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ValueError(`encode: batchSize must be a number of texts, at least 1, got ${describeValue(batchSize)}`);
    }
    // Plain JavaScript may give anything.
    if (!['mean', 'cls'].includes(pooling)) {
      throw new ValueError(`encode: pooling must be 'mean' or 'cls', got ${describeValue(pooling)}`);
    }
    return { normalize, pooling, batchSize, signal };
  }

  private idsOf(text: string | readonly number[], place: number): readonly number[] {
    const { maxPositions, vocabSize } = this.config;
    const given: unknown = typeof text === 'string' ? this.tokenized(text) : text;
    if (!Array.isArray(given)) {
      throw new UsageError(`encode: text ${place} must be text or a list of token ids, got ${describeValue(given)}`);
    }
    const ids = given as readonly number[];
    if (ids.length === 0 || ids.length > maxPositions) {
      throw new ValueError(`encode: text ${place} has ${ids.length} tokens: from 1 to ${maxPositions} are possible`);
    }
    const wrong = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
    if (wrong < 0) return ids;
    throw new ValueError(
      `encode: token ${String(ids[wrong])} of text ${place} is out of range: ids are in [0, ${vocabSize})`,
    );
  }

  private typesOf(
    ids: readonly number[],
    types: readonly number[] = ids.map(() => 0),
    place: number,
  ): readonly number[] {
    const { tokenTypes } = this.config;
    const isType = (type: number) => Number.isInteger(type) && type >= 0 && type < tokenTypes;
    if (types.length === ids.length && types.every(isType)) return types;
    throw new ValueError(
      `encode: tokenTypes of text ${place} must be ${ids.length} numbers from 0 to ${tokenTypes - 1}, one a token`,
    );
  }

  private tokenized(text: string): readonly number[] {
    if (this.tokenizer === undefined) {
      throw new UsageError('encode: the checkpoint has no tokenizer.json: give token ids, or add the file');
    }
    const { maxTokens, lowerCase } = this.settings;
    const ids = this.tokenizer.encode(lowerCase ? text.toLowerCase() : text);
    // What is cut off is text, not the token that ends it.
    return ids.length > maxTokens ? [...ids.slice(0, maxTokens - 1), ids.at(-1)!] : ids;
  }

  /** Rows and length are rounded up to powers of two; rows that are too many repeat the first. */
  private padded(texts: readonly { ids: readonly number[]; types: readonly number[] }[]): PaddedBatch {
    const { maxPositions, padToken } = this.config;
    const rows = roundedUp(texts.length, 1);
    const length = Math.min(roundedUp(Math.max(...texts.map(({ ids }) => ids.length)), SHORTEST), maxPositions);
    const ids = new Int32Array(rows * length).fill(padToken);
    const types = new Int32Array(rows * length);
    const mask = new Array<number>(rows * length).fill(0);
    for (let row = 0; row < rows; row++) {
      const own = texts[row] ?? texts[0]!;
      ids.set(own.ids, row * length);
      types.set(own.types, row * length);
      mask.fill(1, row * length, row * length + own.ids.length);
    }
    return { ids, types, mask, rows, length };
  }
}

function roundedUp(count: number, least: number): number {
  let size = least;
  while (size < count) size *= 2;
  return size;
}

/** Divided by its length, which counts as 1e-12 at least, as PyTorch's `normalize` has it. */
function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return vector.map((x) => x / Math.max(length, 1e-12));
}
