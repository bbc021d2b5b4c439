import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { KVCache, type KVCacheOptions } from '../../layers/kv-cache.js';

/** Keys and values of earlier tokens, and where the tokens of this call stand behind them. */
export interface Past {
  /** Keys and values of every layer. */
  readonly cache: DecoderCache;
  /** The position of the first token, [] i32: how many are in the cache. */
  readonly position: Tensor<[], 'i32'>;
}

/** Keys and values of every layer of a decoder: a {@link KVCache} a layer. */
export class DecoderCache extends Module {
  readonly layers: readonly KVCache[];
  /** The most tokens there may be. */
  readonly length: number;

  constructor(layers: number, options: KVCacheOptions<number, number, number, number>) {
    super();
    this.length = options.length;
    this.layers = Array.from({ length: layers }, () => new KVCache(options));
  }

  /**
   * Puts the keys and values [B, heads, T, headDim] of T new tokens of one layer behind the first `position` ones, and
   * gives all of that layer, [B, heads, length, headDim].
   */
  forward<B extends Dim, T extends Dim>(
    layer: number,
    k: Tensor<[B, number, T, number], 'f32'>,
    v: Tensor<[B, number, T, number], 'f32'>,
    position: Tensor<[], 'i32'>,
  ): { key: Tensor<[B, number, number, number], 'f32'>; value: Tensor<[B, number, number, number], 'f32'> } {
    // The cache knows its batch as a number, the caller by a name or a parameter of its own.
    const cache: KVCache<B & number> = this.layers[layer]! as KVCache<B & number>;
    return cache.forward(
      k as Tensor<[B & number, number, T, number], 'f32'>,
      v as Tensor<[B & number, number, T, number], 'f32'>,
      position,
    );
  }
}
