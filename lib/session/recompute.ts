import { recomputing } from '../autodiff/recompute.js';
import { checkedOptions, describeValue } from '../dsl/emit.js';
import type { GraphBuilder } from '../ir/build.js';
import { closeNames, NameError, UsageError, ValueError } from '../ir/errors.js';
import type { Graph, Node } from '../ir/graph.js';
import { matches, type NamePattern } from './parameter-groups.js';

/** Modules by their paths. */
export type ModulePatterns = NamePattern | readonly NamePattern[];

/** As many modules as it takes for a step to fit. */
export interface RecomputeBudget {
  /** Bytes on the device that the session may take, weights and the optimizer's states included: `session.memory().total`. */
  readonly memory: number;
}

/** Whether modules are to be chosen. */
export function isBudget(recompute: ModulePatterns | RecomputeBudget | undefined): recompute is RecomputeBudget {
  return typeof recompute === 'object' && 'memory' in recompute;
}

/** Throws UsageError for what is no pattern, no list of patterns and no budget, ValueError for a budget of no bytes. */
export function checkRecompute(given: unknown): asserts given is ModulePatterns | RecomputeBudget {
  const isPattern = (one: unknown) => typeof one === 'string' || one instanceof RegExp;
  if (typeof given === 'object' && given !== null && !Array.isArray(given) && !isPattern(given)) {
    const { memory } = checkedOptions('buildSession: recompute', ['memory'], given);
    if (typeof memory === 'number' && Number.isFinite(memory) && memory > 0) return;
    throw new ValueError(`buildSession: recompute: memory must be a number of bytes, got ${describeValue(memory)}`);
  }
  const list: unknown[] = [given].flat();
  if (list.length > 0 && list.every(isPattern)) return;
  throw new UsageError(
    "buildSession: the option recompute names modules by their paths, with * for anything, such as 'layers.*', or lists of these, " +
      'or says what a step may take: { memory: bytes }',
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
  patterns: ModulePatterns,
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

/**
 * Paths of the modules that may be chosen: items of lists, and modules made of modules, in the order in which they come. What
 * is in a norm or a Linear alone is too little to be worth a boundary that kernels do not cross.
 */
export function candidatesIn(nodes: readonly Node[]): string[] {
  const paths = new Set(nodes.flatMap(({ scope }) => pathsAround(scope)));
  const parents = new Set([...paths].map((path) => path.slice(0, Math.max(0, path.lastIndexOf('.')))));
  return [...paths].filter((path) => parents.has(path) || /(^|\.)\d+$/.test(path));
}

function unmatched(pattern: NamePattern, nodes: readonly Node[]): NameError {
  const modules = [...new Set(nodes.flatMap(({ scope }) => pathsAround(scope)))].sort();
  const close = typeof pattern === 'string' ? closeNames(pattern, modules) : [];
  const some =
    modules.length > 0 ? `there are ${modules.slice(0, 8).join(', ')}` : 'the graph was traced without modules';
  const hint = close.length > 0 ? `did you mean '${close[0]}'?` : some;
  return new NameError(`recompute: no module fits ${String(pattern)}; ${hint}`);
}
