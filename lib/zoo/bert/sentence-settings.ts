import type { Repository } from '../../hub/repository.js';
import { ConfigError, ConfigFields } from '../config-fields.js';

/** What becomes of the vectors of a text's tokens: their mean, or the one of the first. */
export type Pooling = 'mean' | 'cls';

/** How a checkpoint makes one vector of a text. */
export interface SentenceSettings {
  readonly pooling: Pooling;
  /** Whether it is made to have length 1. */
  readonly normalize: boolean;
  /** The most tokens of a text; further ones are cut off. */
  readonly maxTokens: number;
  readonly lowerCase: boolean;
}

/** Ways of pooling that sentence-transformers has besides. */
const OTHER_POOLINGS = ['max_tokens', 'mean_sqrt_len_tokens', 'weightedmean_tokens', 'lasttoken'];

/**
 * Reads what sentence-transformers keeps beside a model: `modules.json`, the configuration of the pooling, and
 * `sentence_bert_config.json`. Without them: the mean, of length 1.
 * @param repository Undefined for a model without a checkpoint.
 * @param maxPositions The most tokens that the model can take.
 * @throws {ConfigError} For modules and poolings that are not supported, as they would give other vectors.
 */
export async function sentenceSettings(
  repository: Repository | undefined,
  maxPositions: number,
): Promise<SentenceSettings> {
  const json = async (path: string) => {
    if (repository?.has(path) !== true) return undefined;
    return { name: `${repository.name}: ${path}`, value: await repository.json(path) };
  };
  const modules = await json('modules.json');
  const { poolingFolder, normalize } =
    modules === undefined ? { poolingFolder: '1_Pooling', normalize: true } : readModules(modules.value, modules.name);
  const pooling = await json(`${poolingFolder}/config.json`);
  const more = await json('sentence_bert_config.json');
  const fields = new ConfigFields(more?.value ?? {}, more?.name ?? 'sentence_bert_config.json');
  return {
    pooling: pooling === undefined ? 'mean' : readPooling(new ConfigFields(pooling.value, pooling.name)),
    normalize,
    maxTokens: Math.min(maxPositions, fields.integer('max_seq_length', maxPositions, 2)),
    lowerCase: fields.boolean('do_lower_case', false),
  };
}

function readModules(json: unknown, name: string): { poolingFolder: string; normalize: boolean } {
  if (!Array.isArray(json)) throw new ConfigError(`${name}: expected a list of modules`);
  const modules = json.map((entry, i) => {
    const fields = new ConfigFields(entry, `${name}: module ${i}`);
    // The class, whatever module of Python it is in.
    const kind = fields.string('type').split('.').at(-1)!;
    if (!['Transformer', 'Pooling', 'Normalize'].includes(kind)) {
      throw fields.refused('type', 'a Transformer, Pooling or Normalize (no other module is supported)');
    }
    return { kind, path: fields.string('path', '') };
  });
  return {
    poolingFolder: modules.find(({ kind }) => kind === 'Pooling')?.path ?? '1_Pooling',
    normalize: modules.some(({ kind }) => kind === 'Normalize'),
  };
}

function readPooling(fields: ConfigFields): Pooling {
  fields.onlyOff(Object.fromEntries(OTHER_POOLINGS.map((other) => [`pooling_mode_${other}`, false])));
  const isCls = fields.boolean('pooling_mode_cls_token', false);
  const isMean = fields.boolean('pooling_mode_mean_tokens', !isCls);
  if (isCls && isMean) throw fields.refused('pooling_mode_mean_tokens', 'false beside pooling_mode_cls_token');
  if (!isCls && !isMean) throw fields.refused('pooling_mode_mean_tokens', 'true without pooling_mode_cls_token');
  return fields.oneOf('pooling_mode', ['mean', 'cls'], isCls ? 'cls' : 'mean');
}
