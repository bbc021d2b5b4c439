/**
 * Random bits from a counter-based generator: Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3", the generator of JAX). The bits depend on key and counter only, never on when they are
 * drawn.
 */

/** Left rotations of the rounds, repeated after eight. */
export const threefryRotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** What the third word of the key schedule starts from: Skein's parity constant. */
export const THREEFRY_PARITY = 0x1bd11bda;

export const THREEFRY_ROUNDS = 20;

const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by));

/** The generator for one key of two 32-bit words. */
export class Threefry2x32 {
  /** The two 32-bit words of the last block. */
  first = 0;
  second = 0;
  private readonly keys: readonly [number, number, number];

  constructor(key: readonly [number, number]) {
    this.keys = [key[0] | 0, key[1] | 0, THREEFRY_PARITY ^ key[0] ^ key[1]];
  }

  /** Computes the two words of a counter of two words. */
  block(counter0: number, counter1: number): void {
    const { keys } = this;
    let x = (counter0 + keys[0]) | 0;
    let y = (counter1 + keys[1]) | 0;
    for (let round = 0; round < THREEFRY_ROUNDS; round++) {
      x = (x + y) | 0;
      y = rotate(y, threefryRotations[round % 8]!) ^ x;
      if (round % 4 < 3) continue;
      const injection = (round + 1) / 4;
      x = (x + keys[injection % 3]!) | 0;
      y = (y + keys[(injection + 1) % 3]! + injection) | 0;
    }
    this.first = x >>> 0;
    this.second = y >>> 0;
  }
}
