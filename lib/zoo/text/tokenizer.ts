import { NameError, UsageError, ValueError } from '../../ir/errors.js';
import { ConfigError, isRecord } from '../config-fields.js';
import { MissingPackageError, missingPackage } from '../optional-package.js';
import { ChatTemplate, type ChatMessage, type ChatOptions } from './chat-template.js';
import { TextStream } from './text-stream.js';

/** What a tokenizer is made of: the files of a checkpoint. */
export interface TokenizerParts {
  /** `tokenizer.json`, parsed. */
  readonly tokenizer: unknown;
  /** `tokenizer_config.json`, parsed. */
  readonly config?: unknown;
  /** Jinja, before the one in the configuration. */
  readonly chatTemplate?: string;
  /** What messages call it: the repository. */
  readonly name?: string;
}

/** What {@link Tokenizer.encode} can be told. */
export interface EncodeOptions {
  /** Puts the tokens around it that the model was trained with: `[CLS] … [SEP]`, `<s> …`. Default true. */
  readonly addSpecialTokens?: boolean;
  /** A second text, for models that compare two. */
  readonly pair?: string;
}

/** What {@link Tokenizer.decode} can be told. */
export interface DecodeOptions {
  /** Leaves out tokens that are no text: the ends of sequences, padding. Default false. */
  readonly skipSpecialTokens?: boolean;
  /** Takes spaces before punctuation away. Default: where `tokenizer_config.json` wants it. */
  readonly cleanUp?: boolean;
}

/** What we use of `@huggingface/tokenizers`: its own declarations do not resolve under Node's rules for modules. */
interface HubTokenizer {
  encode(
    text: string,
    options: { text_pair: string | null; add_special_tokens: boolean; return_token_type_ids: boolean },
  ): { ids: (number | undefined)[]; tokens: string[]; token_type_ids?: number[] };
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_vocab(withAddedTokens: boolean): Map<string, number>;
}

const specialNames = ['bos', 'eos', 'unk', 'pad', 'cls', 'sep', 'mask'] as const;

/** The part of a special token, as `tokenizer_config.json` names it without `_token`. */
export type SpecialTokenName = (typeof specialNames)[number];

/** Text to the token ids of a model and back, by its `tokenizer.json` (`@huggingface/tokenizers`). */
export class Tokenizer {
  /** Ids are below this: the largest one plus 1, added tokens counted. */
  readonly vocabularySize: number;
  /** What messages call it. */
  readonly name: string;
  /** Undefined where the checkpoint brings none. */
  readonly chatTemplate: ChatTemplate | undefined;
  readonly #inner: HubTokenizer;
  readonly #cleanUp: boolean;
  readonly #special: ReadonlyMap<SpecialTokenName, string>;

  /** Use {@link Tokenizer.create}. */
  private constructor(
    inner: HubTokenizer,
    name: string,
    cleanUp: boolean,
    special: ReadonlyMap<SpecialTokenName, string>,
    chatTemplate: ChatTemplate | undefined,
  ) {
    this.#inner = inner;
    this.name = name;
    this.#cleanUp = cleanUp;
    this.#special = special;
    this.chatTemplate = chatTemplate;
    let largest = -1;
    for (const id of inner.get_vocab(true).values()) largest = Math.max(largest, id);
    this.vocabularySize = largest + 1;
  }

  /**
   * A tokenizer from what its files hold.
   * @throws {ConfigError} For a `tokenizer.json` that is none.
   * @throws {ChatTemplateError} For a chat template that cannot be parsed.
   * @throws {MissingPackageError} Without `@huggingface/tokenizers`, or `@huggingface/jinja` where there is a template.
   */
  static async create(parts: TokenizerParts): Promise<Tokenizer> {
    const { tokenizer, config = {}, name = 'the tokenizer' } = parts;
    if (!isRecord(tokenizer)) throw new ConfigError(`${name}: tokenizer.json must hold an object`);
    if (!isRecord(config)) throw new ConfigError(`${name}: tokenizer_config.json must hold an object`);
    const library: unknown = await import('@huggingface/tokenizers').catch(
      missingPackage('@huggingface/tokenizers', 'tokenizers'),
    );
    if (!hasTokenizer(library)) {
      throw new MissingPackageError(
        "'@huggingface/tokenizers' has no Tokenizer: npm install @huggingface/tokenizers@0.2",
      );
    }
    let inner: HubTokenizer;
    try {
      inner = new library.Tokenizer(tokenizer, config);
    } catch (cause) {
      throw new ConfigError(`${name}: tokenizer.json cannot be used: ${String(cause)}`, { cause });
    }
    const special = new Map(
      specialNames.flatMap((part) => {
        const token = tokenText(config[`${part}_token`]);
        return token === undefined ? [] : [[part, token] as const];
      }),
    );
    const template = parts.chatTemplate ?? templateOf(config['chat_template']);
    const variables = Object.fromEntries([...special].map(([part, token]) => [`${part}_token`, token]));
    // Spaces before punctuation are text to BPE: transformers does not clean it up, whatever the configuration says.
    const cleanUp =
      config['clean_up_tokenization_spaces'] === true && !(isRecord(tokenizer['model']) && isBpe(tokenizer['model']));
    return new Tokenizer(
      inner,
      name,
      cleanUp,
      special,
      template === undefined ? undefined : await ChatTemplate.create(template, name, variables),
    );
  }

  /**
   * The ids of a text.
   * @throws {UsageError} When the model has no token for a part of the text, nor one for the unknown.
   */
  encode(text: string, options: EncodeOptions = {}): number[] {
    return this.encodeTyped(text, options).ids;
  }

  /** As {@link encode}, with the number of the text, 0 or 1, that each token is from. */
  encodeTyped(text: string, { addSpecialTokens = true, pair }: EncodeOptions = {}): { ids: number[]; types: number[] } {
    if (typeof text !== 'string') throw new UsageError(`${this.name}: encode takes text, got ${typeof text}`);
    const encoding = this.#inner.encode(text, {
      text_pair: pair ?? null,
      add_special_tokens: addSpecialTokens,
      return_token_type_ids: true,
    });
    const checked = encoding.ids.map((id, i) => {
      if (id !== undefined) return id;
      throw new UsageError(
        `${this.name}: '${encoding.tokens[i]!}' is not in the vocabulary, which has no token for the unknown either`,
      );
    });
    return { ids: checked, types: encoding.token_type_ids ?? checked.map(() => 0) };
  }

  /**
   * The text of some ids.
   * @throws {ValueError} For an id that the vocabulary does not have.
   */
  decode(ids: ArrayLike<number>, { skipSpecialTokens = false, cleanUp = this.#cleanUp }: DecodeOptions = {}): string {
    const list = Array.from(ids);
    for (const id of list) this.tokenOf(id);
    if (list.length === 0) return '';
    return this.#inner.decode(list, { skip_special_tokens: skipSpecialTokens, clean_up_tokenization_spaces: cleanUp });
  }

  /** Decodes ids one by one, for text that is shown as it comes. Special tokens are left out unless told otherwise. */
  stream({ skipSpecialTokens = true }: Pick<DecodeOptions, 'skipSpecialTokens'> = {}): TextStream {
    return new TextStream((ids) => this.decode(ids, { skipSpecialTokens, cleanUp: false }));
  }

  /** The id of a token, or undefined. */
  idOf(token: string): number | undefined {
    return this.#inner.token_to_id(token);
  }

  /**
   * The piece of text that an id stands for, as the vocabulary writes it: spaces may be other characters there.
   * @throws {ValueError} For an id that the vocabulary does not have.
   */
  tokenOf(id: number): string {
    const token = this.#inner.id_to_token(id);
    if (token === undefined) {
      throw new ValueError(`${this.name}: ${id} is no token: ids are whole numbers in 0 … ${this.vocabularySize - 1}`);
    }
    return token;
  }

  /** The id of 'bos', 'eos', 'pad' and so on; undefined where the checkpoint names none. */
  specialId(part: SpecialTokenName): number | undefined {
    const token = this.#special.get(part);
    return token === undefined ? undefined : this.idOf(token);
  }

  /**
   * The text of a conversation, by the checkpoint's template. Encode it with `addSpecialTokens: false`: they are in it.
   * @throws {NameError} When the checkpoint has no chat template.
   * @throws {ChatTemplateError} When the template refuses the conversation.
   */
  chatText(messages: readonly ChatMessage[], options: ChatOptions = {}): string {
    if (this.chatTemplate === undefined) {
      throw new NameError(`${this.name}: there is no chat template: give plain text, or a checkpoint made for chats`);
    }
    return this.chatTemplate.render(messages, options);
  }

  /** The ids of a conversation; throws as {@link chatText}. */
  encodeChat(messages: readonly ChatMessage[], options: ChatOptions = {}): number[] {
    return this.encode(this.chatText(messages, options), { addSpecialTokens: false });
  }
}

function hasTokenizer(
  library: unknown,
): library is { Tokenizer: new (tokenizer: object, config: object) => HubTokenizer } {
  return isRecord(library) && typeof library['Tokenizer'] === 'function';
}

/** BPE files of old have no type, but merges. */
function isBpe(model: Readonly<Record<string, unknown>>): boolean {
  return model['type'] === 'BPE' || (model['type'] === undefined && model['merges'] !== undefined);
}

/** Special tokens are written as text, or as objects with flags. */
function tokenText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return isRecord(value) && typeof value['content'] === 'string' ? value['content'] : undefined;
}

/** One template, or several with names, of which 'default' is for chats. */
function templateOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const chosen = Array.isArray(value) ? value.filter(isRecord).find(({ name }) => name === 'default') : undefined;
  return typeof chosen?.['template'] === 'string' ? chosen['template'] : undefined;
}
