import type { FloatDType } from '../ir/dtype.js';
import { currentTrace } from './context.js';
import { checkedOptions, TracedTensor } from './emit.js';
import { dropoutAt, normalAt, uniformAt } from './generated/ops.js';
import { takeStream } from './random.js';
import type { Dim } from './shapes/dim.js';
import type { Tensor } from './tensor.js';

/**
 * Uniform random numbers in [0, 1), f32, multiples of 2⁻²⁴: others in every step and for every call. They follow from
 * `manualSeed`, the order of the calls and the number of the step, with the same bits on every adapter. The graph counts
 * its steps in the buffer `random.step`. Throws TraceError outside of a trace.
 */
export function randomUniform<const S extends Dim[]>(shape: readonly [...S]): Tensor<S, 'f32'> {
  const { seed, stream } = takeStream();
  return uniformAt(step('randomUniform'), shape, seed, stream);
}

/**
 * Standard normal random numbers, f32; otherwise as {@link randomUniform}, equal to about 1e-5 on every adapter.
 * Throws TraceError outside of a trace.
 */
export function randomNormal<const S extends Dim[]>(shape: readonly [...S]): Tensor<S, 'f32'> {
  const { seed, stream } = takeStream();
  return normalAt(step('randomNormal'), shape, seed, stream);
}

/**
 * 0 with probability `p` (default 0.5), else x/(1 − p) (Srivastava et al. 2014), drawn as {@link randomUniform} draws.
 * It drops in every graph it is traced into: ask the module whether it is training.
 * Throws TraceError outside of a trace, ShapeError for a probability outside of [0, 1].
 */
export function dropout<S extends Dim[], D extends FloatDType>(
  x: Tensor<S, D>,
  options: { p?: number } = {},
): Tensor<S, D> {
  const { builder } = currentTrace('dropout');
  try {
    checkedOptions('dropout', ['p'], options);
  } catch (error) {
    throw builder.located(error);
  }
  const { seed, stream } = takeStream();
  return dropoutAt(x, step('dropout'), seed, stream, options);
}

/** The number of the running step. */
function step(what: string): Tensor<[], 'u32'> {
  const trace = currentTrace(what);
  return new TracedTensor(trace.randomStep(), trace);
}
