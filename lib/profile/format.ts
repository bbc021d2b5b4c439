/** Nanoseconds as a time that reads well: `1.24 ms`. */
export function formatTime(nanoseconds: number): string {
  const units = ['ns', 'µs', 'ms', 's'] as const;
  const unit = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, nanoseconds)) / 3)));
  return `${Number((nanoseconds / 1000 ** unit).toPrecision(3))} ${units[unit]}`;
}

/** The middle one, the lower of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

/** A share of 1 as `12.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
