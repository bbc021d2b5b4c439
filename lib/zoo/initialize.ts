import { normal, zeros } from '../dsl/init.js';
import type { Module } from '../dsl/module.js';
import { Embedding } from '../layers/embedding.js';
import { Linear } from '../layers/linear.js';

/**
 * Initial weights of linear layers and embeddings normal with that standard deviation, biases 0: what transformers'
 * models of language start from (`initializer_range`).
 */
export function initializeNormal(model: Module, std: number): void {
  for (const module of model.namedModules().values()) {
    if (!isLinear(module) && !isEmbedding(module)) continue;
    module.weight.initialize(normal(0, std));
    if (isLinear(module)) module.bias?.initialize(zeros());
  }
}

/** Typed guards: a bare `instanceof` leaves the type arguments `any`. */
const isLinear = (module: Module): module is Linear<number, number, boolean> => module instanceof Linear;
const isEmbedding = (module: Module): module is Embedding<number, number> => module instanceof Embedding;
