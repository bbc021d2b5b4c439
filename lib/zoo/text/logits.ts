/**
 * What samplers do to logits, in place, each as the class of transformers that it names. `scores` are `[vocabulary]`;
 * what must not be chosen becomes −∞.
 */
import { ValueError } from '../../ir/errors.js';

/**
 * Divides the score of every id in `previous` by `penalty`, and multiplies where it is negative
 * (`RepetitionPenaltyLogitsProcessor`).
 * @throws {ValueError} For an id that is no index of `scores`.
 */
export function penalizeRepetition(scores: Float64Array, previous: Iterable<number>, penalty: number): void {
  for (const id of new Set(previous)) {
    const score = scores[id];
    if (score === undefined) {
      throw new ValueError(`repetitionPenalty: ${id} is no token: there are logits for 0 … ${scores.length - 1}`);
    }
    scores[id] = score < 0 ? score * penalty : score / penalty;
  }
}

/** Keeps the `k` largest, and those that equal the last of them (`TopKLogitsWarper`). */
export function keepTopK(scores: Float64Array, k: number): void {
  if (k >= scores.length) return;
  keepFrom(scores, kthLargest(scores, k));
}

/** Drops the unlikeliest whose probabilities sum to at most 1 − `p`; the likeliest stays (`TopPLogitsWarper`). */
export function keepTopP(scores: Float64Array, p: number): void {
  const probabilities = softmax(scores);
  // All of less than this together stay below 1 − p: they need not be sorted, and are most of a vocabulary.
  const surely = (1 - p) / scores.length;
  const rest: number[] = [];
  let sum = 0;
  probabilities.forEach((probability, id) => {
    if (probability >= surely) rest.push(id);
    else {
      sum += probability;
      scores[id] = -Infinity;
    }
  });
  rest.sort((a, b) => probabilities[a]! - probabilities[b]!);
  for (const id of rest.slice(0, -1)) {
    sum += probabilities[id]!;
    if (sum > 1 - p) return;
    scores[id] = -Infinity;
  }
}

/** Keeps what is at least `share` times as likely as the likeliest (`MinPLogitsWarper`). */
export function keepMinP(scores: Float64Array, share: number): void {
  keepFrom(scores, largest(scores) + Math.log(share));
}

/** e^s / Σ e^s, `[vocabulary]`. One score at least must be above −∞. */
export function softmax(scores: Float64Array): Float64Array {
  const top = largest(scores);
  const powers = new Float64Array(scores.length);
  let sum = 0;
  for (let id = 0; id < scores.length; id++) sum += powers[id] = Math.exp(scores[id]! - top);
  for (let id = 0; id < powers.length; id++) powers[id]! /= sum;
  return powers;
}

function largest(scores: Float64Array): number {
  let top = -Infinity;
  for (let id = 0; id < scores.length; id++) if (scores[id]! > top) top = scores[id]!;
  return top;
}

function keepFrom(scores: Float64Array, least: number): void {
  for (let id = 0; id < scores.length; id++) if (!(scores[id]! >= least)) scores[id] = -Infinity;
}

/** By parting a copy around a middle value until the place `k − 1` from the top is among equals (Hoare 1961). */
function kthLargest(scores: Float64Array, k: number): number {
  const values = scores.slice();
  const place = k - 1;
  let [first, last] = [0, values.length - 1];
  while (first < last) {
    const middle = values[(first + last) >> 1]!;
    let [up, down] = [first, last];
    while (up <= down) {
      while (values[up]! > middle) up++;
      while (values[down]! < middle) down--;
      if (up > down) break;
      const value = values[up]!;
      values[up++] = values[down]!;
      values[down--] = value;
    }
    if (place <= down) last = down;
    else if (place >= up) first = up;
    else break;
  }
  return values[place]!;
}
