import { gelu, geluTanh, mul, relu, sigmoid, silu, tanh } from '../dsl/generated/ops.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { closeNames, NameError } from '../ir/errors.js';

/** A function of each element. */
export type Activation = <S extends Dim[]>(x: Tensor<S, 'f32'>) => Tensor<S, 'f32'>;

/** x·sigmoid(1.702·x): the GELU of CLIP (Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2). */
export const quickGelu: Activation = (x) => mul(x, sigmoid(mul(x, 1.702)));

const identity: Activation = (x) => x;

/**
 * Activations by the names that configurations of transformers and diffusers have for them. `gelu` is x·Φ(x), with erf;
 * `gelu_new`, `gelu_pytorch_tanh` and `gelu_fast` are the same approximation by tanh.
 */
const activations = {
  gelu: (x) => gelu(x),
  gelu_new: (x) => geluTanh(x),
  gelu_pytorch_tanh: (x) => geluTanh(x),
  gelu_tanh: (x) => geluTanh(x),
  gelu_fast: (x) => geluTanh(x),
  quick_gelu: quickGelu,
  relu: (x) => relu(x),
  silu: (x) => silu(x),
  swish: (x) => silu(x),
  tanh: (x) => tanh(x),
  sigmoid: (x) => sigmoid(x),
  linear: identity,
} as const satisfies Readonly<Record<string, Activation>>;

/** Names that {@link activationNamed} knows. */
export type ActivationName = keyof typeof activations;

/** All of them. */
export const activationNames = Object.keys(activations) as readonly ActivationName[];

/** The activation of that name. Throws NameError, which lists those there are, for another. */
export function activationNamed(name: string): Activation {
  const known: Readonly<Record<string, Activation>> = activations;
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found) return found;
  const names = Object.keys(activations);
  const [close] = closeNames(name, names, 1);
  const hint = close === undefined ? '' : `; did you mean '${close}'?`;
  throw new NameError(`there is no activation '${name}'${hint} Known are ${activationNames.join(', ')}`);
}
