import { checkedOptions, describeValue } from '../../dsl/emit.js';
import { MeganeuraError, UsageError, ValueError } from '../../ir/errors.js';
import type { Session } from '../../session/session.js';
import type { RunOptions } from '../session-pool.js';
import type { ChatMessage } from '../text/chat-template.js';
import { Sampler, type SamplingOptions } from '../text/sampler.js';
import { StopStrings } from '../text/stop-strings.js';
import type { Tokenizer } from '../text/tokenizer.js';
import { CachedDecoder, type DecoderProgram, type MoreFeeds } from './cached-decoder.js';

/** A prompt with more tokens than the context has room for. */
export class ContextLengthError extends MeganeuraError {}

/** Options of one answer of a {@link TextGenerator}. */
export interface GenerateOptions extends SamplingOptions {
  /** The most tokens to generate. Default 256. */
  readonly maxNewTokens?: number;
  /** Texts that end the answer, and are no part of it. */
  readonly stop?: string | readonly string[];
  /** Tokens that end the answer; those of the model by default. */
  readonly endTokens?: readonly number[];
  /** Whether text is a message of a chat; where the model has a chat template, it is by default. */
  readonly chat?: boolean;
  /** Ends generation, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Why no more tokens came: the model ended the text, a stop string was met, or there was no more room for tokens. */
export type FinishReason = 'end' | 'stop' | 'length' | 'context';

/** Options of a {@link TextGenerator}. */
export interface GeneratorOptions extends RunOptions {
  /** The most tokens of prompt and answer. The cache takes memory for them. Default 2048, or what the model allows. */
  readonly contextLength?: number | undefined;
}

/** What a generator has to know of a model. */
export interface GenerativeModel {
  readonly program: DecoderProgram;
  readonly vocabSize: number;
  /** The longest sequence that the model was trained for, in tokens. */
  readonly maxPositions: number;
  readonly endTokens: readonly number[];
  /** What the model's makers recommend. */
  readonly sampling: SamplingOptions;
  /** Undefined where the checkpoint has none: then prompts are ids. */
  readonly tokenizer: Tokenizer | undefined;
  /** Whether its chat template takes contents as lists of parts, as those for pictures do, and not as text. */
  readonly contentAsParts: boolean;
}

/** Text of a conversation, of a document that goes on, or token ids. */
export type Prompt = string | readonly ChatMessage[] | readonly number[];

const DEFAULT_CONTEXT = 2048;
const GENERATE_OPTIONS = [
  ...['maxNewTokens', 'stop', 'endTokens', 'chat', 'signal'],
  ...['temperature', 'topK', 'topP', 'minP', 'repetitionPenalty', 'seed'],
];

/**
 * Generates text, one answer at a time. Its sessions are built when the first answer starts, and serve all that follow.
 */
export class TextGenerator {
  private readonly decoder: CachedDecoder;
  private running = false;

  /** Throws ValueError for a context that is longer than the model's. */
  constructor(
    private readonly model: GenerativeModel,
    { contextLength = Math.min(DEFAULT_CONTEXT, model.maxPositions), ...options }: GeneratorOptions = {},
  ) {
    if (!Number.isInteger(contextLength) || contextLength < 1 || contextLength > model.maxPositions) {
      throw new ValueError(
        `contextLength must be a number of tokens from 1 to ${model.maxPositions}, what the model was trained for; got ` +
          describeValue(contextLength),
      );
    }
    this.decoder = new CachedDecoder(model.program, contextLength, options);
  }

  /**
   * The text that follows a prompt, piece by piece, as it is generated; the generator's return value says why it ended.
   *
   *     for await (const piece of generator.generate('Why is the sky blue?')) process.stdout.write(piece);
   *
   * Throws ContextLengthError for a prompt that leaves no room, ValueError for ids and options out of range, NameError for
   * unknown options, UsageError for text without a tokenizer or while another answer is being generated, and the reason of
   * `signal` when that aborts.
   */
  async *generate(
    prompt: Prompt,
    options: GenerateOptions = {},
    more?: MoreFeeds,
  ): AsyncGenerator<string, FinishReason, undefined> {
    const stop = new StopStrings(typeof options.stop === 'string' ? [options.stop] : (options.stop ?? []));
    const text = this.requireTokenizer('generate gives text').stream();
    const tokens = this.generateTokens(prompt, options, more);
    for (;;) {
      const next = await tokens.next();
      const piece = stop.push(next.done ? text.end() : text.push(next.value));
      if (piece !== '') yield piece;
      if (stop.stopped) {
        await tokens.return('stop');
        return 'stop';
      }
      if (next.done) {
        const rest = stop.end();
        if (rest !== '') yield rest;
        return next.value;
      }
    }
  }

  /** As {@link generate}, token ids in place of text, without stop strings. */
  async *generateTokens(
    prompt: Prompt,
    options: GenerateOptions = {},
    more?: MoreFeeds,
  ): AsyncGenerator<number, FinishReason, undefined> {
    const { maxNewTokens, endTokens, sampler } = this.checked(options);
    const { signal } = options;
    const ids = [...this.encode(prompt, options)];
    this.checkPrompt(ids);
    if (this.running) {
      throw new UsageError('generate: another answer is being generated: end it first, or make a second generator');
    }
    this.running = true;
    try {
      signal?.throwIfAborted();
      this.decoder.reset();
      let logits = await this.decoder.append(ids, signal, more);
      for (let count = 0; count < maxNewTokens; count++) {
        signal?.throwIfAborted();
        const token = sampler.next(logits, ids);
        if (endTokens.has(token)) return 'end';
        ids.push(token);
        yield token;
        if (count + 1 === maxNewTokens) return 'length';
        if (this.decoder.length === this.decoder.capacity) return 'context';
        logits = await this.decoder.append([token], signal);
      }
      return 'length';
    } finally {
      this.running = false;
    }
  }

  /** Token ids of a prompt. Throws UsageError for text where there is no tokenizer. */
  encode(prompt: Prompt, options: Pick<GenerateOptions, 'chat'> = {}): readonly number[] {
    if (isIds(prompt)) return prompt;
    const tokenizer = this.requireTokenizer('the prompt is text');
    const { text, isChat } = this.promptText(prompt, options);
    // What a chat template writes has its special tokens.
    return tokenizer.encode(text, { addSpecialTokens: !isChat });
  }

  /** What a prompt reads after the chat template, where it is a conversation, or a text that is taken as one. */
  promptText(
    prompt: string | readonly ChatMessage[],
    { chat }: Pick<GenerateOptions, 'chat'> = {},
  ): { readonly text: string; readonly isChat: boolean } {
    const tokenizer = this.requireTokenizer('the prompt is text');
    if (typeof prompt !== 'string') {
      return { text: tokenizer.chatText(prompt.map((message) => this.message(message))), isChat: true };
    }
    const isChat = chat ?? tokenizer.chatTemplate !== undefined;
    return isChat ? this.promptText([{ role: 'user', content: prompt }]) : { text: prompt, isChat };
  }

  private message(message: ChatMessage): ChatMessage {
    if (!this.model.contentAsParts || typeof message.content !== 'string') return message;
    return { ...message, content: [{ type: 'text', text: message.content }] };
  }

  /** Throws UsageError, which begins with `why`, where the checkpoint has none. */
  requireTokenizer(why: string): Tokenizer {
    const { tokenizer } = this.model;
    if (tokenizer) return tokenizer;
    throw new UsageError(
      `${why}, but the checkpoint has no tokenizer.json: give token ids to generateTokens(), or add the file`,
    );
  }

  /** A session over the weights, for whatever else of the model is to share them. Throws as `buildSession` does. */
  session(signal?: AbortSignal): Promise<Session> {
    return this.decoder.sessionFor(1, signal);
  }

  /** Frees everything that no other session shares. Harmless when repeated. */
  dispose(): void {
    this.decoder.dispose();
  }

  private checked(options: GenerateOptions) {
    const given = checkedOptions('generate', GENERATE_OPTIONS, options) as GenerateOptions;
    const { maxNewTokens = 256, endTokens = this.model.endTokens } = given;
    const { temperature, topK, topP, minP, repetitionPenalty, seed } = given;
    if (!Number.isInteger(maxNewTokens) || maxNewTokens < 0) {
      throw new ValueError(`generate: maxNewTokens must be a number of tokens, got ${describeValue(maxNewTokens)}`);
    }
    const own = { temperature, topK, topP, minP, repetitionPenalty, seed };
    const set = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    return { maxNewTokens, endTokens: new Set(endTokens), sampler: new Sampler({ ...this.model.sampling, ...set }) };
  }

  private checkPrompt(ids: readonly number[]): void {
    const { capacity } = this.decoder;
    if (ids.length === 0) throw new ValueError('generate: the prompt has no tokens: give one at least');
    if (ids.length > capacity) {
      throw new ContextLengthError(
        `generate: the prompt has ${ids.length} tokens, and the context ${capacity}: shorten it` +
          (capacity < this.model.maxPositions
            ? `, or set contextLength, up to ${this.model.maxPositions}`
            : ', the model was not trained for longer ones'),
      );
    }
    const wrong = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= this.model.vocabSize);
    if (wrong >= 0) {
      throw new ValueError(
        `generate: token ${String(ids[wrong])} at ${wrong} is out of range: ids are in [0, ${this.model.vocabSize})`,
      );
    }
  }
}

export function isIds(prompt: Prompt): prompt is readonly number[] {
  return Array.isArray(prompt) && (prompt as readonly unknown[]).every((entry) => typeof entry === 'number');
}
