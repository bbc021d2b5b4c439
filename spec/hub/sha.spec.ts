import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Sha } from '../../lib/hub/sha.js';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 37 + (i >> 3)) & 255);

// Around the sizes at which the padding takes one block more.
const SIZES = [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 118, 119, 120, 127, 128, 129, 1000];

test.each([
  ['sha1', () => Sha.of1()],
  ['sha256', () => Sha.of256()],
] as const)('%s is what node:crypto computes, of any size', (algorithm, start) => {
  for (const size of SIZES) {
    const part = bytes.subarray(0, size);
    expect([size, start().update(part).digest()]).toEqual([size, createHash(algorithm).update(part).digest('hex')]);
  }
});

test('pieces of any size give what the whole gives', () => {
  const whole = Sha.of256().update(bytes).digest();
  for (const step of [1, 7, 63, 64, 65, 200]) {
    const hash = Sha.of256();
    for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
    expect(hash.digest()).toBe(whole);
  }
});

test('of the standard: "abc", and nothing', () => {
  const abc = new TextEncoder().encode('abc');
  // FIPS 180-4 examples, https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
  expect(Sha.of1().update(abc).digest()).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  expect(Sha.of256().update(abc).digest()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
