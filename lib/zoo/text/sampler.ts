import { RandomStream } from '../../dsl/random.js';
import { checkedOptions } from '../../dsl/emit.js';
import { ValueError } from '../../ir/errors.js';
import { ConfigFields } from '../config-fields.js';
import { keepMinP, keepTopK, keepTopP, penalizeRepetition, softmax } from './logits.js';

/**
 * How the next token is chosen, named as in transformers' `generate`. Without `temperature`, `topK`, `topP` and `minP`,
 * and with a temperature of 0, it is the likeliest (greedy); otherwise it is drawn.
 */
export interface SamplingOptions {
  /** Logits are divided by it: below 1 likely tokens get likelier. At least 0; default 1 where tokens are drawn. */
  readonly temperature?: number;
  /** Only the likeliest `topK`, at least 1. */
  readonly topK?: number;
  /** Only the likeliest tokens that together have this probability, in [0, 1] (Holtzman et al. 2020). */
  readonly topP?: number;
  /** Only tokens at least this share as likely as the likeliest, in [0, 1] (Nguyen et al. 2024). */
  readonly minP?: number;
  /** Above 1 makes tokens less likely that are there already (Keskar et al. 2019). Default 1. */
  readonly repetitionPenalty?: number;
  /** Of the random numbers. Default 0. */
  readonly seed?: number;
}

/** Chooses tokens from logits. The same seed and the same logits give the same tokens. */
export class Sampler {
  readonly #options: SamplingOptions;
  readonly #draws: boolean;
  readonly #random: RandomStream;

  /** @throws {ValueError} For options out of range. @throws {NameError} For options that there are not. */
  constructor(options: SamplingOptions = {}) {
    checkedOptions('Sampler', ['temperature', 'topK', 'topP', 'minP', 'repetitionPenalty', 'seed'], { ...options });
    const { temperature, topK, topP, minP, repetitionPenalty, seed = 0 } = options;
    check('temperature', temperature, 'a number, at least 0', (x) => x >= 0 && x < Infinity);
    check('topK', topK, 'a whole number, at least 1', (x) => Number.isInteger(x) && x >= 1);
    check('topP', topP, 'a number in [0, 1]', (x) => x >= 0 && x <= 1);
    check('minP', minP, 'a number in [0, 1]', (x) => x >= 0 && x <= 1);
    check('repetitionPenalty', repetitionPenalty, 'a number above 0', (x) => x > 0 && x < Infinity);
    check('seed', seed, 'a whole number', Number.isSafeInteger);
    this.#options = options;
    this.#draws = temperature !== 0 && [temperature, topK, topP, minP].some((option) => option !== undefined);
    this.#random = new RandomStream(seed >>> 0, 0);
  }

  /**
   * The id of the next token.
   * @param logits `[vocabulary]`; they are left as they are.
   * @param previous All ids so far, prompt and answer: for `repetitionPenalty`.
   * @throws {ValueError} When a logit is NaN, or all are −∞, or an id is no index of them.
   */
  next(logits: Float32Array, previous: Iterable<number> = []): number {
    const scores = this.scores(logits, previous);
    return this.#draws ? this.draw(softmax(scores)) : likeliest(scores);
  }

  /** What each token's probability is when the next is drawn, `[vocabulary]` f64; throws as {@link next}. */
  probabilities(logits: Float32Array, previous: Iterable<number> = []): Float64Array {
    return softmax(this.scores(logits, previous));
  }

  /** In the order of transformers' `generate`. */
  private scores(logits: Float32Array, previous: Iterable<number>): Float64Array {
    const scores = new Float64Array(logits);
    checkLogits(scores);
    const { temperature = 1, topK, topP, minP, repetitionPenalty = 1 } = this.#options;
    if (repetitionPenalty !== 1) penalizeRepetition(scores, previous, repetitionPenalty);
    if (!this.#draws) return scores;
    if (temperature !== 1) for (let id = 0; id < scores.length; id++) scores[id]! /= temperature;
    if (topK !== undefined) keepTopK(scores, topK);
    if (topP !== undefined && topP < 1) keepTopP(scores, topP);
    if (minP !== undefined) keepMinP(scores, minP);
    return scores;
  }

  private draw(probabilities: Float64Array): number {
    const wanted = this.#random.uniform();
    let sum = 0;
    let last = 0;
    for (let id = 0; id < probabilities.length; id++) {
      const probability = probabilities[id]!;
      if (probability === 0) continue;
      sum += probability;
      last = id;
      if (wanted < sum) return id;
    }
    return last; // The sum can end a rounding below 1.
  }
}

/**
 * The options in a `generation_config.json`, which are those the model's makers recommend.
 * @throws {ConfigError} For values of other types.
 */
export function samplingFromConfig(config: unknown, name = 'generation_config.json'): SamplingOptions {
  const fields = new ConfigFields(config, name);
  const repetitionPenalty = fields.number('repetition_penalty', 1);
  if (!fields.boolean('do_sample', false)) return { repetitionPenalty };
  const topK = fields.integer('top_k', 50);
  return {
    repetitionPenalty,
    temperature: fields.number('temperature', 1),
    ...(topK > 0 && { topK }),
    ...(fields.has('top_p') && { topP: fields.number('top_p') }),
    ...(fields.has('min_p') && { minP: fields.number('min_p') }),
  };
}

/** The first of the largest. */
function likeliest(scores: Float64Array): number {
  let best = 0;
  for (let id = 1; id < scores.length; id++) if (scores[id]! > scores[best]!) best = id;
  return best;
}

function checkLogits(scores: Float64Array): void {
  let largest = -Infinity;
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id]!;
    if (Number.isNaN(score) || score === Infinity) {
      throw new ValueError(`Sampler: the logit of token ${id} is ${score}: the model's weights or inputs are broken`);
    }
    largest = Math.max(largest, score);
  }
  if (largest === -Infinity) throw new ValueError('Sampler: no token has a logit above −∞: there is nothing to choose');
}

function check(name: string, value: number | undefined, expected: string, sound: (value: number) => boolean): void {
  if (value === undefined || (typeof value === 'number' && sound(value))) return;
  throw new ValueError(`Sampler: ${name} must be ${expected}, got ${JSON.stringify(value)}`);
}
