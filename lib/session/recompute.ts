import { recomputing } from '../autodiff/recompute.js';
import type { GraphBuilder } from '../ir/build.js';
import { closeNames, NameError, UsageError } from '../ir/errors.js';
import type { Graph, Node } from '../ir/graph.js';
import { matches, type NamePattern } from './parameter-groups.js';

/** Throws UsageError for what is no pattern and no list of patterns. */
export function checkRecompute(patterns: unknown): asserts patterns is NamePattern | readonly NamePattern[] {
  const list = [patterns].flat();
  if (list.length > 0 && list.every((one) => typeof one === 'string' || one instanceof RegExp)) return;
  throw new UsageError(
    "buildSession: the option recompute names modules by their paths, with * for anything, such as 'layers.*', or lists of these",
  );
}

/**
 * The gradients with the inside of modules computed again. A pattern stands for the outermost modules that fit it.
 * Throws NameError for a pattern that no module fits.
 */
export function recomputed(
  builder: GraphBuilder,
  found: readonly Node[],
  graph: Graph,
  patterns: NamePattern | readonly NamePattern[],
): Node[] {
  const nodes = graph.nodes();
  const list: readonly NamePattern[] = [patterns].flat();
  const moduleOf = outermost(list);
  for (const pattern of list) {
    const fits = outermost([pattern]);
    if (!nodes.some(({ scope }) => fits(scope) !== undefined)) throw unmatched(pattern, nodes);
  }
  return recomputing(builder, found, nodes, graph.roots(), moduleOf);
}

/** For a scope the outermost of the modules around it that fits. */
function outermost(patterns: readonly NamePattern[]): (scope: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (scope) => {
    if (!known.has(scope)) {
      const fits = (path: string) => patterns.some((pattern) => matches(pattern, path));
      known.set(scope, pathsAround(scope).find(fits));
    }
    return known.get(scope);
  };
}

/** `a.b.c` is within `a`, `a.b` and itself. */
function pathsAround(scope: string): string[] {
  const names = scope === '' ? [] : scope.split('.');
  return names.map((_, i) => names.slice(0, i + 1).join('.'));
}

function unmatched(pattern: NamePattern, nodes: readonly Node[]): NameError {
  const modules = [...new Set(nodes.flatMap(({ scope }) => pathsAround(scope)))].sort();
  const close = typeof pattern === 'string' ? closeNames(pattern, modules) : [];
  const some =
    modules.length > 0 ? `there are ${modules.slice(0, 8).join(', ')}` : 'the graph was traced without modules';
  const hint = close.length > 0 ? `did you mean '${close[0]}'?` : some;
  return new NameError(`recompute: no module fits ${String(pattern)}; ${hint}`);
}
