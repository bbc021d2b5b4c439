/** SHA-1 and SHA-256 of bytes that come piece by piece, which WebCrypto cannot do; for pages. FIPS 180-4. */

/** How a block of 16 words (the first of `words`, the rest is room to work in) changes a state. */
type Compress = (state: Uint32Array, words: Uint32Array) => void;

/** Bytes of a block. */
const BLOCK = 64;

/** A hash that is being computed. */
export class Sha {
  readonly #words = new Uint32Array(80);
  readonly #block = new Uint8Array(BLOCK);
  readonly #view = new DataView(this.#block.buffer);
  #length = 0;

  /** Use `Sha.of1` or `Sha.of256`. */
  private constructor(
    private readonly state: Uint32Array,
    private readonly compress: Compress,
  ) {}

  static of1(): Sha {
    return new Sha(Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0), compress1);
  }

  static of256(): Sha {
    return new Sha(Uint32Array.from(rootBits(8, Math.sqrt)), compress256);
  }

  update(bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length;) {
      const filled = this.#length % BLOCK;
      const part = bytes.subarray(at, at + BLOCK - filled);
      this.#block.set(part, filled);
      this.#length += part.length;
      at += part.length;
      if (this.#length % BLOCK === 0) this.#consume();
    }
    return this;
  }

  /** The hash in hexadecimal; nothing can be added after that. */
  digest(): string {
    const bits = BigInt(this.#length) * 8n;
    // A one, zeros up to the last 8 bytes of a block, and the length in bits.
    const zeros = (2 * BLOCK - 9 - (this.#length % BLOCK)) % BLOCK;
    const tail = new Uint8Array(1 + zeros + 8);
    tail[0] = 0x80;
    new DataView(tail.buffer).setBigUint64(1 + zeros, bits);
    this.update(tail);
    return [...this.state].map((word) => word.toString(16).padStart(8, '0')).join('');
  }

  #consume(): void {
    for (let i = 0; i < 16; i++) this.#words[i] = this.#view.getUint32(4 * i);
    this.compress(this.state, this.#words);
  }
}

/** The first 32 bits of the fractions of roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
function rootBits(count: number, root: (prime: number) => number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes.map((prime) => Math.floor((root(prime) % 1) * 2 ** 32));
}

const K256 = Int32Array.from(rootBits(64, Math.cbrt));

function compress256(state: Uint32Array, words: Uint32Array): void {
  for (let t = 16; t < 64; t++) {
    const w2 = words[t - 2]!;
    const w15 = words[t - 15]!;
    const s0 = rotated(w15, 25) ^ rotated(w15, 14) ^ (w15 >>> 3);
    const s1 = rotated(w2, 15) ^ rotated(w2, 13) ^ (w2 >>> 10);
    words[t] = s1 + words[t - 7]! + s0 + words[t - 16]!;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const s1 = rotated(e, 26) ^ rotated(e, 21) ^ rotated(e, 7);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K256[t]! + words[t]!) | 0;
    const s0 = rotated(a, 30) ^ rotated(a, 19) ^ rotated(a, 10);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

function compress1(state: Uint32Array, words: Uint32Array): void {
  for (let t = 16; t < 80; t++) {
    words[t] = rotated(words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!, 1);
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  for (let t = 0; t < 80; t++) {
    const [mixed, constant] =
      t < 20
        ? [(b & c) | (~b & d), 0x5a827999]
        : t < 40
          ? [b ^ c ^ d, 0x6ed9eba1]
          : t < 60
            ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
            : [b ^ c ^ d, 0xca62c1d6];
    const next = (rotated(a, 5) + mixed + e + constant + words[t]!) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
}

/** Rotated to the left. */
function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
