/**
 * What is measured. A case has a name, its operands (`inputs`), and the operation as each side's users write it: `ours`
 * with traced tensors, `jax` inside of a `jit`, `tf` with tensors; a side without the operation is left out. `layouts`
 * says how a side's users order dimensions where it is not as ours, `gradients` makes those operands parameters and
 * measures the result with its gradients. Sizes are such that a software adapter takes 1 to 50 ms.
 */
import { elementwise } from './elementwise.mjs';
import { images } from './images.mjs';
import { indexing, moving } from './indexing.mjs';
import { products, training } from './products.mjs';
import { normalizations, reductions } from './reductions.mjs';

const families = { elementwise, reductions, normalizations, products, images, indexing, moving, training };

export const cases = Object.entries(families).flatMap(([family, list]) =>
  list.map((benchCase) => ({ family, ...benchCase })),
);
