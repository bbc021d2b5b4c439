import type { Repository } from '../../hub/repository.js';
import { UsageError, ValueError } from '../../ir/errors.js';
import { ConfigFields, isRecord } from '../config-fields.js';
import type { Tokenizer } from '../text/tokenizer.js';
import { tokenList } from '../token-list.js';
import type { WhisperConfig } from './config.js';

/** What is to be done with speech: written down, or put into English. */
export type WhisperTask = 'transcribe' | 'translate';

/** Vocabularies from this size on have more languages than English. */
const MULTILINGUAL_FROM = 51_865;

/** The tokens that tell the decoder what to do, and those that it must not give. */
export class WhisperGeneration {
  private constructor(
    readonly startToken: number,
    readonly endTokens: ReadonlySet<number>,
    /** Never given, and not given first. */
    readonly suppressed: readonly number[],
    readonly suppressedFirst: readonly number[],
    /** Tokens of languages, by code: `en`. Empty for a model that knows one. */
    readonly languages: ReadonlyMap<string, number>,
    private readonly tasks: ReadonlyMap<string, number>,
    private readonly noTimestamps: number | undefined,
  ) {}

  /**
   * Reads `generation_config.json`; what it leaves out is taken from the tokenizer and from `config.json`.
   * @throws {ConfigError} For values that are no tokens.
   */
  static async load(
    repository: Repository | undefined,
    config: WhisperConfig,
    tokenizer: Tokenizer | undefined,
  ): Promise<WhisperGeneration> {
    const file = 'generation_config.json';
    const json = repository?.has(file) === true ? await repository.json(file) : {};
    const fields = new ConfigFields(json, `${repository?.name ?? 'the model'}: ${file}`);
    const isMultilingual = fields.boolean('is_multilingual', config.vocabSize >= MULTILINGUAL_FROM);
    const startToken = fields.integer('decoder_start_token_id', config.startToken);
    const list = (key: string, missing: readonly number[]) =>
      fields.has(key) ? tokenList(fields, key) : fields.isNull(key) ? [] : missing;
    const noTimestamps = fields.has('no_timestamps_token_id')
      ? fields.integer('no_timestamps_token_id')
      : tokenizer?.idOf('<|notimestamps|>');
    return new WhisperGeneration(
      startToken,
      new Set(list('eos_token_id', config.endTokens)),
      list('suppress_tokens', config.suppressTokens),
      list('begin_suppress_tokens', config.beginSuppressTokens),
      isMultilingual ? languagesOf(fields, startToken, tokenizer) : new Map<string, number>(),
      isMultilingual ? tasksOf(fields, tokenizer) : new Map<string, number>(),
      noTimestamps,
    );
  }

  /**
   * What the text starts with: `<|startoftranscript|><|en|><|transcribe|><|notimestamps|>`, or as much of it as the model
   * has. Throws UsageError for a task that the model has not.
   */
  prompt(language: string | undefined, task: WhisperTask): number[] {
    const said = language === undefined ? [] : [this.languages.get(language)!];
    const done = this.tasks.get(task);
    if (done === undefined && task !== 'transcribe') {
      throw new UsageError(`transcribe: the model cannot ${task}: it knows one language; leave out the option task`);
    }
    return [this.startToken, ...said, ...[done, this.noTimestamps].filter((token) => token !== undefined)];
  }

  /**
   * The code of a language: `en` of 'en', 'English' and '<|en|>'; undefined where the model knows one only. Throws
   * ValueError for one that it does not know.
   */
  languageCode(given: string): string | undefined {
    const name = given.toLowerCase().replace(/^<\|(.*)\|>$/, '$1');
    if (this.languages.size === 0 && ['en', 'english'].includes(name)) return undefined;
    const names = new Intl.DisplayNames(['en'], { type: 'language' });
    const code = [...this.languages.keys()].find((one) => one === name || names.of(one)?.toLowerCase() === name);
    if (code !== undefined) return code;
    const known = this.languages.size === 0 ? 'English only' : [...this.languages.keys()].join(', ');
    throw new ValueError(`transcribe: the model does not know the language '${given}'; it knows ${known}`);
  }

  /** Whether a token is a time, `<|1.50|>`, which is no text. Times stand behind `<|notimestamps|>`. */
  isTime(token: number): boolean {
    return this.noTimestamps !== undefined && token > this.noTimestamps;
  }

  /** The likeliest language by the logits [V] behind the start token. */
  detected(logits: Float32Array): string {
    const likeliest = [...this.languages].reduce((best, one) => (logits[one[1]]! > logits[best[1]]! ? one : best));
    return likeliest[0];
  }

  /** The likeliest token that may come, by the logits [V]; of equal ones the first. Throws ValueError when all are NaN. */
  best(logits: Float32Array, isFirst: boolean): number {
    const barred = new Set([...this.suppressed, ...(isFirst ? this.suppressedFirst : [])]);
    let best = -1;
    logits.forEach((logit, token) => {
      if (!barred.has(token) && (best < 0 ? !Number.isNaN(logit) : logit > logits[best]!)) best = token;
    });
    if (best >= 0) return best;
    throw new ValueError('transcribe: the model gives no numbers: its weights, or the sound, are broken');
  }
}

/** `lang_to_id`; in old checkpoints the tokens right behind the start token. */
function languagesOf(fields: ConfigFields, startToken: number, tokenizer: Tokenizer | undefined): Map<string, number> {
  const given = fields.value('lang_to_id');
  if (given !== undefined) return tokensByName(fields, 'lang_to_id');
  const languages = new Map<string, number>();
  for (let token = startToken + 1; token < (tokenizer?.vocabularySize ?? 0); token++) {
    const code = /^<\|([a-z]{2,3})\|>$/.exec(tokenizer!.tokenOf(token))?.[1];
    if (code === undefined) break;
    languages.set(code, token);
  }
  return languages;
}

function tasksOf(fields: ConfigFields, tokenizer: Tokenizer | undefined): Map<string, number> {
  if (fields.has('task_to_id')) return tokensByName(fields, 'task_to_id');
  const tasks = ['transcribe', 'translate'].map((task) => [task, tokenizer?.idOf(`<|${task}|>`)] as const);
  return new Map(tasks.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** `{ "<|en|>": 50259 }`, with or without the signs around the names. */
function tokensByName(fields: ConfigFields, key: string): Map<string, number> {
  const value = fields.value(key);
  const entries = isRecord(value) ? Object.entries(value) : [];
  const isToken = (entry: [string, unknown]): entry is [string, number] => Number.isSafeInteger(entry[1]);
  if (!isRecord(value) || !entries.every(isToken)) throw fields.refused(key, 'an object of tokens by name');
  return new Map(entries.map(([name, token]) => [name.replace(/^<\|(.*)\|>$/, '$1'), token]));
}
