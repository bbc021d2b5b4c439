import { child } from '../dsl/decorators.js';
import { describeValue } from '../dsl/emit.js';
import { Module } from '../dsl/module.js';
import type { Dim, UnknownShape } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import type { DType } from '../ir/dtype.js';
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

/** What the layers make of a tensor of shape S. */
type OutputOf<Layers extends readonly TensorModule[], S extends Dim[], D extends DType> = Layers extends readonly [
  infer First extends TensorModule,
  ...infer Rest extends TensorModule[],
]
  ? First extends Sequential<infer Inner>
    ? OutputOf<Rest, ShapeIn<OutputOf<Inner, S, D>>, 'f32'>
    : OutputOf<Rest, ShapeAfter<First['forward'], S>, 'f32'>
  : Tensor<S, D>;

type ShapeIn<T extends Tensor> = T extends Tensor<infer S extends Dim[]> ? S : UnknownShape;

/**
 * The shape after one layer: S where it keeps any shape, another last dimension where it keeps the others, one more for
 * each index; of other layers what is known without the shape of their input.
 */
type ShapeAfter<Forward extends TensorModule['forward'], S extends Dim[]> =
  Forward extends <T extends Dim[]>(x: Tensor<T, 'f32'>) => Tensor<T, 'f32'>
    ? S
    : Forward extends <B extends Dim[]>(
          x: Tensor<[...B, infer _ extends Dim], 'f32'>,
        ) => Tensor<[...B, infer Out extends Dim], 'f32'>
      ? S extends [...infer B extends Dim[], Dim]
        ? [...B, Out]
        : [...Dim[], Out]
      : Forward extends <B extends Dim[]>(x: Tensor<B, 'i32'>) => Tensor<[...B, infer Out extends Dim], 'f32'>
        ? [...S, Out]
        : ShapeIn<ReturnType<Forward>>;

/**
 * Modules one after the other, each of one tensor: `new Sequential(new Linear(784, 128), new ReLU(), new Linear(128,
 * 10))`. They are named '0', '1', … as in PyTorch. `forward` takes what the first takes and gives what the last gives. Its
 * type knows sizes through layers that keep them, as activations do, and through those of the last dimension; whether
 * each layer fits the one before is checked when traced.
 */
export class Sequential<const Layers extends readonly TensorModule[]> extends Module {
  /** In the order in which they are applied. */
  @child({ name: '' }) readonly layers: Layers;

  /** Throws ValueError for what is no module. */
  constructor(...layers: Layers) {
    super();
    layers.forEach((layer: unknown, i) => {
      if (layer instanceof Module) return;
      throw new ValueError(`Sequential: layer ${i} must be a module, got ${describeValue(layer)}`);
    });
    this.layers = layers;
  }

  forward<S extends Dim[], D extends DType>(x: InputOf<Layers> & Tensor<S, D>): OutputOf<Layers, S, D>;
  forward(x: Tensor): Tensor {
    return this.layers.reduce((value: Tensor, layer) => layer.forward(value as never), x);
  }
}
