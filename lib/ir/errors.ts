/**
 * Base of every error this library throws on purpose: catch it to tell bad input from a defect.
 * The message says what was expected, what was got, where in the model, and what to do.
 */
export class MeganeuraError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Shapes that do not fit an operation, an input or a parameter. */
export class ShapeError extends MeganeuraError {}

/** A dtype other than the one an operation, an input or a parameter has. */
export class DTypeError extends MeganeuraError {}

/** A value outside what an argument, an attribute or an index may be. */
export class ValueError extends MeganeuraError {}

/** An axis that the tensor does not have, or one given twice. */
export class AxisError extends ValueError {}

/** A name that is unknown, missing or taken twice. */
export class NameError extends MeganeuraError {}

/** Something done outside of a trace, or in another one, or that cannot be traced. */
export class TraceError extends MeganeuraError {}

/** Something called too early or at the wrong time, or with a thing of another kind: a Promise that nobody awaited. */
export class UsageError extends MeganeuraError {}

/** A graph that breaks the IR's own rules. */
export class GraphError extends MeganeuraError {}

/**
 * The names nearest to `wanted` among `known`, for "did you mean" hints; at most `count`, best first.
 * Distance is Levenshtein's, and names further than half of `wanted`'s length are left out.
 */
export function closeNames(wanted: string, known: Iterable<string>, count = 3): string[] {
  const limit = Math.max(2, Math.floor(wanted.length / 2));
  return [...known]
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
