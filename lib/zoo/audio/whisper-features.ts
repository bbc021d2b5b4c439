import { ShapeError, ValueError } from '../../ir/errors.js';
import { ConfigFields } from '../config-fields.js';
import type { Audio } from './audio.js';
import { FourierTransform } from './fft.js';
import { melFilters, type MelFilter } from './mel.js';

/** Sounds as Whisper's encoder reads them. */
export interface InputFeatures {
  /** Row-major. */
  readonly data: Float32Array;
  /** `[sounds, mel bins, frames]` */
  readonly shape: readonly [number, number, number];
}

/** Powers below it count as silence. */
const LEAST_POWER = 1e-10;
/** Powers of ten below the loudest that are told apart. */
const RANGE = 8;
/** Of the highest mel filter, whatever the sampling rate is. */
const HIGHEST_HERTZ = 8000;

/**
 * Sounds to log-mel spectrograms, as transformers' `WhisperFeatureExtractor`: the sound is filled up with silence or cut
 * to a length (30 seconds), frames of `n_fft` samples under a Hann window become powers, mel filters sum them, and
 * (max(log₁₀ power, loudest − 8) + 4) / 4 is what the model reads.
 */
export class WhisperFeatureExtractor {
  private readonly filters: readonly MelFilter[];
  private readonly window: Float64Array;

  /** Use {@link WhisperFeatureExtractor.fromConfig}. */
  private constructor(
    /** Of the sounds, in hertz. */
    readonly samplingRate: number,
    /** What sounds are filled up or cut to, in samples. */
    readonly length: number,
    private readonly bins: number,
    private readonly size: number,
    private readonly hop: number,
    private readonly silence: number,
  ) {
    this.filters = melFilters(bins, Math.floor(size / 2) + 1, samplingRate, HIGHEST_HERTZ);
    this.window = Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
  }

  /**
   * An extractor as a `preprocessor_config.json` describes it.
   * @throws {ConfigError} For the configuration of another extractor, and for values out of range.
   */
  static fromConfig(config: unknown, name = 'preprocessor_config.json'): WhisperFeatureExtractor {
    const fields = new ConfigFields(config, name);
    const kind = 'WhisperFeatureExtractor';
    fields.oneOf('feature_extractor_type', [kind], kind);
    fields.onlyOff({ dither: 0 });
    const rate = fields.integer('sampling_rate', 16_000, 1);
    return new WhisperFeatureExtractor(
      rate,
      fields.integer('chunk_length', 30, 1) * rate,
      fields.integer('feature_size', 80, 1),
      fields.integer('n_fft', 400, 2),
      fields.integer('hop_length', 160, 1),
      fields.number('padding_value', 0),
    );
  }

  /**
   * One batch.
   * @param sounds At the extractor's sampling rate (`resample` brings them there).
   * @param length What they are filled up or cut to, in samples; frames are as many as hops go into it.
   * @throws {ValueError} Without a sound, for another sampling rate, or samples that are no numbers.
   * @throws {ShapeError} For a length that has no frame.
   */
  extract(sounds: readonly Audio[], length = this.length): InputFeatures {
    const frames = Math.floor(length / this.hop);
    if (!Number.isSafeInteger(length) || length <= this.size / 2 || frames === 0) {
      throw new ShapeError(
        `WhisperFeatureExtractor: the length must be a whole number of samples above ${Math.floor(this.size / 2)} and ` +
          `at least ${this.hop}, got ${length}`,
      );
    }
    if (sounds.length === 0) throw new ValueError('WhisperFeatureExtractor: there must be one sound or more');
    const data = new Float32Array(sounds.length * this.bins * frames);
    sounds.forEach(({ samples, sampleRate }, i) => {
      if (sampleRate !== this.samplingRate) {
        throw new ValueError(
          `WhisperFeatureExtractor: sound ${i} has ${sampleRate} samples a second, and the model was trained with ` +
            `${this.samplingRate}: resample(sound, ${this.samplingRate})`,
        );
      }
      const padded = new Float64Array(length).fill(this.silence);
      padded.set(samples.subarray(0, length));
      if (!padded.every(Number.isFinite)) {
        throw new ValueError(`WhisperFeatureExtractor: sound ${i} has samples that are no finite numbers`);
      }
      const part = data.subarray(i * this.bins * frames, (i + 1) * this.bins * frames);
      part.set(scaled(this.logPowers(padded, frames)));
    });
    return { data, shape: [sounds.length, this.bins, frames] };
  }

  /** log₁₀ of the power of each mel bin in each frame, `[bins, frames]`. */
  private logPowers(samples: Float64Array, frames: number): Float64Array {
    const { size, hop, window, filters } = this;
    const transform = new FourierTransform(size);
    const windowed = new Float64Array(size);
    const powers = new Float64Array(Math.floor(size / 2) + 1);
    const logs = new Float64Array(filters.length * frames);
    for (let frame = 0; frame < frames; frame++) {
      // Frames are centred on multiples of the hop, and at the ends the sound is mirrored.
      const start = frame * hop - Math.floor(size / 2);
      for (let n = 0; n < size; n++) windowed[n] = window[n]! * samples[mirrored(start + n, samples.length)]!;
      transform.transform(windowed);
      for (let k = 0; k < powers.length; k++) powers[k] = transform.real[k]! ** 2 + transform.imaginary[k]! ** 2;
      filters.forEach(({ start: lowest, weights }, bin) => {
        let power = 0;
        for (let k = 0; k < weights.length; k++) power += weights[k]! * powers[lowest + k]!;
        logs[bin * frames + frame] = Math.log10(Math.max(power, LEAST_POWER));
      });
    }
    return logs;
  }
}

/** Where an index is read that may lie beyond the ends, which are not repeated. */
function mirrored(index: number, length: number): number {
  if (index < 0) return -index;
  return index < length ? index : 2 * (length - 1) - index;
}

function scaled(logs: Float64Array): Float64Array {
  const least = logs.reduce((top, log) => Math.max(top, log), -Infinity) - RANGE;
  return logs.map((log) => (Math.max(log, least) + 4) / 4);
}
