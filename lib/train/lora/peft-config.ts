import { MeganeuraError } from '../../ir/errors.js';
import { describeValue } from '../../dsl/emit.js';
import type { LowRankAdapterOptions } from '../../layers/low-rank-adapter.js';

/** Files of an adapter that are not of this form, or of a kind that is not supported. */
export class LoraError extends MeganeuraError {}

/** Names of the two files, as PEFT has them. */
export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

/** What changes the computation in a way that plain LoRA does not. Off is false, null, 'none', or nothing in it. */
const UNSUPPORTED = [
  ...['use_dora', 'use_rslora', 'use_qalora', 'use_bdlora', 'fan_in_fan_out', 'bias', 'lora_bias'],
  ...['rank_pattern', 'alpha_pattern', 'modules_to_save', 'layer_replication', 'target_parameters'],
  ...['trainable_token_indices', 'alora_invocation_tokens', 'arrow_config', 'kasa_config', 'velora_config'],
  ...['monteclora_config', 'lora_ga_config', 'corda_config'],
];

/** Ways to start A and B that leave the model's own weights as they are. PEFT's others change those. */
const PLAIN_STARTS: readonly unknown[] = [undefined, null, true, false, 'gaussian', 'eva', 'orthogonal'];

/**
 * Reads an `adapter_config.json` of PEFT; `name` is what messages call it.
 * Throws LoraError for another kind of adapter, for values that cannot be, and for settings that are not supported.
 */
export function readPeftConfig(json: unknown, name: string): LowRankAdapterOptions {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new LoraError(`${name}: must hold an object, got ${describeValue(json)}`);
  }
  const fields = json as Readonly<Record<string, unknown>>;
  if (fields['peft_type'] !== 'LORA') {
    throw new LoraError(
      `${name}: peft_type must be 'LORA', the adapters that there are; got ${shown(fields['peft_type'])}`,
    );
  }
  const on = UNSUPPORTED.filter((key) => !isOff(fields[key]));
  if (!PLAIN_STARTS.includes(fields['init_lora_weights'])) on.push('init_lora_weights');
  if (on.length > 0) {
    const list = on.map((key) => `${key} = ${shown(fields[key])}`).join(', ');
    throw new LoraError(
      `${name}: ${list} ${on.length > 1 ? 'are' : 'is'} not supported: merge the adapter in Python, ` +
        `by merge_and_unload(), and load the model that this gives`,
    );
  }
  const number = (key: string, fits: (value: number) => boolean, wanted: string, otherwise?: number) => {
    const value = fields[key] ?? otherwise;
    if (typeof value === 'number' && fits(value)) return value;
    throw new LoraError(`${name}: ${key} must be ${wanted}, got ${shown(value)}`);
  };
  return {
    rank: number('r', (value) => Number.isInteger(value) && value >= 1, 'an integer of at least 1'),
    alpha: number('lora_alpha', (value) => value > 0 && Number.isFinite(value), 'a number above 0'),
    dropout: number('lora_dropout', (value) => value >= 0 && value <= 1, 'a number from 0 to 1', 0),
  };
}

/** What PEFT needs to know of adapters. */
export interface PeftFacts extends LowRankAdapterOptions {
  /** Paths of the layers that have them. */
  readonly paths: readonly string[];
  /** Paths of all modules of the model. */
  readonly modules: readonly string[];
  readonly baseModel: string | null;
  readonly taskType: string | null;
}

/** What an `adapter_config.json` holds. */
export function peftConfig({ rank, alpha, dropout, paths, modules, baseModel, taskType }: PeftFacts): object {
  return {
    base_model_name_or_path: baseModel,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: alpha,
    lora_dropout: dropout,
    modules_to_save: null,
    peft_type: 'LORA',
    r: rank,
    target_modules: targetModules(paths, modules),
    task_type: taskType,
    use_dora: false,
    use_rslora: false,
  };
}

/**
 * What chooses these modules, and no others: the last parts of their paths where that is enough, since PEFT takes every
 * module whose path ends in one of a list, else an expression for whole paths.
 */
function targetModules(paths: readonly string[], modules: readonly string[]): string[] | string {
  const ends = [...new Set(paths.map((path) => path.slice(path.lastIndexOf('.') + 1)))].sort();
  const found = modules.filter((path) => ends.some((end) => path === end || path.endsWith(`.${end}`)));
  if (found.length === paths.length) return ends;
  return paths.map((path) => path.replace(/[.\\+*?^$()[\]{}|]/g, '\\$&')).join('|');
}

function isOff(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === false || value === 'none';
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
