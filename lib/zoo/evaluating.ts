import type { Module } from '../dsl/module.js';

/** Runs a trace of a model as it evaluates, without dropout and with running statistics, whatever it is set to. */
export function evaluating<T>(model: Module, run: () => T): T {
  const training = [...model.namedModules().values()].filter((module) => module.training);
  model.eval();
  try {
    return run();
  } finally {
    for (const module of training) module.training = true;
  }
}
