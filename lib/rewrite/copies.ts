import { operationOf, type Candidates } from './candidates.js';
import type { AdapterRates } from './cost.js';
import { copyCost } from './operation-cost.js';

/**
 * The costs of candidates where `roots` must lie in memory by themselves: a view of something else is copied there, which
 * takes a kernel that reads and writes each element. So a product that can be written transposed is. Microseconds.
 */
export function withCopies(
  { nodes, classes, types }: Candidates,
  costs: Float64Array,
  roots: readonly number[],
  rates: AdapterRates,
): Float64Array {
  const result = costs.slice();
  for (const root of new Set(roots)) {
    const copy = copyCost(types[root]!, rates);
    for (const candidate of classes[root]!) {
      if (operationOf(nodes[candidate]!)?.kind === 'view') result[candidate]! += copy;
    }
  }
  return result;
}
