/**
 * Frequencies of position embeddings as fractions of a turn in fixed point, so that position · frequency, modulo whole
 * turns, can be calculated in integers of 32 bits: exact for large positions too, where a float has no digits left
 * behind the comma.
 */

/** How the frequencies of rotary embeddings follow from a model's configuration. */
export interface RotaryOptions {
  /** Elements that are turned: two for each frequency. */
  readonly dim: number;
  /** Base of the geometric series of wavelengths. */
  readonly theta: number;
}

/** theta^(−2i/dim), radians a position, for i from 0 to dim/2 − 1 (Su et al. 2021, arXiv:2104.09864). */
export function rotaryFrequencies({ dim, theta }: RotaryOptions): number[] {
  return Array.from({ length: dim / 2 }, (_, i) => theta ** ((-2 * i) / dim));
}

/** maxPeriod^(−i/(count − shift)), for i from 0 to count − 1: frequencies of sinusoids for timesteps. */
export function timestepFrequencies(count: number, shift: number, maxPeriod: number): number[] {
  return Array.from({ length: count }, (_, i) => maxPeriod ** (-i / (count - shift)));
}

/**
 * Turns a position as a binary fraction of 64 bits, for each frequency: the upper 32 bits, the next 16 and the last 16.
 */
export function turnWords(frequencies: readonly number[]): readonly [number[], number[], number[]] {
  const turns = frequencies.map((frequency) => frequency / (2 * Math.PI)).map((turn) => turn - Math.floor(turn));
  // Products with powers of two and differences of neighbours are exact.
  const upper = turns.map((turn) => Math.floor(turn * 2 ** 32));
  const lower = turns.map((turn, i) => Math.floor((turn * 2 ** 32 - upper[i]!) * 2 ** 32));
  return [upper, lower.map((word) => Math.floor(word / 2 ** 16)), lower.map((word) => word % 2 ** 16)];
}
