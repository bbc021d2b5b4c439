import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ValueError } from '../../../lib/ir/errors.js';
import { AudioError } from '../../../lib/zoo/audio/audio.js';
import { resample } from '../../../lib/zoo/audio/resample.js';
import { decodeWav, loadWav } from '../../../lib/zoo/audio/wav.js';
import { expectClose } from '../../values.js';
import { fromBase64, reference, sound } from './sounds.js';

const plain = fromBase64(reference.wavs.find(({ name }) => name === 'WAV PCM_16')!.bytes);

describe('WAV files', () => {
  it.each(reference.wavs)('$name is read as by libsndfile', ({ bytes, rate, samples }) => {
    const audio = decodeWav(fromBase64(bytes));
    expect(audio.sampleRate).toBe(rate);
    expectClose(audio.samples, samples, 1e-7);
  });

  it('may lie anywhere in memory, and have data of unknown length or an odd chunk before', () => {
    const moved = new Uint8Array(plain.length + 3);
    moved.set(plain, 3);
    expect(decodeWav(moved.subarray(3))).toEqual(decodeWav(plain));
    const streamed = plain.slice();
    streamed.set([255, 255, 255, 255], 40);
    expect(decodeWav(streamed)).toEqual(decodeWav(plain));
    const odd = Uint8Array.of(
      ...plain.subarray(0, 12),
      ...Buffer.from('LIST'),
      3,
      0,
      0,
      0,
      1,
      2,
      3,
      0,
      ...plain.subarray(12),
    );
    expect(decodeWav(odd)).toEqual(decodeWav(plain));
  });

  it('are loaded at the rate of the model', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wav-'));
    try {
      writeFileSync(path.join(folder, 'a.wav'), plain);
      expect(await loadWav(path.join(folder, 'a.wav'))).toEqual(resample(decodeWav(plain), 16_000));
      await expect(loadWav(path.join(folder, 'b.wav'))).rejects.toThrow(AudioError);
      await expect(loadWav(path.join(folder, 'b.wav'))).rejects.toThrow(/b\.wav: the sound cannot be read: .*ENOENT/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that are none, are cut off or compressed are refused', () => {
    const refused = (bytes: Uint8Array) => expect(() => decodeWav(bytes, 'x.wav'));
    refused(Uint8Array.from(Buffer.from('ID3 this is an MP3'))).toThrow(
      new AudioError('x.wav: this is no WAV file: it must start with RIFF and WAVE'),
    );
    refused(new Uint8Array()).toThrow(AudioError);
    refused(plain.subarray(0, 100)).toThrow("x.wav: the file is cut off: 'data' has 128 bytes, and 56 are there");
    refused(plain.subarray(0, 36)).toThrow("x.wav: there is no sound in it: it has no 'data'");
    refused(fromBase64(reference.compressed)).toThrow('x.wav: samples of format 7 in 1 bytes cannot be read');
    const silent = plain.slice();
    silent[22] = 0;
    refused(silent).toThrow('expected one channel or more and a sampling rate, got 0 and 8000');
    const headless = Uint8Array.of(...plain.subarray(0, 12), ...plain.subarray(36));
    refused(headless).toThrow("'fmt ' must come before 'data'");
  });
});

describe('resampling', () => {
  it.each(reference.resampled)('from $source to $target Hz is what soxr makes of it', (one) => {
    const { samples } = sound(one.count, one.source);
    const length = one.count - Math.floor(one.count / 8);
    const faded = samples
      .subarray(0, length)
      .map((x, n) => x * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (length - 1))));
    const out = resample({ samples: faded, sampleRate: one.source }, one.target).samples;
    expect(Math.abs(out.length - one.length)).toBeLessThanOrEqual(1);
    const some = out.filter((_, i) => i % one.stride === 0).slice(0, one.values.length);
    // Both are exact below their cut; soxr's output is f32.
    expectClose(some, one.values.slice(0, some.length), 2e-5);
  });

  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [11_025, 16_000],
    [44_101, 16_001],
  ])('from %i to %i Hz keeps a tone, and drops what the lower rate cannot have', (source, target) => {
    const tone = (rate: number, hertz: number) =>
      Float32Array.from({ length: rate / 4 }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / rate));
    const middle = (samples: Float32Array) => samples.subarray(samples.length / 4, samples.length / 2);
    const kept = resample({ samples: tone(source, 1000), sampleRate: source }, target).samples;
    expectClose(middle(kept), middle(tone(target, 1000).subarray(0, kept.length)), 1e-6);
    if (source < target) return;
    const dropped = resample({ samples: tone(source, target / 2 + 800), sampleRate: source }, target).samples;
    expect(Math.max(...middle(dropped).map(Math.abs))).toBeLessThan(1e-6);
  });

  it('leaves sounds alone that have the rate, and refuses rates that are none', () => {
    const audio = sound(10, 8000);
    expect(resample(audio, 8000)).toBe(audio);
    expect(resample({ samples: new Float32Array(), sampleRate: 8000 }, 16_000).samples).toHaveLength(0);
    expect(() => resample(audio, 0)).toThrow(ValueError);
    expect(() => resample({ ...audio, sampleRate: 0.5 }, 16_000)).toThrow(ValueError);
  });
});
