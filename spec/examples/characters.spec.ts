import { beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { bigramEntropy, charactersOf, windowsOf } from '../../examples/characters/text.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { runScript } from './run-script.js';

/** Not where the user's own results are. */
const OUT = 'out/spec-characters';
const TEXT = path.join(OUT, 'text.txt');

const runCharacters = (...args: string[]) => runScript('example:characters', '--out', OUT, ...args);

beforeAll(() => {
  fs.rmSync(OUT, { recursive: true, force: true });
  fs.mkdirSync(OUT, { recursive: true });
});

describe('a text', () => {
  test('is numbered by its characters and split', () => {
    const { alphabet, training, heldOut } = charactersOf('abcab😀abab');
    expect(alphabet).toEqual(['a', 'b', 'c', '😀']);
    expect([...training, ...heldOut]).toEqual([0, 1, 2, 0, 1, 3, 0, 1, 0, 1]);
    expect(heldOut).toHaveLength(1);
    expect(() => charactersOf('aaa')).toThrow('the text has fewer than two different characters');
  });

  test('is cut into windows, with the character after each of theirs', () => {
    const { ids, next } = windowsOf(
      Int32Array.from({ length: 8 }, (_, i) => i),
      3,
      2,
    );
    expect(ids).toEqual({ data: Int32Array.of(0, 1, 2, 3, 4, 5), shape: [2, 3] });
    expect(next).toEqual({ data: Int32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
    expect(() => windowsOf(new Int32Array(6), 3, 2)).toThrow('has 6 characters, fewer than the 2 × 3 + 1 of one batch');
  });

  test('has an entropy of its pairs of characters', () => {
    // After a comes b, after b comes a: nothing is uncertain.
    expect(bigramEntropy(Int32Array.of(0, 1, 0, 1, 0, 1), 2)).toBe(0);
    // Four pairs: after a comes a or b, once each; after b the same.
    expect(bigramEntropy(Int32Array.of(0, 0, 1, 1, 0), 2)).toBeCloseTo(Math.log(2), 12);
    // Three of four pairs begin with a, one each of aa, ab, ac; of c there is one: ¾·log 3.
    expect(bigramEntropy(Int32Array.of(0, 0, 2, 0, 1), 3)).toBeCloseTo(0.75 * Math.log(3), 12);
  });
});

describe('examples/characters.ts', () => {
  test('comes with a text that is long enough', () => {
    const { alphabet, training } = charactersOf(fs.readFileSync('examples/data/coriolanus.txt', 'utf8'));
    expect(training.length).toBeGreaterThan(100_000);
    expect(alphabet.length).toBeLessThan(100);
  });

  test('says in one line what it cannot read or learn', () => {
    const missing = runCharacters(path.join(OUT, 'none.txt'));
    expect(missing.status).toBe(1);
    expect(missing.stderr).toMatch(/^\S*none\.txt cannot be read as text in UTF-8: Error: ENOENT[^\n]*\n$/);
    fs.writeFileSync(TEXT, 'ab');
    const { stderr, status } = runCharacters(TEXT, '--epochs', 'many');
    expect({ stderr, status }).toEqual({ stderr: "--epochs must be a whole number, got 'many'\n", status: 1 });
  });

  // Compiling takes most of the time: in `npm run test:full`.
  (SHAPES_PER_OP >= 20 ? test : test.skip)('learns, writes, and goes on where it was', () => {
    fs.writeFileSync(TEXT, 'to be, or not to be, that is the question: '.repeat(160));
    const first = runCharacters(TEXT, '--epochs', '2', '--length', '40');
    expect({ stderr: first.stderr, status: first.status }).toEqual({ stderr: '', status: 0 });
    const [, loss, bound, steps] = /held-out loss (\S+) nats a character, bigram entropy (\S+); (\d+) steps/.exec(first.stdout)!; // prettier-ignore
    expect(Number(loss)).toBeLessThan(Number(bound));
    expect(steps).toBe('24');
    expect(fs.readFileSync(path.join(OUT, 'curve.svg'), 'utf8')).toContain('bigram entropy');
    // Training that has ended trains no more.
    const again = runCharacters(TEXT, '--epochs', '2', '--length', '40', '--resume');
    expect(again.stdout.replace(/\d+\.\d+ s;/, '')).toBe(first.stdout.replace(/\d+\.\d+ s;/, ''));
  }, 600_000); // prettier-ignore
});
