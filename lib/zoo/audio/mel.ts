/** Slaney's mel scale (Auditory Toolbox, 1998): linear up to 1000 Hz, which is 15 mel, logarithmic above. */
const LINEAR_UP_TO = 1000;
const MEL_AT_LIMIT = 15;
const MEL_PER_E = 27 / Math.log(6.4);

function toMel(hertz: number): number {
  return hertz < LINEAR_UP_TO ? (3 * hertz) / 200 : MEL_AT_LIMIT + Math.log(hertz / LINEAR_UP_TO) * MEL_PER_E;
}

function toHertz(mel: number): number {
  return mel < MEL_AT_LIMIT ? (200 * mel) / 3 : LINEAR_UP_TO * Math.exp((mel - MEL_AT_LIMIT) / MEL_PER_E);
}

/** One triangular filter: weights of the frequencies from `start` on; all others are 0. */
export interface MelFilter {
  readonly start: number;
  readonly weights: Float64Array;
}

/**
 * Filters that sum a power spectrum to mel bins, each of the same energy (librosa's and transformers' `slaney` norm).
 *
 * @param bins How many, spaced evenly in mel from 0 to `highest`.
 * @param frequencies How many a spectrum has: from 0 to half the sampling rate, evenly.
 * @param samplingRate In hertz.
 * @param highest In hertz.
 */
export function melFilters(bins: number, frequencies: number, samplingRate: number, highest: number): MelFilter[] {
  const top = toMel(highest);
  const corners = Array.from({ length: bins + 2 }, (_, i) => toHertz((top * i) / (bins + 1)));
  const hertz = (k: number) => (samplingRate / 2 / (frequencies - 1)) * k;
  return Array.from({ length: bins }, (_, bin) => {
    const [low, middle, high] = [corners[bin]!, corners[bin + 1]!, corners[bin + 2]!];
    const all = Float64Array.from({ length: frequencies }, (__, k) => {
      const height = Math.min((hertz(k) - low) / (middle - low), (high - hertz(k)) / (high - middle));
      return (Math.max(0, height) * 2) / (high - low);
    });
    const start = Math.max(
      0,
      all.findIndex((weight) => weight > 0),
    );
    const end = all.findLastIndex((weight) => weight > 0) + 1;
    return { start, weights: all.slice(start, end) };
  });
}
