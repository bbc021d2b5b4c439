import type { Scalar, ScalarFunction } from '../ir/scalar.js';

/**
 * What functions cost, in additions: about as many as their texts have (lib/backend/kernels/helpers.ts), of which those
 * that tell NaN and infinities apart are most. What is not here costs one.
 */
const weights: Partial<Record<ScalarFunction, number>> = {
  exp: 5,
  expm1: 20,
  log: 10,
  log1p: 20,
  sqrt: 4,
  rsqrt: 4,
  tanh: 16,
  erf: 24,
  sin: 20,
  cos: 20,
  div: 4,
  floorDivide: 20,
  remainder: 20,
  pow: 24,
  maximum: 6,
  minimum: 6,
  equal: 4,
  less: 4,
  lessEqual: 4,
  randomBits: 80,
};

const known = new WeakMap<Scalar, number>();

/** What evaluating an expression once costs, in additions. A call that stands in it several times is made once. */
export function operationsIn(expression: Scalar): number {
  let sum = known.get(expression);
  if (sum === undefined) {
    sum = 0;
    const seen = new Set<Scalar>();
    const stack = [expression];
    for (let part = stack.pop(); part; part = stack.pop()) {
      if (part.kind !== 'call' || seen.has(part)) continue;
      seen.add(part);
      sum += weights[part.fn] ?? 1;
      stack.push(...part.args);
    }
    known.set(expression, sum);
  }
  return sum;
}
