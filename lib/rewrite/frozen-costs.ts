import { isLeaf, type Node } from '../ir/graph.js';
import { classesOver, operationOf } from './candidates.js';
import type { AdapterRates } from './cost.js';
import { constructorName } from './names.js';
import { copyCost } from './operation-cost.js';
import type { Replayed } from './replay.js';

const TURNING: ReadonlySet<string> = new Set(['transpose', 'permute'].map(constructorName));

/** The part of its cost that is left of what is computed once: it decides between ways to do so, and nothing else. */
const SHARE = 1e-4;

/**
 * The costs of candidates where what follows from the leaves `frozen` is computed once. What reads a weight that is turned
 * costs a copy more, so that results lie as the weights do that they stand for. Microseconds.
 */
export function withFrozen(
  { candidates, costs, classOf }: Pick<Replayed, 'candidates' | 'costs' | 'classOf'>,
  frozen: ReadonlySet<Node>,
  rates: AdapterRates,
): Float64Array {
  if (frozen.size === 0) return costs;
  const leaves = [...classOf].filter(([node]) => isLeaf(node));
  const constants = leaves.filter(([{ op }]) => op === 'literal').map(([, index]) => index);
  const weights = leaves.filter(([node]) => frozen.has(node)).map(([, index]) => index);
  // What follows from constants alone is made in the kernels that need it.
  const isConstant = classesOver(candidates, constants);
  const isFrozen = classesOver(candidates, [...constants, ...weights]);
  const { nodes, classes, types } = candidates;
  const isTurned = classes.map(
    (members) => members.length > 0 && members.every((i) => TURNING.has(nodes[i]!.constructor)),
  );
  return costs.map((cost, i) => {
    const { result, operands } = nodes[i]!;
    const isOnce = isFrozen[result] && !isConstant[result] && operands.every((operand) => isFrozen[operand]);
    if (!isOnce) return cost;
    const isView = operationOf(nodes[i]!)?.kind === 'view';
    const turned = isView ? [] : operands.filter((operand) => isTurned[operand]);
    return SHARE * turned.reduce((sum, operand) => sum + copyCost(types[operand]!, rates), cost);
  });
}
