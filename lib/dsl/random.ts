import { ValueError } from '../ir/errors.js';
import { Threefry2x32 } from '../ir/threefry.js';

/** An endless sequence of random numbers that starts anew with each object. */
export class RandomStream {
  private readonly generator: Threefry2x32;
  private words = 0;

  /** Streams of the same seed and another number are independent. */
  constructor(
    readonly seed: number,
    readonly stream: number,
  ) {
    this.generator = new Threefry2x32([seed, stream]);
  }

  /** Uniform in [0, 1): multiples of 2⁻²⁴, exact in f32. */
  uniform(): number {
    return (this.word() >>> 8) * 2 ** -24;
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    // 1 − u is in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Each block gives two words. */
  private word(): number {
    const word = this.words++;
    if (word % 2 === 1) return this.generator.second;
    this.generator.block(word / 2, 0);
    return this.generator.first;
  }
}

/** Where the next parameter gets its numbers from. */
const next = { seed: 0, stream: 0 };

/**
 * Fixes the random numbers of everything constructed from here on: the same seed and the same order of construction
 * give the same initial values. `seed` is taken modulo 2³²; without a call it is 0. Throws ValueError for what is no
 * whole number.
 */
export function manualSeed(seed: number): void {
  if (!Number.isInteger(seed)) throw new ValueError(`manualSeed: the seed must be a whole number, got ${String(seed)}`);
  next.seed = seed >>> 0;
  next.stream = 0;
}

/** The place of the next stream, which is then taken. */
export function takeStream(): { seed: number; stream: number } {
  return { seed: next.seed, stream: next.stream++ };
}
