/** Small deterministic values in [-1, 1), never 0: a linear congruential generator (Numerical Recipes, 7.1). */
export function sampleValues(count: number, seed = 1): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 31 - 1;
  });
}

/** The worst |a − b| / (1 + |b|), and where it is: what closeness is measured by. */
export function worstError(actual: ArrayLike<number>, expected: ArrayLike<number>): { error: number; index: number } {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values against ${expected.length}`);
  let worst = { error: 0, index: -1 };
  for (let index = 0; index < actual.length; index++) {
    const [a, b] = [actual[index]!, expected[index]!];
    const error = Object.is(a, b) || a === b ? 0 : Math.abs(a - b) / (1 + Math.abs(b));
    if (!(error <= worst.error)) worst = { error: Number.isNaN(error) ? Infinity : error, index };
  }
  return worst;
}

/** Fails with the worst index when |a − b| > tolerance · (1 + |b|) anywhere. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const { error, index } = worstError(actual, expected);
  if (error > tolerance) {
    throw new Error(`index ${index}: ${actual[index]} against ${expected[index]}, error ${error} above ${tolerance}`);
  }
}
