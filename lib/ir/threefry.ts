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

  /**
   * The two words of each of the counters (`counter`, 0), (`counter` + 1, 0), …, as many as there is room for: what
   * {@link block} gives, with the rounds written out, several times as fast.
   */
  fill(words: Uint32Array, counter: number): void {
    const [a, b, c] = this.keys;
    const pairs = words.length >> 1;
    for (let i = 0; i < pairs; i++) {
      let x = (counter + i + a) | 0;
      let y = b;
      x = (x + y) | 0;
      y = ((y << 13) | (y >>> 19)) ^ x;
      x = (x + y) | 0;
      y = ((y << 15) | (y >>> 17)) ^ x;
      x = (x + y) | 0;
      y = ((y << 26) | (y >>> 6)) ^ x;
      x = (x + y) | 0;
      y = ((y << 6) | (y >>> 26)) ^ x;
      x = (x + b) | 0;
      y = (y + c + 1) | 0;
      x = (x + y) | 0;
      y = ((y << 17) | (y >>> 15)) ^ x;
      x = (x + y) | 0;
      y = ((y << 29) | (y >>> 3)) ^ x;
      x = (x + y) | 0;
      y = ((y << 16) | (y >>> 16)) ^ x;
      x = (x + y) | 0;
      y = ((y << 24) | (y >>> 8)) ^ x;
      x = (x + c) | 0;
      y = (y + a + 2) | 0;
      x = (x + y) | 0;
      y = ((y << 13) | (y >>> 19)) ^ x;
      x = (x + y) | 0;
      y = ((y << 15) | (y >>> 17)) ^ x;
      x = (x + y) | 0;
      y = ((y << 26) | (y >>> 6)) ^ x;
      x = (x + y) | 0;
      y = ((y << 6) | (y >>> 26)) ^ x;
      x = (x + a) | 0;
      y = (y + b + 3) | 0;
      x = (x + y) | 0;
      y = ((y << 17) | (y >>> 15)) ^ x;
      x = (x + y) | 0;
      y = ((y << 29) | (y >>> 3)) ^ x;
      x = (x + y) | 0;
      y = ((y << 16) | (y >>> 16)) ^ x;
      x = (x + y) | 0;
      y = ((y << 24) | (y >>> 8)) ^ x;
      x = (x + b) | 0;
      y = (y + c + 4) | 0;
      x = (x + y) | 0;
      y = ((y << 13) | (y >>> 19)) ^ x;
      x = (x + y) | 0;
      y = ((y << 15) | (y >>> 17)) ^ x;
      x = (x + y) | 0;
      y = ((y << 26) | (y >>> 6)) ^ x;
      x = (x + y) | 0;
      y = ((y << 6) | (y >>> 26)) ^ x;
      words[2 * i] = x + c;
      words[2 * i + 1] = y + a + 5;
    }
  }
}
