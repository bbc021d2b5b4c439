/**
 * Spearman's rank correlation of two lists of equal length (Spearman 1904, doi:10.2307/1412159): Pearson's correlation of
 * the ranks, where equal values share the mean of their ranks. 1 where both order alike, −1 where they order the other
 * way round; NaN where one of them has a single value, or none.
 */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length)
    throw new RangeError(`two lists of equal length are needed, got ${x.length} and ${y.length}`);
  const [p, q] = [ranks(x), ranks(y)];
  const mean = (x.length + 1) / 2;
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, rank, i) => sum + (rank - mean) * (b[i]! - mean), 0);
  return product(p, q) / Math.sqrt(product(p, p) * product(q, q));
}

/** The place of each value in ascending order, from 1 on; equal ones share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const result = new Array<number>(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let at = first; at < end; at++) result[order[at]!] = (first + 1 + end) / 2;
    first = end;
  }
  return result;
}
