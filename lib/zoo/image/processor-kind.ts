import type { ConfigFields } from '../config-fields.js';

/** `ViTImageProcessor`, `ViTImageProcessorFast`, `ViTFeatureExtractor`: all of one kind. */
const NAME = /^(.+?)(?:ImageProcessor(?:Fast|Pil)?|FeatureExtractor)$/;

/**
 * The kind of processor that a `preprocessor_config.json` names, one of `known`.
 * @throws {ConfigError} For another one.
 */
export function readProcessorKind<const Kind extends string>(fields: ConfigFields, known: readonly Kind[]): Kind {
  const key = fields.has('image_processor_type') ? 'image_processor_type' : 'feature_extractor_type';
  const kind = NAME.exec(fields.string(key, ''))?.[1];
  const found = known.find((name) => name === kind);
  if (found !== undefined) return found;
  const names = known.map((name) => `${name}ImageProcessor`);
  throw fields.refused(key, `one of ${names.join(', ')}`, names);
}
