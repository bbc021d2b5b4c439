import { Module } from '../dsl/module.js';
import { checkedOptions } from '../dsl/emit.js';
import type { WeightSource } from '../dsl/weights.js';
import { HUB_OPTIONS, openRepository, type HubOptions } from '../hub/open-repository.js';
import type { Repository } from '../hub/repository.js';
import { SafeTensorsModel } from '../hub/safetensors-model.js';
import { ConfigFields } from './config-fields.js';
import { kindsOf, takes, unknownKind } from './model-kinds.js';

/** @internal The file that makes a repository a pipeline of diffusers, with models in folders. */
export const PIPELINE_INDEX = 'model_index.json';

/** @internal The names of all options of `fromPretrained`. */
export const PRETRAINED_OPTIONS = [...HUB_OPTIONS, 'folder', 'weights', 'strict', 'signal'] as const;

/** How to open a model: where the Hub is, which revision, with which token, and what to tell of the progress. */
export interface PretrainedOptions extends HubOptions {
  /** A folder in the repository that holds the model: `unet` of a diffusion pipeline. */
  readonly folder?: string | undefined;
  /** The file of the weights, or the index of several, where they are not named as usual. */
  readonly weights?: string | undefined;
  /** Whether the weights must be those of the model, no fewer and no more. Default true. */
  readonly strict?: boolean;
  /** Ends the download. */
  readonly signal?: AbortSignal | undefined;
}

/** What a class says of the checkpoints that it loads. */
export interface CheckpointForm {
  /** What its `config.json` calls it: classes, model types. */
  readonly kinds?: readonly string[];
  /** What names start with in checkpoints of models that hold this one: `bert`. */
  readonly prefix?: string;
  /** Names in checkpoints that are no weights of this model: other heads, tables that are computed. */
  readonly ignore?: readonly RegExp[];
  /** Where pipelines of diffusers, repositories with a `model_index.json`, hold the model: `unet`. */
  readonly pipelineFolder?: string;
  /** What names end in in old checkpoints, and what stands there now: `['LayerNorm.gamma', 'LayerNorm.weight']`. */
  readonly renamed?: readonly (readonly [old: string, now: string])[];
}

/** A class of models that are made from a configuration. */
export interface PretrainedClass<M extends PretrainedModel, Config> {
  new (config: Config): M;
  /** Reads a `config.json`; `name` is what messages call it. Throws ConfigError. */
  parseConfig(json: unknown, name?: string): Config;
  readonly checkpoint: CheckpointForm;
}

/**
 * Base of the models that have a `config.json` and weights on the Hub. Fields are named as in the checkpoint, so that
 * weights map by name.
 */
export abstract class PretrainedModel extends Module {
  /** What checkpoints of this class are like. */
  static readonly checkpoint: CheckpointForm = {};
  #weights: SafeTensorsModel | undefined;

  /**
   * A model of that configuration with initial weights, for training from the start.
   * @param config What a `config.json` holds, in the names of transformers or diffusers.
   * @throws {ConfigError} For values that no model can have, or that are not supported.
   */
  static fromConfig<M extends PretrainedModel, Config>(this: PretrainedClass<M, Config>, config: object): M {
    return new this(this.parseConfig(config));
  }

  /**
   * A model with its weights, from a local folder or from the Hub; those are read one by one when a session is built.
   * It is in evaluation mode: call `train()` to fine-tune it.
   *
   *     const model = await SmolLM2.fromPretrained('HuggingFaceTB/SmolLM2-135M-Instruct');
   *
   * @param folderOrName A folder that exists, else `owner/name` on the Hub.
   * @throws {HubError} When it cannot be got; `reason` says why.
   * @throws {UnknownModelError} When `config.json` is of another kind of model.
   * @throws {ConfigError} For values in it that no model can have, or that are not supported.
   * @throws {SafetensorsError} When a file of weights breaks the format.
   * @throws {StateDictError} When weights and configuration disagree; it lists all names.
   */
  static async fromPretrained<M extends PretrainedModel, Config>(
    this: PretrainedClass<M, Config>,
    folderOrName: string,
    options: PretrainedOptions = {},
  ): Promise<M> {
    checkedOptions('fromPretrained', PRETRAINED_OPTIONS, options);
    return fromRepository(this, await openRepository(folderOrName, options), options);
  }

  /** The files that the model came with: `generation_config.json`, `tokenizer.json`; undefined without a checkpoint. */
  get repository(): Repository | undefined {
    return this.#weights?.repository;
  }

  /** @internal Drops the parts that a checkpoint of those names may leave out, so that nothing has made-up weights. */
  fitTo?(names: ReadonlySet<string>): void;

  /** @internal Takes over a checkpoint whose names and shapes have been checked. */
  takeWeights(weights: SafeTensorsModel): void {
    this.#weights = weights;
  }
}

/** @internal The model of an opened repository. */
export async function fromRepository<M extends PretrainedModel, Config>(
  model: PretrainedClass<M, Config>,
  repository: Repository,
  { strict, ...options }: PretrainedOptions,
): Promise<M> {
  const usual = repository.has(PIPELINE_INDEX) ? model.checkpoint.pipelineFolder : undefined;
  return modelFrom(model, await SafeTensorsModel.from(repository, { folder: usual, ...options }), strict);
}

/** @internal The model of an opened checkpoint. */
export async function modelFrom<M extends PretrainedModel, Config>(
  model: PretrainedClass<M, Config>,
  weights: SafeTensorsModel,
  strict = true,
): Promise<M> {
  const name = `${weights.name}: config.json`;
  const json = await weights.repository.json('config.json');
  checkKind(model, new ConfigFields(json, name));
  const made = new model(model.parseConfig(json, name));
  const source = withoutPrefix(withNewNames(weights, model.checkpoint), made, model.checkpoint);
  made.fitTo?.(new Set(source.tensors.keys()));
  made.loadStateDict(source, {
    strict,
    ignore: model.checkpoint.ignore ?? [],
  });
  made.takeWeights(weights);
  made.eval();
  return made;
}

/** Throws UnknownModelError for a configuration of another kind of model. */
function checkKind(model: { readonly name: string; readonly checkpoint: CheckpointForm }, fields: ConfigFields): void {
  const { kinds = [] } = model.checkpoint;
  const given = kindsOf(fields);
  if (kinds.length === 0 || given.length === 0 || given.some((kind) => takes(kinds, kind))) return;
  throw unknownKind(fields, `${model.name} takes`, kinds, '; loadModel() takes the class that fits');
}

/**
 * The weights under the model's own names, where the checkpoint is of a larger model that holds this one under a prefix.
 * What it holds besides is left out, as transformers does.
 */
function withoutPrefix(weights: WeightSource, model: PretrainedModel, { prefix }: CheckpointForm): WeightSource {
  if (prefix === undefined) return weights;
  const start = `${prefix}.`;
  const own = model.states().flatMap(({ names }) => names);
  const isOwn = own.some((name) => name.startsWith(start) || weights.tensors.has(name));
  if (isOwn) return weights;
  const inside = [...weights.tensors].filter(([name]) => name.startsWith(start));
  if (inside.length === 0) return weights;
  return underNames(weights, new Map(inside.map(([name]) => [name.slice(start.length), name])));
}

/** The weights of an old checkpoint under the names of today. */
function withNewNames(weights: WeightSource, { renamed = [] }: CheckpointForm): WeightSource {
  const nameNow = (name: string) => {
    const [old, now] = renamed.find(([end]) => name.endsWith(end)) ?? ['', ''];
    return name.slice(0, name.length - old.length) + now;
  };
  const names = new Map([...weights.tensors.keys()].map((name) => [nameNow(name), name]));
  return renamed.length === 0 ? weights : underNames(weights, names);
}

/** Tensors of a source under other names: `names` has for each of them the one in the source. */
function underNames(weights: WeightSource, names: ReadonlyMap<string, string>): WeightSource {
  return {
    name: weights.name,
    tensors: new Map([...names].map(([name, stored]) => [name, weights.tensors.get(stored)!])),
    read: (name, dtype) => weights.read(names.get(name) ?? name, dtype),
  };
}
