import { describeValue } from '../dsl/emit.js';
import { child } from '../dsl/decorators.js';
import { Module } from '../dsl/module.js';
import type { Tensor } from '../dsl/tensor.js';
import { ValueError } from '../ir/errors.js';

/** A module that makes one tensor of one. */
export interface TensorModule extends Module {
  forward(x: never): Tensor;
}

/** What the first of the layers takes. */
type InputOf<Layers extends readonly TensorModule[]> = Layers extends readonly [
  infer First extends TensorModule,
  ...TensorModule[],
]
  ? Parameters<First['forward']>[0]
  : Tensor;

/** What the last of the layers gives. */
type OutputOf<Layers extends readonly TensorModule[]> = Layers extends readonly [
  ...TensorModule[],
  infer Last extends TensorModule,
]
  ? ReturnType<Last['forward']>
  : Tensor;

/**
 * Modules one after the other, each of one tensor: `new Sequential(new Linear(784, 128), new ReLU(), new Linear(128,
 * 10))`. They are named '0', '1', … as in PyTorch. `forward` takes what the first takes and gives what the last gives,
 * where sizes that depend on the input, such as that of the batch, are unknown.
 */
export class Sequential<const Layers extends readonly TensorModule[]> extends Module {
  @child({ name: '' }) readonly layers: Layers;

  /** Throws ValueError for what is no module. */
  constructor(...layers: Layers) {
    super();
    layers.forEach((layer: unknown, i) => {
      if (!(layer instanceof Module))
        throw new ValueError(`Sequential: layer ${i} must be a module, got ${describeValue(layer)}`);
    });
    this.layers = layers;
  }

  forward(x: InputOf<Layers>): OutputOf<Layers>;
  forward(x: Tensor): Tensor {
    return this.layers.reduce((value: Tensor, layer) => (layer.forward as (x: Tensor) => Tensor)(value), x);
  }
}
