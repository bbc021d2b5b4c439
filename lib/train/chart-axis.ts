/** A range of values, the ticks within it, and how they read. */
export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

/**
 * An axis that covers `values` with round ticks, about `count` of them.
 *
 * @param values Those that are not finite are left out; without any, the axis goes from 0 to 1.
 * @param range What the axis shall cover in place of its values.
 * @param round Whether to widen the ends to ticks.
 */
export function makeAxis(
  values: readonly number[],
  count: number,
  { range, round = true }: { range?: readonly [number, number] | undefined; round?: boolean } = {},
): Axis {
  let [min, max] = range ?? extent(values.filter(Number.isFinite));
  if (min === max) [min, max] = min === 0 ? [0, 1] : [min - Math.abs(min) / 2, max + Math.abs(max) / 2];
  const whole = values.length > 0 && values.every(Number.isInteger); // Between two epochs there is none.
  const step = Math.max(whole ? 1 : 0, tickStep((max - min) / count));
  if (round) [min, max] = [Math.floor(min / step + 1e-9) * step, Math.ceil(max / step - 1e-9) * step];
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  // Multiples of the step and not sums of it, which would drift.
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { min, max, ticks, labels: tickLabels(ticks, step) };
}

function extent(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  return values.reduce<[number, number]>(
    ([min, max], v) => [Math.min(min, v), Math.max(max, v)],
    [Infinity, -Infinity],
  );
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `rough`. */
function tickStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
}

/** All in one form: decimals as the step needs them, or powers of ten. */
function tickLabels(ticks: readonly number[], step: number): string[] {
  if (step < 1e-4 || ticks.some((tick) => Math.abs(tick) >= 1e6)) {
    return ticks.map((tick) => (tick === 0 ? '0' : Number(tick.toPrecision(3)).toExponential().replace('e+', 'e')));
  }
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return ticks.map((tick) => (tick === 0 ? 0 : tick).toLocaleString('en-US', format));
}
