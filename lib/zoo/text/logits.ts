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
  const least = scores.toSorted()[scores.length - k]!;
  keep(scores, (score) => score >= least);
}

/** Drops the unlikeliest whose probabilities sum to at most 1 − `p`; the likeliest stays (`TopPLogitsWarper`). */
export function keepTopP(scores: Float64Array, p: number): void {
  const probabilities = softmax(scores);
  const ascending = [...scores.keys()].filter((id) => scores[id]! > -Infinity).sort((a, b) => scores[a]! - scores[b]!);
  let sum = 0;
  for (const id of ascending.slice(0, -1)) {
    sum += probabilities[id]!;
    if (sum > 1 - p) return;
    scores[id] = -Infinity;
  }
}

/** Keeps what is at least `share` times as likely as the likeliest (`MinPLogitsWarper`). */
export function keepMinP(scores: Float64Array, share: number): void {
  const least = largest(scores) + Math.log(share);
  keep(scores, (score) => score >= least);
}

/** e^s / Σ e^s, `[vocabulary]`. One score at least must be above −∞. */
export function softmax(scores: Float64Array): Float64Array {
  const top = largest(scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function largest(scores: Float64Array): number {
  return scores.reduce((top, score) => Math.max(top, score), -Infinity);
}

function keep(scores: Float64Array, wanted: (score: number) => boolean): void {
  scores.forEach((score, id) => {
    if (!wanted(score)) scores[id] = -Infinity;
  });
}
