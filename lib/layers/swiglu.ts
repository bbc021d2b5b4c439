import { child } from '../dsl/decorators.js';
import { mul, silu } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkOptions } from './arguments.js';
import { Linear, type LinearOptions } from './linear.js';

/**
 * Feed-forward of Llama: downProj(silu(gateProj(x))·upProj(x)) (Shazeer 2020, arXiv:2002.05202), x [...B, D] gives
 * [...B, D]. Three {@link Linear}, D to Hidden, D to Hidden and back, named as in its checkpoints: `gate_proj`,
 * `up_proj`, `down_proj`.
 */
export class SwiGLU<D extends Dim = Dim, Hidden extends Dim = Dim> extends Module {
  /** D to Hidden; what goes through silu. */
  @child gateProj = new Linear(this.dim, this.hidden, { bias: this.options.bias ?? false });
  /** D to Hidden; what the gate is multiplied with. */
  @child upProj = new Linear(this.dim, this.hidden, { bias: this.options.bias ?? false });
  /** Hidden to D. */
  @child downProj = new Linear(this.hidden, this.dim, { bias: this.options.bias ?? false });

  /** Without biases, as Llama's, unless `bias` is true. Throws NameError and ValueError for other options. */
  constructor(
    readonly dim: D,
    readonly hidden: Hidden,
    private readonly options: LinearOptions<boolean> = {},
  ) {
    checkOptions('SwiGLU', options, { bias: 'flag' });
    super();
  }

  forward<B extends Dim[]>(x: Tensor<[...B, D], 'f32'>): Tensor<[...B, D], 'f32'> {
    return this.downProj.forward(mul(silu(this.gateProj.forward(x)), this.upProj.forward(x)));
  }
}
