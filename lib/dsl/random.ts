/**
 * Random numbers from a counter-based generator: Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3", the generator of JAX). A value depends on the seed, the number of its stream and its
 * index only, never on when it is drawn.
 */

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** Two 32-bit words that look random, for a key and a counter of two words each. */
export function threefry2x32(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const keys = [key[0] | 0, key[1] | 0, 0x1bd11bda ^ key[0] ^ key[1]];
  let x0 = (counter[0] + keys[0]!) | 0;
  let x1 = (counter[1] + keys[1]!) | 0;
  for (let round = 0; round < 20; round++) {
    const rotation = rotations[round % 8]!;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + keys[injection % 3]!) | 0;
      x1 = (x1 + keys[(injection + 1) % 3]! + injection) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** An endless sequence of random numbers that starts anew with each object. */
export class RandomStream {
  private block = 0;
  private spare: number | undefined;

  /** Streams of the same seed and another number are independent. */
  constructor(
    readonly seed: number,
    readonly stream: number,
  ) {}

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

  private word(): number {
    if (this.spare !== undefined) {
      const word = this.spare;
      this.spare = undefined;
      return word;
    }
    const [first, second] = threefry2x32([this.seed, this.stream], [this.block++, 0]);
    this.spare = second;
    return first;
  }
}

/** Where the next parameter gets its numbers from. */
const next = { seed: 0, stream: 0 };

/**
 * Fixes the random numbers of everything constructed from here on: the same seed and the same order of construction
 * give the same initial values. `seed` is taken modulo 2³²; without a call it is 0.
 */
export function manualSeed(seed: number): void {
  next.seed = seed >>> 0;
  next.stream = 0;
}

/** The place of the next stream, which is then taken. */
export function takeStream(): { seed: number; stream: number } {
  return { seed: next.seed, stream: next.stream++ };
}
