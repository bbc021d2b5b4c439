import { checkedOptions, describeValue } from '../../dsl/emit.js';
import { UsageError, ValueError } from '../../ir/errors.js';
import type { Audio } from '../audio/audio.js';
import { resample } from '../audio/resample.js';
import { WhisperFeatureExtractor } from '../audio/whisper-features.js';
import { ConfigError } from '../config-fields.js';
import { loadPreprocessorConfig } from '../image/load-preprocessor-config.js';
import { RUN_OPTIONS, type RunOptions } from '../session-pool.js';
import { loadTokenizer } from '../text/load-tokenizer.js';
import type { Tokenizer } from '../text/tokenizer.js';
import { WhisperGeneration, type WhisperTask } from './generation-settings.js';
import { Listener } from './listener.js';
import type { Whisper } from './model.js';

/** Options of `Whisper.transcribe`. */
export interface TranscribeOptions extends RunOptions {
  /** What is spoken: 'en', 'English'. Default: what the model hears in the first window. */
  readonly language?: string | undefined;
  /** Whether to write down what is said, or to translate it into English. Default 'transcribe'. */
  readonly task?: WhisperTask | undefined;
  /** The most tokens for a window. Default: as many as the decoder has room for. */
  readonly maxNewTokens?: number | undefined;
  /** Is told of each window when it has been transcribed. */
  readonly onWindow?: ((window: TranscribedWindow) => void) | undefined;
  /** Ends it, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const OPTIONS = ['language', 'task', 'maxNewTokens', 'onWindow', 'signal', ...RUN_OPTIONS] as const;

/** What was said in a part of a recording. */
export interface TranscribedWindow {
  /** In seconds from the start of the recording. */
  readonly start: number;
  /** In seconds from the start of the recording. */
  readonly end: number;
  /** What was said. */
  readonly text: string;
  /** The ids that the model wrote. */
  readonly tokens: readonly number[];
}

/** What was said in a recording. */
export interface Transcription {
  /** What was said, of all windows. */
  readonly text: string;
  /** Its code, given or heard; undefined for a model that knows one language. */
  readonly language: string | undefined;
  /** In order, each as long as the model hears at once: 30 seconds. */
  readonly windows: readonly TranscribedWindow[];
}

/** Samples of frames, where the checkpoint does not say it. */
const HOP = 160;

/** Turns recordings into text, window by window, by the likeliest token each time. Options have been checked. */
export class Transcriber {
  private running = false;

  private constructor(
    private readonly model: Whisper,
    private readonly listener: Listener,
    private readonly generation: WhisperGeneration,
    private readonly extractor: WhisperFeatureExtractor,
    /** Samples of a window. */
    private readonly length: number,
    private readonly tokenizer: Tokenizer | undefined,
  ) {}

  /** Throws what reading the checkpoint's files and building a session throws. */
  static async create(model: Whisper, options: RunOptions, signal?: AbortSignal): Promise<Transcriber> {
    const { repository, config } = model;
    const tokenizer = repository?.has('tokenizer.json') === true ? await loadTokenizer(repository) : undefined;
    const generation = await WhisperGeneration.load(repository, config, tokenizer);
    const isTold = ['preprocessor_config.json', 'processor_config.json'].some((file) => repository?.has(file));
    const told =
      repository && isTold
        ? await loadPreprocessorConfig(repository, 'feature_extractor')
        : { feature_size: config.melBins };
    const extractor = WhisperFeatureExtractor.fromConfig(told);
    const length = isTold ? extractor.length : 2 * config.sourcePositions * HOP;
    const listener = await Listener.create(model, options, signal);
    return new Transcriber(model, listener, generation, extractor, length, tokenizer);
  }

  /**
   * What is said in a recording, one window after the other. Throws ValueError for a recording without samples and for
   * unknown languages, UsageError without a tokenizer or while another recording is transcribed, and the reason of
   * `signal` when that aborts.
   */
  async transcribe(recording: Audio | Float32Array, options: TranscribeOptions): Promise<Transcription> {
    const { onWindow, signal } = options;
    const { tokenizer } = this;
    if (!tokenizer) {
      throw new UsageError('transcribe: the checkpoint has no tokenizer.json: add it, or use generate() for token ids');
    }
    const { samples, sampleRate } = this.audioOf(recording);
    const windows: TranscribedWindow[] = [];
    let language = options.language;
    for (let from = 0; from < samples.length; from += this.length) {
      const part = samples.subarray(from, from + this.length);
      const { data } = this.extractor.extract([{ samples: part, sampleRate }], this.length);
      const made = await this.generate(data, { ...options, language });
      language = made.language;
      const window = {
        start: from / sampleRate,
        end: (from + part.length) / sampleRate,
        text: tokenizer.decode(
          made.tokens.filter((token) => !this.generation.isTime(token)),
          { skipSpecialTokens: true },
        ),
        tokens: made.tokens,
      };
      windows.push(window);
      onWindow?.(window);
      signal?.throwIfAborted();
    }
    return {
      text: windows
        .map(({ text }) => text)
        .join('')
        .trim(),
      language,
      windows,
    };
  }

  /** The tokens of one window, without those that it starts and ends with; otherwise as {@link transcribe}. */
  async generate(
    features: Float32Array,
    options: TranscribeOptions,
  ): Promise<{ tokens: number[]; language: string | undefined }> {
    const { task = 'transcribe', maxNewTokens = Infinity, signal } = options;
    this.checkFeatures(features);
    if (this.running) {
      throw new UsageError('transcribe: another recording is being transcribed: wait for it, or load a second model');
    }
    this.running = true;
    try {
      signal?.throwIfAborted();
      this.listener.listen(features);
      const language = await this.languageOf(options.language, signal);
      const prompt = this.generation.prompt(language, task);
      const most = Math.min(maxNewTokens, this.model.config.targetPositions - prompt.length);
      const tokens: number[] = [];
      let logits = await this.listener.start(prompt, signal);
      while (tokens.length < most) {
        signal?.throwIfAborted();
        const token = this.generation.best(logits, tokens.length === 0);
        if (this.generation.endTokens.has(token)) break;
        tokens.push(token);
        if (tokens.length < most) logits = await this.listener.append(token, signal);
      }
      return { tokens, language };
    } finally {
      this.running = false;
    }
  }

  /** Frees everything that no other session shares. */
  dispose(): void {
    this.listener.dispose();
  }

  /** The code of the language, heard where it is not given. */
  private async languageOf(given: string | undefined, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (given !== undefined) return this.generation.languageCode(given);
    if (this.generation.languages.size === 0) return undefined;
    return this.generation.detected(await this.listener.start([this.generation.startToken], signal));
  }

  private audioOf(recording: Audio | Float32Array): Audio {
    const { samplingRate } = this.extractor;
    const given = recording instanceof Float32Array ? { samples: recording, sampleRate: samplingRate } : recording;
    if (!(given.samples instanceof Float32Array)) {
      throw new UsageError(`transcribe takes samples as a Float32Array, or a sound, got ${describeValue(recording)}`);
    }
    if (given.samples.length === 0) throw new ValueError('transcribe: the recording has no samples');
    return resample(given, samplingRate);
  }

  private checkFeatures(features: Float32Array): void {
    const { melBins, sourcePositions } = this.model.config;
    if (features.length === melBins * 2 * sourcePositions) return;
    throw new ConfigError(
      `Whisper: a window must have ${melBins} × ${2 * sourcePositions} features, as config.json says, got ` +
        `${features.length}: does preprocessor_config.json belong to another model?`,
    );
  }
}

/** Throws NameError for unknown options, ValueError for a task that there is not, or a number of tokens that is none. */
export function checkTranscription(options: TranscribeOptions): void {
  const { task, maxNewTokens } = checkedOptions('transcribe', OPTIONS, options) as TranscribeOptions;
  if (task !== undefined && !['transcribe', 'translate'].includes(task)) {
    throw new ValueError(`transcribe: task must be 'transcribe' or 'translate', got ${describeValue(task)}`);
  }
  if (maxNewTokens !== undefined && (!Number.isInteger(maxNewTokens) || maxNewTokens < 0)) {
    throw new ValueError(`transcribe: maxNewTokens must be a number of tokens, got ${describeValue(maxNewTokens)}`);
  }
}
