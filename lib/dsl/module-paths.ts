import { TraceError } from '../ir/errors.js';
import type { TraceContext } from './context.js';
import type { Module } from './module.js';
import { joinName } from './names.js';

/**
 * Runs `body`; every node made in the `forward` of a module gets that module's path, which starts with the key of the
 * one in `modules` that it is in. For that time each
 * module has a `forward` of its own that calls the real one; what the real one does by `super.forward` or through other
 * methods stays under the same path.
 */
export function withModulePaths<T>(trace: TraceContext, modules: ReadonlyMap<string, Module>, body: () => T): T {
  const restores: (() => void)[] = [];
  try {
    for (const [prefix, root] of modules) {
      for (const [path, module] of root.namedModules()) {
        restores.push(replaceForward(trace, joinName(prefix, path), module));
      }
    }
    return body();
  } finally {
    for (const restore of restores) restore();
  }
}

/** Returns what undoes it. */
function replaceForward(trace: TraceContext, path: string, module: Module): () => void {
  const own = Object.getOwnPropertyDescriptor(module, 'forward');
  const { forward: given } = module as { forward?: unknown };
  if (typeof given !== 'function') {
    throw new TraceError(`${module.constructor.name}${path && ` (at ${path})`} has no method forward`);
  }
  const forward = module.forward.bind(module);
  Object.defineProperty(module, 'forward', {
    configurable: true,
    value: (...inputs: never[]) => trace.builder.within(path, () => forward(...inputs)),
  });
  return () => {
    if (own) Object.defineProperty(module, 'forward', own);
    else Reflect.deleteProperty(module, 'forward');
  };
}
