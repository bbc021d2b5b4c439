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
  /** The one that `generate` uses, and what it was made with. */
  #generator: { readonly made: TextGenerator; readonly options: GeneratorOptions } | undefined;

  /**
   * The text that follows a prompt, or the answer to it, piece by piece: see {@link TextGenerator.generate}, whose
   * options it takes and whose errors it throws. Sessions are built in the first call and kept until `dispose`, or until a
   * call asks for another device, other weights or another context; a call that is aborted frees those that it made.
   */
  async *generate(prompt: Prompt, options: ModelGenerateOptions = {}): AsyncGenerator<string, FinishReason, undefined> {
    const [generator, rest] = await this.generatorFor(options);
    return yield* this.freedOnAbort(generator, rest, generator.made.generate(prompt, rest));
  }

  /** Token ids in place of text, without stop strings; otherwise as {@link generate}. */
  async *generateTokens(
    prompt: Prompt,
    options: ModelGenerateOptions = {},
  ): AsyncGenerator<number, FinishReason, undefined> {
    const [generator, rest] = await this.generatorFor(options);
    return yield* this.freedOnAbort(generator, rest, generator.made.generateTokens(prompt, rest));
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
      },
      options,
    );
  }

  /** Frees what `generate` has built. Harmless when repeated; the next call builds it anew. */
  dispose(): void {
    this.#generator?.made.dispose();
    this.#generator = undefined;
  }

  private async generatorFor({ device, weights, contextLength, ...rest }: ModelGenerateOptions) {
    const options = { device, weights, contextLength };
    const known = this.#generator;
    const isSame = known && Object.entries(options).every(([key, value]) => known.options[key as keyof GeneratorOptions] === value); // prettier-ignore
    if (isSame) return [{ ...known, isNew: false }, rest] as const;
    const made = await this.createGenerator(options);
    this.dispose();
    this.#generator = { made, options };
    return [{ made, isNew: true }, rest] as const;
  }

  /** What an aborted call has made goes: memory is then what it was before. */
  private async *freedOnAbort<T>(
    { made, isNew }: { readonly made: TextGenerator; readonly isNew: boolean },
    { signal }: GenerateOptions,
    pieces: AsyncGenerator<T, FinishReason, undefined>,
  ): AsyncGenerator<T, FinishReason, undefined> {
    try {
      return yield* pieces;
    } finally {
      if (isNew && signal?.aborted === true && this.#generator?.made === made) this.dispose();
    }
  }
}
