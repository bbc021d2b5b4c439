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
  /** How wavelengths are stretched for contexts longer than the model was first trained with. */
  readonly scaling: 'default' | 'linear' | 'llama3';
  /** How much longer wavelengths become. */
  readonly factor: number;
  /** llama3: waves that turn fewer times than this in the original context become longer by `factor`. */
  readonly lowFreqFactor: number;
  /** llama3: waves that turn more often than this in the original context stay. */
  readonly highFreqFactor: number;
  /** llama3: positions of the original context. */
  readonly originalMaxPositions: number;
}

/**
 * The frequencies of {@link plainFrequencies} (Su et al. 2021, arXiv:2104.09864), scaled: `linear`
 * divides all by `factor` (Chen et al. 2023, arXiv:2306.15595), `llama3` the low ones, with a transition from those
 * that stay, as transformers' modeling_rope_utils computes it for Llama 3.1.
 */
export function rotaryFrequencies({ dim, theta, ...scaling }: RotaryOptions): number[] {
  return plainFrequencies(dim, theta).map((frequency) => frequency * frequencyScale(frequency, scaling));
}

/** What a frequency is multiplied by. */
function frequencyScale(frequency: number, options: Omit<RotaryOptions, 'dim' | 'theta'>): number {
  const { scaling, factor, lowFreqFactor, highFreqFactor, originalMaxPositions } = options;
  if (scaling === 'default') return 1;
  if (scaling === 'linear') return 1 / factor;
  const turns = (originalMaxPositions * frequency) / (2 * Math.PI);
  const kept = Math.min(1, Math.max(0, (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor)));
  return (1 - kept) / factor + kept;
}

/** theta^(−2i/dim), radians a position, for i from 0 to dim/2 − 1. */
export function plainFrequencies(dim: number, theta: number): number[] {
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
