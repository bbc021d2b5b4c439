import { fileBytes } from '../file-bytes.js';
import { AudioError, type Audio } from './audio.js';
import { resample } from './resample.js';

/** Numbers of the formats in a `fmt ` chunk (RFC 2361). */
const PCM = 1;
const FLOAT = 3;
/** The format is in the first bytes of the GUID that follows. */
const EXTENSIBLE = 0xfffe;

/** What programs write as the length of a chunk when they do not know it. */
const UNKNOWN_LENGTH = 0xffffffff;

/** What a sample is written as, and how it becomes a number in [−1, 1]. */
type ReadSample = (view: DataView, at: number) => number;

const readers: Readonly<Record<string, ReadSample>> = {
  [`${PCM}.1`]: (view, at) => (view.getUint8(at) - 128) / 128,
  [`${PCM}.2`]: (view, at) => view.getInt16(at, true) / 2 ** 15,
  [`${PCM}.3`]: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 2 ** 23,
  [`${PCM}.4`]: (view, at) => view.getInt32(at, true) / 2 ** 31,
  [`${FLOAT}.4`]: (view, at) => view.getFloat32(at, true),
  [`${FLOAT}.8`]: (view, at) => view.getFloat64(at, true),
};

interface Format {
  readonly read: ReadSample;
  readonly channels: number;
  readonly sampleRate: number;
  /** Of one sample of one channel. */
  readonly bytes: number;
}

/**
 * The sound of a WAV file: PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64; several channels are averaged.
 * @param name What messages call it.
 * @throws {AudioError} When it is no WAV file, is cut off, or holds compressed sound.
 */
export function decodeWav(bytes: Uint8Array, name = 'the sound'): Audio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') {
    throw new AudioError(`${name}: this is no WAV file: it must start with RIFF and WAVE`);
  }
  let format: Format | undefined;
  // Chunks: a tag, a length, and so many bytes, filled up to an even number.
  for (let at = 12; at + 8 <= bytes.length;) {
    const [id, length, start] = [tag(view, at), view.getUint32(at + 4, true), at + 8];
    const open = id === 'data' && length === UNKNOWN_LENGTH;
    if (!open && start + length > bytes.length) {
      throw new AudioError(
        `${name}: the file is cut off: '${id}' has ${length} bytes, and ${bytes.length - start} are there`,
      );
    }
    if (id === 'fmt ') format = readFormat(view, start, length, name);
    if (id === 'data') {
      if (format === undefined) throw new AudioError(`${name}: 'fmt ' must come before 'data'`);
      return readSamples(view, start, open ? bytes.length - start : length, format);
    }
    at = start + length + (length % 2);
  }
  throw new AudioError(`${name}: there is no sound in it: it has no 'data'`);
}

/**
 * The sound of a WAV file at the sampling rate of a model. In a page `path` is an address.
 * @throws {AudioError} When it cannot be read or is no WAV file. @throws {ValueError} For a rate that is no whole number.
 */
export async function loadWav(path: string, sampleRate = 16_000): Promise<Audio> {
  const refuse = (reason: string, options: ErrorOptions) =>
    new AudioError(`${path}: the sound cannot be read: ${reason}`, options);
  return resample(decodeWav(await fileBytes(path, refuse), path), sampleRate);
}

function readFormat(view: DataView, at: number, length: number, name: string): Format {
  if (length < 16) throw new AudioError(`${name}: 'fmt ' must have 16 bytes or more, got ${length}`);
  const written = view.getUint16(at, true);
  const kind = written === EXTENSIBLE && length >= 26 ? view.getUint16(at + 24, true) : written;
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const blockBytes = view.getUint16(at + 12, true);
  if (channels === 0 || sampleRate === 0) {
    throw new AudioError(
      `${name}: expected one channel or more and a sampling rate, got ${channels} and ${sampleRate}`,
    );
  }
  const bytes = blockBytes / channels;
  const read = readers[`${kind}.${bytes}`];
  if (read !== undefined) return { read, channels, sampleRate, bytes };
  throw new AudioError(
    `${name}: samples of format ${kind} in ${bytes} bytes cannot be read, but PCM (1) of 8, 16, 24 and 32 bits and ` +
      'floats (3) of 32 and 64: convert the file',
  );
}

/** An incomplete last frame is left out. */
function readSamples(view: DataView, start: number, length: number, format: Format): Audio {
  const { read, channels, sampleRate, bytes } = format;
  const samples = Float32Array.from({ length: Math.floor(length / (bytes * channels)) }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += read(view, start + (frame * channels + channel) * bytes);
    return sum / channels;
  });
  return { samples, sampleRate };
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...Array.from({ length: 4 }, (_, i) => view.getUint8(at + i)));
}
