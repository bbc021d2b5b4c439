import { ValueError } from '../ir/errors.js';
import { Threefry2x32 } from '../ir/threefry.js';

/** Words that are drawn at once. */
const WORDS = 512;

/** An endless sequence of random numbers that starts anew with each object. */
export class RandomStream {
  private readonly generator: Threefry2x32;
  private readonly words = new Uint32Array(WORDS);
  /** Of the words drawn last the next that is used, and the counter of the block that comes after them. */
  private position = WORDS;
  private counter = 0;

  /** Streams of the same seed and another number are independent. */
  constructor(
    readonly seed: number,
    readonly stream: number,
  ) {
    this.generator = new Threefry2x32([seed, stream]);
  }

  /** Uniform in [0, 1): multiples of 2⁻²⁴, exact in f32. */
  uniform(): number {
    if (this.position === WORDS) {
      this.generator.fill(this.words, this.counter);
      this.counter += WORDS / 2;
      this.position = 0;
    }
    return (this.words[this.position++]! >>> 8) * 2 ** -24;
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    // 1 − u is in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
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
