import { gelu, geluTanh, relu, sigmoid, silu, tanh } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkOptions } from './arguments.js';

/*
 * Activations as modules, for `Sequential`: functions of each element, of any shape. Elsewhere the operations are shorter.
 */

/** max(x, 0). */
export class ReLU extends Module {
  forward<S extends Dim[]>(x: Tensor<S, 'f32'>): Tensor<S, 'f32'> {
    return relu(x);
  }
}

/** x·sigmoid(x). */
export class SiLU extends Module {
  forward<S extends Dim[]>(x: Tensor<S, 'f32'>): Tensor<S, 'f32'> {
    return silu(x);
  }
}

/** The hyperbolic tangent. */
export class Tanh extends Module {
  forward<S extends Dim[]>(x: Tensor<S, 'f32'>): Tensor<S, 'f32'> {
    return tanh(x);
  }
}

/** 1/(1 + e⁻ˣ). */
export class Sigmoid extends Module {
  forward<S extends Dim[]>(x: Tensor<S, 'f32'>): Tensor<S, 'f32'> {
    return sigmoid(x);
  }
}

/** x·Φ(x), with erf or, where `approximate` is 'tanh', the approximation by tanh (arXiv:1606.08415). */
export class GELU extends Module {
  /** Throws NameError and ValueError for other options. */
  constructor(private readonly options: { readonly approximate?: 'none' | 'tanh' } = {}) {
    checkOptions('GELU', options, { approximate: ['none', 'tanh'] });
    super();
  }

  forward<S extends Dim[]>(x: Tensor<S, 'f32'>): Tensor<S, 'f32'> {
    return this.options.approximate === 'tanh' ? geluTanh(x) : gelu(x);
  }
}
