import type { Template } from '@huggingface/jinja';
import { MeganeuraError } from '../../ir/errors.js';
import { isRecord } from '../config-fields.js';
import { missingPackage } from '../optional-package.js';

/** A chat template that is wrong, or that refuses the conversation. */
export class ChatTemplateError extends MeganeuraError {}

/** A piece of a message: text, or the place of an image. */
export interface ChatContent {
  /** `'text'` or `'image'`. */
  readonly type: string;
  /** What is said, of a piece of text. */
  readonly text?: string;
}

/** One message of a conversation. Templates may read further fields. */
export interface ChatMessage {
  /** 'system', 'user' or 'assistant', and what else a template knows. */
  readonly role: string;
  /** A text, or pieces of text and images in order. */
  readonly content: string | readonly ChatContent[];
  readonly [field: string]: unknown;
}

/** What a template is told besides the messages. */
export interface ChatOptions {
  /** Ends with what an answer starts with. Default true. */
  readonly addGenerationPrompt?: boolean;
  /** JSON schemas of functions that the model may call. */
  readonly tools?: readonly object[];
  /** Texts that the model may quote. */
  readonly documents?: readonly object[];
  /** Further variables, by the names that the template has for them: `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A conversation to text, by the Jinja template of a checkpoint (`@huggingface/jinja`, as transformers sets it up). */
export class ChatTemplate {
  readonly #template: Template;

  /** Use {@link ChatTemplate.create}. */
  private constructor(
    readonly name: string,
    template: Template,
    private readonly specialTokens: Readonly<Record<string, string>>,
  ) {
    this.#template = template;
  }

  /**
   * Parses a template.
   * @param source Jinja.
   * @param name What messages call it.
   * @param specialTokens The variables `bos_token`, `eos_token` and so on.
   * @throws {ChatTemplateError} For text that is no template.
   * @throws {MissingPackageError} Without `@huggingface/jinja`.
   */
  static async create(
    source: string,
    name: string,
    specialTokens: Readonly<Record<string, string>> = {},
  ): Promise<ChatTemplate> {
    const jinja = await import('@huggingface/jinja').catch(missingPackage('@huggingface/jinja', 'chat templates'));
    try {
      return new ChatTemplate(name, new jinja.Template(source), specialTokens);
    } catch (cause) {
      throw new ChatTemplateError(`${name}: the chat template cannot be parsed: ${messageOf(cause)}`, { cause });
    }
  }

  /**
   * The conversation as the model was trained to read it.
   * @throws {ChatTemplateError} When the template raises an exception, or the messages are not what it expects.
   */
  render(messages: readonly ChatMessage[], options: ChatOptions = {}): string {
    messages.forEach((message, i) => {
      const sound = isRecord(message) && typeof message.role === 'string';
      if (!sound || (typeof message.content !== 'string' && !Array.isArray(message.content))) {
        throw new ChatTemplateError(
          `${this.name}: message ${i} must have a role and a content, which is text or a list of parts`,
        );
      }
    });
    try {
      return this.#template.render({
        ...this.specialTokens,
        tools: null,
        documents: null,
        ...options.variables,
        ...(options.tools && { tools: options.tools }),
        ...(options.documents && { documents: options.documents }),
        messages,
        add_generation_prompt: options.addGenerationPrompt ?? true,
      });
    } catch (cause) {
      throw new ChatTemplateError(`${this.name}: the chat template refuses the conversation: ${messageOf(cause)}`, {
        cause,
      });
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
