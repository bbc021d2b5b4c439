import { isRecord, type ConfigFields } from './config-fields.js';

/**
 * The names of a classifier's classes: `id2label` of a `config.json`, else as many as `num_labels` says under the names
 * that transformers gives them, 2 without either.
 * @throws {ConfigError} When the ids are not 0, 1, 2 and so on, or a name is no text.
 */
export function labelNames(fields: ConfigFields): readonly string[] {
  const given = fields.value('id2label');
  if (given === undefined) {
    const count = fields.integer('num_labels', 2, 1);
    return Array.from({ length: count }, (_, i) => `LABEL_${i}`);
  }
  const names = isRecord(given) ? Object.keys(given).map((_, id) => given[String(id)]) : [];
  const isText = (name: unknown): name is string => typeof name === 'string';
  if (names.length > 0 && names.every(isText)) return names;
  throw fields.refused('id2label', 'an object with a name for each of the ids 0, 1, 2 and so on');
}
