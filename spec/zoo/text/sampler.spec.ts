import { describe, expect, it } from '@jest/globals';
import { NameError, ValueError } from '../../../lib/ir/errors.js';
import { ConfigError } from '../../../lib/zoo/config-fields.js';
import { Sampler, samplingFromConfig, type SamplingOptions } from '../../../lib/zoo/text/sampler.js';
import { expectClose, sampleValues } from '../../values.js';
import { readJson } from './tiny-tokenizers.js';

interface Case {
  options: SamplingOptions;
  logits: (number | null)[];
  previous: number[];
  probabilities: number[];
}

const { cases } = readJson('spec/reference/samplers/samplers.json') as { cases: Case[] };

describe('what is left of the logits is what transformers leaves', () => {
  it.each(cases.map((one) => [`${JSON.stringify(one.options)} of ${one.logits.length}`, one] as const))(
    '%s',
    (_, { options, logits, previous, probabilities }) => {
      const given = Float32Array.from(logits, (logit) => logit ?? -Infinity);
      const kept = given.slice();
      const ours = new Sampler(options).probabilities(given, previous);
      // Those of transformers are in f32: sums of 200 exponentials err by some 2⁻²⁴.
      expectClose(ours, probabilities, 1e-6);
      expect([...ours].map((p) => p > 0)).toEqual(probabilities.map((p) => p > 0));
      expect(given).toEqual(kept);
    },
  );
});

describe('tokens', () => {
  const logits = Float32Array.from(sampleValues(20, 4), (x) => 3 * x);

  it('are the likeliest, and of equal ones the first, without options or with temperature 0', () => {
    const best = logits.indexOf(Math.max(...logits));
    expect(new Sampler().next(logits)).toBe(best);
    expect(new Sampler({ temperature: 0, topK: 5, seed: 9 }).next(logits)).toBe(best);
    expect(new Sampler().next(Float32Array.of(1, 3, 3))).toBe(1);
    expect(new Sampler({ repetitionPenalty: 10 }).next(Float32Array.of(1, 3, 2), [1])).toBe(2);
  });

  it('are drawn as often as they are likely', () => {
    const sampler = new Sampler({ temperature: 1, seed: 5 });
    const draws = 20_000;
    const counts = new Float64Array(logits.length);
    for (let i = 0; i < draws; i++) counts[sampler.next(logits)]! += 1;
    const probabilities = sampler.probabilities(logits);
    counts.forEach((count, id) => {
      const p = probabilities[id]!;
      // Four standard deviations of a binomial number.
      expect(Math.abs(count / draws - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / draws) + 1e-9);
    });
  });

  it('are among the top k, whatever k is and however many are equal', () => {
    const scores = Float32Array.from(sampleValues(300, 8), (x) => Math.round(20 * x));
    const sorted = scores.toSorted().reverse();
    for (let k = 1; k <= scores.length; k++) {
      const kept = new Sampler({ topK: k }).probabilities(scores);
      const least = sorted[k - 1]!;
      expect([...kept].map((p) => p > 0)).toEqual([...scores].map((score) => score >= least));
    }
  });

  it('follow from the seed', () => {
    const run = (seed: number) => {
      const sampler = new Sampler({ temperature: 1, seed });
      return Array.from({ length: 20 }, () => sampler.next(logits));
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });
});

describe('bad input', () => {
  it('is refused by name', () => {
    const refused = (options: SamplingOptions) => expect(() => new Sampler(options));
    refused({ temperature: -1 }).toThrow(new ValueError('Sampler: temperature must be a number, at least 0, got -1'));
    refused({ topK: 0 }).toThrow('topK must be a whole number, at least 1, got 0');
    refused({ topP: 1.5 }).toThrow('topP must be a number in [0, 1], got 1.5');
    refused({ minP: NaN }).toThrow(ValueError);
    refused({ repetitionPenalty: 0 }).toThrow(ValueError);
    refused({ seed: 0.5 }).toThrow(ValueError);
    const misspelt: object = { topk: 5 };
    refused(misspelt).toThrow(NameError);
  });

  it('is a model that computes NaN, or leaves nothing to choose', () => {
    expect(() => new Sampler().next(Float32Array.of(0, NaN))).toThrow('the logit of token 1 is NaN');
    expect(() => new Sampler().next(Float32Array.of(-Infinity))).toThrow('no token has a logit above −∞');
    expect(() => new Sampler().next(new Float32Array())).toThrow(ValueError);
    expect(() => new Sampler({ repetitionPenalty: 2 }).next(Float32Array.of(1), [1])).toThrow('1 is no token');
  });
});

it('generation_config.json has the options its model was made for', () => {
  const config = { do_sample: true, temperature: 0.6, top_p: 0.9, repetition_penalty: null, eos_token_id: 2 };
  expect(samplingFromConfig(config)).toEqual({ temperature: 0.6, topK: 50, topP: 0.9, repetitionPenalty: 1 });
  expect(samplingFromConfig({ temperature: 0.6 })).toEqual({ repetitionPenalty: 1 });
  expect(samplingFromConfig({ do_sample: true, top_k: 0, min_p: 0.1 })).toEqual({
    repetitionPenalty: 1,
    temperature: 1,
    minP: 0.1,
  });
  expect(() => samplingFromConfig({ do_sample: 'yes' })).toThrow(ConfigError);
});
