/** A text as numbers, cut for a model that reads a window of it and says of each character which comes next. */
import { UsageError } from 'meganeura';

/** Share of a text, from its start, that a model is trained on. */
const TRAINED = 0.9;

export interface CharacterText {
  /** What occurs, in order: the characters by their numbers. */
  readonly alphabet: readonly string[];
  readonly training: Int32Array;
  /** What follows the part for training. */
  readonly heldOut: Int32Array;
}

/** Throws UsageError for a text of fewer than two different characters. */
export function charactersOf(text: string): CharacterText {
  const characters = Array.from(text);
  const alphabet = [...new Set(characters)].sort();
  if (alphabet.length < 2) throw new UsageError('the text has fewer than two different characters: take a longer one');
  const numbers = new Map(alphabet.map((character, number) => [character, number]));
  const ids = Int32Array.from(characters, (character) => numbers.get(character)!);
  const end = Math.floor(ids.length * TRAINED);
  return { alphabet, training: ids.subarray(0, end), heldOut: ids.subarray(end) };
}

/**
 * Windows of `length` characters, one behind the other, and the character after each of theirs: `ids` and `next`
 * [count, length] i32. What is left over at the end is not used. Throws UsageError where there are fewer than `least`.
 */
export function windowsOf(ids: Int32Array, length: number, least: number) {
  const count = Math.floor((ids.length - 1) / length);
  if (count < least) {
    throw new UsageError(
      `a part of the text has ${ids.length} characters, fewer than the ${least} × ${length} + 1 of one batch: take a longer text`,
    );
  }
  const shape = [count, length] as const;
  const data = (from: number) => ({ data: ids.subarray(from, from + count * length), shape });
  return { ids: data(0), next: data(1) };
}

/**
 * The conditional entropy of a text's characters given the one before, in nats: H = −Σ n(a, b)/N · log(n(a, b)/n(a)), with
 * the counts of this very text. No model that sees one character only comes below it there.
 */
export function bigramEntropy(ids: Int32Array, alphabetSize: number): number {
  const pairs = new Float64Array(alphabetSize ** 2);
  const firsts = new Float64Array(alphabetSize);
  for (let i = 0; i + 1 < ids.length; i++) {
    pairs[ids[i]! * alphabetSize + ids[i + 1]!]!++;
    firsts[ids[i]!]!++;
  }
  let nats = 0;
  pairs.forEach((count, pair) => {
    if (count > 0) nats -= count * Math.log(count / firsts[Math.floor(pair / alphabetSize)]!);
  });
  return nats / (ids.length - 1);
}
