import { checkedOptions } from '../dsl/emit.js';
import { openRepository } from '../hub/open-repository.js';
import type { Repository } from '../hub/repository.js';
import { closeNames } from '../ir/errors.js';
import { Bert } from './bert/model.js';
import { ConfigError, ConfigFields } from './config-fields.js';
import { SmolLM2 } from './llama/smollm2.js';
import { fromRepository, PIPELINE_INDEX, PRETRAINED_OPTIONS, type PretrainedOptions } from './pretrained.js';
import { ResNet } from './resnet/model.js';
import { SmolVLM2 } from './smolvlm/smolvlm2.js';
import { StableDiffusionUNet } from './unet/model.js';
import { StableDiffusionDecoder } from './vae/model.js';
import { ViT } from './vit/model.js';
import { Whisper } from './whisper/model.js';

/** A `config.json` of a model that there is no class for. */
export class UnknownModelError extends ConfigError {}

/** Any of the models that {@link loadModel} gives; `instanceof` tells which. */
export type ZooModel =
  Bert | ResNet | SmolLM2 | SmolVLM2 | StableDiffusionDecoder | StableDiffusionUNet | ViT | Whisper;

/** Opens a model of one class. */
type Opener = (repository: Repository, options: PretrainedOptions) => Promise<ZooModel>;

/**
 * The class for each name that a configuration can have for a model: an entry of `architectures`, a `model_type`, or the
 * `_class_name` of diffusers.
 */
const openers: Readonly<Record<string, Opener>> = {
  bert: (repository, options) => fromRepository(Bert, repository, options),
  resnet: (repository, options) => fromRepository(ResNet, repository, options),
  llama: (repository, options) => fromRepository(SmolLM2, repository, options),
  smolvlm: (repository, options) => fromRepository(SmolVLM2, repository, options),
  vit: (repository, options) => fromRepository(ViT, repository, options),
  whisper: (repository, options) => fromRepository(Whisper, repository, options),
  UNet2DConditionModel: (repository, options) => fromRepository(StableDiffusionUNet, repository, options),
  StableDiffusionPipeline: (repository, options) => fromRepository(StableDiffusionUNet, repository, options),
  AutoencoderKL: (repository, options) => fromRepository(StableDiffusionDecoder, repository, options),
};

/** Classes of transformers whose weights a class above has in another form than `model_type` tells. */
const architectures: Readonly<Record<string, string>> = {
  LlamaForCausalLM: 'llama',
  SmolVLMForConditionalGeneration: 'smolvlm',
  BertModel: 'bert',
  ResNetForImageClassification: 'resnet',
  ViTModel: 'vit',
  ViTForImageClassification: 'vit',
  WhisperForConditionalGeneration: 'whisper',
};

/**
 * A model with its weights, of the class that its `config.json` names; otherwise as `fromPretrained` of that class.
 *
 *     const model = await loadModel('microsoft/resnet-50');
 *     if (model instanceof ResNet) console.log(await model.classify('cat.jpg'));
 *
 * @param folderOrName A folder that exists, else `owner/name` on the Hub.
 * @throws {UnknownModelError} For a model that there is no class for; it names those that there are.
 * @throws Whatever `fromPretrained` throws.
 */
export async function loadModel(folderOrName: string, options: PretrainedOptions = {}): Promise<ZooModel> {
  checkedOptions('loadModel', PRETRAINED_OPTIONS, options);
  const repository = await openRepository(folderOrName, options);
  const inner = options.folder === undefined ? repository : repository.folder(options.folder);
  const file = inner.has(PIPELINE_INDEX) ? PIPELINE_INDEX : 'config.json';
  const json = await inner.json(file, { signal: options.signal });
  return openerFor(new ConfigFields(json, `${inner.name}: ${file}`))(repository, options);
}

function openerFor(fields: ConfigFields): Opener {
  // Residual networks of timm and torchvision: `resnet50`.
  const isResNet = fields.has('architecture') && /(^|\.)resnet/i.test(String(fields.value('architecture')));
  const given = fields.value('architectures');
  const classes: unknown[] = Array.isArray(given) ? given : [];
  const names = [
    ...classes.map((name) => architectures[String(name)]),
    fields.value('model_type'),
    fields.value('_class_name'),
    ...(isResNet ? ['resnet'] : []),
  ];
  const known = names.find((name): name is string => typeof name === 'string' && Object.hasOwn(openers, name));
  if (known !== undefined) return openers[known]!;
  throw unknownModel(fields, classes);
}

function unknownModel(fields: ConfigFields, classes: readonly unknown[]): UnknownModelError {
  const keys = ['model_type', '_class_name', 'architecture'] as const;
  const said = [...classes, ...keys.map((key) => fields.value(key))].filter((name) => typeof name === 'string');
  const supported = [...new Set([...Object.keys(architectures), ...Object.keys(openers)])];
  const [close] = said.flatMap((name) => closeNames(name, supported, 1));
  const what =
    said.length === 0 ? 'it does not say which model it is' : `there is no class for ${said.map(quoted).join(', ')}`;
  return new UnknownModelError(
    `${fields.name}: ${what}${close === undefined ? '' : ` (did you mean ${quoted(close)}?)`}; supported are ` +
      `${supported.join(', ')}, and resnet18 to resnet152 of timm`,
  );
}

function quoted(name: unknown): string {
  return `'${String(name)}'`;
}
