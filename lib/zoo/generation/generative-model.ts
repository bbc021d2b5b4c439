import { PretrainedModel } from '../pretrained.js';
import { samplingFromConfig } from '../text/sampler.js';
import { loadTokenizer } from '../text/load-tokenizer.js';
import { ConfigFields } from '../config-fields.js';
import { tokenList } from '../token-list.js';
import type { DecoderProgram } from './cached-decoder.js';
import {
  TextGenerator,
  type FinishReason,
  type GenerateOptions,
  type GeneratorOptions,
  type Prompt,
} from './text-generator.js';

/** Options of a model's `generate`: of the answer, and of the generator that gives it. */
export type ModelGenerateOptions = GenerateOptions & GeneratorOptions;

/** What of a configuration generation needs. */
export interface DecoderConfig {
  readonly vocabSize: number;
  readonly maxPositions: number;
  readonly endTokens: readonly number[];
}

/** A model that generates text token by token. */
export abstract class GenerativePretrainedModel extends PretrainedModel {
  protected abstract readonly program: DecoderProgram;
  protected abstract readonly decoderConfig: DecoderConfig;
  /** Whether the chat template takes contents as lists of parts. */
  protected readonly contentAsParts: boolean = false;
  /** The one that `generate` uses, and what it was made with. */
  #generator: { readonly made: TextGenerator; readonly options: GeneratorOptions } | undefined;

  /**
   * The text that follows a prompt, or the answer to it, piece by piece: see {@link TextGenerator.generate}, whose
   * options it takes and whose errors it throws. Sessions are built in the first call and kept until `dispose`, or until a
   * call asks for another device, other weights or another context; a call that is aborted frees those that it made.
   */
  generate(prompt: Prompt, options: ModelGenerateOptions = {}): AsyncGenerator<string, FinishReason, undefined> {
    return this.run(options, (generator, rest) => generator.generate(prompt, rest));
  }

  /** Token ids in place of text, without stop strings; otherwise as {@link generate}. */
  generateTokens(prompt: Prompt, options: ModelGenerateOptions = {}): AsyncGenerator<number, FinishReason, undefined> {
    return this.run(options, (generator, rest) => generator.generateTokens(prompt, rest));
  }

  /** A generator of its own, with a cache of its own, for answers beside each other. Dispose of it. */
  async createGenerator(options: GeneratorOptions = {}): Promise<TextGenerator> {
    const { repository } = this;
    const name = 'generation_config.json';
    const json = repository?.has(name) === true ? await repository.json(name) : {};
    const where = `${repository?.name ?? 'the model'}: ${name}`;
    const fields = new ConfigFields(json, where);
    const { vocabSize, maxPositions, endTokens } = this.decoderConfig;
    const tokenizer = repository?.has('tokenizer.json') === true ? await loadTokenizer(repository) : undefined;
    return new TextGenerator(
      {
        program: this.program,
        vocabSize,
        maxPositions,
        endTokens: [...endTokens, ...tokenList(fields, 'eos_token_id')],
        sampling: samplingFromConfig(json, where),
        tokenizer,
        contentAsParts: this.contentAsParts,
      },
      options,
    );
  }

  /** Frees what `generate` has built. Harmless when repeated; the next call builds it anew. */
  dispose(): void {
    this.#generator?.made.dispose();
    this.#generator = undefined;
  }

  /** Runs the model's own generator, made anew where the options ask for another. */
  protected async *run<T>(
    { device, weights, contextLength, ...rest }: ModelGenerateOptions,
    start: (
      generator: TextGenerator,
      options: GenerateOptions,
    ) => AsyncGenerator<T, FinishReason, undefined> | Promise<AsyncGenerator<T, FinishReason, undefined>>,
  ): AsyncGenerator<T, FinishReason, undefined> {
    const known = this.#generator;
    const generator = await this.generatorFor({ device, weights, contextLength });
    try {
      return yield* await start(generator, rest);
    } finally {
      // What an aborted call has made goes: memory is then what it was before.
      const isNew = known?.made !== generator && this.#generator?.made === generator;
      if (isNew && rest.signal?.aborted === true) this.dispose();
    }
  }

  private async generatorFor(options: GeneratorOptions): Promise<TextGenerator> {
    const known = this.#generator;
    const keys = Object.keys(options) as (keyof GeneratorOptions)[];
    if (known && keys.every((key) => known.options[key] === options[key])) return known.made;
    const made = await this.createGenerator(options);
    this.dispose();
    this.#generator = { made, options };
    return made;
  }
}
