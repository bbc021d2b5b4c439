import { closeNames } from '../ir/errors.js';
import { ConfigError, type ConfigFields } from './config-fields.js';

/** A `config.json` of a model that there is no class for, or of another than the class that was asked to load it. */
export class UnknownModelError extends ConfigError {}

/**
 * What a configuration says the model is, the most exact first: the classes of transformers that wrote it, its
 * `model_type`, the class of diffusers, or the network that timm and torchvision name.
 */
export function kindsOf(fields: ConfigFields): string[] {
  const architectures = fields.value('architectures');
  const classes: unknown[] = Array.isArray(architectures) ? architectures : [];
  const own = ['model_type', '_class_name', 'architecture'].map((key) => fields.value(key));
  return [...classes, ...own].filter((kind): kind is string => typeof kind === 'string');
}

/** Whether a class that takes `known` takes one of these; `resnet*` stands for all names that begin so. */
export function takes(known: readonly string[], kind: string): boolean {
  const name = kind.replace(/^torchvision\.models\./, '').toLowerCase();
  return known.some((own) => (own.endsWith('*') ? name.startsWith(own.slice(0, -1).toLowerCase()) : own === kind));
}

/** The error for a configuration of none of these kinds; `what` says who looked. */
export function unknownKind(
  fields: ConfigFields,
  what: string,
  known: readonly string[],
  advice = '',
): UnknownModelError {
  const kinds = kindsOf(fields);
  if (kinds.length === 0) {
    return new UnknownModelError(
      `${fields.name}: it does not say which model it is; ${what} ${known.join(', ')}${advice}`,
    );
  }
  const [close] = kinds.flatMap((kind) => closeNames(kind, known, 1));
  return new UnknownModelError(
    `${fields.name}: it is for ${kinds.map((kind) => `'${kind}'`).join(', ')}` +
      `${close === undefined ? '' : ` (did you mean '${close}'?)`}; ${what} ${known.join(', ')}${advice}`,
  );
}
