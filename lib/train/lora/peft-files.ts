/** Adapters in the form of PEFT, Hugging Face's library: a folder with `adapter_config.json` and `adapter_model.safetensors`. */
import { checkedOptions } from '../../dsl/emit.js';
import type { Module } from '../../dsl/module.js';
import type { Parameter } from '../../dsl/state.js';
import { matchWeights } from '../../dsl/weights.js';
import { closeNames } from '../../ir/errors.js';
import type { Shape } from '../../ir/shape.js';
import { putAtomically } from '../../hub/durable.js';
import { HubError, storageError } from '../../hub/hub-error.js';
import { HUB_OPTIONS, openRepository, type HubOptions } from '../../hub/open-repository.js';
import { nodeModule } from '../../ir/node-modules.js';
import { saveSafetensors } from '../../hub/safetensors-file.js';
import { SafeTensorsModel } from '../../hub/safetensors-model.js';
import type { LowRankAdapterOptions } from '../../layers/low-rank-adapter.js';
import { attached, linearLayers, type AnyLinear, type Lora } from './lora.js';
import { adapterValues, type LoraValues } from './merge.js';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, LoraError, peftConfig, readPeftConfig } from './peft-config.js';

/** What PEFT puts before the path of a layer. */
const PREFIX = 'base_model.model.';

/** Options of {@link saveLora}. */
export interface SaveLoraOptions extends LoraValues {
  /** Repository or folder of the model that the adapters are for; PEFT reads it. */
  readonly baseModel?: string | undefined;
  /** What PEFT calls the model's task: `'CAUSAL_LM'` for one that continues text. */
  readonly taskType?: string | undefined;
}

/**
 * Writes adapters to a folder as PEFT does, so that `PeftModel.from_pretrained` and {@link loadLora} read them. Node only. Each
 * file is whole or not there; where writing ends between the two, the folder has no configuration, and is not loaded.
 *
 * Rejects with HubError (`storage`, `no-space`) or SafetensorsError where it cannot be written, and as `mergeLora` for adapters
 * that are no longer on the model and for sessions.
 */
export async function saveLora(lora: Lora, folder: string, options: SaveLoraOptions = {}): Promise<void> {
  checkedOptions('saveLora', ['weights', 'baseModel', 'taskType'], options);
  const { baseModel = null, taskType = null } = options;
  lora.requireAttached('saveLora');
  const values = await adapterValues('saveLora', lora, options);
  const tensor = async (own: Parameter) => ({ shape: own.sizes('adapter'), data: await values.get(own)!() });
  const tensors: [string, { shape: Shape; data: Float32Array }][] = [];
  for (const [path, { adapter }] of lora.layers) {
    tensors.push([fileName(path, 'A'), await tensor(adapter.a)], [fileName(path, 'B'), await tensor(adapter.b)]);
  }
  const modules = [...lora.model.namedModules().keys()].filter((path) => !/(?:^|\.)adapter(?:\.|$)/.test(path));
  const config = peftConfig({ ...lora.options, paths: [...lora.layers.keys()], modules, baseModel, taskType });

  const [fs, paths] = [nodeModule('node:fs/promises'), nodeModule('node:path')];
  if (!fs || !paths) throw new HubError('storage', 'saveLora: folders need Node 20.16 or later');
  const configPath = paths.join(folder, ADAPTER_CONFIG);
  try {
    await fs.mkdir(folder, { recursive: true });
    await fs.rm(configPath, { force: true });
    await saveSafetensors(paths.join(folder, ADAPTER_WEIGHTS), tensors, { format: 'pt' });
    await putAtomically(configPath, (aside) =>
      fs.writeFile(aside, `${JSON.stringify(config, null, 2)}\n`, { flush: true }),
    );
  } catch (error) {
    throw storageError(error, `saveLora: ${folder} cannot be written`);
  }
}

/**
 * Puts the adapters of a folder, or of a repository on the Hub, on the layers of a model that they were made for; PEFT's own are
 * read as well. Values are read when a session is built. Go on to train them, or `mergeLora` them.
 *
 * @throws {HubError} When it cannot be got; `reason` says why. `SafetensorsError` where the file breaks the format.
 * @throws {LoraError} For adapters of another kind or with settings that are not supported, and where the model has no linear layers
 * of those names.
 * @throws {StateDictError} For matrices that are missing or of other shapes; it lists all.
 * @throws {UsageError} For layers that have an adapter already.
 */
export async function loadLora(model: Module, folderOrName: string, options: HubOptions = {}): Promise<Lora> {
  checkedOptions('loadLora', HUB_OPTIONS, options);
  const repository = await openRepository(folderOrName, options);
  const name = `${repository.name}: ${ADAPTER_CONFIG}`;
  const settings = readPeftConfig(await repository.json(ADAPTER_CONFIG, options), name);
  const { onProgress, signal } = options;
  const weights = await SafeTensorsModel.from(repository, { weights: ADAPTER_WEIGHTS, onProgress, signal });
  const layers = adaptedLayers(model, weights);
  matchWeights(`loadLora of ${weights.name}`, fileStates(layers, settings), weights.tensors);
  for (const tensor of weights.tensors.keys()) weights.checkValues(tensor, 'f32');
  const lora = attached('loadLora', model, layers, settings);
  for (const [path, { adapter }] of lora.layers) {
    adapter.a.readFrom(weights, fileName(path, 'A'));
    adapter.b.readFrom(weights, fileName(path, 'B'));
  }
  return lora;
}

/** The layers that tensors of a file are for, in the model's order. Throws LoraError where there are none of those names. */
function adaptedLayers(model: Module, { name, tensors }: SafeTensorsModel): Map<string, AnyLinear> {
  const all = linearLayers(model);
  const paths = new Set<string>();
  const strange: string[] = [];
  for (const tensor of tensors.keys()) {
    const path = new RegExp(`^${PREFIX.replaceAll('.', '\\.')}(.+)\\.lora_[AB]\\.weight$`).exec(tensor)?.[1];
    if (path !== undefined && all.has(path)) paths.add(path);
    else strange.push(hinted(tensor, path, [...all.keys()]));
  }
  if (strange.length === 0 && paths.size > 0) return new Map([...all].filter(([path]) => paths.has(path)));
  const problem = strange.length > 0 ? `no linear layer of the model is meant by ${strange.join(', ')}` : 'it is empty';
  throw new LoraError(`${name}: ${problem}; load it for the model that it was made for`);
}

function hinted(tensor: string, path: string | undefined, known: readonly string[]): string {
  const [close] = path === undefined ? [] : closeNames(path, known, 1);
  return `'${tensor}'${close === undefined ? '' : ` (close: '${close}')`}`;
}

/** Names and shapes that the file must have. */
function fileStates(layers: ReadonlyMap<string, AnyLinear>, { rank }: LowRankAdapterOptions) {
  return [...layers].flatMap(([path, { inFeatures, outFeatures }]): { names: string[]; shape: Shape }[] => [
    { names: [fileName(path, 'A')], shape: [rank, inFeatures] },
    { names: [fileName(path, 'B')], shape: [outFeatures, rank] },
  ]);
}

function fileName(path: string, matrix: 'A' | 'B'): string {
  return `${PREFIX}${path}.lora_${matrix}.weight`;
}
