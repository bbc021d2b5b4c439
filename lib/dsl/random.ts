import { ValueError } from '../ir/errors.js';

/**
 * Random numbers from a counter-based generator: Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3", the generator of JAX). A value depends on the seed, the number of its stream and its
 * index only, never on when it is drawn.
 */

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by));

/** The generator for one key. */
export class Threefry2x32 {
  /** The two 32-bit words of the last block. */
  first = 0;
  second = 0;
  private readonly keys: readonly [number, number, number];

  constructor(key: readonly [number, number]) {
    this.keys = [key[0] | 0, key[1] | 0, 0x1bd11bda ^ key[0] ^ key[1]];
  }

  /** Computes the two words of a counter of two words. */
  block(counter0: number, counter1: number): void {
    const { keys } = this;
    let x = (counter0 + keys[0]) | 0;
    let y = (counter1 + keys[1]) | 0;
    for (let round = 0; round < 20; round++) {
      x = (x + y) | 0;
      y = rotate(y, rotations[round % 8]!) ^ x;
      if (round % 4 < 3) continue;
      const injection = (round + 1) / 4;
      x = (x + keys[injection % 3]!) | 0;
      y = (y + keys[(injection + 1) % 3]! + injection) | 0;
    }
    this.first = x >>> 0;
    this.second = y >>> 0;
  }
}

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
