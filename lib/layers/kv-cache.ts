import { buffer } from '../dsl/decorators.js';
import { writeAt } from '../dsl/generated/ops.js';
import { zeros } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { update } from '../dsl/trace-state.js';
import { checkRequired } from './arguments.js';

/** Sizes of a {@link KVCache}. */
export interface KVCacheOptions<B extends number, H extends number, L extends number, D extends number> {
  /** Sequences beside each other. */
  readonly batch: B;
  /** Heads of keys and values. */
  readonly heads: H;
  /** The most positions there may be. */
  readonly length: L;
  /** Width of a head. */
  readonly headDim: D;
}

/**
 * Keys and values of the tokens so far, kept from step to step: `key` and `value` are buffers [batch, heads, length,
 * headDim], 0 at first.
 *
 * `forward(k, v, position)` puts k and v [batch, heads, T, headDim] of T new tokens at `position` [] i32 and gives the
 * whole cache with them, which queries see under `causalMask(position, T, length)`. What would stand behind the end is
 * not written: whoever counts positions must stop there. A cache is read and written once a step, so each layer of a
 * model has its own. As it belongs to a conversation and not to a model, give it to `trace` under `modules`.
 */
export class KVCache<
  B extends number = number,
  H extends number = number,
  L extends number = number,
  D extends number = number,
> extends Module {
  /** The most positions there may be. */
  readonly length: L = this.options.length;
  /** Keys by position, [B, H, L, D]; zeros where nothing was put yet. */
  @buffer key = buffer([this.options.batch, this.options.heads, this.length, this.options.headDim], zeros());
  /** Values by position, [B, H, L, D]; zeros where nothing was put yet. */
  @buffer value = buffer([this.options.batch, this.options.heads, this.length, this.options.headDim], zeros());

  /** Throws NameError for other options, ValueError for one that is no size. */
  constructor(private readonly options: KVCacheOptions<B, H, L, D>) {
    checkRequired('KVCache', options, { batch: 'count', heads: 'count', length: 'count', headDim: 'count' });
    super();
  }

  forward<T extends Dim>(
    k: Tensor<[B, H, T, D], 'f32'>,
    v: Tensor<[B, H, T, D], 'f32'>,
    position: Tensor<[], 'i32'>,
  ): { key: Tensor<[B, H, L, D], 'f32'>; value: Tensor<[B, H, L, D], 'f32'> } {
    const key = writeAt(this.key, k, position, 2);
    const value = writeAt(this.value, v, position, 2);
    update(this.key, key);
    update(this.value, value);
    return { key, value };
  }
}
