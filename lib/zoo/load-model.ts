import { checkedOptions } from '../dsl/emit.js';
import { openRepository } from '../hub/open-repository.js';
import type { Repository } from '../hub/repository.js';
import { Bert } from './bert/model.js';
import { ConfigFields } from './config-fields.js';
import { SmolLM2 } from './llama/smollm2.js';
import { kindsOf, takes, unknownKind } from './model-kinds.js';
import {
  fromRepository,
  PIPELINE_INDEX,
  PRETRAINED_OPTIONS,
  type PretrainedClass,
  type PretrainedModel,
  type PretrainedOptions,
} from './pretrained.js';
import { ResNet } from './resnet/model.js';
import { SmolVLM2 } from './smolvlm/smolvlm2.js';
import { StableDiffusionUNet } from './unet/model.js';
import { StableDiffusionDecoder } from './vae/model.js';
import { ViT } from './vit/model.js';
import { Whisper } from './whisper/model.js';

/** Any of the models that {@link loadModel} gives; `instanceof` tells which. */
export type ZooModel =
  Bert | ResNet | SmolLM2 | SmolVLM2 | StableDiffusionDecoder | StableDiffusionUNet | ViT | Whisper;

/** The classes, in the order in which they are asked. */
const classes = [
  opener(SmolLM2),
  opener(SmolVLM2),
  opener(StableDiffusionUNet, ['StableDiffusionPipeline']),
  opener(StableDiffusionDecoder),
  opener(ResNet),
  opener(Whisper),
  opener(Bert),
  opener(ViT),
];

/** What opens a model of one class: for its own kinds, and for pipelines of which it is the part that one wants. */
function opener<M extends PretrainedModel & ZooModel, Config>(
  model: PretrainedClass<M, Config>,
  pipelines: readonly string[] = [],
) {
  return {
    kinds: [...(model.checkpoint.kinds ?? []), ...pipelines],
    open: (repository: Repository, options: PretrainedOptions): Promise<ZooModel> =>
      fromRepository<M, Config>(model, repository, options),
  };
}

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
  const fields = new ConfigFields(json, `${inner.name}: ${file}`);
  for (const kind of kindsOf(fields)) {
    const known = classes.find(({ kinds }) => takes(kinds, kind));
    if (known) return known.open(repository, options);
  }
  throw unknownKind(
    fields,
    'supported are',
    classes.flatMap(({ kinds }) => kinds),
  );
}
