import type { FetchOptions, Repository } from '../../hub/repository.js';
import { ConfigFields } from '../config-fields.js';

/**
 * The configuration of the image processor or feature extractor of a repository: `preprocessor_config.json`, or where
 * there is none, what `processor_config.json` has under that name.
 * @throws {HubError} When a file cannot be got; when there is neither its reason is `file-not-found`.
 * @throws {ConfigError} When `processor_config.json` holds no such thing.
 */
export async function loadPreprocessorConfig(
  repository: Repository,
  part: 'image_processor' | 'feature_extractor',
  options: FetchOptions = {},
): Promise<unknown> {
  const whole = 'processor_config.json';
  if (repository.has('preprocessor_config.json') || !repository.has(whole)) {
    return repository.json('preprocessor_config.json', options);
  }
  const fields = new ConfigFields(await repository.json(whole, options), `${repository.name}: ${whole}`);
  if (!fields.has(part)) throw fields.refused(part, 'an object');
  return fields.value(part);
}
