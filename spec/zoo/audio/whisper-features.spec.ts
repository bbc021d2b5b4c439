import { describe, expect, it } from '@jest/globals';
import { ShapeError, ValueError } from '../../../lib/ir/errors.js';
import { FourierTransform } from '../../../lib/zoo/audio/fft.js';
import { WhisperFeatureExtractor } from '../../../lib/zoo/audio/whisper-features.js';
import { ConfigError } from '../../../lib/zoo/config-fields.js';
import { expectClose, sampleValues } from '../../values.js';
import { reference, sound } from './sounds.js';

describe('the Fourier transform', () => {
  it.each([1, 2, 7, 12, 30, 49, 64, 400])('of %i numbers is the sum that defines it', (size) => {
    const input = sampleValues(size, size);
    const transform = new FourierTransform(size);
    transform.transform(input);
    const sums = (wave: (angle: number) => number) =>
      Array.from({ length: size }, (_, k) =>
        input.reduce((sum, x, n) => sum + x * wave((2 * Math.PI * ((k * n) % size)) / size), 0),
      );
    expectClose(transform.real, sums(Math.cos), 1e-13 * size);
    expectClose(
      transform.imaginary,
      sums((angle) => -Math.sin(angle)),
      1e-13 * size,
    );
  });

  it('refuses other sizes', () => {
    expect(() => new FourierTransform(0)).toThrow(ValueError);
    expect(() => new FourierTransform(4).transform([1])).toThrow('expected 4 numbers, got 1');
  });
});

describe('log-mel spectrograms are those of transformers', () => {
  it.each(reference.features.map((one) => [JSON.stringify(one.config), one] as const))('%s', (_, one) => {
    const extractor = WhisperFeatureExtractor.fromConfig(one.config);
    const sounds = one.counts.map((count) => sound(count, one.rate));
    const { data, shape } = extractor.extract(sounds, one.length ?? undefined);
    expect(shape).toEqual(one.shape);
    const some = data.filter((__, i) => i % one.stride === 0);
    // transformers transforms in f32: 1e-7 of the loudest, which is 10⁸ times the faintest that is told apart: its
    // logarithm errs by 1e-3 there, and by less than 1e-5 where there is sound.
    expectClose(some, one.values, 1e-3);
    const loud = [...some.keys()].filter((i) => one.values[i]! > 0);
    expectClose(
      loud.map((i) => some[i]!),
      loud.map((i) => one.values[i]!),
      1e-5,
    );
  });

  it('of silence are silent, for 30 seconds', () => {
    const samples = new Float32Array(8000);
    const { data, shape } = WhisperFeatureExtractor.fromConfig({}).extract([{ samples, sampleRate: 16_000 }]);
    expect(shape).toEqual(reference.silence.shape);
    expect([Math.min(...data.subarray(0, 9000)), Math.max(...data.subarray(0, 9000))]).toEqual([
      reference.silence.minimum,
      reference.silence.maximum,
    ]);
  });
});

describe('bad input', () => {
  const extractor = WhisperFeatureExtractor.fromConfig({});

  it('is refused with what to do', () => {
    expect(() => extractor.extract([])).toThrow(ValueError);
    expect(() => extractor.extract([sound(100, 44_100)])).toThrow(
      new ValueError(
        'WhisperFeatureExtractor: sound 0 has 44100 samples a second, and the model was trained with 16000: ' +
          'resample(sound, 16000)',
      ),
    );
    expect(() => extractor.extract([sound(100, 16_000)], 150)).toThrow(ShapeError);
    const broken = { samples: Float32Array.of(0, NaN), sampleRate: 16_000 };
    expect(() => extractor.extract([broken], 480)).toThrow('sound 0 has samples that are no finite numbers');
    expect(() => WhisperFeatureExtractor.fromConfig({ feature_extractor_type: 'ClapFeatureExtractor' })).toThrow(
      ConfigError,
    );
    expect(() => WhisperFeatureExtractor.fromConfig({ hop_length: 0 })).toThrow(ConfigError);
  });
});
