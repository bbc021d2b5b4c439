import { isLeaf, type Node } from '../ir/graph.js';
import { classesOver } from './candidates.js';
import type { Replayed } from './replay.js';

/** The part of its cost that is left of what is computed once: it decides between ways to do so, and nothing else. */
const SHARE = 1e-4;

/** The costs of candidates where what follows from the leaves `frozen` is computed once. Microseconds. */
export function withFrozen(
  { candidates, costs, classOf }: Pick<Replayed, 'candidates' | 'costs' | 'classOf'>,
  frozen: ReadonlySet<Node>,
): Float64Array {
  if (frozen.size === 0) return costs;
  const leaves = [...classOf].filter(([node]) => isLeaf(node));
  const constants = leaves.filter(([{ op }]) => op === 'literal').map(([, index]) => index);
  const weights = leaves.filter(([node]) => frozen.has(node)).map(([, index]) => index);
  // What follows from constants alone is made in the kernels that need it.
  const isConstant = classesOver(candidates, constants);
  const isFrozen = classesOver(candidates, [...constants, ...weights]);
  return costs.map((cost, i) => {
    const { result, operands } = candidates.nodes[i]!;
    const isOnce = isFrozen[result] && !isConstant[result] && operands.every((operand) => isFrozen[operand]);
    return isOnce ? SHARE * cost : cost;
  });
}
