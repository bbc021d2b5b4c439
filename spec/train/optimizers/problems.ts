import fs from 'node:fs';
import path from 'node:path';
import { add, input, matmul, mean, mul, namedParameter, square, sub, sum, tanh, trace, type Tensor } from 'meganeura';
import { loadSafetensors } from 'meganeura/hub';
import type { SafeTensors } from '../../../lib/hub/safetensors.js';
import { adam, adamW } from '../../../lib/train/optimizers/adam.js';
import { sgd, type SgdOptions } from '../../../lib/train/optimizers/sgd.js';
import { constantSchedule, cosineSchedule, linearSchedule, stepSchedule } from '../../../lib/train/schedules/decay.js';
import { oneCycle } from '../../../lib/train/schedules/one-cycle.js';
import type { Schedule } from '../../../lib/train/schedules/schedule.js';
import { REFERENCE_DIR } from '../../reference-dir.js';

/** One trajectory: what was optimized how, and what came of it. */
export interface ReferenceCase {
  readonly problem: 'quadratic' | 'mlp';
  readonly case: string;
  readonly optimizer: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly parameters: readonly string[];
  readonly clip_grad_norm: number | null;
  readonly groups?: string;
  readonly scheduler?: string;
  readonly scheduler_arguments?: Readonly<Record<string, unknown>>;
  readonly losses: readonly number[];
  readonly lr: readonly number[];
  readonly momentum_or_beta1?: readonly number[];
  readonly total_norm_before_clipping?: readonly number[];
}

export interface ClipCase {
  /** `clip.0.*` */
  readonly tensors: string;
  readonly max_norm?: number;
  readonly norm_type?: number | 'inf';
  readonly total_norm?: number;
  readonly clip_value?: number;
}

interface Reference {
  readonly steps: number;
  readonly clip: { readonly cases: readonly ClipCase[] };
  readonly cases: readonly ReferenceCase[];
}

const folder = path.join(REFERENCE_DIR, 'optim');
export const reference = JSON.parse(fs.readFileSync(path.join(folder, 'optim.json'), 'utf8')) as Reference;

export const loadReference = () => loadSafetensors(path.join(folder, 'optim.safetensors'));

/** Shape and values of a tensor of f32. */
export function floats(file: SafeTensors, name: string): { shape: readonly number[]; data: Float32Array } {
  const data = file.array(name);
  if (!(data instanceof Float32Array)) throw new Error(`${name} is no F32`);
  return { shape: file.entry(name).shape, data };
}

/** Row `step` of a tensor whose first axis is the steps. */
export function row(file: SafeTensors, name: string, step: number): Float32Array {
  const { shape, data } = floats(file, name);
  const size = shape.slice(1).reduce((product, length) => product * length, 1);
  return data.subarray(step * size, (step + 1) * size);
}

type Matrix = Tensor<[number, number], 'f32'>;

/** The graph of a problem with the output `loss`, its parameters at their start, and what to feed. */
export function problem(file: SafeTensors, name: ReferenceCase['problem'], parameters: readonly string[]) {
  const starts = (parameter: string): Tensor<number[], 'f32'> => {
    const { shape, data } = floats(file, `${name}.start.${parameter}`);
    return namedParameter(parameter, shape, data);
  };
  const constants =
    name === 'mlp' ? ['x', 'y'] : parameters.flatMap((parameter) => [`${parameter}.a`, `${parameter}.c`]);
  const tensors = Object.fromEntries(constants.map((key) => [key, floats(file, `${name}.data.${key}`)]));
  const inputs = Object.fromEntries(Object.entries(tensors).map(([key, { shape }]) => [key, input(shape)]));
  const graph = trace(inputs, (given) => {
    if (name === 'quadratic') {
      const parts = parameters.map((key) => sum(mul(given[`${key}.a`]!, square(sub(starts(key), given[`${key}.c`]!)))));
      const total = parts.reduce((a, b) => add(a, b));
      return { loss: mul(0.5, total) };
    }
    const [w1, b1, w2] = ['w1', 'b1', 'w2'].map(starts) as [Matrix, Tensor<[number], 'f32'>, Matrix];
    const hidden = tanh(add(matmul(given['x'] as Matrix, w1), b1));
    const predicted = matmul(hidden, w2);
    return { loss: mean(square(sub(predicted, given['y']!))) };
  });
  return { graph, feeds: Object.fromEntries(Object.entries(tensors).map(([key, { data }]) => [key, data])) };
}

/** PyTorch's names of arguments as ours: weight_decay is weightDecay, lr learningRate. */
export function ourNames(given: Readonly<Record<string, unknown>>, names: Readonly<Record<string, string>> = {}) {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      names[key] ?? key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

const makers: Readonly<Record<string, (options: object) => ReturnType<typeof sgd>>> = {
  'torch.optim.SGD': (options) => sgd(options as SgdOptions),
  'torch.optim.Adam': (options) => adam(options),
  'torch.optim.AdamW': (options) => adamW(options),
};

/** The optimizer of a case. Of groups there is one kind, which the reference says in words. */
export function optimizerOf({ optimizer, arguments: given, parameters, groups }: ReferenceCase) {
  const make = makers[optimizer];
  if (!make) throw new Error(`no optimizer for ${optimizer}`);
  const words = 'first parameter: the arguments; the others: half the lr, weight_decay 0';
  if (groups !== undefined && groups !== words) throw new Error(`groups: ${groups}`);
  const others = groups && [{ parameters: parameters.slice(1), learningRateScale: 0.5, weightDecay: 0 }];
  return make({ ...ourNames(given, { lr: 'learningRate' }), ...(others && { groups: others }) });
}

/** The schedules of a case: of the learning rate, and of momentum or β₁ where that changes. */
export function schedulesOf({ arguments: { lr }, scheduler, scheduler_arguments: given = {} }: ReferenceCase): {
  learningRate: Schedule;
  momentum?: Schedule;
} {
  const options = ourNames(given, {
    num_warmup_steps: 'warmupSteps',
    num_training_steps: 'totalSteps',
    num_cycles: 'cycles',
    max_lr: 'maxLearningRate',
  }) as never;
  const all = { ...(options as object), learningRate: lr } as never;
  if (scheduler === undefined) return { learningRate: constantSchedule(all) };
  if (scheduler === 'torch.optim.lr_scheduler.OneCycleLR') {
    const { cycleMomentum = true, ...rest } = options as { cycleMomentum?: boolean };
    const { learningRate, momentum } = oneCycle(rest as never);
    return cycleMomentum ? { learningRate, momentum } : { learningRate };
  }
  const makeSchedule = {
    'transformers.get_cosine_schedule_with_warmup': cosineSchedule,
    'transformers.get_linear_schedule_with_warmup': linearSchedule,
    'torch.optim.lr_scheduler.StepLR': stepSchedule,
  }[scheduler];
  if (!makeSchedule) throw new Error(`no schedule for ${scheduler}`);
  return { learningRate: makeSchedule(all) };
}
