import type { FetchOptions, Repository } from '../../hub/repository.js';
import { ConfigFields } from '../config-fields.js';
import { Tokenizer } from './tokenizer.js';

/**
 * The tokenizer of a repository or folder: `tokenizer.json`, and `tokenizer_config.json` where there is one. The chat
 * template is in `chat_template.jinja`, `chat_template.json` or the configuration, whichever is first.
 * @throws {HubError} When a file cannot be got; without a `tokenizer.json` its reason is `file-not-found`.
 * @throws {ConfigError} For files that are not what they are called.
 * @throws {ChatTemplateError} For a chat template that cannot be parsed.
 * @throws {MissingPackageError} Without `@huggingface/tokenizers`, or `@huggingface/jinja` where there is a template.
 */
export async function loadTokenizer(repository: Repository, options: FetchOptions = {}): Promise<Tokenizer> {
  const tokenizer = await repository.json('tokenizer.json', options);
  const config = repository.has('tokenizer_config.json')
    ? await repository.json('tokenizer_config.json', options)
    : undefined;
  const chatTemplate = await readChatTemplate(repository, options);
  return Tokenizer.create({
    tokenizer,
    name: repository.name,
    ...(config !== undefined && { config }),
    ...(chatTemplate !== undefined && { chatTemplate }),
  });
}

async function readChatTemplate(repository: Repository, options: FetchOptions): Promise<string | undefined> {
  if (repository.has('chat_template.jinja')) return repository.text('chat_template.jinja', options);
  if (!repository.has('chat_template.json')) return undefined;
  const json = await repository.json('chat_template.json', options);
  return new ConfigFields(json, `${repository.name}: chat_template.json`).string('chat_template');
}
